"""The people whom no message reaches: no address and no number of theirs works. They have their page alone."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from kernel.typed import is_named, search_words, searchable
from messages.ways import Ways, is_reachable
from people.counting import NOT_HERE, people_of
from people.names.search import bears
from people.organisations import Unit
from people.persons import Person

# A number that somebody gave themselves is nobody’s business, so these say the same with one and without.
NO_ADDRESS = "No email address, and no number to which texts go"
MAIL_COMES_BACK = "Mail to the address comes back, and there is no number to which texts go"
NO_MAIL_LEAVES = "There is no number to which texts go"


@dataclass(frozen=True)
class Unreached:
    """Somebody whom no message reaches, the unit of their main job, and why in words."""

    person_id: int
    name: str
    unit_path: str
    why: str


@dataclass(frozen=True)
class UnreachedPage:
    """One page, by name: how many people work there, how many of them nothing reaches, how many of those were found."""

    people: int
    unreached: int
    found: int
    shown: tuple[Unreached, ...]


def unreached_page(
    session: Session, *, organisation_id: int, ways: Ways, on: date, typed: str, page: int, size: int
) -> UnreachedPage:
    """Those who work for an authority on a day and whom nothing reaches, found by words of a name or of a unit.

    Pages count from 1. Two statements, however many people there are.
    """
    here = people_of(organisation_id=organisation_id, on=on)
    works_here: ColumnElement[bool] = func.coalesce(here.c.left_out, "").not_in([one.value for one in NOT_HERE])
    people = session.scalar(select(func.count()).select_from(here).where(works_here)) or 0
    rows = session.execute(
        select(Person.id, Person.chosen_name, Person.called, Person.sorting_name, Person.email, Unit.path)
        .join(here, here.c.person_id == Person.id)
        .join(Unit, Unit.id == here.c.unit_id)
        .where(works_here, ~is_reachable(ways))
    ).all()
    words = search_words(typed)
    found = sorted(
        (searchable(row.sorting_name or row.chosen_name), row.id, row)
        for row in rows
        if bears(
            (row.chosen_name, row.called, row.sorting_name), [one for one in words if not is_named(row.path, (one,))]
        )
    )
    shown = (row for _, _, row in found[(page - 1) * size : page * size])
    return UnreachedPage(
        people,
        len(rows),
        len(found),
        tuple(Unreached(one.id, one.chosen_name, one.path, _why(one.email, ways)) for one in shown),
    )


def _why(address: str | None, ways: Ways) -> str:
    if not ways.sends_mail:
        return NO_MAIL_LEAVES
    return MAIL_COMES_BACK if address else NO_ADDRESS
