"""Planned hours as they are stored: one row for each person, changed in place and audited."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, UTCDateTime

PLANNED_HOUR = "planned-hour"
LONGEST_PLACE = 100


class PlannedHour(Base):
    """Time that somebody is given for a course. ``uid`` and ``sequence`` are those of the event in calendars.

    Each change has the next number, so that calendars replace what they hold (RFC 5545).
    """

    __tablename__ = "planned_hour"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE))
    uid: Mapped[str] = mapped_column(String(60), unique=True)
    sequence: Mapped[int]
    planned_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    planned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "person_id", "starts_at"),)

    @property
    def ends_at(self) -> datetime:
        """The moment at which it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)
