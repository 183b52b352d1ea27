"""Telling people that a follow-up is open: one message, one reminder after five days, then no more.

Imported history opens follow-ups too, but nobody is written to about it.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from courses.catalogue.versions import Course, CourseVersion, current_versions
from courses.records.completion import Completion, CompletionSource, is_standing
from courses.taking.availability import weeks_in_words
from kernel.clock import LOCAL, local_day
from kernel.tasks.kinds import TaskState
from messages.choices import MessageChoice, choices_of, next_daytime
from messages.ledger import ComposedMessage, DropReason, Message, MessageContent, note_message
from messages.ways import Ways, is_reachable
from people.jobs.absences import is_away
from people.jobs.employment import Employment
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentTerms
from people.persons import Person

FOLLOW_UP_OPEN = "follow-up-open"
FOLLOW_UP_REMINDER = "follow-up-reminder"
REMIND_AFTER = timedelta(days=5)
# What opened longer ago is no news: a site that begins to send mail does not write to everybody at once.
NEWS_DAYS = 14
LONGEST_MESSAGE = 300  # characters, the link included
_LONGEST_TITLE = 90
_AT_ONCE = 500


def note_follow_ups(session: Session, *, ways: Ways, now: datetime) -> int:
    """Owe a message to everybody for whom a follow-up has opened, or who has not taken it after five days.

    Returns how many messages are new; at most 500 of each kind and follow-up, the rest with the next call.
    """
    current = current_versions(session)
    ids = {course.slug: course.id for course, _ in current}
    count = 0
    for course, version in current:
        follows = ids.get(version.follows_slug or "")
        if follows is None:
            continue
        opened = _opened(course.id, follows, version.follows_weeks or 0, now)
        missed = _missed(course.id, now)
        for kind, query in ((FOLLOW_UP_OPEN, opened), (FOLLOW_UP_REMINDER, missed)):
            for person_id in session.scalars(query.where(is_reachable(ways)).limit(_AT_ONCE)).all():
                count += note_message(
                    session,
                    person_id=person_id,
                    kind=kind,
                    subject_id=course.id,
                    now=now,
                    due_at=next_daytime(now),
                )
    return count


def _opened(course_id: int, follows_id: int, weeks: int, now: datetime) -> Select[int]:
    """People whose first completion of the other course lies so many weeks back, and who know nothing of it yet."""
    last = local_day(now) - timedelta(weeks=weeks) + timedelta(days=1)
    earlier = aliased(Completion)
    return (
        _to_tell(course_id, FOLLOW_UP_OPEN, now)
        .join(Completion, Completion.person_id == Person.id)
        .where(
            Completion.course_id == follows_id,
            is_standing(),
            Completion.source == CompletionSource.PLATFORM,
            Completion.completed_at >= datetime.combine(last - timedelta(days=NEWS_DAYS), time(), LOCAL),
            Completion.completed_at < datetime.combine(last, time(), LOCAL),
            ~select(earlier.id)
            .where(
                earlier.person_id == Person.id,
                earlier.course_id == follows_id,
                earlier.completed_at < Completion.completed_at,
                is_standing(earlier),
            )
            .exists(),
        )
    )


def _missed(course_id: int, now: datetime) -> Select[int]:
    """People who were told of it five days ago."""
    told = aliased(Message)
    return (
        _to_tell(course_id, FOLLOW_UP_REMINDER, now)
        .join(told, told.person_id == Person.id)
        .where(
            told.kind == FOLLOW_UP_OPEN,
            told.subject_id == course_id,
            told.state == TaskState.DONE,
            told.sent_at <= now - REMIND_AFTER,
            told.sent_at > now - REMIND_AFTER - timedelta(days=NEWS_DAYS),
        )
    )


def _to_tell(course_id: int, kind: str, now: datetime) -> Select[int]:
    """People at work who want to hear of follow-ups, have not taken this one and are owed nothing."""
    has_message = select(Message.id).where(
        Message.person_id == Person.id, Message.kind == kind, Message.subject_id == course_id
    )
    has_done_it = select(Completion.id).where(
        Completion.person_id == Person.id, Completion.course_id == course_id, is_standing()
    )
    has_stopped = select(MessageChoice.person_id).where(
        MessageChoice.person_id == Person.id, ~MessageChoice.has_follow_ups
    )
    return (
        select(Person.id)
        .where(
            ~has_message.correlate(Person).exists(),
            ~has_done_it.correlate(Person).exists(),
            ~has_stopped.exists(),
            _job_at_work(local_day(now)).where(Employment.person_id == Person.id).exists(),
        )
        .order_by(Person.id)
    )


def _job_at_work(on: date) -> Select[int]:
    """The jobs that are held on a day by somebody who is there."""
    terms = EmploymentTerms.employment_id == Employment.id
    return select(Employment.id).join(EmploymentTerms, terms).where(is_held(on), ~is_away(on))


def compose_follow_up(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    """The content of one such message, unless the person has taken it, wants none, is away or has left."""
    message = messages[0]
    reason = _reason_against(session, message, now)
    found = next(((one, version) for one, version in current_versions(session) if one.id == message.subject_id), None)
    if reason is not None or found is None or found[1].follows_slug is None:
        return ComposedMessage(None, {message.id: reason or DropReason.NOT_TRUE_ANY_MORE})
    return ComposedMessage(_content(message.kind, *found))


def _reason_against(session: Session, message: Message, now: datetime) -> DropReason | None:
    person_id = message.person_id
    is_done = select(Completion.id).where(
        Completion.person_id == person_id, Completion.course_id == message.subject_id, is_standing()
    )
    if session.scalar(is_done.limit(1)) is not None:
        return DropReason.NOT_TRUE_ANY_MORE
    if not choices_of(session, person_ids=[person_id])[person_id].has_follow_ups:
        return DropReason.NOT_WANTED
    here = _job_at_work(local_day(now)).where(Employment.person_id == person_id)
    return DropReason.AWAY if session.scalar(here.limit(1)) is None else None


def _content(kind: str, course: Course, version: CourseVersion) -> MessageContent:
    title, weeks = _short(version.title), version.follows_weeks or 0
    minutes = f"about {version.minutes} minutes" if version.minutes > 1 else "about a minute"
    if kind == FOLLOW_UP_REMINDER:
        subject, words = f"Still open: {title}", f"“{title}” is still open, if you would like it. It takes {minutes}. "
        words += "We will not write about it again."
    else:
        on = f"{weeks_in_words(weeks).capitalize()} on" if weeks else ""
        # The shipped follow-ups say it in their titles.
        begins = f"{on}. " if on and not title.casefold().startswith(on.casefold()) else ""
        subject, words = f"Now open: {title}", f"{begins}“{title}” is open. It takes {minutes}, also on a phone."
    return MessageContent(
        subject=subject,
        paragraphs=(words,),
        link_words="Open it",
        link_path=f"/courses/{course.slug}",
        why="You get this message because you completed the course that this one follows.",
        can_stop=True,
    )


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"
