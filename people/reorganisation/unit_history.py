"""What became of one unit, in sentences: when it was called something else, moved, merged, split off or closed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.organisations import Unit
from people.reorganisation.periods import UnitPeriod
from people.reorganisation.record import Reorganisation, ReorganisationState, reorganisations_of


@dataclass(frozen=True)
class UnitEvent:
    """Something that holds for a unit from a day on, and the reorganisation that it came with."""

    on: date
    words: str
    number: int
    title: str
    is_planned: bool


def history_of(session: Session, unit: Unit) -> tuple[UnitEvent, ...]:
    """Everything that reorganisations did to a unit, and will do, the newest day first."""
    periods = session.scalars(
        select(UnitPeriod).where(UnitPeriod.unit_id == unit.id).order_by(UnitPeriod.starts_on)
    ).all()
    standing = {
        one.id: one
        for one in reorganisations_of(session, organisation_id=unit.organisation_id)
        if one.state is not ReorganisationState.UNDONE
    }
    names = _names(session, unit.organisation_id)
    found = [
        UnitEvent(one.effective_on, words, one.id, one.title, one.state is ReorganisationState.PLANNED)
        for one in standing.values()
        for words in _said(unit.id, one, periods, names)
    ]
    return tuple(sorted(found, key=lambda event: (event.on, event.number), reverse=True))


def _names(session: Session, organisation_id: int) -> dict[int, str]:
    """What units were called before anything in brackets was added to their names."""
    rows = session.execute(
        select(Unit.id, UnitPeriod.name)
        .join(UnitPeriod, UnitPeriod.unit_id == Unit.id)
        .where(Unit.organisation_id == organisation_id)
        .order_by(UnitPeriod.starts_on)
    )
    now = session.execute(select(Unit.id, Unit.name).where(Unit.organisation_id == organisation_id))
    return {row.id: row.name for row in now} | {row.id: row.name for row in rows}


def _said(unit_id: int, row: Reorganisation, periods: Sequence[UnitPeriod], names: dict[int, str]) -> Iterator[str]:
    before = next((one for one in periods if one.ended_by_id == row.id), None)
    after = next((one for one in periods if one.begun_by_id == row.id), None)
    if before and after:
        if before.name != after.name:
            yield f"Called “{after.name}”. It was called “{before.name}” before."
        if before.parent_id != after.parent_id:
            into, out_of = names.get(after.parent_id or 0, "?"), names.get(before.parent_id or 0, "?")
            yield f"Moved into “{into}”. It was in “{out_of}” before."
        yield from _taken_in(unit_id, row, names)
        if before.name == after.name and before.parent_id == after.parent_id:
            yield f"Its full name became “{after.path}”, because what it stands in changed."
    elif after:
        yield _of_beginning(row, after, names)
    else:
        if before:
            other = row.merged.get(unit_id)
            yield "Closed." if other is None else f"Ended. “{names.get(other, '?')}” took it in."
        yield from _taken_in(unit_id, row, names)


def _taken_in(unit_id: int, row: Reorganisation, names: dict[int, str]) -> Iterator[str]:
    for merged, into in row.merged.items():
        if into == unit_id:
            yield f"Took in “{names.get(merged, '?')}”, which ended."


def _of_beginning(row: Reorganisation, after: UnitPeriod, names: dict[int, str]) -> str:
    step: dict[str, Any] | None = next(
        (one for one in row.steps if one["do"] == "split" and one["name"] == after.name), None
    )
    return "Began." if step is None else f"Began, and came out of “{names.get(step['unit_id'], '?')}”."
