"""What happened to a completion afterwards: withdrawn because it was none, or reinstated. Rows are only ever added."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Select, SQLColumnExpression, String, select, true
from sqlalchemy.orm import Mapped, aliased, mapped_column

from kernel.append_only import keep_append_only
from kernel.database import Base, UTCDateTime, enum_by_value, table_of


class CompletionEventKind(StrEnum):
    """What can happen to a completion."""

    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"


class CompletionEvent(Base):
    """A correction beside a completion, which itself never changes. ``reason`` is what its person reads."""

    __tablename__ = "completion_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    completion_id: Mapped[int] = mapped_column(ForeignKey("completion.id"))
    kind: Mapped[CompletionEventKind] = mapped_column(enum_by_value(CompletionEventKind))
    reason: Mapped[str] = mapped_column(String(300))
    actor_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "completion_id"),)


keep_append_only(table_of(CompletionEvent))


def withdrawn_completions(until: SQLColumnExpression[datetime] | None = None) -> Select[int]:
    """The ids of completions that are withdrawn: now, or by a moment that a column of the query around it holds.

    The newest event of a completion decides.
    """
    later = aliased(CompletionEvent)
    is_overruled = select(later.id).where(
        later.completion_id == CompletionEvent.completion_id,
        later.id > CompletionEvent.id,
        true() if until is None else later.happened_at <= until,
    )
    return select(CompletionEvent.completion_id).where(
        CompletionEvent.kind == CompletionEventKind.WITHDRAWN,
        ~is_overruled.exists(),
        true() if until is None else CompletionEvent.happened_at <= until,
    )
