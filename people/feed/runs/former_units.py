"""What reorganisations make of the units that an HR file still or already names: another name or place, an end or a
beginning."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.feed.planning.state import UnitPath, unit_key
from people.feed.planning.values import day, in_words
from people.organisations import Unit
from people.reorganisation.periods import UnitPeriod
from people.reorganisation.record import ReorganisationState, reorganisations_of


@dataclass(frozen=True)
class FormerUnits:
    """By the full name that a unit had, as names are compared: the unit of today, or what became of one that ended."""

    called: dict[UnitPath, UnitPath] = field(default_factory=dict)
    ended: dict[UnitPath, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ComingUnits:
    """By the full name that a unit will have, as names are compared: the unit of today, or the first day of one that is
    not there yet."""

    called: dict[UnitPath, UnitPath] = field(default_factory=dict)
    begins: dict[UnitPath, date] = field(default_factory=dict)


def coming_units(
    session: Session, *, organisation_id: int, units: Mapping[int, UnitPath], closed: set[int], on: date
) -> ComingUnits:
    """Every full name that a unit of an authority will have after a day, by reorganisations that are planned.

    ``units`` are the full names of today by id, ``closed`` the units that are not there today.
    """
    rows = session.execute(
        select(UnitPeriod.unit_id, UnitPeriod.path, UnitPeriod.starts_on)
        .join(Unit, Unit.id == UnitPeriod.unit_id)
        .where(Unit.organisation_id == organisation_id, UnitPeriod.starts_on > on)
        .order_by(UnitPeriod.starts_on.desc(), UnitPeriod.id)
    ).all()
    found, today = ComingUnits(), {unit_key(path) for key, path in units.items() if key not in closed}
    for unit_id, path, starts_on in rows:
        key = unit_key(tuple(path.split(" / ")))
        if key in today:  # the name is another unit’s until then
            continue
        if unit_id in closed:
            found.begins[key] = starts_on
        else:
            found.called[key] = units[unit_id]
    return found


def former_units(
    session: Session, *, organisation_id: int, units: Mapping[int, UnitPath], closed: set[int], on: date
) -> FormerUnits:
    """Every full name that a unit of an authority had until before a day; of several units the one that had it last.

    ``units`` are the full names of today by id, ``closed`` the units that are not there today.
    """
    rows = session.execute(
        select(UnitPeriod.unit_id, UnitPeriod.path)
        .join(Unit, Unit.id == UnitPeriod.unit_id)
        .where(Unit.organisation_id == organisation_id, UnitPeriod.ends_on < on)
        .order_by(UnitPeriod.ends_on, UnitPeriod.id)
    ).all()
    found = FormerUnits()
    into = _taken_in(session, organisation_id, on) if rows else {}
    for unit_id, path in rows:
        key = unit_key(tuple(path.split(" / ")))
        found.called.pop(key, None)
        found.ended.pop(key, None)
        if unit_id in closed:
            found.ended[key] = _what_became(unit_id, into, units, closed)
        elif key != unit_key(units[unit_id]):
            found.called[key] = units[unit_id]
    return found


def _taken_in(session: Session, organisation_id: int, on: date) -> dict[int, tuple[int, date]]:
    """The units that were merged, each with the one that took it in, and since when."""
    return {
        unit_id: (into_id, one.effective_on)
        for one in reversed(reorganisations_of(session, organisation_id=organisation_id))
        if one.state is not ReorganisationState.UNDONE and one.effective_on <= on
        for unit_id, into_id in one.merged.items()
    }


def _what_became(
    unit_id: int, into: Mapping[int, tuple[int, date]], units: Mapping[int, UnitPath], closed: set[int]
) -> str:
    at, since, seen = unit_id, None, {unit_id}
    while at in closed and at in into and into[at][0] not in seen:
        at, since = into[at]
        seen.add(at)
    if since is None or at in closed or at not in units:
        return "A reorganisation has ended this unit."
    return f"A reorganisation has ended this unit; it is part of “{in_words(units[at])}” since {day(since)}."
