"""Reorganisations as they are kept: what was decided, for which day, and what became of it."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound


class ReorganisationState(StrEnum):
    """Whether its day is still to come, has come, or never will."""

    PLANNED = "planned"
    IN_FORCE = "in-force"
    UNDONE = "undone"


class Reorganisation(Base):
    """What happens to the units of an authority from ``effective_on`` on. ``sentences`` is what the preview said."""

    __tablename__ = "reorganisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(200))
    effective_on: Mapped[date]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    sentences: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[ReorganisationState] = mapped_column(enum_by_value(ReorganisationState))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index(None, "organisation_id", "effective_on"), Index(None, "state"))

    @property
    def merged(self) -> dict[int, int]:
        """The units that end by it, each with the one that takes it in."""
        found: dict[int, int] = {}
        for step in self.steps:
            if step["do"] == "merge":
                unit_id, into_id = step["unit_id"], step["into_id"]
                found = {unit: into_id if into == unit_id else into for unit, into in found.items()} | {
                    unit_id: into_id
                }
        return found


def reorganisations_of(session: Session, *, organisation_id: int) -> Sequence[Reorganisation]:
    """Every reorganisation of an authority, also those that were undone, the latest day first."""
    return session.scalars(
        select(Reorganisation)
        .where(Reorganisation.organisation_id == organisation_id)
        .order_by(Reorganisation.effective_on.desc(), Reorganisation.id.desc())
    ).all()


def find_latest(session: Session, *, organisation_id: int) -> Reorganisation | None:
    """The one with the latest day of those that were not undone: each next one builds on it."""
    found = reorganisations_of(session, organisation_id=organisation_id)
    return next((one for one in found if one.state is not ReorganisationState.UNDONE), None)


def get_reorganisation(session: Session, *, number: int) -> Reorganisation:
    """The reorganisation with this number. Raises ``NotFound``."""
    found = session.get(Reorganisation, number)
    if found is None:
        raise NotFound(f"reorganisation {number}")
    return found
