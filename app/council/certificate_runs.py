"""Issuing by the thousand: preview, confirm, and a page that shows how far it is, with pause, resume and cancel."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField

from app.access import allow, who
from app.council.certificate_desk import KIND_WORDS, RUN_WORDS, AudienceForm, Chosen, Desk, open_desk, read_choice
from app.extensions import db
from app.work import unit_of_work
from certificates.bulk_issuing import earners, preview_issue, start_issue
from certificates.bulk_reissuing import RUN_REASONS, count_reissuable, start_reissue
from certificates.history import LONGEST_WORDS, REASONS, EventKind, Reason
from certificates.run_progress import files_of
from certificates.runs import WORK_OFF_RUNS, CertificateRun, RunState, cancel_run, get_run, pause_run, resume_run
from courses.catalogue import get_current_version
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from people.actors import names_of_accounts
from people.roles import Role

PAGE_SIZE = 25
ACTS: dict[str, tuple[Callable[..., None], str]] = {
    "pause": (pause_run, "Paused. Nothing more is issued until you resume"),
    "resume": (resume_run, "It goes on"),
    "cancel": (cancel_run, "Cancelled. What was issued stays; nothing more is issued by this run"),
}


class ReissueForm(FlaskForm):  # type: ignore[misc]
    """Why, for all of them; their holders read it."""

    reason = RadioField("Why?", widget=GovRadioInput(), validate_choice=False)
    words = TextAreaField(
        "What should the holders know? (optional)",
        description=f"Each of them reads this. Needed for another reason. Up to {LONGEST_WORDS} characters",
        widget=GovTextArea(),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def certificates_issue(slug: str) -> tuple[str, int] | Response:
    """Who would get a certificate and who not, page by page; then confirm."""
    session, desk = db.session(), open_desk(slug)
    form, chosen = read_choice(session, desk)
    refusal = ""
    if chosen and request.method == "POST":
        try:
            run_id = _issue(chosen)
        except RuleBroken as problem:
            refusal = problem.message
        else:
            return redirect(url_for("council.certificate_run", slug=slug, run_id=run_id))
    return _issue_page(desk, form, chosen, refusal)


def _issue_page(desk: Desk, form: AudienceForm, chosen: Chosen | None, refusal: str) -> tuple[str, int]:
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
        chosen=chosen,
        refusal=refusal,
        page=page,
        pages=pages,
        **found,
    )
    return shown, 422 if refusal or form.errors else 200


def _issue(chosen: Chosen) -> int:
    with unit_of_work() as work:
        run = start_issue(
            work.session,
            chosen.audience,
            takes_imported=chosen.takes_imported,
            seen=request.form.get("seen", ""),
            account_id=who().account_id,
            now=utc_now(),
        )
        work.ring_after_commit(WORK_OFF_RUNS)
        return run.id


@allow(Role.ADMIN)
def certificates_reissue(slug: str) -> tuple[str, int] | Response:
    """How many certificates would be replaced; then say why and confirm. For admins, as a single one is."""
    session, desk = db.session(), open_desk(slug)
    form, chosen = read_choice(session, desk)
    why = ReissueForm()
    why.reason.choices = [(reason.value, REASONS[EventKind.SUPERSEDED][reason]) for reason in RUN_REASONS]
    refusal = ""
    if chosen and why.validate_on_submit():
        try:
            run_id = _reissue(chosen, why)
        except RuleBroken as problem:
            if problem.field:
                why[problem.field].errors = [problem.message]
            else:
                refusal = problem.message
        else:
            return redirect(url_for("council.certificate_run", slug=slug, run_id=run_id))
    return _reissue_page(desk, form, why, chosen, refusal)


def _reissue_page(
    desk: Desk, form: AudienceForm, why: ReissueForm, chosen: Chosen | None, refusal: str
) -> tuple[str, int]:
    count, stamp, _ = count_reissuable(db.session(), chosen.audience) if chosen else (0, "", 0)
    shown = render_template(
        "council/certificates_reissue.html",
        desk=desk,
        form=form,
        why=why,
        chosen=chosen,
        count=count,
        stamp=stamp,
        refusal=refusal,
    )
    return shown, 422 if refusal or form.errors or why.errors else 200


def _reissue(chosen: Chosen, why: ReissueForm) -> int:
    if why.reason.data not in set(Reason):
        raise RuleBroken("Select a reason", "reason")
    with unit_of_work() as work:
        run = start_reissue(
            work.session,
            chosen.audience,
            reason=Reason(why.reason.data),
            words=why.words.data or "",
            seen=request.form.get("seen", ""),
            account_id=who().account_id,
            now=utc_now(),
        )
        work.ring_after_commit(WORK_OFF_RUNS)
        return run.id


def _found(slug: str, run_id: int) -> tuple[Desk, CertificateRun]:
    """The run, if it is this person's to see. Raises ``NotFound``."""
    desk = open_desk(slug)
    return desk, get_run(db.session(), run_id=run_id, organisation_id=desk.organisation_id)


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_run(slug: str, run_id: int) -> str:
    """How far it is, for whom it is, who started it."""
    desk, run = _found(slug, run_id)
    names = names_of_accounts(db.session(), account_ids=[run.started_by_account_id])
    return render_template(
        "council/certificate_run.html",
        desk=desk,
        course_title=get_current_version(db.session(), course_id=run.course_id).title,
        started_by=names.get(run.started_by_account_id, ""),
        **_progress(run),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_run_status(slug: str, run_id: int) -> tuple[str, int]:
    """The part of the page that changes: 202 while more is to come."""
    desk, run = _found(slug, run_id)
    progress = _progress(run)
    page = render_template("council/certificate_run_status.html", desk=desk, **progress)
    return page, 202 if progress["is_live"] else 200


def _progress(run: CertificateRun) -> dict[str, object]:
    files = files_of(db.session(), run_id=run.id)
    return {
        "run": run,
        "files": files,
        "is_live": run.state is RunState.RUNNING or (not run.is_open and files.waiting > 0),
        "done_percent": min(100, run.issued * 100 // run.wanted) if run.wanted else 100,
        "run_words": RUN_WORDS,
        "kind_words": KIND_WORDS,
    }


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_run_change(slug: str, run_id: int, act: str) -> Response:
    """Pause, resume or cancel."""
    _, run = _found(slug, run_id)
    if act not in ACTS:
        raise NotFound(f"{act} for a certificate run")
    do, words = ACTS[act]
    try:
        with unit_of_work() as work:
            do(work.session, run_id=run.id, account_id=who().account_id, now=utc_now())
            if act == "resume":
                work.ring_after_commit(WORK_OFF_RUNS)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash(words)
    return redirect(url_for("council.certificate_run", slug=slug, run_id=run_id))
