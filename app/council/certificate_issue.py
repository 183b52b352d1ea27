"""First certificates by the thousand: who would get one and who not, whether they are mailed, and the start."""

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import allow, who
from app.council.certificate_desk import AudienceForm, Chosen, Desk, open_desk, read_choice
from app.council.certificate_mail import MailForm, note_refusal
from app.extensions import db
from app.work import unit_of_work
from certificates.bulk_issuing import start_issue
from certificates.bulk_preview import earners, preview_issue
from certificates.runs import WORK_OFF_RUNS
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.roles import Role

PAGE_SIZE = 25


@allow(Role.HR_LEAD, Role.ADMIN)
def certificates_issue(slug: str) -> tuple[str, int] | Response:
    """Who would get a certificate and who not, page by page; then confirm."""
    session, desk = db.session(), open_desk(slug)
    form, chosen = read_choice(session, desk)
    telling, refusal = MailForm(), ""
    if chosen and telling.validate_on_submit():
        try:
            run_id = _issue(chosen, telling)
        except RuleBroken as problem:
            refusal = note_refusal(telling, problem)
        else:
            return redirect(url_for("council.certificate_run", slug=slug, run_id=run_id))
    return _issue_page(desk, form, telling, chosen, refusal)


def _issue_page(
    desk: Desk, form: AudienceForm, telling: MailForm, chosen: Chosen | None, refusal: str
) -> tuple[str, int]:
    session, found = db.session(), {}
    page, pages = request.args.get("page", 1, type=int), 1
    if chosen:
        about = {"audience": chosen.audience, "takes_imported": chosen.takes_imported}
        preview = preview_issue(session, **about)
        pages = max(1, -(-preview.wanted // PAGE_SIZE))
        found = {"preview": preview, "earners": earners(session, **about, page=max(1, page), size=PAGE_SIZE)}
    if not 1 <= page <= pages:
        abort(404)
    shown = render_template(
        "council/certificates_issue.html",
        desk=desk,
        form=form,
        telling=telling,
        chosen=chosen,
        refusal=refusal,
        page=page,
        pages=pages,
        **found,
    )
    return shown, 422 if refusal or form.errors or telling.errors else 200


def _issue(chosen: Chosen, telling: MailForm) -> int:
    with unit_of_work() as work:
        run = start_issue(
            work.session,
            chosen.audience,
            takes_imported=chosen.takes_imported,
            mail=telling.chosen,
            seen=request.form.get("seen", ""),
            account_id=who().account_id,
            now=utc_now(),
        )
        work.ring_after_commit(WORK_OFF_RUNS)
        return run.id
