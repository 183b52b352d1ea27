"""By when those on a list are asked to finish, and whether that day is over: the same dates as on their own pages."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from assignments.plans import Plan
from assignments.standing.people_asked import asked_of
from kernel.database import among
from reports.figures.late import has_one_day, with_own_date
from reports.listing.wanted import ListOfPeople

# So many are read at once, and held in memory.
PORTION = 4000


class PersonDate(NamedTuple):
    """The day by which somebody is asked to finish, ``None`` for none; and whether it is over, with its grace.

    ``finished_on`` is when they completed what is valid on the day of the list; ``is_by_plan``: it says so better than
    the first completion of the course does. ``has_finished``: they have, and perhaps by another course than this.
    """

    due_on: date | None
    is_over: bool
    finished_on: date | None = None
    is_by_plan: bool = False
    has_finished: bool = False


def dates_of(
    session: Session, of: ListOfPeople, ids: Sequence[int], *, exempt: Collection[int]
) -> dict[int, PersonDate]:
    """The dates of these people, by person, without those who are not asked. ``exempt`` are those among them who are
    exempt and have not finished the course.

    Where one day holds for all, those alone are read whose own date may be another one.
    """
    plan = of.plan
    if plan is None:
        return {}
    if not has_one_day(plan):
        return dict(_read(session, plan, of.on, ids))
    own = _with_own(session, plan, ids)
    usual = PersonDate(plan.due.day, plan.due.is_past(of.on))
    found = dict.fromkeys((one for one in ids if one not in own and one not in exempt), usual)
    return found | dict(_read(session, plan, of.on, sorted(own)))


def _with_own(session: Session, plan: Plan, ids: Sequence[int]) -> set[int]:
    every = with_own_date(plan).subquery()
    person_id = cast(InstrumentedAttribute[int], every.c.person_id)
    found = (session.scalars(select(person_id).where(among(session, person_id, some))) for some in portions(ids))
    return {one for some in found for one in some}


def _read(session: Session, plan: Plan, on: date, ids: Sequence[int]) -> Iterator[tuple[int, PersonDate]]:
    for some in portions(ids):
        for one in asked_of(session, [plan], on=on, person_ids=some):
            has_more = one.period is not None or not plan.is_simple
            has_finished = not plan.is_simple and one.finished_on is not None
            date_of = PersonDate(one.due.due_on, one.due.is_late(on), one.finished_on, has_more, has_finished)
            yield one.person_id, date_of


def portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The same in portions that a database takes as arguments of one statement."""
    return (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))
