"""People. The jobs they hold stand in ``people/jobs/``: one person may have several, also in several authorities."""

import re
from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from kernel.database import Base, UTCDateTime

# What stands in the place of the name of somebody who was erased.
ERASED_NAME = "Erased person"
FIRST_BIRTH_YEAR, YOUNGEST_YEARS = 1900, 14
_ADDRESS = re.compile(r"[^@\s\"<>(),;:\\\[\]]{1,64}@[^@\s\"<>(),;:\\\[\]_]+\.[^@\s\"<>(),;:\\\[\].\d_]{2,}")


class Person(Base):
    """A human being. ``chosen_name`` is their full name as they write it, and the one a certificate prints.

    The software takes no name apart. ``called`` is what they ask to be called, ``pronunciation`` how to say it, and
    ``sorting_name`` where lists put them, each only where it is another. ``search_text`` is the ``name_key`` of the
    full name; it is empty while ``people/names`` has still to make the names searchable.
    ``work_mobile`` is the number of a phone that the employer gave them, as E.164; no list shows it.
    ``born_on`` is there only where their authority matches past learning by it: themselves and those who correct their
    names see it, and no list.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    chosen_name: Mapped[str] = mapped_column(String(200))
    called: Mapped[str | None] = mapped_column(String(100))
    pronunciation: Mapped[str | None] = mapped_column(String(200))
    sorting_name: Mapped[str | None] = mapped_column(String(200))
    search_text: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    work_mobile: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    born_on: Mapped[date | None]

    __table_args__ = (Index(None, "chosen_name"), Index(None, "search_text"))

    @validates("chosen_name", "called", "sorting_name")
    def _make_searchable_again(self, key: str, name: str | None) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        self.search_text = None
        return name

    @property
    def addressed_as(self) -> str:
        """What to say to them: what they ask to be called, or else their full name."""
        return self.called or self.chosen_name

    @property
    def listed_as(self) -> str:
        """The text that lists put in order."""
        return self.sorting_name or self.chosen_name


def is_address(text: str) -> bool:
    """Whether a text is an e-mail address, of letters of any script."""
    return _ADDRESS.fullmatch(text) is not None


def why_not_born(born_on: date, on: date) -> str | None:
    """Why nobody who works on a day was born on another; ``None`` for somebody who may have been."""
    if born_on.year < FIRST_BIRTH_YEAR:
        return f"The date of birth must be in {FIRST_BIRTH_YEAR} or later"
    if born_on > on:
        return "The date of birth must be in the past"
    years = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    return f"By this date of birth they are under {YOUNGEST_YEARS}" if years < YOUNGEST_YEARS else None
