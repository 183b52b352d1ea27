"""The seven authorities and the trees of directorates, services and teams inside them."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
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


def units_of(session: Session, *, organisation_id: int) -> Sequence[Unit]:
    """Every unit of an organisation; a parent always comes before its children."""
    return session.scalars(
        select(Unit).where(Unit.organisation_id == organisation_id).order_by(Unit.path, Unit.id)
    ).all()
