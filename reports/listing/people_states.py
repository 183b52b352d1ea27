"""People by name and how far they are with a course, for those who may act on it: a list, and never a figure.

They are the same people as in its figures: who counts on the day, in the unit of their main job.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from courses.records.completion import Completion
from kernel.clock import local_day
from kernel.spooling.sequences import kept
from people.organisations import Unit
from people.persons import Person
from reports.figures.population import completion_counts, population
from reports.listing.dates import PersonDate, dates_of, portions
from reports.listing.looking import (
    EXEMPT,
    FINISHED,
    NOT_STARTED,
    STARTED,
    found_among,
    looked_through,
    ordered,
    rank_of,
)
from reports.listing.order import Place
from reports.listing.wanted import LearningState, ListOfPeople, PersonState, Wanted

_AT_ONCE = 2000
_STATES = {
    FINISHED: LearningState.FINISHED,
    EXEMPT: LearningState.EXEMPT,
    STARTED: LearningState.STARTED,
    NOT_STARTED: LearningState.NOT_STARTED,
}


@dataclass(frozen=True)
class PeoplePage:
    """One page of a list: how many were found, and those on it, in order."""

    found: int
    people: tuple[PersonState, ...]


class _Facts(NamedTuple):
    """Somebody, and how far they are as a number."""

    person_id: int
    name: str
    path: str
    rank: int


def people_page(session: Session, of: ListOfPeople, wanted: Wanted, *, page: int, size: int) -> PeoplePage:
    """One page, counted from 1. A handful of queries, however many people there are."""
    found = ids_of_people(session, of, wanted)
    return PeoplePage(len(found), people_with_states(session, of, found[(page - 1) * size : page * size]))


def ids_of_people(session: Session, of: ListOfPeople, wanted: Wanted) -> list[int]:
    """Everybody who is found, in order: by words of the name or of the unit, or by a whole payroll number."""
    rows = session.execute(looked_through(session, population(session, of.question), of, wanted))
    return ordered(session, of, wanted, [place for place, _ in found_among(session, of, wanted, rows)])


def people_with_states(session: Session, of: ListOfPeople, person_ids: Sequence[int]) -> tuple[PersonState, ...]:
    """Some of those who were found, in this order, and how far each is."""
    if not person_ids:
        return ()
    who = population(session, of.question, people=person_ids)
    rows = session.execute(
        select(Person.id, Person.chosen_name, Unit.path, rank_of(who))
        .join(who.people, who.people.c.person_id == Person.id)
        .join(Unit, Unit.id == who.people.c.unit_id)
    )
    first = _first_completions(session, of, people=person_ids)
    found = {one.person_id: one for one in _with_dates(session, of, [_Facts(*row) for row in rows], first)}
    return tuple(found[one] for one in person_ids)


def every_portion(session: Session, of: ListOfPeople, wanted: Wanted) -> Iterator[Sequence[PersonState]]:
    """Everybody who is found, in order, some thousands at a time, and how far each is. The session is that of a reading
    of one moment.

    Who they are is read by one statement: nobody is there twice or missing because rows change meanwhile. Their days
    are read after it, dates a portion at a time.
    """
    rows = session.execute(
        looked_through(session, population(session, of.question), of, wanted), execution_options={"yield_per": _AT_ONCE}
    )
    places: list[Place] = []

    def facts() -> Iterator[_Facts]:
        for place, (_, name, *_) in found_among(session, of, wanted, rows):
            places.append(place)
            yield _Facts(place.person_id, name, place.unit, place.state)

    everybody = kept(facts())
    first = _first_completions(session, of)
    at = {place.person_id: number for number, place in enumerate(places)}
    for some in portions(ordered(session, of, wanted, places)):
        yield _with_dates(session, of, [everybody[at[key]] for key in some], first)


def _first_completions(
    session: Session, of: ListOfPeople, *, people: Sequence[int] | None = None
) -> Mapping[int, datetime]:
    """By person, when they first completed the course, as far as that counts."""
    theirs = true() if people is None else Completion.person_id.in_(people)
    rows = session.execute(
        select(Completion.person_id, func.min(Completion.completed_at))
        .where(theirs, completion_counts(session, of.question, people=people))
        .group_by(Completion.person_id)
    )
    return {person_id: completed_at for person_id, completed_at in rows if completed_at is not None}


def _with_dates(
    session: Session, of: ListOfPeople, people: Iterable[_Facts], first: Mapping[int, datetime]
) -> list[PersonState]:
    every = [(one, first.get(one.person_id)) for one in people]
    exempt = {one.person_id for one, completed_at in every if completed_at is None and one.rank == EXEMPT}
    dates = dates_of(session, of, [one.person_id for one, _ in every], exempt=exempt)
    return [_person(one, completed_at, dates.get(one.person_id)) for one, completed_at in every]


def _person(one: _Facts, completed_at: datetime | None, asked: PersonDate | None) -> PersonState:
    finished_on = None if completed_at is None else local_day(completed_at)
    state = _STATES[one.rank] if finished_on is None else LearningState.FINISHED
    if asked is None:
        return PersonState(one.person_id, one.name, one.path, state, finished_on)
    if asked.has_finished:
        state = LearningState.FINISHED
    is_finished = state is LearningState.FINISHED
    if is_finished and asked.is_by_plan:
        finished_on = asked.finished_on
    is_late = asked.is_over and not is_finished
    return PersonState(one.person_id, one.name, one.path, state, finished_on, asked.due_on, is_late)
