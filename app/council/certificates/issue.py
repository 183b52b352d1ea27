"""First certificates for many people at once: who would get one and who not, whether they are mailed, and the start."""

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.council.certificates.admin import AudienceForm, Chosen, read_choice
from app.council.certificates.mail import MailForm, note_refusal
from app.platform.access import allow, who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from app.platform.work import unit_of_work
from certificates.batches.bulk_issuing import start_issue
from certificates.batches.bulk_preview import earners, preview_issue, scripts_not_drawn
from certificates.record.runs import WORK_OFF_RUNS
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.roles import Role
from people.visibility import CertificatesScope, certificates_scope

PAGE_SIZE = 25


@allow(Role.HR_LEAD, Role.ADMIN)
def certificates_issue(slug: str) -> tuple[str, int] | Response:
    """Who would get a certificate and who not, page by page; then confirm."""
    session = db.session()
    scope = certificates_scope(session, who(), slug=slug)
    form, chosen = read_choice(session, scope)
    telling, refusal = MailForm(), ""
    if chosen and telling.validate_on_submit():
        try:
            run_id = _issue(chosen, telling)
        except RuleBroken as problem:
            refusal = note_refusal(telling, problem)
        else:
            return redirect(url_for("council.certificate_run", slug=slug, run_id=run_id))
    return _issue_page(scope, form, telling, chosen, refusal)


def _issue_page(
    scope: CertificatesScope, form: AudienceForm, telling: MailForm, chosen: Chosen | None, refusal: str
) -> tuple[str, int]:
    session = db.session()
    found: dict[str, object] = {}
    page, pages = number_in(request.args, "page"), 1
    if chosen:
        audience, takes_imported = chosen.audience, chosen.takes_imported
        preview = preview_issue(session, audience=audience, takes_imported=takes_imported)
        pages = max(1, -(-preview.wanted // PAGE_SIZE))
        rows = earners(session, audience=audience, takes_imported=takes_imported, page=max(1, page), size=PAGE_SIZE)
        scripts = scripts_not_drawn(session, audience, takes_imported=takes_imported) if rows else ()
        found = {"preview": preview, "earners": rows, "scripts": scripts}
    if not 1 <= page <= pages:
        abort(404)
    if chosen and found["earners"]:
        note_names_opened("certificates-to-issue", authority=scope.slug, **chosen.sent, page=page)
    shown = render_template(
        "council/certificates_issue.html",
        scope=scope,
        form=form,
        telling=telling,
        chosen=chosen,
        refusal=refusal,
        page=page,
        pages=pages,
        smallest_shown=current_settings().smallest_group,
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
