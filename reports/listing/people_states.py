"""People by name and how far they are with a course, for those who may act on it: a list, and never a figure.

They are the same people as in its figures: who counts on the day, in the unit of their main job.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, false, func, or_, select, true
from sqlalchemy.orm import Session

from assignments.plans import Plan
from assignments.standing.people_asked import Asked, asked_of
from courses.records.completion import Completion
from kernel.clock import local_day
from kernel.typed import composed, is_named, search_words, searchable
from people.counting import who_count
from people.jobs.employment import Employment, bare_number
from people.names.search import bears
from people.organisations import Unit
from people.persons import Person
from reports.figures.late import is_late
from reports.figures.population import Population, Question, completion_counts, population
from reports.listing.order import BY_NAME, PeopleOrder, Place, Sorting, in_order

# With fewer figures than this, the numbers of many people end alike.
FEWEST_FIGURES = 4
# A database takes so many as the arguments of one statement.
PORTION = 4000


class LearningState(StrEnum):
    """How far somebody is; the two before the last are cuts through the two before them. Who is exempt and has not
    finished is in no other state."""

    FINISHED = "finished"
    STARTED = "started"
    NOT_STARTED = "not-started"
    NOT_FINISHED = "not-finished"
    PAST_DATE = "past-date"
    EXEMPT = "exempt"


@dataclass(frozen=True)
class ListOfPeople:
    """Which people, of which course. ``unit_ids`` are the units that may be seen, all of them where there are none.

    ``plan`` is what the authority asks of them, ``None`` where it does not ask for the course.
    """

    organisation_id: int
    unit_ids: tuple[int, ...]
    course_id: int
    plan: Plan | None
    on: date

    @property
    def question(self) -> Question:
        """The question that its figures answer too."""
        return Question(self.organisation_id, self.course_id, self.on, self.plan)


@dataclass(frozen=True)
class Wanted:
    """What is looked for: a state, words of a name or a unit or a payroll number, a unit with everything below; and in
    which order. With ``only``, nobody but these people."""

    state: LearningState | None = None
    name: str = ""
    unit_id: int | None = None
    sorting: Sorting = BY_NAME
    only: frozenset[int] | None = None


@dataclass(frozen=True)
class PersonState:
    """One person. ``state`` is finished, started, not started or exempt."""

    person_id: int
    name: str
    unit_path: str
    state: LearningState
    finished_on: date | None
    due_on: date | None = None
    is_late: bool = False


@dataclass(frozen=True)
class PeoplePage:
    """One page of a list: how many were found, and those on it, in order."""

    found: int
    people: tuple[PersonState, ...]


def people_page(session: Session, of: ListOfPeople, wanted: Wanted, *, page: int, size: int) -> PeoplePage:
    """One page, counted from 1. A handful of queries, however many people there are."""
    who = population(session, of.question)
    found = _ids(session, who, of, wanted)
    return PeoplePage(len(found), _people(session, who, of, found[(page - 1) * size : page * size]))


def people_with_states(session: Session, of: ListOfPeople, person_ids: Sequence[int]) -> tuple[PersonState, ...]:
    """Some of those who were found, in this order, and how far each is."""
    return _people(session, population(session, of.question), of, person_ids)


def ids_of_people(session: Session, of: ListOfPeople, wanted: Wanted) -> list[int]:
    """Everybody who is found, in order: by words of the name or of the unit, or by a whole payroll number."""
    return _ids(session, population(session, of.question), of, wanted)


def _ids(session: Session, who: Population, of: ListOfPeople, wanted: Wanted) -> list[int]:
    """Names are compared and put in order here and not in the database: each would do it by another alphabet."""
    rank = case((who.has_finished, 3), (who.is_exempt, 4), (who.has_begun, 2), else_=1).label("rank")
    rows = session.execute(
        select(Person.id, Person.chosen_name, Person.called, Person.sorting_name, Unit.path, rank)
        .join(who.people, who.people.c.person_id == Person.id)
        .join(Unit, Unit.id == who.people.c.unit_id)
        .where(
            _may_be_seen(who, of),
            who_count(who.people, unit_id=wanted.unit_id),
            who.is_asked,
            _is_in(session, who, wanted),
        )
    ).all()
    if wanted.only is not None:
        rows = [row for row in rows if row.id in wanted.only]
    words, numbered = search_words(wanted.name), _by_number(session, of, wanted.name)
    paths = {row.path for row in rows}
    in_units = {path: {word for word in words if is_named(path, (word,))} for path in paths}
    found = [
        Place(key, searchable(sorting or chosen), path, state)
        for key, chosen, called, sorting, path, state in rows
        if key in numbered or bears((chosen, called, sorting), [one for one in words if one not in in_units[path]])
    ]
    dates = _dates(session, of, [one.person_id for one in found]) if wanted.sorting.by is PeopleOrder.DUE else {}
    return in_order(found, wanted.sorting, dates=dates)


def _dates(session: Session, of: ListOfPeople, ids: Sequence[int]) -> dict[int, date]:
    """By when each of these who has not finished is asked to; without those who have no date."""
    plans = [of.plan] if of.plan else []
    asked = (one for some in portions(ids) for one in asked_of(session, plans, on=of.on, person_ids=some))
    return {one.person_id: one.due.due_on for one in asked if one.finished_on is None and one.due.due_on is not None}


def portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The same in portions that a database takes as arguments of one statement."""
    return (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))


def _by_number(session: Session, of: ListOfPeople, typed: str) -> frozenset[int]:
    """Who has this payroll number at the authority, or one with these figures."""
    number = composed("".join(typed.split()))
    if not any(letter.isdigit() for letter in number):
        return frozenset()
    is_it: ColumnElement[bool] = Employment.payroll_number.in_({number, number.upper()})
    if len(bare := bare_number(number)) >= FEWEST_FIGURES:
        is_it |= Employment.bare_number == bare
    here = Employment.organisation_id == of.organisation_id
    return frozenset(session.scalars(select(Employment.person_id).where(here, is_it)))


def _may_be_seen(who: Population, of: ListOfPeople) -> ColumnElement[bool]:
    if not of.unit_ids:
        return true()
    return or_(false(), *(who_count(who.people, unit_id=unit_id) for unit_id in of.unit_ids))


def _is_in(session: Session, who: Population, wanted: Wanted) -> ColumnElement[bool]:
    """The condition that somebody is in the state that is looked for."""
    is_left_out = who.is_exempt & ~who.has_finished
    match wanted.state:
        case None:
            return ~is_left_out
        case LearningState.EXEMPT:
            return is_left_out
        case LearningState.FINISHED:
            return who.has_finished
        case LearningState.STARTED:
            return ~is_left_out & ~who.has_finished & who.has_begun
        case LearningState.NOT_STARTED:
            return ~is_left_out & ~who.has_finished & ~who.has_begun
        case LearningState.NOT_FINISHED:
            return ~is_left_out & ~who.has_finished
        case LearningState.PAST_DATE:
            return is_late(session, who)


def _people(session: Session, who: Population, of: ListOfPeople, ids: Sequence[int]) -> tuple[PersonState, ...]:
    first = (
        select(Completion.person_id, func.min(Completion.completed_at).label("completed_at"))
        .where(Completion.person_id.in_(ids), completion_counts(session, of.question))
        .group_by(Completion.person_id)
        .subquery()
    )
    rows = session.execute(
        select(Person.id, Person.chosen_name, Unit.path, first.c.completed_at, who.has_begun, who.is_exempt)
        .join(who.people, who.people.c.person_id == Person.id)
        .join(Unit, Unit.id == who.people.c.unit_id)
        .outerjoin(first, first.c.person_id == Person.id)
        .where(Person.id.in_(ids))
    )
    plans = [of.plan] if of.plan and ids else []
    dates = {one.person_id: one for one in asked_of(session, plans, on=of.on, person_ids=ids)}
    found = {row[0]: _with_date(_person(*row), dates.get(row[0]), of.on) for row in rows}
    return tuple(found[identity] for identity in ids)


def _person(
    identity: int, name: str, path: str, completed_at: datetime | None, has_begun: bool, is_exempt: bool
) -> PersonState:
    if completed_at is not None:
        return PersonState(identity, name, path, LearningState.FINISHED, local_day(completed_at))
    if is_exempt:
        return PersonState(identity, name, path, LearningState.EXEMPT, None)
    state = LearningState.STARTED if has_begun else LearningState.NOT_STARTED
    return PersonState(identity, name, path, state, None)


def _with_date(person: PersonState, asked: Asked | None, on: date) -> PersonState:
    if asked is None:
        return person
    if not asked.plan.is_simple and asked.finished_on is not None:
        person = replace(person, state=LearningState.FINISHED)
    is_finished = person.state is LearningState.FINISHED
    has_more = asked.period or not asked.plan.is_simple
    finished_on = asked.finished_on if is_finished and has_more else person.finished_on
    is_late = asked.due.is_late(on) and not is_finished
    return replace(person, finished_on=finished_on, due_on=asked.due.due_on, is_late=is_late)


def units_below(units: Sequence[Unit], unit_ids: Collection[int]) -> list[Unit]:
    """Those of an authority's units, parents first, that are among ``unit_ids`` or below one; all without any."""
    if not unit_ids:
        return list(units)
    inside = set(unit_ids)
    for unit in units:
        if unit.parent_id in inside:
            inside.add(unit.id)
    return [unit for unit in units if unit.id in inside]
