"""What a manager is told once of people who are weeks past a date: how many, and where to look. No names in a mail."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.reminders.hours import is_open, next_open
from assignments.reminders.managing import managers_of
from assignments.reminders.record import Reminder, WhyNot
from assignments.reminders.standing import asked_today, why_not_reminded
from assignments.reminders.steps import WEEKS_BEFORE_MANAGER, Step
from kernel.clock import local_day
from messages.ledger import ComposedMessage, DropReason, Message, MessageContent
from people.jobs.employment import Employment


def compose_team_late(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    """How many people are still past their date; nothing where all have finished, left, or have another manager."""
    message = messages[0]
    if not is_open(now):
        return ComposedMessage(None, postponed_until=next_open(now))
    late = {row.person_id for row in _still_true(session, message, now)}
    if not late:
        return ComposedMessage(None, {message.id: DropReason.NOT_TRUE_ANY_MORE})
    people = "1 person of your team is" if len(late) == 1 else f"{len(late):,} people of your team are"
    return ComposedMessage(
        MessageContent(
            subject=f"{people} {WEEKS_BEFORE_MANAGER} weeks past a date",
            paragraphs=(
                f"{people} {WEEKS_BEFORE_MANAGER} weeks past the date of a course. They get no more reminders.",
            ),
            link_words="See who, and nudge them",
            link_path="/team",
            why="You get this message, once for each of them, because the record of jobs says that you manage them.",
            can_choose=False,
        )
    )


def _still_true(session: Session, message: Message, now: datetime) -> list[Reminder]:
    on = local_day(now)
    jobs = select(Employment.id).where(Employment.person_id == message.person_id)
    rows = session.scalars(
        select(Reminder)
        .where(
            Reminder.employment_id.in_(jobs),
            Reminder.digest_on == date.fromisoformat(message.step),
            Reminder.step == Step.MANAGER,
            Reminder.ended_at.is_(None),
        )
        .order_by(Reminder.id)
    ).all()
    true = []
    for organisation_id in sorted({row.organisation_id for row in rows}):
        mine = [row for row in rows if row.organisation_id == organisation_id]
        people = {row.person_id for row in mine}
        asked = asked_today(session, organisation_id=organisation_id, person_ids=people, on=on)
        managers = managers_of(session, employment_ids={one.employment_id for one in asked.values()}, on=on)
        for row in mine:
            one = asked.get((row.person_id, row.course_id))
            why = why_not_reminded(one, on)
            if one is None or why is not None or not one.due.is_late(on):
                row.ended_at, row.reason = now, (why or WhyNot.MOVED).value
                continue
            manager = managers.get(one.employment_id)
            if manager is None or manager.person_id != message.person_id:
                row.ended_at, row.reason = now, WhyNot.NO_MANAGER.value
                continue
            true.append(row)
    return true
