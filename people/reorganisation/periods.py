"""What a unit was called and where it stood, from a day to a day."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from kernel.database import Base
from people.organisations import Unit, UnitKind


class UnitPeriod(Base):
    """A unit had this name and this place from ``starts_on`` to ``ends_on``, both included.

    A unit that was never reorganised has no rows: it has always been what it is. One that has rows does not exist on
    a day that none of them covers. ``date.min`` means as long as the record goes back.
    """

    __tablename__ = "unit_period"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(String(620))
    # Which reorganisation began it, and which one ended it: so that each can be taken back.
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("reorganisation.id"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("reorganisation.id"))

    __table_args__ = (
        UniqueConstraint("unit_id", "starts_on"),
        Index(None, "parent_id"),
        Index(None, "begun_by_id"),
        Index(None, "ended_by_id"),
    )


@dataclass(frozen=True)
class UnitOnDay:
    """A unit as it was on a day, or will be."""

    id: int
    kind: UnitKind
    name: str
    parent_id: int | None
    path: str


def units_on(session: Session, *, organisation_id: int, on: date, also: Collection[int] = ()) -> tuple[UnitOnDay, ...]:
    """The units that an organisation had on a day, by path, so that a parent comes before its children.

    Those of ``also`` are there in any case, as they are today, at the top where what they stood in is gone: nobody who
    is counted in one may be lost.
    """
    covering, other = aliased(UnitPeriod), aliased(UnitPeriod)
    holds = and_(covering.starts_on <= on, or_(covering.ends_on.is_(None), covering.ends_on >= on))
    rows = session.execute(
        select(Unit, covering)
        .outerjoin(covering, and_(covering.unit_id == Unit.id, holds))
        .where(
            Unit.organisation_id == organisation_id,
            or_(
                covering.id.is_not(None),
                Unit.id.in_(also),
                ~select(other.id).where(other.unit_id == Unit.id).exists(),
            ),
        )
    ).all()
    return _in_order([_as_it_was(unit, period) for unit, period in rows])


def _as_it_was(unit: Unit, period: UnitPeriod | None) -> UnitOnDay:
    found = unit if period is None else period
    return UnitOnDay(unit.id, unit.kind, found.name, found.parent_id, found.path)


def _in_order(units: Sequence[UnitOnDay]) -> tuple[UnitOnDay, ...]:
    """Full names are made of names and places: that of a unit that was added since may begin with an old one."""
    ids = {one.id for one in units}
    there = {one.id: one if one.parent_id in ids else replace(one, parent_id=None) for one in units}
    named = [replace(one, path=" / ".join(reversed(list(_names(there, one))))) for one in there.values()]
    return tuple(sorted(named, key=lambda one: (one.path, one.id)))


def _names(units: Mapping[int, UnitOnDay], unit: UnitOnDay) -> Iterator[str]:
    yield unit.name
    if unit.parent_id is not None:
        yield from _names(units, units[unit.parent_id])
