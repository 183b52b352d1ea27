"""New certificates in place of old ones for many people at once: how many, why, and the start."""

from flask import redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import AnyOf

from app.council.certificates.admin import AudienceForm, Chosen, read_choice
from app.council.certificates.mail import MailForm, mail_question, note_refusal
from app.council.certificates.progress import step_for
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import SelectChoice
from app.platform.work import unit_of_work
from certificates.batches.bulk_reissuing import RUN_REASONS, count_reissuable, start_reissue
from certificates.record.history import LONGEST_WORDS, REASONS, EventKind, Explanation, Reason
from certificates.record.runs import WORK_OFF_RUNS
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.roles import Role
from people.visibility import CertificatesScope, certificates_scope


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
    session = db.session()
    scope = certificates_scope(session, who(), slug=slug)
    form, chosen = read_choice(session, scope)
    why = ReissueForm()
    refusal = ""
    if chosen and why.validate_on_submit():
        try:
            run_id = _reissue(chosen, why)
        except RuleBroken as problem:
            refusal = note_refusal(why, problem)
        else:
            return redirect(url_for("council.certificate_run", slug=slug, run_id=run_id))
    return _reissue_page(scope, form, why, chosen, refusal)


def _reissue_page(
    scope: CertificatesScope, form: AudienceForm, why: ReissueForm, chosen: Chosen | None, refusal: str
) -> tuple[str, int]:
    found = count_reissuable(db.session(), chosen.audience) if chosen else None
    shown = render_template(
        "council/certificates_reissue.html",
        scope=scope,
        form=form,
        why=why,
        chosen=chosen,
        found=found,
        refusal=refusal,
        step=step_for(chosen.unit) if chosen else 0,
    )
    return shown, 422 if refusal or form.errors or why.errors else 200


def _reissue(chosen: Chosen, why: ReissueForm) -> int:
    with unit_of_work() as work:
        run = start_reissue(
            work.session,
            chosen.audience,
            why=Explanation(Reason(why.reason.data), why.words.data or ""),
            mail=why.chosen,
            seen=request.form.get("seen", ""),
            account_id=who().account_id,
            now=utc_now(),
        )
        work.ring_after_commit(WORK_OFF_RUNS)
        return run.id
