"""The words of a nudge, made when it is sent."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.reminders.hours import is_open, next_open
from assignments.reminders.nudges import Nudge
from assignments.reminders.record import WhyNot
from assignments.reminders.standing import asked_today, why_not_reminded
from assignments.reminders.telling import OPEN_TO_NUDGE, asks_in_words, course_values
from assignments.standing.explaining import ONESELF, Explanation, explain
from assignments.standing.people_asked import Asked
from courses.catalogue.versions import courses_by_id
from kernel.clock import local_day
from messages.ledger import ComposedMessage, DropReason, Message, MessageContent
from messages.templates.filling import Fillable
from messages.templates.texts import Text
from messages.templates.versions import worded
from people.accounts import Account
from people.persons import Person

_DROPPED = {WhyNot.AWAY: DropReason.AWAY}


def compose_nudge(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    """Who asks, how the person stands, and the link; nothing for whoever has finished or gone away meanwhile."""
    message = messages[0]
    if not is_open(now):
        return ComposedMessage(None, postponed_until=next_open(now))
    on, row = local_day(now), session.get(Nudge, message.subject_id, populate_existing=True)
    # Another nudge took its place while this one waited.
    if row is None or row.nudged_at.isoformat(timespec="microseconds") != message.step:
        return ComposedMessage(None, {message.id: DropReason.NOT_TRUE_ANY_MORE})
    course_id = row.course_id
    asked = asked_today(
        session, organisation_id=row.organisation_id, person_ids=[message.person_id], on=on, course_ids=[course_id]
    ).get((message.person_id, course_id))
    why = why_not_reminded(asked, on)
    said = explain(session, person_id=message.person_id, course_id=course_id, on=on, reader=ONESELF)
    if asked is None or said.state not in OPEN_TO_NUDGE or why in (WhyNot.AWAY, WhyNot.FINISHED):
        dropped = _DROPPED.get(why, DropReason.NOT_TRUE_ANY_MORE) if why else DropReason.NOT_TRUE_ANY_MORE
        return ComposedMessage(None, {message.id: dropped})
    person = session.get_one(Person, message.person_id)
    return ComposedMessage(worded(session, nudge_of(session, said, asked, person, _who(session, row))))


def nudge_of(session: Session, said: Explanation, asked: Asked, person: Person, who: str) -> Fillable:
    """A nudge about a course by ``who``."""
    slug = courses_by_id(session, course_ids=[said.course_id])[said.course_id].slug
    content = MessageContent(
        subject="",
        paragraphs=(),
        link_words="Open the course",
        link_path=f"/courses/{slug}",
        why=f"You get this message because {asks_in_words(session, asked, said.course_title)}.",
        can_choose=False,
    )
    values = course_values(session, said, asked, person) | {"who asks": who}
    return Fillable(content, asked.plan.organisation_id, Text.NUDGE, values)


def _who(session: Session, row: Nudge) -> str:
    name = session.scalar(
        select(Person.chosen_name).join(Account, Account.person_id == Person.id).where(Account.id == row.account_id)
    )
    return name or "Your HR team"
