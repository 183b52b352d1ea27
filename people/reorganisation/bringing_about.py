"""Makes ``Unit`` say what units are today, as soon as the day of a reorganisation has come."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, select, update
from sqlalchemy.orm import Session

from kernel.clock import local_day
from kernel.columns import length_of
from kernel.database import table_of
from people.jobs.changes import ChangeOrigin
from people.jobs.writing import NewChange, Source, record_changes
from people.organisations import Unit
from people.reorganisation.periods import UnitPeriod, units_on
from people.reorganisation.planning import held_from, moves_from
from people.reorganisation.record import Reorganisation, ReorganisationState
from people.reorganisation.sentences import day_in_words


def waiting_name(name: str, day: date) -> str:
    """What a unit is called until the day on which it begins."""
    return _with_note(name, f"(from {day_in_words(day)})")


def bring_about(session: Session, *, now: datetime) -> int:
    """Let every planned reorganisation whose day has come take force; returns how many these were."""
    today = local_day(now)
    due = session.scalars(
        select(Reorganisation)
        .where(Reorganisation.state == ReorganisationState.PLANNED, Reorganisation.effective_on <= today)
        .order_by(Reorganisation.effective_on, Reorganisation.id)
        .with_for_update(key_share=True)
    ).all()
    for row in due:
        _take_in_what_came_later(session, row, now)
        row.state = ReorganisationState.IN_FORCE
    for organisation_id in sorted({row.organisation_id for row in due}):
        _say_what_units_are(session, organisation_id, today)
    session.flush()
    return len(due)


def _take_in_what_came_later(session: Session, row: Reorganisation, now: datetime) -> None:
    """People and units that came into a unit that ends after this was decided go where the others go."""
    if not row.merged:
        return
    has_history = select(UnitPeriod.id).where(UnitPeriod.unit_id == Unit.id).exists()
    added = select(Unit).where(Unit.parent_id.in_(row.merged), ~has_history).order_by(Unit.id)
    for unit in session.scalars(added).all():
        unit.parent_id = row.merged[unit.parent_id] if unit.parent_id is not None else None
    session.flush()
    held = held_from(session, row.organisation_id, row.effective_on)
    changes = [
        NewChange(one.employment_id, one.effective_on, {"unit_id": one.unit_id}, reason=row.title)
        for one in moves_from(held, row.merged, {}, row.effective_on)
    ]
    if changes:
        source = Source(ChangeOrigin.REORGANISATION, row.id, row.actor_account_id)
        record_changes(session, changes, source=source, now=now)


def _say_what_units_are(session: Session, organisation_id: int, on: date) -> None:
    """Also of units that were added since, whose full names begin with that of one that is called something else."""
    session.flush()
    ended = _ended(session, organisation_id, on)
    today = {one.id: one for one in units_on(session, organisation_id=organisation_id, on=on)}
    rows = []
    units = select(Unit).where(Unit.organisation_id == organisation_id).order_by(Unit.id)
    for unit in session.scalars(units).all():
        if unit.id in today:
            one = today[unit.id]
            rows.append(_row(unit.id, one.name, one.path, parent_id=one.parent_id, is_open=True))
        elif unit.id in ended and unit.is_open:
            name = _with_note(ended[unit.id].name, f"(until {day_in_words(ended[unit.id].ends_on or on)})")
            rows.append(_row(unit.id, name, name, parent_id=None, is_open=False))
    _write(session, organisation_id, rows)
    session.expire_all()


def _row(unit_id: int, name: str, path: str, *, parent_id: int | None, is_open: bool) -> dict[str, object]:
    return {"key": unit_id, "name": name, "path": path, "parent_id": parent_id, "is_open": is_open}


def _ended(session: Session, organisation_id: int, on: date) -> dict[int, UnitPeriod]:
    """The newest period of each unit that has had its last day."""
    rows = session.scalars(
        select(UnitPeriod)
        .join(Unit, Unit.id == UnitPeriod.unit_id)
        .where(Unit.organisation_id == organisation_id, UnitPeriod.ends_on < on)
        .order_by(UnitPeriod.ends_on)
    )
    return {one.unit_id: one for one in rows}


def _write(session: Session, organisation_id: int, rows: Sequence[dict[str, object]]) -> None:
    """In two steps: two units may change their names with each other, and no two have the same one at any moment."""
    if not rows:
        return
    table = table_of(Unit)
    ids = [row["key"] for row in rows]
    others = select(Unit.path).where(Unit.organisation_id == organisation_id, Unit.id.not_in(ids))
    taken = set(session.scalars(others))
    for row in rows:
        row["path"] = _free(str(row["path"]), taken)
        taken.add(str(row["path"]))
    which = update(table).where(table.c.id == bindparam("key"))
    session.execute(which.values(path=bindparam("waiting")), [{"key": key, "waiting": f"~{key}"} for key in ids])
    new: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in ("name", "parent_id", "path", "is_open")}
    session.execute(which.values(new), rows)


def _free(path: str, taken: Iterable[str]) -> str:
    """A unit of this name may have been added by hand since: both stay, and can be told apart."""
    found, number = path, 2
    while found in taken:
        found, number = f"{path[: length_of(Unit.path) - 8]} ({number})", number + 1
    return found


def _with_note(name: str, note: str) -> str:
    return f"{name[: length_of(Unit.name) - len(note) - 1].rstrip()} {note}"
