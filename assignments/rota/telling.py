"""What somebody is told of time that was planned for them: in words, and as a file for their calendar."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.due.words import day_in_words
from assignments.reminders.hours import is_open, next_open
from assignments.rota.record import PlannedHour
from courses.catalogue.versions import courses_by_id, titles_of
from kernel.clock import LOCAL
from kernel.loading.later import later
from messages.ledger import CalendarFile, ComposedMessage, DropReason, Message, MessageContent
from people.accounts import Account
from people.persons import Person

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = later("icalendar")


def when_in_words(hour: PlannedHour) -> str:
    """“3 December 2026, 10:00 to 11:00”."""
    begins, ends = hour.starts_at.astimezone(LOCAL), hour.ends_at.astimezone(LOCAL)
    return f"{day_in_words(begins.date())}, {begins:%H:%M} to {ends:%H:%M}"


def compose_planned_hour(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    """That time was planned, moved or taken back; nothing where it has changed again since, or has begun."""
    message = messages[0]
    hour = session.get(PlannedHour, message.subject_id, populate_existing=True)
    if hour is None or str(hour.sequence) != message.step or hour.starts_at <= now:
        return ComposedMessage(None, {message.id: DropReason.NOT_TRUE_ANY_MORE})
    if not is_open(now) and hour.starts_at > next_open(now):
        return ComposedMessage(None, postponed_until=next_open(now))
    title = titles_of(session, course_ids=[hour.course_id])[hour.course_id]
    slug = courses_by_id(session, course_ids=[hour.course_id])[hour.course_id].slug
    who = _who(session, hour)
    subject, words = _words(hour, title, who)
    return ComposedMessage(
        MessageContent(
            subject=subject,
            paragraphs=(words, "The file with this message puts that into your calendar."),
            link_words="Open the course",
            link_path=f"/courses/{slug}",
            why="You get this message because your manager plans time for your learning.",
            can_choose=False,
            text=subject,
            calendar=calendar_of(hour, summary=title, planned_by=who),
        )
    )


def _words(hour: PlannedHour, title: str, who: str) -> tuple[str, str]:
    when, where = when_in_words(hour), f", {hour.place}" if hour.place else ""
    if hour.cancelled_at is not None:
        return f"Cancelled: time for {title}, {when}", f"The time that {who} planned for {title} is taken back: {when}."
    if hour.sequence:
        return f"Moved: time for {title}, now {when}", f"{who} has moved your time for {title}: {when}{where}."
    return f"Time for {title}: {when}", f"{who} has planned time for you to take {title}: {when}{where}."


def calendar_of(hour: PlannedHour, *, summary: str, planned_by: str) -> CalendarFile:
    """The event as a calendar reads it (RFC 5546): it takes the place of what it holds under the same UID."""
    is_over = hour.cancelled_at is not None
    organizer = icalendar.vCalAddress("invalid:nomail")  # nobody answers: there is no address to answer to
    organizer.params["CN"] = planned_by
    event = icalendar.Event()
    event.add("uid", hour.uid)
    event.add("sequence", hour.sequence)
    event.add("dtstamp", hour.changed_at)
    event.add("dtstart", hour.starts_at)
    event.add("dtend", hour.ends_at)
    event.add("summary", summary)
    event.add("organizer", organizer)
    event.add("status", "CANCELLED" if is_over else "CONFIRMED")
    event.add("class", "PRIVATE")
    if hour.place:
        event.add("location", hour.place)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Common Ground//Planned time//EN")
    calendar.add("version", "2.0")
    method = "CANCEL" if is_over else "PUBLISH"
    calendar.add("method", method)
    calendar.add_component(event)
    return CalendarFile(method, calendar.to_ical())


def _who(session: Session, hour: PlannedHour) -> str:
    name = session.scalar(
        select(Person.chosen_name)
        .join(Account, Account.person_id == Person.id)
        .where(Account.id == hour.planned_by_account_id)
    )
    return name or "Your manager"
