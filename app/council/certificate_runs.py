"""A run of certificates after its start: a page that shows how far it is, with pause, resume and cancel."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.access import allow
from app.council.certificate_desk import KIND_WORDS, RUN_WORDS, Desk, open_desk
from app.council.certificate_mail import MAIL_WORDS
from app.council.certificate_progress import begun_by, carry_out, part_of_page, percent_of
from app.extensions import db
from certificates.run_mail import messages_of
from certificates.run_progress import files_of
from certificates.runs import WORK_OFF_RUNS, CertificateRun, RunState, cancel_run, get_run, pause_run, resume_run
from courses.catalogue import get_current_version
from kernel.errors import NotFound
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
    return render_template(
        "council/certificate_run.html",
        desk=desk,
        course_title=get_current_version(db.session(), course_id=run.course_id).title,
        started_by=begun_by(run.started_by_account_id),
        **_progress(run),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_run_status(slug: str, run_id: int) -> tuple[str, int]:
    """The part of the page that changes: 202 while more is to come."""
    desk, run = _found(slug, run_id)
    return part_of_page("council/certificate_run_status.html", desk=desk, **_progress(run))


def _progress(run: CertificateRun) -> dict[str, Any]:
    files, mails = files_of(db.session(), run_id=run.id), messages_of(db.session(), run_id=run.id)
    return {
        "run": run,
        "files": files,
        "mails": mails,
        "mail_words": MAIL_WORDS,
        "is_live": run.state is RunState.RUNNING or (not run.is_open and (files.waiting > 0 or mails.is_news_near)),
        "done_percent": percent_of(run.issued, run.wanted, of_none=100),
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
    carry_out(do, words, bell=WORK_OFF_RUNS if act == "resume" else None, run_id=run.id)
    return redirect(url_for("council.certificate_run", slug=slug, run_id=run_id))
