"""Telling people that a follow-up is open: one message, one reminder after five days, then no more.

Imported history opens follow-ups too, but nobody is written to about it.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased

from courses.catalogue import Course, CourseVersion, current_versions
from courses.completion import Completion, CompletionSource
from courses.opening import weeks_in_words
from kernel.clock import LOCAL, local_day
from people.message_choices import MessageChoice, choices_of, next_daytime
from people.messages import Composed, DropReason, Letter, Message, MessageState, note_message
from people.persons import Employment, Person

FOLLOW_UP_OPEN = "follow-up-open"
FOLLOW_UP_REMINDER = "follow-up-reminder"
REMIND_AFTER = timedelta(days=5)
# What opened longer ago is no news: a site that begins to send mail does not write to everybody at once.
NEWS_DAYS = 14
LONGEST_MESSAGE = 300  # characters, the link included
_LONGEST_TITLE = 90
_AT_ONCE = 500


def note_follow_ups(session: Session, *, now: datetime) -> int:
    """Owe a message to everybody for whom a follow-up has opened, or who has not taken it after five days.

    Returns how many messages are owed anew; at most 500 of each kind and follow-up, the rest with the next call.
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
            for person_id in session.scalars(query.limit(_AT_ONCE)).all():
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
            Completion.source == CompletionSource.PLATFORM,
            Completion.completed_at >= datetime.combine(last - timedelta(days=NEWS_DAYS), time(), LOCAL),
            Completion.completed_at < datetime.combine(last, time(), LOCAL),
            ~select(earlier.id)
            .where(
                earlier.person_id == Person.id,
                earlier.course_id == follows_id,
                earlier.completed_at < Completion.completed_at,
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
            told.state == MessageState.SENT,
            told.sent_at <= now - REMIND_AFTER,
            told.sent_at > now - REMIND_AFTER - timedelta(days=NEWS_DAYS),
        )
    )


def _to_tell(course_id: int, kind: str, now: datetime) -> Select[int]:
    """People with an address, at work, who want to hear of follow-ups, have not taken this one and are owed nothing."""
    has_message = select(Message.id).where(
        Message.person_id == Person.id, Message.kind == kind, Message.subject_id == course_id
    )
    has_done_it = select(Completion.id).where(Completion.person_id == Person.id, Completion.course_id == course_id)
    has_stopped = select(MessageChoice.person_id).where(
        MessageChoice.person_id == Person.id, ~MessageChoice.has_follow_ups
    )
    return (
        select(Person.id)
        .where(
            Person.email.is_not(None),
            ~has_message.correlate(Person).exists(),
            ~has_done_it.correlate(Person).exists(),
            ~has_stopped.exists(),
            select(Employment.id).where(Employment.person_id == Person.id, _is_at_work(local_day(now))).exists(),
        )
        .order_by(Person.id)
    )


def _is_at_work(on: date) -> ColumnElement[bool]:
    is_away = (Employment.away_from <= on) & or_(Employment.away_until.is_(None), Employment.away_until >= on)
    return (
        (Employment.starts_on <= on)
        & or_(Employment.ends_on.is_(None), Employment.ends_on >= on)
        & or_(Employment.away_from.is_(None), ~is_away)
    )


def compose_follow_up(session: Session, messages: Sequence[Message], *, now: datetime) -> Composed:
    """The letter of one such message, unless the person has taken it, wants none, is away or has left."""
    message = messages[0]
    reason = _reason_against(session, message, now)
    found = next(((one, version) for one, version in current_versions(session) if one.id == message.subject_id), None)
    if reason is not None or found is None or found[1].follows_slug is None:
        return Composed(None, {message.id: reason or DropReason.NOT_TRUE_ANY_MORE})
    return Composed(_letter(message.kind, *found))


def _reason_against(session: Session, message: Message, now: datetime) -> DropReason | None:
    person_id = message.person_id
    is_done = select(Completion.id).where(Completion.person_id == person_id, Completion.course_id == message.subject_id)
    if session.scalar(is_done.limit(1)) is not None:
        return DropReason.NOT_TRUE_ANY_MORE
    if not choices_of(session, person_ids=[person_id])[person_id].has_follow_ups:
        return DropReason.NOT_WANTED
    here = select(Employment.id).where(Employment.person_id == person_id, _is_at_work(local_day(now)))
    return DropReason.AWAY if session.scalar(here.limit(1)) is None else None


def _letter(kind: str, course: Course, version: CourseVersion) -> Letter:
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
    return Letter(
        subject=subject,
        paragraphs=(words,),
        link_words="Open it",
        link_path=f"/courses/{course.slug}",
        why="You get this message because you completed the course that this one follows.",
        can_stop=True,
    )


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"
