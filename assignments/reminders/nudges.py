"""Nudges: a manager or HR lead has one friendly message sent now. At most one in seven days for each person, whoever
presses: a unique constraint and one conditional update decide."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from assignments.reminders.hours import next_open
from assignments.reminders.record import WhyNot
from assignments.reminders.standing import asked_today, may_be_nudged, why_not_reminded
from courses.catalogue.versions import titles_of
from kernel.audit import record
from kernel.clock import LOCAL, local_day
from kernel.database import Base, UTCDateTime
from kernel.errors import RuleBroken
from kernel.insert_once import insert_once
from messages.bounces.record import find_dead_address
from messages.by_text.record import find_dead_number
from messages.ledger import note_message
from messages.ways import Ways, is_reachable
from people.accounts import Account
from people.persons import Person

NUDGE = "nudge"
APART = timedelta(days=7)


class Nudge(Base):
    """The last nudge of a person: what about, when, and who pressed. Earlier ones stand in the audit trail."""

    __tablename__ = "nudge"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    nudged_at: Mapped[datetime] = mapped_column(UTCDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (UniqueConstraint("person_id"),)


@dataclass(frozen=True)
class LastNudge:
    """When somebody was nudged within the last seven days, and by whom."""

    at: datetime
    by: str

    @property
    def words(self) -> str:
        """“nudged by Bo Li on 9 March at 09:12”."""
        local = self.at.astimezone(LOCAL)
        return f"nudged by {self.by} on {local.day} {local:%B} at {local:%H:%M}"

    def in_short(self, today: date) -> str:
        """“Nudged 09:12”, or “Nudged 9 March” where that was on another day."""
        local = self.at.astimezone(LOCAL)
        return f"Nudged {local:%H:%M}" if local.date() == today else f"Nudged {local.day} {local:%B}"


def nudge(
    session: Session,
    *,
    person_id: int,
    organisation_id: int,
    course_id: int,
    account_id: int,
    ways: Ways,
    now: datetime,
) -> datetime:
    """Have one message sent; returns when it goes, which is later outside working hours.

    Raises ``RuleBroken`` in words for whoever has finished, is away, is not asked, reached by nothing, or was nudged.
    """
    person = session.get_one(Person, person_id)
    title = titles_of(session, course_ids=[course_id])[course_id]
    _refuse(session, person, title, organisation_id=organisation_id, course_id=course_id, now=now)
    _refuse_unreachable(session, person, ways)
    row = {
        "person_id": person_id,
        "organisation_id": organisation_id,
        "course_id": course_id,
        "nudged_at": now,
        "account_id": account_id,
    }
    if not insert_once(session, Nudge, [row], unique=("person_id",)) and not _take(session, row, now):
        last = last_nudges(session, person_ids=[person_id], now=now)[person_id]
        raise RuleBroken(f"{person.chosen_name} was {last.words}. One nudge in 7 days is enough")
    due_at = next_open(now)
    step = now.isoformat(timespec="microseconds")
    key = session.scalars(select(Nudge.id).where(Nudge.person_id == person_id)).one()
    note_message(session, person_id=person_id, kind=NUDGE, subject_id=key, step=step, now=now, due_at=due_at)
    record(
        session,
        action="person-nudged",
        subject_type="person",
        subject_id=person_id,
        actor_account_id=account_id,
        now=now,
        detail={"course": title},
    )
    return due_at


def _refuse(
    session: Session, person: Person, title: str, *, organisation_id: int, course_id: int, now: datetime
) -> None:
    on, name = local_day(now), person.chosen_name
    asked = asked_today(
        session, organisation_id=organisation_id, person_ids=[person.id], on=on, course_ids=[course_id]
    ).get((person.id, course_id))
    if not may_be_nudged(asked, on):
        is_valid = asked is not None and asked.finished_on is not None
        why = WhyNot.FINISHED if is_valid else why_not_reminded(asked, on) or WhyNot.NOT_ASKED
        raise RuleBroken(
            {
                WhyNot.FINISHED: f"{name} has finished {title}, so there is nothing to nudge about",
                WhyNot.AWAY: f"{name} is on leave, and is not written to",
                WhyNot.MOVED: f"{name} has no date for {title} yet: it follows another course",
            }.get(why, f"{name} is not asked to finish {title} any more")
        )


def _refuse_unreachable(session: Session, person: Person, ways: Ways) -> None:
    name = person.chosen_name
    if session.scalar(select(Person.id).where(Person.id == person.id, is_reachable(ways))) is not None:
        return
    if find_dead_number(session, person_id=person.id) is not None:
        raise RuleBroken(f"Texts to {name} do not arrive. Tell them yourself, and your HR team")
    if not person.email:
        raise RuleBroken(f"The record of {name} holds no email address. Tell them yourself, or use the printed list")
    if find_dead_address(session, person_id=person.id) is None:
        raise RuleBroken("No messages are sent from here at the moment. Tell them yourself, or use the printed list")
    raise RuleBroken(f"Mail to the address of {name} came back. Tell them yourself, and your HR team")


def _take(session: Session, row: dict[str, object], now: datetime) -> bool:
    """Whether this is the one press that a last nudge of more than seven days ago gives way to."""
    taken = (
        update(Nudge)
        .where(Nudge.person_id == row["person_id"], Nudge.nudged_at <= now - APART)
        .values(**row)
        .returning(Nudge.id)
    )
    return session.scalar(taken, execution_options={"synchronize_session": False}) is not None


def last_nudges(session: Session, *, person_ids: Collection[int], now: datetime) -> dict[int, LastNudge]:
    """The nudges of the last seven days, by person."""
    rows = session.execute(
        select(Nudge.person_id, Nudge.nudged_at, Person.chosen_name)
        .outerjoin(Account, Account.id == Nudge.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Nudge.person_id.in_(person_ids), Nudge.nudged_at > now - APART)
    )
    return {person_id: LastNudge(at, name or "somebody") for person_id, at, name in rows}
