"""The seven authorities and the trees of directorates, services and teams inside them."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, enum_by_value
from kernel.errors import NotFound


class UnitKind(StrEnum):
    """The three levels below an organisation, from the top down."""

    DIRECTORATE = "directorate"
    SERVICE = "service"
    TEAM = "team"


class Organisation(Base):
    """An employer. ``slug`` is its name in addresses and in course files."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))


class Unit(Base):
    """A directorate, service or team. ``path`` is its full name as printed: "Adult Social Care / Home Care"."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[UnitKind] = mapped_column(enum_by_value(UnitKind))
    name: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(620))
    # Whether it exists today: one that a reorganisation ended stays, and one that it plans is there already.
    is_open: Mapped[bool] = mapped_column(default=True, server_default=true())

    __table_args__ = (UniqueConstraint("organisation_id", "path"), Index(None, "parent_id"))


def get_organisation(session: Session, *, slug: str) -> Organisation:
    """The organisation with this slug. Raises ``NotFound``."""
    organisation = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise NotFound(f"organisation {slug}")
    return organisation


def organisations(session: Session) -> Sequence[Organisation]:
    """Every organisation, by name."""
    return session.scalars(select(Organisation).order_by(Organisation.name, Organisation.id)).all()


def organisation_names(session: Session, *, slugs: Collection[str]) -> dict[str, str]:
    """The names of some organisations by slug."""
    found = select(Organisation.slug, Organisation.name).where(Organisation.slug.in_(slugs))
    return {row.slug: row.name for row in session.execute(found)}


def unit_names(session: Session, *, unit_ids: Collection[int]) -> dict[int, str]:
    """The names of some units by id."""
    found = select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids))
    return {row.id: row.name for row in session.execute(found)}


def units_within(unit_id: int) -> Select[int]:
    """The ids of a unit and of everything below it. By ids and never by names: names change, and one begins another."""
    within = select(Unit.id).where(Unit.id == unit_id).cte(recursive=True)
    below = select(Unit.id).join(within, Unit.parent_id == within.c.id)
    return select(within.union_all(below).c.id)


def units_of(session: Session, *, organisation_id: int) -> Sequence[Unit]:
    """Every unit that an organisation has today; a parent always comes before its children."""
    return session.scalars(
        select(Unit).where(Unit.organisation_id == organisation_id, Unit.is_open).order_by(Unit.path, Unit.id)
    ).all()
