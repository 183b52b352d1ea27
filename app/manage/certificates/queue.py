"""The making of certificates, for those who look after the platform. No names: a number is enough to help."""

from datetime import datetime, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.queue import bell
from app.platform.work import unit_of_work
from certificates.file_care.lost_files import count_losses
from certificates.making.announcing import mailed_times
from certificates.making.queue_status import (
    QueueStatus,
    Wanted,
    count_wanted,
    minutes_left,
    pace,
    queue_status,
    wanted_page,
)
from certificates.making.rendering import CERTIFICATE_FILES, RENDER_CERTIFICATES
from certificates.record.issuing import Certificate
from certificates.record.numbers import numbers_in
from courses.catalogue.versions import current_versions
from kernel.audit import record
from kernel.clock import utc_now
from kernel.rounding import rounded
from kernel.tasks.control import retry
from kernel.tasks.kinds import TaskState
from people.organisations import organisations
from people.roles import Role

PAGE_SIZE = 25
STATE_WORDS = {
    TaskState.PENDING: "Waiting",
    TaskState.WORKING: "Being made",
    TaskState.FAILED: "Failed",
    TaskState.PARKED: "Parked",
    TaskState.DONE: "Ready",
}
# What an address asks for.
STATES = {
    "pending": TaskState.PENDING,
    "rendering": TaskState.WORKING,
    "failed": TaskState.FAILED,
    "parked": TaskState.PARKED,
    "ready": TaskState.DONE,
}
UNMADE, EVERY = "no-file", "every"


def age_in_words(since: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits: "4 minutes", "2 days"."""
    age = max(now - since, timedelta())
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        count = int(age.total_seconds()) // size
        if count:
            return f"{count} {word}{'s' if count > 1 else ''}"
    return "less than a minute"


def forecast_in_words(counts: QueueStatus, per_minute: float) -> str:
    """How fast it goes and how long it will take; empty when nothing waits."""
    if not counts.waiting:
        return ""
    left = minutes_left(counts.waiting, per_minute)
    if left is None:
        return "None was made in the last five minutes. If that goes on, see whether a worker runs."
    rate = f"{rounded(per_minute):,}" if per_minute >= 1 else "less than one"
    return f"At the present rate of {rate} a minute, about {left:,} {'minute is' if left == 1 else 'minutes are'} left."


@allow(Role.ADMIN)
def certificate_queue() -> str | Response:
    """Counts by state, how fast it goes, and a list by state, course and authority."""
    session, now = db.session(), utc_now()
    number = request.args.get("number", "").strip()
    if number:
        typed = next(iter(numbers_in(number)), number.replace("/", "-")[:64])
        return redirect(url_for("manage.certificate", certificate_number=typed))
    counts, wanted, chosen = queue_status(session), *_wanted(session)
    total = count_wanted(session, wanted)
    pages = max(1, -(-total // PAGE_SIZE))
    page = number_in(request.args, "page")
    if not 1 <= page <= pages:
        abort(404)
    found = wanted_page(session, wanted, page=page, size=PAGE_SIZE)
    return render_template(
        "manage/certificate_queue.html",
        counts=counts,
        lost=sum(count_losses(session).values()),
        forecast=forecast_in_words(counts, pace(session, now=now)),
        oldest=age_in_words(counts.oldest_issued_at, now) if counts.oldest_issued_at else None,
        certificates=found,
        mailed=mailed_times(session, certificate_ids=[one.id for one in found]),
        total=total,
        state_words=STATE_WORDS,
        is_bell_reachable=bell().is_reachable(),
        page=page,
        pages=pages,
        chosen=chosen,
        choices=_choices(session),
    )


def _choices(session: Session) -> dict[str, list[tuple[str, str]]]:
    by_state = [(word, STATE_WORDS[state]) for word, state in STATES.items()]
    states = [(UNMADE, "Without a file"), *by_state, (EVERY, "Every one")]
    return {
        "state": states,
        "course": [
            ("", "Every course"),
            *((course.slug, version.title) for course, version in current_versions(session)),
        ],
        "authority": [("", "Every authority"), *((found.slug, found.name) for found in organisations(session))],
    }


def _wanted(session: Session) -> tuple[Wanted, dict[str, str]]:
    """What the address asks for; a word that nobody offered counts as left out."""
    courses = {course.slug: course.id for course, _ in current_versions(session)}
    authorities = {found.slug: found.id for found in organisations(session)}
    state, course = request.args.get("state", UNMADE), request.args.get("course", "")
    authority = request.args.get("authority", "")
    if state not in {*STATES, EVERY}:
        state = UNMADE
    wanted = Wanted(
        state=STATES.get(state),
        is_unmade=state == UNMADE,
        course_id=courses.get(course),
        organisation_id=authorities.get(authority),
    )
    return wanted, {"state": state, "course": course, "authority": authority}


@allow(Role.ADMIN)
def certificate_retry(certificate_number: str) -> Response:
    """Make one failed or parked certificate due at once."""
    now = utc_now()
    with unit_of_work() as work:
        count = retry(work.session, CERTIFICATE_FILES, which=Certificate.number == certificate_number, now=now)
        if count:
            _note(work.session, "certificate-retried", certificate_number, now)
            work.ring_after_commit(RENDER_CERTIFICATES)
    if count:
        flash(f"{certificate_number} will be tried again now")
    else:
        flash(f"{certificate_number[:24]} has not failed, or is being tried again already", "important")
    return redirect(url_for("manage.certificate_queue"))


@allow(Role.ADMIN)
def certificate_retry_all() -> Response:
    """Make every failed and parked certificate due at once."""
    now = utc_now()
    with unit_of_work() as work:
        count = retry(work.session, CERTIFICATE_FILES, now=now)
        if count:
            _note(work.session, "certificates-retried", "all", now, {"count": count})
            work.ring_after_commit(RENDER_CERTIFICATES)
    if count:
        flash(f"{count:,} {'certificate' if count == 1 else 'certificates'} will be tried again now")
    else:
        flash("No certificate has failed, so there is nothing to try again", "important")
    return redirect(url_for("manage.certificate_queue"))


def _note(session: Session, action: str, subject: str, now: datetime, detail: dict[str, object] | None = None) -> None:
    record(
        session,
        action=action,
        subject_type="certificate",
        subject_id=subject,
        actor_account_id=who().account_id,
        now=now,
        detail=detail,
    )
