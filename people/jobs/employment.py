"""A job, known by its payroll number. What it is on a day stands in its terms."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base


class Employment(Base):
    """A person's job with an organisation. ``starts_on`` is the first day on which it was ever held.

    The table has more columns, which the release before reads; nothing here does.
    """

    __tablename__ = "employment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    payroll_number: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date]

    __table_args__ = (
        UniqueConstraint("organisation_id", "payroll_number"),
        Index(None, "person_id"),
        Index(None, "organisation_id", "person_id"),
    )
