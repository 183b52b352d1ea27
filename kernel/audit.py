"""The audit trail: who did what to which thing, and when. Rows are only ever added."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import JSON, ColumnElement, Index, String, Table, and_, func, insert, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.append_only import keep_append_only
from kernel.database import Base, JsonObject, UTCDateTime


class AuditEntry(Base):
    """One act. ``actor_account_id`` is empty when the platform itself acted."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_account_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(80))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    detail: Mapped[JsonObject] = mapped_column(JSON)

    __table_args__ = (
        Index(None, "subject_type", "subject_id"),
        Index(None, "action"),
        Index(None, "actor_account_id"),
        Index(None, "happened_at"),
    )


keep_append_only(cast(Table, AuditEntry.__table__))


def record(
    session: Session,
    *,
    action: str,
    subject_type: str,
    subject_id: object,
    actor_account_id: int | None,
    now: datetime,
    detail: JsonObject | None = None,
) -> None:
    """Add an entry. ``action`` is in the past tense: ``course-published``; ``detail`` holds nothing personal."""
    session.add(
        AuditEntry(
            happened_at=now,
            actor_account_id=actor_account_id,
            action=action,
            subject_type=subject_type,
            subject_id=str(subject_id),
            detail=detail or {},
        )
    )


def record_many(
    session: Session,
    *,
    action: str,
    subject_type: str,
    details: Mapping[str, JsonObject],
    actor_account_id: int | None,
    now: datetime,
) -> None:
    """Add the same act for many things in one statement: ``details`` by the id of each."""
    rows = [
        {
            "happened_at": now,
            "actor_account_id": actor_account_id,
            "action": action,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "detail": detail,
        }
        for subject_id, detail in details.items()
    ]
    if rows:
        session.execute(insert(AuditEntry), rows)


def entries_for(session: Session, *, subject_type: str, subject_id: object) -> Sequence[AuditEntry]:
    """Everything recorded about one thing, oldest first."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_type == subject_type, AuditEntry.subject_id == str(subject_id))
        .order_by(AuditEntry.happened_at, AuditEntry.id)
    ).all()


@dataclass(frozen=True)
class AuditFilter:
    """Which entries are asked for; what is ``None`` leaves nothing out.

    ``accounts`` and ``people`` belong together: what was done by one of these accounts, or about one of them, or about
    one of these people. ``between`` are two moments, the second one not included. ``only`` are further conditions, for
    somebody who may not see all entries.
    """

    action: str | None = None
    accounts: frozenset[int] | None = None
    people: frozenset[int] | None = None
    between: tuple[datetime, datetime] | None = None
    only: tuple[ColumnElement[bool], ...] = ()

    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """What an entry has to fulfil."""
        found: list[ColumnElement[bool]] = [*self.only]
        if self.action is not None:
            found.append(AuditEntry.action == self.action)
        if self.accounts is not None or self.people is not None:
            accounts, people = self.accounts or frozenset(), self.people or frozenset()
            found.append(
                or_(
                    AuditEntry.actor_account_id.in_(accounts),
                    _about("account", accounts),
                    _about("person", people),
                )
            )
        if self.between is not None:
            found += [AuditEntry.happened_at >= self.between[0], AuditEntry.happened_at < self.between[1]]
        return tuple(found)


def _about(subject_type: str, ids: Iterable[int]) -> ColumnElement[bool]:
    return and_(AuditEntry.subject_type == subject_type, AuditEntry.subject_id.in_([str(one) for one in ids]))


def count_entries(session: Session, wanted: AuditFilter) -> int:
    """How many entries there are."""
    return session.scalar(select(func.count()).select_from(AuditEntry).where(*wanted.conditions())) or 0


def entries_page(session: Session, wanted: AuditFilter, *, page: int, size: int) -> Sequence[AuditEntry]:
    """One page of entries, newest first. Pages count from 1."""
    return session.scalars(
        select(AuditEntry)
        .where(*wanted.conditions())
        .order_by(AuditEntry.id.desc())
        .offset((page - 1) * size)
        .limit(size)
    ).all()


def stream_entries(session: Session, wanted: AuditFilter, *, at_once: int) -> Iterator[Sequence[AuditEntry]]:
    """All entries, newest first, so many at once: a trail of years never stands in memory whole."""
    before: int | None = None
    while True:
        older = [] if before is None else [AuditEntry.id < before]
        found = session.scalars(
            select(AuditEntry).where(*wanted.conditions(), *older).order_by(AuditEntry.id.desc()).limit(at_once)
        ).all()
        if not found:
            return
        yield found
        before = found[-1].id


def actions_in_use(session: Session, *, only: Iterable[ColumnElement[bool]] = ()) -> Sequence[str]:
    """Every kind of act that stands in the trail, or in the part of it that ``only`` leaves."""
    return session.scalars(select(AuditEntry.action).where(*only).distinct().order_by(AuditEntry.action)).all()


def newest_entries_for(
    session: Session,
    *,
    subjects: Iterable[tuple[str, object]],
    most: int,
    only: Iterable[ColumnElement[bool]] = (),
) -> Sequence[AuditEntry]:
    """The newest entries about any of these things, each given by its type and id; newest first.

    ``only`` are further conditions, for somebody who may not see all of them.
    """
    about = [
        and_(AuditEntry.subject_type == kind, AuditEntry.subject_id == str(identity)) for kind, identity in subjects
    ]
    wanted = select(AuditEntry).where(or_(*about), *only)
    return session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(most)).all()
