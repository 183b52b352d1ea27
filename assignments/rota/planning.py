"""Planning time for people of a team, moving it and cancelling it. Every obstacle is said at once, by name."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from assignments.due.calendar import is_working_day
from assignments.due.words import day_in_words
from assignments.reminders.hours import next_open
from assignments.reminders.standing import asked_today, may_be_nudged
from assignments.rota.record import LONGEST_PLACE, PLANNED_HOUR, PlannedHour
from courses.catalogue.versions import titles_of
from kernel.audit import record
from kernel.clock import LOCAL, local_day
from kernel.database import UTCDateTime
from kernel.errors import RuleBroken
from messages.ledger import note_message
from people.jobs.absences import is_away
from people.jobs.employment import Employment
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentTerms
from people.persons import Person

FARTHEST = timedelta(days=366)
SHORTEST, LONGEST = 15, 480
_DAY = timedelta(days=1)
# Built once: every home page runs it.
_OWN = (
    select(PlannedHour)
    .where(PlannedHour.person_id == bindparam("person_id"), PlannedHour.cancelled_at.is_(None))
    .where(PlannedHour.starts_at > bindparam("since", type_=UTCDateTime))
    .order_by(PlannedHour.starts_at, PlannedHour.id)
)


@dataclass(frozen=True)
class Slot:
    """When, for how long and where. ``is_worked``: whoever plans says that a day of rest is worked by these people."""

    day: date
    starts: time
    minutes: int
    place: str
    is_worked: bool = False

    @property
    def starts_at(self) -> datetime:
        """The moment at which it begins, by the clock on the wall."""
        return datetime.combine(self.day, self.starts, LOCAL)


def plan_hours(
    session: Session,
    *,
    organisation_id: int,
    course_id: int,
    person_ids: Sequence[int],
    slot: Slot,
    account_id: int | None,
    now: datetime,
) -> int:
    """Give each of these people that time for a course, and tell them; returns how many. All of them or nobody.

    Raises ``RuleBroken`` with every obstacle.
    """
    if not person_ids:
        raise RuleBroken("Select at least one person", field="people")
    _refuse_slot(slot, now)
    _lock(session, person_ids)
    obstacles = [
        *_not_asked(session, organisation_id, course_id, person_ids, now),
        *_not_there(session, organisation_id, person_ids, slot),
        *_in_the_way(session, person_ids, slot),
    ]
    if obstacles:
        raise RuleBroken(". ".join(obstacles), field="people")
    for person_id in person_ids:
        hour = PlannedHour(
            person_id=person_id,
            organisation_id=organisation_id,
            course_id=course_id,
            starts_at=slot.starts_at,
            minutes=slot.minutes,
            place=slot.place,
            uid=f"{uuid4().hex}@common-ground",
            sequence=0,
            planned_by_account_id=account_id,
            planned_at=now,
            changed_at=now,
        )
        session.add(hour)
        session.flush()
        _tell(session, hour, "hour-planned", account_id, now)
    return len(person_ids)


def move_hour(session: Session, hour: PlannedHour, *, slot: Slot, account_id: int | None, now: datetime) -> bool:
    """Let an hour be at another time or place, and tell its person; whether anything is different.

    Raises ``RuleBroken``.
    """
    _refuse_over(hour, now)
    _refuse_slot(slot, now)
    _lock(session, [hour.person_id])
    session.refresh(hour)
    _refuse_over(hour, now)
    if (hour.starts_at, hour.minutes, hour.place) == (slot.starts_at, slot.minutes, slot.place):
        return False
    people = [hour.person_id]
    obstacles = [
        *_not_there(session, hour.organisation_id, people, slot),
        *_in_the_way(session, people, slot, besides=hour.id),
    ]
    if obstacles:
        raise RuleBroken(". ".join(obstacles), field="starts_on")
    hour.starts_at, hour.minutes, hour.place = slot.starts_at, slot.minutes, slot.place
    hour.sequence, hour.changed_at = hour.sequence + 1, now
    _tell(session, hour, "hour-moved", account_id, now)
    return True


def cancel_hour(session: Session, hour: PlannedHour, *, account_id: int | None, now: datetime) -> None:
    """Take an hour back, and tell its person. Raises ``RuleBroken`` for one that is over or taken back already."""
    _lock(session, [hour.person_id])
    session.refresh(hour)
    _refuse_over(hour, now)
    hour.cancelled_at, hour.changed_at, hour.sequence = now, now, hour.sequence + 1
    _tell(session, hour, "hour-cancelled", account_id, now)


def hours_to_come(
    session: Session, *, members: Mapping[int, Collection[int]], now: datetime
) -> Sequence[tuple[PlannedHour, str]]:
    """The hours of these people that are not over, by authority for which they were planned, with their names."""
    theirs = [
        (PlannedHour.organisation_id == organisation_id) & PlannedHour.person_id.in_(people)
        for organisation_id, people in members.items()
    ]
    rows = session.execute(
        select(PlannedHour, Person.chosen_name)
        .join(Person, Person.id == PlannedHour.person_id)
        .where(or_(*theirs), PlannedHour.cancelled_at.is_(None), PlannedHour.starts_at > now - _DAY)
        .order_by(PlannedHour.starts_at, PlannedHour.id)
    )
    return [(hour, name) for hour, name in rows if hour.ends_at > now]


def own_hours(session: Session, *, person_id: int, now: datetime) -> Sequence[PlannedHour]:
    """What was planned for somebody and is not over, the next first."""
    rows = session.scalars(_OWN, {"person_id": person_id, "since": now - _DAY})
    return [hour for hour in rows if hour.ends_at > now]


def _refuse_slot(slot: Slot, now: datetime) -> None:
    if slot.starts_at <= now:
        raise RuleBroken("The time must be in the future", field="starts_on")
    if slot.starts_at > now + FARTHEST:
        raise RuleBroken("The time must be within the next year", field="starts_on")
    # An hour that the clocks leave out in March comes back as another one.
    if slot.starts_at.astimezone(LOCAL).time() != slot.starts or not _is_on_the_clock(slot.starts_at):
        raise RuleBroken("The clocks go forward then: there is no such time", field="starts")
    if not SHORTEST <= slot.minutes <= LONGEST:
        raise RuleBroken(f"The time must last from {SHORTEST} to {LONGEST} minutes", field="minutes")
    if len(slot.place) > LONGEST_PLACE:
        raise RuleBroken(f"The place must be {LONGEST_PLACE} characters or fewer", field="place")
    if not is_working_day(slot.day) and not slot.is_worked:
        raise RuleBroken(
            f"{day_in_words(slot.day)} is a weekend or a bank holiday. Select that they work then, or another day",
            field="starts_on",
        )


def _is_on_the_clock(at: datetime) -> bool:
    from_utc = datetime.fromtimestamp(at.timestamp(), LOCAL)
    return from_utc.replace(tzinfo=None) == at.replace(tzinfo=None)


def _refuse_over(hour: PlannedHour, now: datetime) -> None:
    if hour.cancelled_at is not None:
        raise RuleBroken("This hour is cancelled already", field="starts_on")
    if hour.starts_at <= now:
        raise RuleBroken("This hour has begun", field="starts_on")


def _lock(session: Session, person_ids: Sequence[int]) -> None:
    """One plan at a time for each person, so that two managers give nobody two hours at once."""
    session.execute(select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update())


def _not_asked(
    session: Session, organisation_id: int, course_id: int, person_ids: Sequence[int], now: datetime
) -> Iterator[str]:
    on = local_day(now)
    asked = asked_today(session, organisation_id=organisation_id, person_ids=person_ids, on=on, course_ids=[course_id])
    title = titles_of(session, course_ids=[course_id])[course_id]
    for person_id, name in _names(session, person_ids):
        if not may_be_nudged(asked.get((person_id, course_id)), on):
            yield f"{name} has nothing to finish in {title}"


def _not_there(session: Session, organisation_id: int, person_ids: Sequence[int], slot: Slot) -> Iterator[str]:
    jobs = (
        select(Employment.person_id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(Employment.organisation_id == organisation_id, Employment.person_id.in_(person_ids))
        .where(is_held(slot.day))
    )
    held = set(session.scalars(jobs))
    here = set(session.scalars(jobs.where(~is_away(slot.day))))
    for person_id, name in _names(session, person_ids):
        if person_id not in held:
            yield f"{name} has no job here on {day_in_words(slot.day)}"
        elif person_id not in here:
            yield f"{name} is on leave on {day_in_words(slot.day)}"


def _in_the_way(
    session: Session, person_ids: Sequence[int], slot: Slot, *, besides: int | None = None
) -> Iterator[str]:
    ends_at = slot.starts_at + timedelta(minutes=slot.minutes)
    rows = session.scalars(
        select(PlannedHour)
        .where(PlannedHour.person_id.in_(person_ids), PlannedHour.cancelled_at.is_(None))
        .where(PlannedHour.starts_at > slot.starts_at - _DAY, PlannedHour.starts_at < ends_at)
        .order_by(PlannedHour.starts_at, PlannedHour.id)
    )
    taken = {one.person_id: one for one in rows if one.ends_at > slot.starts_at and one.id != besides}
    for person_id, name in _names(session, person_ids):
        if person_id in taken:
            yield f"{name} has time planned at {taken[person_id].starts_at.astimezone(LOCAL):%H:%M} that day already"


def _names(session: Session, person_ids: Sequence[int]) -> Sequence[tuple[int, str]]:
    rows = session.execute(
        select(Person.id, Person.chosen_name).where(Person.id.in_(person_ids)).order_by(Person.chosen_name, Person.id)
    )
    return [(key, name) for key, name in rows]


def _tell(session: Session, hour: PlannedHour, action: str, account_id: int | None, now: datetime) -> None:
    note_message(
        session,
        person_id=hour.person_id,
        kind=PLANNED_HOUR,
        subject_id=hour.id,
        step=str(hour.sequence),
        now=now,
        due_at=next_open(now),
    )
    record(
        session,
        action=action,
        subject_type="person",
        subject_id=hour.person_id,
        actor_account_id=account_id,
        now=now,
        detail={"course": hour.course_id, "starts_at": hour.starts_at.isoformat(), "minutes": hour.minutes},
    )
