"""Units that a file names: those that are there, by their path, and those that are added."""

from collections.abc import Iterable

from sqlalchemy import insert
from sqlalchemy.orm import Session

from kernel.database import table_of
from people.feed.planning.state import UnitPath, unit_key
from people.feed.runs.state import unit_paths
from people.organisations import Unit, UnitKind

_KINDS = tuple(UnitKind)


def unit_ids(session: Session, *, organisation_id: int) -> dict[UnitPath, int]:
    """The id of each unit of an authority by its path, as paths are compared."""
    return {unit_key(path): key for key, path in unit_paths(session, organisation_id=organisation_id).items()}


def add_units(session: Session, *, organisation_id: int, units: Iterable[UnitPath]) -> dict[UnitPath, int]:
    """Add the units that are not there yet, and those above them; the ids of all, as ``unit_ids`` gives them."""
    known = unit_ids(session, organisation_id=organisation_id)
    table = table_of(Unit)
    for unit in (named[:depth] for named in units for depth in range(1, len(named) + 1)):
        if unit_key(unit) in known:
            continue
        row = {
            "organisation_id": organisation_id,
            "parent_id": known.get(unit_key(unit[:-1])),
            "kind": _KINDS[len(unit) - 1],
            "name": unit[-1],
            "path": " / ".join(unit),
        }
        known[unit_key(unit)] = session.execute(insert(table).values(row).returning(table.c.id)).scalar_one()
    return known
