"""What an authority decided to do for equality, by when, and what became of it: rows that are only added to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.append_only import keep_append_only
from kernel.audit import record
from kernel.database import Base, UTCDateTime, enum_by_value, table_of
from kernel.errors import NotFound, RuleBroken
from kernel.insert_once import insert_once

ENDED_ALREADY = "Somebody else has said meanwhile what became of this"


class ActionEnd(StrEnum):
    """What became of an action."""

    DONE = "done"
    DROPPED = "dropped"


class EqualityAction(Base):
    """One thing that was decided, and by when it is to be done."""

    __tablename__ = "equality_action"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    words: Mapped[str] = mapped_column(String(500))
    decided_on: Mapped[date]
    due_on: Mapped[date]
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index(None, "organisation_id", "decided_on"),)


class EqualityActionEnd(Base):
    """That an action was done, or dropped, on a day."""

    __tablename__ = "equality_action_end"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("equality_action.id"), unique=True)
    end: Mapped[ActionEnd] = mapped_column("what", enum_by_value(ActionEnd))
    on: Mapped[date] = mapped_column("of_day")
    words: Mapped[str] = mapped_column(String(500))
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    noted_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


keep_append_only(table_of(EqualityAction))
keep_append_only(table_of(EqualityActionEnd))


@dataclass(frozen=True)
class ListedAction:
    """An action as it stood on a day. ``end`` is ``None`` while it is open."""

    id: int
    words: str
    decided_on: date
    due_on: date
    end: ActionEnd | None
    ended_on: date | None
    end_words: str

    def state_on(self, on: date) -> str:
        """How it stands, in a word or two."""
        if self.end is None:
            return "late" if self.due_on < on else "open"
        return self.end.value


@dataclass(frozen=True)
class NewEnd:
    """What became of an action, when, and in words."""

    end: ActionEnd
    on: date
    words: str


def add_action(
    session: Session,
    *,
    organisation_id: int,
    words: str,
    decided_on: date,
    due_on: date,
    account_id: int | None,
    now: datetime,
) -> int:
    """Keep what was decided; returns its id."""
    row = EqualityAction(
        organisation_id=organisation_id,
        words=words,
        decided_on=decided_on,
        due_on=due_on,
        added_at=now,
        added_by_account_id=account_id,
    )
    session.add(row)
    session.flush()
    _note(session, "equality-action-added", organisation_id, row.id, account_id, now)
    return row.id


def end_action(
    session: Session, action_id: int, new: NewEnd, *, organisation_id: int, account_id: int | None, now: datetime
) -> None:
    """Say that it was done or dropped. Raises ``RuleBroken`` where somebody has said so already."""
    values = {
        "action_id": action_id,
        "what": new.end,
        "of_day": new.on,
        "words": new.words,
        "noted_at": now,
        "noted_by_account_id": account_id,
    }
    if not insert_once(session, EqualityActionEnd, [values], unique=("action_id",)):
        raise RuleBroken(ENDED_ALREADY)
    _note(session, f"equality-action-{new.end.value}", organisation_id, action_id, account_id, now)


def _note(
    session: Session, action: str, organisation_id: int, action_id: int, account_id: int | None, now: datetime
) -> None:
    record(
        session,
        action=action,
        subject_type="organisation",
        subject_id=organisation_id,
        actor_account_id=account_id,
        now=now,
        detail={"number": action_id},
    )


def actions_on(
    session: Session, *, organisation_id: int, on: date, limit: int = 1_000, offset: int = 0
) -> Sequence[ListedAction]:
    """What was decided by a day, as it stood then, the newest first."""
    ended = (EqualityActionEnd.action_id == EqualityAction.id) & (EqualityActionEnd.on <= on)
    rows = session.execute(
        select(EqualityAction, EqualityActionEnd)
        .outerjoin(EqualityActionEnd, ended)
        .where(EqualityAction.organisation_id == organisation_id, EqualityAction.decided_on <= on)
        .order_by(EqualityAction.decided_on.desc(), EqualityAction.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_listed(action, end) for action, end in rows]


def count_actions(session: Session, *, organisation_id: int, on: date) -> int:
    """How many were decided by a day."""
    wanted = select(func.count()).where(
        EqualityAction.organisation_id == organisation_id, EqualityAction.decided_on <= on
    )
    return session.scalar(wanted) or 0


def get_action(session: Session, *, action_id: int, organisation_id: int) -> ListedAction:
    """One of an authority. Raises ``NotFound``."""
    action = session.get(EqualityAction, action_id)
    if action is None or action.organisation_id != organisation_id:
        raise NotFound(f"equality action {action_id}")
    return _listed(action, session.scalar(select(EqualityActionEnd).where(EqualityActionEnd.action_id == action_id)))


def _listed(action: EqualityAction, end: EqualityActionEnd | None) -> ListedAction:
    return ListedAction(
        action.id,
        action.words,
        action.decided_on,
        action.due_on,
        end.end if end else None,
        end.on if end else None,
        end.words if end else "",
    )
