"""How the people of an authority come in for the first time: what its HR lead chose, once for all of them."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import RuleBroken
from kernel.typed import folded

_PREFIX = re.compile(r"[a-z][a-z0-9]{1,9}")


class FirstWay(StrEnum):
    """What somebody gets who has never signed in."""

    CARD = "card"
    INVITATION = "invitation"


class UsernameStyle(StrEnum):
    """What new usernames are made of."""

    PAYROLL_NUMBER = "payroll-number"
    WORDS = "words"


class WayInChoice(Base):
    """The choice of one authority. ``prefix`` stands before payroll numbers, which two authorities may both have.

    With ``starters_since``, whoever joins from then on gets a way in without anybody asking: the account that said so
    asks for it. Who has joined was last looked for at ``starters_looked_at``. ``held_back`` people joined at once at
    ``held_back_at``, which was too many to go on without somebody who looks.
    """

    __tablename__ = "way_in_choice"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, autoincrement=False)
    way: Mapped[FirstWay] = mapped_column(enum_by_value(FirstWay))
    usernames: Mapped[UsernameStyle] = mapped_column(enum_by_value(UsernameStyle))
    prefix: Mapped[str] = mapped_column(String(10), unique=True)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    starters_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    starters_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    starters_looked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    held_back: Mapped[int] = mapped_column(default=0)
    held_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


@dataclass(frozen=True)
class ChosenWay:
    """The same as a value. ``for_starters``: whoever joins gets a way in without anybody asking."""

    way: FirstWay
    usernames: UsernameStyle
    prefix: str
    for_starters: bool = True
    held_back: int = 0
    held_back_at: datetime | None = None


def find_choice(session: Session, *, organisation_id: int) -> ChosenWay | None:
    """What an authority chose; ``None`` until somebody has."""
    row = session.get(WayInChoice, organisation_id)
    if row is None:
        return None
    is_on = row.starters_since is not None
    return ChosenWay(row.way, row.usernames, row.prefix, is_on, row.held_back, row.held_back_at)


def suggested_prefix(slug: str) -> str:
    """The beginning of an authority’s own name in addresses, as a prefix."""
    return re.sub(r"[^a-z0-9]", "", slug)[:10]


def choose_way(session: Session, *, organisation_id: int, choice: ChosenWay, by: int, now: datetime) -> None:
    """Keep what an authority chose; usernames that are there stay as they are.

    Raises ``RuleBroken`` with the field for a prefix that cannot be one, or that another authority has.
    """
    prefix = folded(choice.prefix)
    if not _PREFIX.fullmatch(prefix):
        raise RuleBroken("Use 2 to 10 letters from a to z and digits, and begin with a letter", field="prefix")
    row = session.get(WayInChoice, organisation_id, with_for_update=True, populate_existing=True)
    try:
        with session.begin_nested():
            if row is None:
                row = WayInChoice(organisation_id=organisation_id)
                session.add(row)
            row.way, row.usernames, row.prefix, row.changed_at = choice.way, choice.usernames, prefix, now
            _say_for_starters(row, is_on=choice.for_starters, by=by, now=now)
    except IntegrityError:
        _check_free(session, organisation_id, prefix)
        raise
    record(
        session,
        action="way-in-chosen",
        subject_type="organisation",
        subject_id=organisation_id,
        actor_account_id=by,
        now=now,
        detail={"way": choice.way.value, "for_starters": "yes" if choice.for_starters else "no"},
    )


def _say_for_starters(row: WayInChoice, *, is_on: bool, by: int, now: datetime) -> None:
    if not is_on:
        row.starters_since = row.starters_looked_at = row.starters_by_account_id = None
        return
    row.starters_by_account_id = by
    if row.starters_since is None:
        row.starters_since = row.starters_looked_at = now


def _check_free(session: Session, organisation_id: int, prefix: str) -> None:
    taken = select(WayInChoice.organisation_id).where(
        WayInChoice.prefix == prefix, WayInChoice.organisation_id != organisation_id
    )
    if session.scalar(taken) is not None:
        raise RuleBroken(f"Another authority uses {prefix}. Choose another one", field="prefix")
