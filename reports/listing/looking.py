"""Who is found on a list of people, by state, words and unit, and in which order they stand."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, or_, select, true
from sqlalchemy.orm import Session

from kernel.typed import composed, is_named, search_words, searchable
from people.counting import who_count
from people.jobs.employment import Employment, bare_number
from people.names.search import bears
from people.organisations import Unit
from people.persons import Person
from reports.figures.late import is_late
from reports.figures.population import Population
from reports.listing.dates import dates_of
from reports.listing.order import PeopleOrder, Place, in_order
from reports.listing.wanted import LearningState, ListOfPeople, Wanted

# With fewer figures than this, the numbers of many people end alike.
FEWEST_FIGURES = 4
NOT_STARTED, STARTED, FINISHED, EXEMPT = range(1, 5)


def looked_through(
    session: Session, who: Population, of: ListOfPeople, wanted: Wanted
) -> Select[int, str, str | None, str | None, str, int]:
    """Those who are in the state and the unit: id, full name, name to be called by, sorting name, unit, and how far
    they are as a number. The words are still to be looked for, by ``found_among``."""
    return (
        select(
            Person.id,
            Person.chosen_name,
            Person.called,
            Person.sorting_name,
            Unit.path.label("path"),
            rank_of(who).label("rank"),
        )
        .join(who.people, who.people.c.person_id == Person.id)
        .join(Unit, Unit.id == who.people.c.unit_id)
        .where(
            _may_be_seen(who, of),
            who_count(who.people, unit_id=wanted.unit_id),
            who.is_asked,
            _is_in(session, who, wanted),
        )
    )


def rank_of(who: Population) -> ColumnElement[int]:
    """How far somebody is as a number, in the order of lists."""
    return case((who.has_finished, FINISHED), (who.is_exempt, EXEMPT), (who.has_begun, STARTED), else_=NOT_STARTED)


Found = tuple[Place, Sequence[Any]]


def found_among(session: Session, of: ListOfPeople, wanted: Wanted, rows: Iterable[Sequence[Any]]) -> Iterator[Found]:
    """Those of the rows whom the words mean, with what decides where each stands.

    Names are compared and put in order here and not in the database: each would do it by another alphabet.
    """
    words, numbered = search_words(wanted.name), _by_number(session, of, wanted.name)
    in_units: dict[str, list[str]] = {}
    for row in rows:
        key, chosen, called, sorting, path, rank, *_ = row
        if wanted.only is not None and key not in wanted.only:
            continue
        if words and key not in numbered:
            if path not in in_units:
                in_units[path] = [word for word in words if not is_named(path, (word,))]
            if not bears((chosen, called, sorting), in_units[path]):
                continue
        yield Place(key, searchable(sorting or chosen), path, rank), row


def ordered(session: Session, of: ListOfPeople, wanted: Wanted, places: Sequence[Place]) -> list[int]:
    """The ids of those who were found, in the order that is wanted."""
    dates = _open_dates(session, of, places) if wanted.sorting.by is PeopleOrder.DUE else {}
    return in_order(places, wanted.sorting, dates=dates)


def _open_dates(session: Session, of: ListOfPeople, places: Sequence[Place]) -> dict[int, date]:
    """By when each of these who has not finished is asked to; without those who have no date."""
    exempt = {one.person_id for one in places if one.state == EXEMPT}
    # What is valid for ever and of one course is finished as the database says; else by each of their completions.
    is_simple = of.plan is not None and of.plan.is_simple and not of.plan.periods
    ids = [one.person_id for one in places if not (is_simple and one.state == FINISHED)]
    dates = dates_of(session, of, ids, exempt=exempt)
    return {key: one.due_on for key, one in dates.items() if one.finished_on is None and one.due_on is not None}


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
