"""The ledger of employment: everything that was ever said of a job, from which day on it holds, by whom, and when."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, JsonObject, UTCDateTime, enum_by_value


class ChangeOrigin(StrEnum):
    """Where a change comes from. ``run_id`` is the number of the run of that origin, if it has runs."""

    HAND = "hand"
    FEED = "feed"
    REORGANISATION = "reorganisation"
    MIGRATION = "migration"
    DEMO = "demo"


class EmploymentChange(Base):
    """Some fields of a job have these values from ``effective_on`` on. Only the columns of undoing are ever changed.

    ``stated_at`` is when the source said so: of two changes of a field from the same day, the one stated later holds. A
    correction says something about days before the one on which it was recorded.
    """

    __tablename__ = "employment_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    employment_id: Mapped[int] = mapped_column(ForeignKey("employment.id"))
    effective_on: Mapped[date]
    stated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    values: Mapped[JsonObject] = mapped_column(JSON)
    origin: Mapped[ChangeOrigin] = mapped_column(enum_by_value(ChangeOrigin))
    run_id: Mapped[int | None]
    is_correction: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        Index(None, "employment_id"),
        Index(None, "origin", "run_id"),
        Index(None, "recorded_at"),
        Index(None, "undone_at"),
    )


def changes_of(session: Session, *, employment_ids: Sequence[int]) -> Sequence[EmploymentChange]:
    """Everything that was ever said of these jobs, also what is undone, in the order in which it was recorded."""
    return session.scalars(
        select(EmploymentChange)
        .where(EmploymentChange.employment_id.in_(employment_ids))
        .order_by(EmploymentChange.recorded_at, EmploymentChange.id)
    ).all()
