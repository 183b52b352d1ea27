"""A run of certificates after its start: a page that shows how far it is, with pause, resume and cancel."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.access import allow, who
from app.council.certificate_desk import KIND_WORDS, RUN_WORDS, Desk, open_desk
from app.council.certificate_mail import MAIL_WORDS
from app.extensions import db
from app.work import unit_of_work
from certificates.run_mail import messages_of
from certificates.run_progress import files_of
from certificates.runs import WORK_OFF_RUNS, CertificateRun, RunState, cancel_run, get_run, pause_run, resume_run
from courses.catalogue import get_current_version
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from people.actors import names_of_accounts
from people.roles import Role

ACTS: dict[str, tuple[Callable[..., None], str]] = {
    "pause": (pause_run, "Paused. Nothing more is issued until you resume"),
    "resume": (resume_run, "It goes on"),
    "cancel": (cancel_run, "Cancelled. What was issued stays; nothing more is issued by this run"),
}


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
        "mails": messages_of(db.session(), run_id=run.id),
        "mail_words": MAIL_WORDS,
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
