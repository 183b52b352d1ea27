"""The words of a reminder, made when it is sent from what is true then: one message for all courses of a person."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.due.words import day_in_words
from assignments.plan_words import due_rule_in_words
from assignments.reminders.hours import is_open, next_open
from assignments.reminders.owed import standing_of
from assignments.reminders.pace import Pace, pace_of, paces_of
from assignments.reminders.record import Reminder, WhyNot
from assignments.reminders.standing import asked_today, why_not_reminded
from assignments.reminders.steps import FOR_SOME, Step
from assignments.standing.explaining import ONESELF, Explanation, Standing, explanations
from assignments.standing.people_asked import Asked
from courses.catalogue.versions import courses_by_id
from kernel.clock import local_day
from messages.ledger import ComposedMessage, DropReason, Message, MessageContent
from messages.templates.filling import Fillable
from messages.templates.texts import Text
from messages.templates.versions import worded
from people.organisations import Organisation
from people.persons import Person

_LONGEST_TITLE = 90
_OPEN = (Standing.DUE, Standing.LATE)
# The steps that have words of their own.
TEXT_OF_STEP = {Step.AT_RISK: Text.AT_RISK, Step.NOT_BEGUN_AGAIN: Text.AGAIN}
OPEN_TO_NUDGE = (*_OPEN, Standing.NO_DATE)


def compose_reminder(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    """What somebody still has to finish. Rows that are not true any more end with the reason; without any, no message.

    Outside the hours at which reminders may go, it waits for the next.
    """
    message = messages[0]
    if not is_open(now):
        return ComposedMessage(None, postponed_until=next_open(now))
    steps = _still_true(session, message, now)
    true, on = [one for one, _ in steps], local_day(now)
    courses = list(dict.fromkeys(one.plan.course_id for one in true))
    said = explanations(session, person_id=message.person_id, course_ids=courses, on=on, reader=ONESELF)
    # Whoever has finished has a date only where that is running out.
    still = [one for one in said if one.state in _OPEN or (one.state is Standing.FINISHED and one.due_on)]
    if not still:
        return ComposedMessage(None, {message.id: DropReason.NOT_TRUE_ANY_MORE})
    person = session.get_one(Person, message.person_id)
    if len(still) > 1:
        return ComposedMessage(worded(session, reminder_of_several(session, still, true, person)))
    of_course = {step for one, step in steps if one.plan.course_id == still[0].course_id}
    text = TEXT_OF_STEP.get(of_course.pop(), Text.REMINDER) if len(of_course) == 1 else Text.REMINDER
    return ComposedMessage(worded(session, reminder_of_one(session, still, true, person, text=text)))


def _still_true(session: Session, message: Message, now: datetime) -> list[tuple[Asked, Step]]:
    on = local_day(now)
    rows = session.scalars(
        select(Reminder)
        .where(
            Reminder.person_id == message.person_id,
            Reminder.digest_on == date.fromisoformat(message.step),
            Reminder.step != Step.MANAGER,
            Reminder.ended_at.is_(None),
        )
        .order_by(Reminder.due_on, Reminder.id)
    ).all()
    found: dict[tuple[int, int], Asked] = {}
    for organisation_id in sorted({row.organisation_id for row in rows}):
        asked = asked_today(session, organisation_id=organisation_id, person_ids=[message.person_id], on=on)
        found |= {(organisation_id, course_id): one for (_, course_id), one in asked.items()}
    for_some = {(row.organisation_id, row.course_id) for row in rows if row.step in FOR_SOME}
    asks = frozenset[int]().union(*(one.plan.counted for key, one in found.items() if key in for_some))
    paces = paces_of(session, person_ids=[message.person_id], course_ids=asks) if asks else {}
    true = []
    for row in rows:
        one = found.get((row.organisation_id, row.course_id))
        why = why_not_reminded(one, on) or (WhyNot.MOVED if one and one.due.due_on != row.due_on else None)
        if one and why is None and not _holds_for_some(row.step, one, pace_of(one, paces), on):
            why = WhyNot.BEGUN
        if one is None or why is not None:
            row.ended_at, row.reason = now, (why or WhyNot.NOT_ASKED).value
        else:
            true.append((one, row.step))
    return true


def _holds_for_some(step: Step, asked: Asked, pace: Pace | None, on: date) -> bool:
    """Whether a step that is for some alone still is for this person; true of every other step."""
    standing = standing_of(asked, on, pace)
    if step is Step.AT_RISK:
        return standing.is_at_risk
    return step is not Step.NOT_BEGUN_AGAIN or standing.again_on is not None


def reminder_of_one(
    session: Session,
    still: Sequence[Explanation],
    asked: Sequence[Asked],
    person: Person,
    *,
    text: Text = Text.REMINDER,
) -> Fillable:
    """A reminder of the course that is due first, in the words of a step."""
    first = min(still, key=lambda one: one.due_on or date.max)
    plan = _of(asked, first.course_id)
    (slug,) = (one.slug for one in courses_by_id(session, course_ids=[first.course_id]).values())
    content = MessageContent(
        subject="",
        paragraphs=(),
        link_words="Open the programme" if first.steps else "Open the course",
        link_path=f"/courses/{slug}",
        why=f"You get this message because {asks_in_words(session, plan, first.course_title)}.",
        can_choose=False,
    )
    values = course_values(session, first, plan, person) | {"course and date": _line(replace(first, next_words=""))}
    if text is Text.AT_RISK:
        values |= {"how far": _how_far(session, person.id, first.course_id)}
    return Fillable(content, plan.plan.organisation_id, text, values)


def _how_far(session: Session, person_id: int, course_id: int) -> str:
    pace = paces_of(session, person_ids=[person_id], course_ids=[course_id]).get((person_id, course_id))
    if pace is None:
        return "You have not begun yet"
    return f"You have finished {pace.done} of {pace.modules} {'module' if pace.modules == 1 else 'modules'}"


def course_values(session: Session, said: Explanation, asked: Asked, person: Person) -> dict[str, str]:
    """What the placeholders of a text about one course stand for."""
    return {
        "name": person.addressed_as,
        "authority": session.get_one(Organisation, asked.plan.organisation_id).name,
        "course": said.course_title,
        "date": day_in_words(said.due_on) if said.due_on else "no date yet",
        "how it stands": said.sentence,
    }


def reminder_of_several(
    session: Session, still: Sequence[Explanation], asked: Sequence[Asked], person: Person
) -> Fillable:
    """One reminder of several courses, in the words of the authority whose course is due first."""
    names = _employers(session, asked)
    together = " and ".join(names)
    content = MessageContent(
        subject="",
        paragraphs=(),
        items=tuple(_line(one) for one in sorted(still, key=lambda one: (one.due_on or date.max, one.course_id))),
        link_words="See what you are asked to do, and why",
        link_path="/learning",
        why=f"You get this message because {together} {'asks' if len(names) == 1 else 'ask'} for it.",
        can_choose=False,
    )
    first = min(asked, key=lambda one: (one.due.due_on or date.max, one.plan.course_id))
    values = {"number": str(len(still)), "name": person.addressed_as, "authority": together}
    return Fillable(content, first.plan.organisation_id, Text.SEVERAL, values)


def _of(asked: Sequence[Asked], course_id: int) -> Asked:
    mine = (one for one in asked if one.plan.course_id == course_id)
    return min(mine, key=lambda one: one.due.due_on or date.max)


def _employers(session: Session, asked: Sequence[Asked]) -> list[str]:
    ids = {one.plan.organisation_id for one in asked}
    return list(session.scalars(select(Organisation.name).where(Organisation.id.in_(ids)).order_by(Organisation.name)))


def _line(one: Explanation) -> str:
    """“Race equality, by 18 December 2026”."""
    title = one.course_title
    title = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"
    day = day_in_words(one.due_on) if one.due_on else ""
    if one.state is Standing.FINISHED:
        return f"{title}: take it again by {day}"
    said = f"{title}: was to be finished by {day}" if one.state is Standing.LATE else f"{title}: finish by {day}"
    return f"{said}. {one.next_words.rstrip('.')}" if one.next_words else said


def asks_in_words(session: Session, asked: Asked, title: str) -> str:
    """Who asks whom for what and by when, after "because"."""
    plan = asked.plan
    name = session.get_one(Organisation, plan.organisation_id).name
    whom = f"“{plan.audience_name}”" if plan.audience_name else "everybody"
    return f"{name} asks {whom} to finish {title} {due_rule_in_words(session, plan.due)}"
