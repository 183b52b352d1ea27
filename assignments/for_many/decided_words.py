"""The words of a message about a decision for many people, made when it is sent from what is true then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.due.words import day_in_words
from assignments.for_many.previewing import Terms, terms_of
from assignments.for_many.record import ActForMany, ActKind, PersonOfAct
from assignments.for_many.telling import DECIDED_FOR_MANY, TAKEN_BACK, is_here, still_holds
from assignments.reminders.hours import is_open, next_open
from assignments.reminders.standing import asked_today
from assignments.standing.explaining import ONESELF, explain
from courses.catalogue.versions import titles_of
from kernel.clock import local_day
from kernel.tasks.kinds import TaskState
from messages.ledger import ComposedMessage, DropReason, Message, MessageContent
from messages.templates.filling import Fillable
from messages.templates.texts import Text
from messages.templates.versions import worded
from people.organisations import Organisation
from people.persons import Person

# How long the news that something was taken back waits while a worker may be sending the message before.
_WAIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Said:
    """One decision about the person who reads of it, and whether it was taken back."""

    terms: Terms
    is_taken_back: bool = False


def compose_decided(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    """What was decided about somebody, or taken back again: all of a day in one message. What is not true any more is
    left out, and so is what nobody had told them.

    Outside the hours at which reminders may go, it waits for the next.
    """
    if not is_open(now):
        return ComposedMessage(None, postponed_until=next_open(now))
    person_id, said, dropped = messages[0].person_id, list[Said](), dict[int, DropReason]()
    for message in sorted(messages, key=lambda one: one.id):
        row = session.get(PersonOfAct, message.subject_id)
        act = session.get(ActForMany, row.act_id) if row else None
        if row is None or act is None:
            dropped[message.id] = DropReason.NOT_TRUE_ANY_MORE
            continue
        is_back = message.step == TAKEN_BACK
        if is_back and (before := _first(session, message)) is not TaskState.DONE:
            if before is TaskState.WORKING:
                return ComposedMessage(None, postponed_until=next_open(now + _WAIT))
            dropped[message.id] = DropReason.NOT_TRUE_ANY_MORE
        elif why := _why_not(session, act, None if is_back else row, person_id, now):
            dropped[message.id] = why
        else:
            said.append(Said(terms_of(act), is_back))
    if not said:
        return ComposedMessage(None, dropped)
    person = session.get_one(Person, person_id)
    return ComposedMessage(worded(session, decided_text(session, person, said, on=local_day(now))), dropped)


def _first(session: Session, message: Message) -> TaskState | None:
    """What became of the message that this one takes back."""
    return session.scalar(
        select(Message.state).where(
            Message.kind == DECIDED_FOR_MANY,
            Message.subject_id == message.subject_id,
            Message.step == "",
            Message.person_id == message.person_id,
        )
    )


def _why_not(
    session: Session, act: ActForMany, row: PersonOfAct | None, person_id: int, now: datetime
) -> DropReason | None:
    """Why somebody is not told; ``row`` is ``None`` for the news that it was taken back."""
    on = local_day(now)
    here = is_here(organisation_id=act.organisation_id, on=on)
    if session.scalar(select(Person.id).where(Person.id == person_id, here)) is None:
        return DropReason.AWAY
    if row is not None and not still_holds(session, act, row.subject_id, on=on):
        return DropReason.NOT_TRUE_ANY_MORE
    if row is not None and act.kind is ActKind.EXEMPT:
        return None
    # Whoever has finished, or is not asked any more, has no use for more time.
    asked = asked_today(
        session,
        organisation_id=act.organisation_id,
        person_ids=[person_id],
        on=on,
        course_ids=[act.course_id],
    ).get((person_id, act.course_id))
    is_open_still = asked is not None and asked.finished_on is None and asked.exempt_until is None
    return None if is_open_still else DropReason.NOT_TRUE_ANY_MORE


def decided_text(session: Session, person: Person, said: Sequence[Said], *, on: date) -> Fillable:
    """The message about one decision or several, in the words of the authority that decided the first."""
    ids = {one.terms.course_id for one in said}
    titles = titles_of(session, course_ids=ids)
    first = said[0].terms
    name = session.get_one(Organisation, first.organisation_id).name
    content = MessageContent(
        subject="",
        paragraphs=(),
        link_words="See what is asked of you, and why",
        link_path="/learning/asked",
        why=f"You get this message because {name} decided this for you and others.",
        can_choose=False,
    )
    became = _became(said[0], titles[first.course_id]) if len(said) == 1 else f"{len(said)} changes to what is asked"
    values = {
        "what became of it": became,
        "course": titles[first.course_id] if len(ids) == 1 else f"{len(ids)} courses",
        "what was decided": " ".join(_sentence(session, one, titles, person.id, on) for one in said),
        "name": person.addressed_as,
        "authority": name,
    }
    return Fillable(content, first.organisation_id, Text.DECIDED, values)


def _became(said: Said, title: str) -> str:
    if said.terms.kind is ActKind.MORE_TIME:
        return f"More time for {title} was taken back" if said.is_taken_back else f"You have more time for {title}"
    return f"You are asked to take {title} again" if said.is_taken_back else f"You are exempt from {title}"


def _sentence(session: Session, said: Said, titles: dict[int, str], person_id: int, on: date) -> str:
    terms = said.terms
    title, name = titles[terms.course_id], session.get_one(Organisation, terms.organisation_id).name
    until = day_in_words(terms.ends_on) if terms.ends_on else ""
    if not said.is_taken_back:
        if terms.kind is ActKind.MORE_TIME:
            return f"{name} gives you time for {title} until {until}."
        since = f"from {day_in_words(terms.starts_on)} " if terms.starts_on and terms.starts_on > on else ""
        return f"{name} does not ask you to take {title} {since}until {until}."
    what = "the time that it gave you for" if terms.kind is ActKind.MORE_TIME else "that you are exempt from"
    stands = explain(session, person_id=person_id, course_id=terms.course_id, on=on, reader=ONESELF)
    return f"{name} has taken back {what} {title} until {until}. {stands.sentence}"
