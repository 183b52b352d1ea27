"""What needs a person: today, or within the week. Each is counted where its own page counts it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy.orm import Session

from app.platform.pages.templating import day, plural
from app.platform.task_kinds import KINDS
from assignments.checking.record import newest_counts
from certificates.file_care.lost_files import count_losses
from certificates.making.rendering import CERTIFICATE_FILES
from courses.catalogue.fact_register import fact_register
from courses.quizzes.retry_review import open_retry_requests
from kernel.clock import local_day
from kernel.tasks.control import counts_by_state
from kernel.tasks.kinds import TaskState
from kernel.tasks.parked import count_parked
from messages.sending import MAIL
from people.feed.runs.deciding import waiting_runs
from reports.month_ends.checking import differences

WEEK = timedelta(days=7)
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Need:
    """One thing: what it is, more about it, and where somebody does something about it."""

    what: str
    more: str
    to_do: str
    address: str
    is_today: bool = True


def needs_now(session: Session, *, now: datetime) -> tuple[Need, ...]:
    """Everything that waits for an admin, what is for today first. So many statements, however much there is."""
    found = [
        *_hr_files(session),
        *_certificates(session),
        *_stopped_work(session),
        *_counts(session),
        *_facts(session, now),
        *_tries(session),
    ]
    return tuple(sorted(found, key=lambda one: not one.is_today))


def waiting_now(session: Session) -> tuple[tuple[int, str], ...]:
    """What runs by itself at the moment: how many of what wait for their turn."""
    found = (("certificate", counts_by_state(session, CERTIFICATE_FILES)), ("message", counts_by_state(session, MAIL)))
    waiting = [(counts[TaskState.PENDING] + counts[TaskState.WORKING], one) for one, counts in found]
    return tuple((count, f"{one if count == 1 else f'{one}s'} waiting") for count, one in waiting)


def first_sentence(needs: Sequence[Need]) -> tuple[str, str]:
    """How much there is, in words; and what holds of the rest."""
    today = sum(one.is_today for one in needs)
    soon = len(needs) - today
    if not needs:
        return "Nothing needs you today.", "Everything runs by itself."
    parts = [_many(today, "needs you today", "need you today")] if today else []
    if soon:
        later = "can wait until next week"
        parts.append(f"{_number(soon)} {later}" if parts else _many(soon, later, later))
    said = " and ".join(parts) if len(parts) < 2 else f"{parts[0]}, and {parts[1]}"
    return f"{said[:1].upper()}{said[1:]}.", "Everything else runs by itself."


def _many(count: int, one: str, several: str) -> str:
    return f"{_number(count)} thing {one}" if count == 1 else f"{_number(count)} things {several}"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def _hr_files(session: Session) -> Iterator[Need]:
    for run, authority in waiting_runs(session):
        is_or_waits = "is stopped" if run.is_stopped else "waits for somebody to let it go on"
        yield Need(
            f"The HR file of {authority.name} {is_or_waits}.",
            f"Its plan: {run.summary} Nothing has changed yet.",
            "Look at the plan",
            url_for("council.feed_run", slug=authority.slug, run_id=run.id),
            is_today=run.is_stopped,
        )


def _certificates(session: Session) -> Iterator[Need]:
    counts = counts_by_state(session, CERTIFICATE_FILES)
    failed = counts[TaskState.FAILED] + counts[TaskState.PARKED]
    if failed:
        what = f"{plural(failed, 'certificate')} could not be made."
        yield Need(what, "", "See why", url_for("manage.certificate_queue", state="failed"))
    lost = sum(count_losses(session).values())
    if lost:
        what = f"{plural(lost, 'file of a certificate is', 'files of certificates are')} lost or damaged."
        yield Need(what, "They can be made again.", "See which", url_for("manage.certificate_checks"))


def _stopped_work(session: Session) -> Iterator[Need]:
    """What no page of its own says already."""
    parked = {kind: count for kind, count in count_parked(session, KINDS).items() if kind is not CERTIFICATE_FILES}
    stopped = sum(parked.values())
    if stopped:
        what = f"{plural(stopped, 'piece of work has', 'pieces of work have')} stopped."
        more = f"{'It waits' if stopped == 1 else 'They wait'} for somebody to look."
        yield Need(what, more, "See why, and try again", url_for("manage.parked"))


def _counts(session: Session) -> Iterator[Need]:
    differing = [(sum(row.differences.values()), name) for row, name in newest_counts(session) if row.differences]
    if differing:
        what = f"Two ways of counting differ for {plural(sum(one for one, _ in differing), 'person', 'people')}."
        more = f"At {', '.join(name for _, name in differing)}, last night."
        yield Need(what, more, "See who is counted how", url_for("manage.counts"))
    if mended := len(differences(session)):
        what = (
            f"{plural(mended, 'count of a month’s end was', 'counts of month’s ends were')} not what a full count says."
        )
        yield Need(what, "It was mended last night.", "See which", url_for("manage.counts"))


def _facts(session: Session, now: datetime) -> Iterator[Need]:
    until = local_day(now) + WEEK
    due = [one for one in fact_register(session, today=local_day(now)) if one.fact.review_by <= until]
    if due:
        what = f"{plural(len(due), 'fact is', 'facts are')} due for another look by {day(until)}."
        said = "Its" if len(due) == 1 else "The first"
        more = f"{said} day {'was' if due[0].fact.review_by < local_day(now) else 'is'} {day(due[0].fact.review_by)}."
        yield Need(what, more, "Look at the facts", url_for("manage.facts", show="soon"), is_today=False)


def _tries(session: Session) -> Iterator[Need]:
    asked = open_retry_requests(session)
    if asked:
        what = f"{plural(len(asked), 'person asks', 'people ask')} for another try at a quiz."
        more = f"The oldest asked on {day(asked[0].asked_at)}."
        yield Need(what, more, "Answer them", url_for("manage.quiz_tries"), is_today=False)
