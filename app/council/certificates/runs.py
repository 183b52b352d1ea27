"""A run of certificates after its start: a page that shows how far it is, with pause, resume and cancel."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.council.certificates.admin import KIND_WORDS, RUN_WORDS
from app.council.certificates.mail import MAIL_WORDS
from app.council.certificates.progress import begun_by, carry_out, part_of_page, percent_of, step_for
from app.platform.access import allow, who
from app.platform.extensions import db
from certificates.batches.run_mail import messages_of
from certificates.batches.run_progress import files_of
from certificates.record.runs import WORK_OFF_RUNS, CertificateRun, cancel_run, get_run, pause_run, resume_run
from courses.catalogue.versions import get_current_version
from kernel.errors import NotFound
from kernel.tasks.kinds import TaskState
from people.roles import Role
from people.visibility import CertificatesScope, certificates_scope

ACTS: dict[str, tuple[Callable[..., None], str]] = {
    "pause": (pause_run, "Paused. Nothing more is issued until you resume"),
    "resume": (resume_run, "It goes on"),
    "cancel": (cancel_run, "Cancelled. What was issued stays; nothing more is issued by this run"),
}


def _found(slug: str, run_id: int) -> tuple[CertificatesScope, CertificateRun]:
    """The run, if it is this person's to see. Raises ``NotFound``."""
    scope = certificates_scope(db.session(), who(), slug=slug)
    return scope, get_run(db.session(), run_id=run_id, organisation_id=scope.organisation_id)


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_run(slug: str, run_id: int) -> str:
    """How far it is, for whom it is, who started it."""
    scope, run = _found(slug, run_id)
    return render_template(
        "council/certificate_run.html",
        scope=scope,
        course_title=get_current_version(db.session(), course_id=run.course_id).title,
        started_by=begun_by(run.started_by_account_id),
        **_progress(run),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_run_status(slug: str, run_id: int) -> tuple[str, int]:
    """The part of the page that changes: 202 while more is to come."""
    scope, run = _found(slug, run_id)
    return part_of_page("council/certificate_run_status.html", scope=scope, **_progress(run))


def _progress(run: CertificateRun) -> dict[str, Any]:
    is_going_on = run.is_on_its_way or run.state is TaskState.FAILED
    files, mails = files_of(db.session(), run_id=run.id), messages_of(db.session(), run_id=run.id)
    return {
        "run": run,
        "files": files,
        "mails": mails,
        "mail_words": MAIL_WORDS,
        "is_going_on": is_going_on,
        "is_live": is_going_on or (not run.is_open and (files.waiting > 0 or mails.is_news_near)),
        "done_percent": percent_of(run.issued, run.wanted, of_none=100),
        "run_words": RUN_WORDS,
        "kind_words": KIND_WORDS,
        "step": step_for(run.unit_path),
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
