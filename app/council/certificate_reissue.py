"""New certificates in place of old ones by the thousand: how many, why, whether holders are mailed, and the start."""

from flask import redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf

from app.access import allow, who
from app.council.certificate_desk import AudienceForm, Chosen, Desk, open_desk, read_choice
from app.council.certificate_mail import MailForm, mail_question, note_refusal
from app.extensions import db
from app.work import unit_of_work
from certificates.bulk_reissuing import RUN_REASONS, count_reissuable, start_reissue
from certificates.history import LONGEST_WORDS, REASONS, EventKind, Reason
from certificates.runs import WORK_OFF_RUNS
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.roles import Role


class ReissueForm(MailForm):
    """Why, for all of them: their holders read it; and whether they are mailed."""

    reason = RadioField(
        "Why?",
        choices=[SelectChoice(reason.value, REASONS[EventKind.SUPERSEDED][reason]) for reason in RUN_REASONS],
        widget=GovRadioInput(),
        validate_choice=False,
        validators=[AnyOf(RUN_REASONS, "Select a reason")],
    )
    words = TextAreaField(
        "What should the holders know? (optional)",
        description=f"Each of them reads this. Needed for another reason. Up to {LONGEST_WORDS} characters",
        widget=GovTextArea(),
    )
    mail = mail_question()


@allow(Role.ADMIN)
def certificates_reissue(slug: str) -> tuple[str, int] | Response:
    """How many certificates would be replaced; then say why and confirm. For admins, as a single one is."""
    session, desk = db.session(), open_desk(slug)
    form, chosen = read_choice(session, desk)
    why = ReissueForm()
    refusal = ""
    if chosen and why.validate_on_submit():
        try:
            run_id = _reissue(chosen, why)
        except RuleBroken as problem:
            refusal = note_refusal(why, problem)
        else:
            return redirect(url_for("council.certificate_run", slug=slug, run_id=run_id))
    return _reissue_page(desk, form, why, chosen, refusal)


def _reissue_page(
    desk: Desk, form: AudienceForm, why: ReissueForm, chosen: Chosen | None, refusal: str
) -> tuple[str, int]:
    found = count_reissuable(db.session(), chosen.audience) if chosen else None
    shown = render_template(
        "council/certificates_reissue.html",
        desk=desk,
        form=form,
        why=why,
        chosen=chosen,
        found=found,
        refusal=refusal,
    )
    return shown, 422 if refusal or form.errors or why.errors else 200


def _reissue(chosen: Chosen, why: ReissueForm) -> int:
    with unit_of_work() as work:
        run = start_reissue(
            work.session,
            chosen.audience,
            reason=Reason(why.reason.data),
            words=why.words.data or "",
            mail=why.chosen,
            seen=request.form.get("seen", ""),
            account_id=who().account_id,
            now=utc_now(),
        )
        work.ring_after_commit(WORK_OFF_RUNS)
        return run.id
