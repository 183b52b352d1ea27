"""What becomes of the file of a sheet: noted when it is ready, deleted when its days are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.errors import NotFound
from kernel.files import FileStore, StoredFile
from kernel.tasks.claims import Claim, finish
from kernel.tasks.kinds import TaskState
from people.organisations import Unit
from people.password_leaves import CARD_LASTS
from people.ways_in.rounds import SHEET_LIFETIME, WayInBatch, WayInRound


def mark_sheet_ready(
    session: Session, claimed: Claim[WayInBatch], *, file: StoredFile, cards: int, now: datetime
) -> None:
    """Write down that a sheet is there for a week, or, where nobody asked for it, as long as its codes work.

    Raises ``ClaimLost``.
    """
    of_starters = select(WayInRound.starters_on).join(WayInBatch, WayInBatch.round_id == WayInRound.id)
    is_asked_for = session.scalar(of_starters.where(WayInBatch.id == claimed.id)) is None
    ends_at = now + (SHEET_LIFETIME if is_asked_for else CARD_LASTS)
    finish(session, claimed, done=cards, ready_at=now, ends_at=ends_at, sha256=file.sha256)


def take_sheet(session: Session, *, batch_id: int, by: int, now: datetime) -> WayInBatch:
    """Put on record who takes the codes of a team out; the sheet stays as it is from then on.

    Raises ``NotFound`` unless it is there.
    """
    batch = session.get_one(WayInBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch.state is not TaskState.DONE or batch.sha256 is None or batch.ends_at is None or batch.ends_at <= now:
        raise NotFound(f"the sheet of batch {batch.id}")
    record(
        session,
        action="sign-in-cards-downloaded",
        subject_type="sign-in-sheet",
        subject_id=batch.id,
        actor_account_id=by,
        now=now,
        detail={"unit": batch.unit_id, "people": batch.done},
    )
    batch.taken_at = batch.taken_at or now
    session.flush()
    return batch


@dataclass(frozen=True)
class ReadySheets:
    """The sheets of one round that can be downloaded now."""

    round_id: int
    asked_at: datetime
    count: int


def rounds_with_sheets(
    session: Session, *, organisation_id: int, unit_ids: Sequence[int] | None, now: datetime
) -> tuple[ReadySheets, ...]:
    """The rounds of an authority of which several sheets can be downloaded now, the newest first."""
    counted = func.count(WayInBatch.id)
    rows = session.execute(
        select(WayInRound.id, WayInRound.asked_at, counted)
        .join(WayInBatch, WayInBatch.round_id == WayInRound.id)
        .where(WayInRound.organisation_id == organisation_id, *_ready(unit_ids, now))
        .group_by(WayInRound.id, WayInRound.asked_at)
        .having(counted > 1)
        .order_by(WayInRound.id.desc())
    )
    return tuple(ReadySheets(*row) for row in rows)


def ready_sheets(
    session: Session, *, round_id: int, organisation_id: int, unit_ids: Sequence[int] | None, now: datetime
) -> Sequence[tuple[WayInBatch, str]]:
    """The sheets of a round that can be downloaded now, each with the path of its unit. Raises ``NotFound``."""
    rows = session.execute(
        select(WayInBatch, Unit.path)
        .join(WayInRound, WayInRound.id == WayInBatch.round_id)
        .join(Unit, Unit.id == WayInBatch.unit_id)
        .where(WayInRound.id == round_id, WayInRound.organisation_id == organisation_id, *_ready(unit_ids, now))
        .order_by(Unit.path, WayInBatch.id)
    ).all()
    if not rows:
        raise NotFound(f"sheets of round {round_id}")
    return [(batch, path) for batch, path in rows]


def freeze_sheets(
    session: Session, *, round_id: int, unit_ids: Sequence[int] | None, now: datetime
) -> Sequence[tuple[WayInBatch, str]]:
    """The sheets of a round that are there, each with the path of its unit; they stay as they are from now on."""
    rows = session.execute(
        select(WayInBatch, Unit.path)
        .join(Unit, Unit.id == WayInBatch.unit_id)
        .where(WayInBatch.round_id == round_id, *_ready(unit_ids, now))
        .order_by(Unit.path, WayInBatch.id)
        .with_for_update(of=WayInBatch)
        .execution_options(populate_existing=True)
    ).all()
    for batch, _ in rows:
        batch.taken_at = batch.taken_at or now
    session.flush()
    return [(batch, path) for batch, path in rows]


def _ready(unit_ids: Sequence[int] | None, now: datetime) -> tuple[ColumnElement[bool], ...]:
    within = true() if unit_ids is None else WayInBatch.unit_id.in_(unit_ids)
    return within, WayInBatch.state == TaskState.DONE, WayInBatch.sha256.is_not(None), WayInBatch.ends_at > now


def sheets_to_delete(session: Session, *, now: datetime) -> Sequence[int]:
    """The batches whose sheets have had their days."""
    over = (WayInBatch.state == TaskState.DONE, WayInBatch.ends_at <= now)
    return session.scalars(select(WayInBatch.id).where(*over).order_by(WayInBatch.id)).all()


def delete_sheet(session: Session, store: FileStore, *, batch_id: int, now: datetime) -> None:
    """Delete the file of a sheet whose days are over, and write that down. Raises ``StorageError``."""
    batch = session.get_one(WayInBatch, batch_id, populate_existing=True, with_for_update=True)
    if batch.state is not TaskState.DONE or batch.ends_at is None or batch.ends_at > now:
        return
    store.delete(batch.storage_key)
    batch.ends_at, batch.state = None, TaskState.EXPIRED
    session.flush()
