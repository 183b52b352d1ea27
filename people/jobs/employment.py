"""A job, known by its payroll number. What it is on a day stands in its terms."""

import re
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base

# Letters, what may stand behind them, and then nothing but figures.
_LETTERS_AND_FIGURES = re.compile(r"[^\W\d_]*[ \-0]*([1-9][0-9]*)")


def bare_number(payroll_number: str) -> str:
    """The figures of a payroll number without the letters, hyphens and zeros before them: 107794 of WR-0107794.

    Empty where there is more than that.
    """
    found = _LETTERS_AND_FIGURES.fullmatch(payroll_number)
    return found[1] if found else ""


def _bare_number_of(context: Any) -> str:  # SQLAlchemy’s own class of it carries no types
    return bare_number(context.get_current_parameters()["payroll_number"])


class Employment(Base):
    """A person's job with an organisation. ``starts_on`` is the first day on which it was ever held.

    ``bare_number`` is that of the payroll number, which a search looks up; ``None`` until housekeeping has come to a
    job that code of the release before added.
    The table has more columns, which the release before reads; nothing here does.
    """

    __tablename__ = "employment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    payroll_number: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date]
    bare_number: Mapped[str | None] = mapped_column(String(40), default=_bare_number_of)

    __table_args__ = (
        UniqueConstraint("organisation_id", "payroll_number"),
        Index(None, "person_id"),
        Index(None, "organisation_id", "person_id"),
        Index(None, "bare_number"),
    )
