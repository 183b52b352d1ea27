"""What people choose about the messages that they get, and the hours at which messages go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.clock import LOCAL, local_day
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.seen import marks_of, names_to_write

MORNING, EVENING = time(8), time(18)


class Frequency(StrEnum):
    """When somebody hears that a certificate is ready."""

    AT_ONCE = "at-once"
    DAILY = "daily"


class TextUse(StrEnum):
    """Whether, and when, somebody is told by text."""

    WITHOUT_MAIL = "without-mail"
    ALWAYS = "always"
    NEVER = "never"


class MessageChoice(Base):
    """What one person chose; whoever has no row is told at once, hears of follow-ups, and gets a text where no mail
    reaches them."""

    __tablename__ = "message_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    certificates: Mapped[Frequency] = mapped_column(enum_by_value(Frequency))
    has_follow_ups: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    texts: Mapped[TextUse | None] = mapped_column(enum_by_value(TextUse))


@dataclass(frozen=True)
class Choices:
    """The same as a value, with what counts until somebody chooses."""

    certificates: Frequency = Frequency.AT_ONCE
    has_follow_ups: bool = True
    texts: TextUse = TextUse.WITHOUT_MAIL


def choices_of(session: Session, *, person_ids: Sequence[int]) -> Mapping[int, Choices]:
    """What each of these people chose."""
    rows = session.scalars(select(MessageChoice).where(MessageChoice.person_id.in_(person_ids)))
    chosen = {row.person_id: _of(row) for row in rows}
    return {person_id: chosen.get(person_id, Choices()) for person_id in person_ids}


def _of(row: MessageChoice) -> Choices:
    return Choices(row.certificates, row.has_follow_ups, row.texts or TextUse.WITHOUT_MAIL)


def marks_of_choices(choices: Choices) -> str:
    """What the form of the choices carries."""
    return marks_of(_by_name(choices))


def _by_name(choices: Choices) -> dict[str, object]:
    return {
        "certificates": choices.certificates,
        "follow_ups": "yes" if choices.has_follow_ups else "no",
        "texts": choices.texts,
    }


def choose(session: Session, *, person_id: int, choices: Choices, now: datetime, seen: str | None = None) -> None:
    """Keep what a person chose. ``seen`` is what the form carries.

    Raises ``ChangedMeanwhile`` where they chose something else by now than the form held.
    """
    row = session.get(MessageChoice, person_id, with_for_update=True, populate_existing=True)
    before = _of(row) if row else Choices()
    names = names_to_write(seen, stored=_by_name(before), typed=_by_name(choices))
    choices = Choices(
        choices.certificates if "certificates" in names else before.certificates,
        choices.has_follow_ups if "follow_ups" in names else before.has_follow_ups,
        choices.texts if "texts" in names else before.texts,
    )
    if row is None:
        row = MessageChoice(
            person_id=person_id,
            certificates=choices.certificates,
            has_follow_ups=choices.has_follow_ups,
            texts=choices.texts,
            changed_at=now,
        )
        try:
            with session.begin_nested():
                session.add(row)
            return
        except IntegrityError:  # chosen in another tab at the same moment
            return choose(session, person_id=person_id, choices=choices, now=now, seen=seen)
    row.certificates, row.has_follow_ups, row.changed_at = choices.certificates, choices.has_follow_ups, now
    row.texts = choices.texts


def stop_follow_ups(session: Session, *, person_id: int, now: datetime) -> None:
    """Send a person no more messages about follow-ups; what they chose about certificates stays."""
    before = choices_of(session, person_ids=[person_id])[person_id]
    choose(session, person_id=person_id, choices=replace(before, has_follow_ups=False), now=now)


def refuse_texts(session: Session, *, person_id: int, now: datetime) -> None:
    """Send a person no more texts; what else they chose stays."""
    before = choices_of(session, person_ids=[person_id])[person_id]
    choose(session, person_id=person_id, choices=replace(before, texts=TextUse.NEVER), now=now)


def next_morning(now: datetime) -> datetime:
    """The next eight o'clock in the city region, today's while it is still to come."""
    morning = datetime.combine(local_day(now), MORNING, LOCAL)
    return morning if morning > now else datetime.combine(local_day(now) + timedelta(days=1), MORNING, LOCAL)


def next_daytime(now: datetime) -> datetime:
    """Now, between eight and six o'clock in the city region; otherwise the next morning."""
    return now if MORNING <= now.astimezone(LOCAL).time() < EVENING else next_morning(now)
