"""Zips of the sheets of a round: asked for, made by a worker, taken out for a day by whoever asked, deleted."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound, RuleBroken
from kernel.files import FileStore, StoredFile
from kernel.tasks.claims import Claim, extend, finish
from kernel.tasks.control import cancel
from kernel.tasks.kinds import Task, TaskKind, TaskState, task_state
from people.ways_in.keeping import ready_sheets
from people.ways_in.rounds import WayInRound

ZIP_SHEETS = "zip-sign-in-sheets"
LIFETIME = timedelta(hours=24)
# So long after a worker last said how far it was, nothing comes of it any more.
LONGEST_SILENCE = timedelta(minutes=15)
_COMING = (TaskState.PENDING, TaskState.WORKING, TaskState.FAILED)
_WITHOUT_FILE = (TaskState.CANCELLED, TaskState.PARKED)


class WayInZip(Task, Base):
    """One zip; ``done`` of the ``wanted`` sheets are in it. Only the account that asked for it takes it out.

    ``unit_ids`` are those of which that account sees the sheets; all with ``None``. ``size_bytes`` is what is handed
    out; what is stored is sealed. From ``ends_at`` on the file, or what a worker may have left of one, is deleted.
    """

    __tablename__ = "way_in_zip"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("way_in_round.id"))
    asked_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    unit_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    wanted: Mapped[int]
    state: Mapped[TaskState] = task_state()
    done: Mapped[int] = mapped_column(default=0)
    batch_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (Index(None, "round_id"), Index(None, "asked_by_account_id"), Index(None, "state"))

    @property
    def storage_key(self) -> str:
        """Where it is kept: the same for every try, so that none leaves codes behind."""
        return f"sign-in-cards/zips/{self.id}.sealed"

    @property
    def is_coming(self) -> bool:
        """Whether it is being made, or will be by itself."""
        return self.state in _COMING


SHEET_ZIPS = TaskKind(
    ZIP_SHEETS,
    WayInZip,
    since=WayInZip.asked_at,
    # A worker says that it lives every few seconds.
    lease=timedelta(minutes=1),
    most_claims=3,
)


def ask_for_zip(
    session: Session,
    *,
    round_id: int,
    organisation_id: int,
    unit_ids: Sequence[int] | None,
    by: int,
    now: datetime,
) -> WayInZip:
    """Have the sheets of a round put into one zip; one that this account asked for and that comes is not made twice.

    Raises ``NotFound`` for a round of which no sheet is there.
    """
    sheets = ready_sheets(session, round_id=round_id, organisation_id=organisation_id, unit_ids=unit_ids, now=now)
    coming = select(WayInZip).where(
        WayInZip.round_id == round_id, WayInZip.asked_by_account_id == by, WayInZip.state.in_(_COMING)
    )
    found = session.scalar(coming.limit(1))
    if found is not None:
        return found
    found = WayInZip(
        round_id=round_id,
        asked_by_account_id=by,
        asked_at=now,
        unit_ids=list(unit_ids) if unit_ids is not None else None,
        wanted=len(sheets),
    )
    session.add(found)
    session.flush()
    return found


def get_zip(session: Session, *, zip_id: int, organisation_id: int, account_id: int) -> WayInZip:
    """A zip that this account asked for. Raises ``NotFound``."""
    found = session.scalar(
        select(WayInZip)
        .join(WayInRound, WayInRound.id == WayInZip.round_id)
        .where(
            WayInZip.id == zip_id,
            WayInZip.asked_by_account_id == account_id,
            WayInRound.organisation_id == organisation_id,
        )
    )
    if found is None:
        raise NotFound(f"zip {zip_id} of sheets")
    return found


def zips_of(session: Session, *, organisation_id: int, account_id: int, now: datetime) -> Sequence[WayInZip]:
    """The zips that an account asked for and that come, are there, or could not be made; the newest first."""
    is_there = (WayInZip.state == TaskState.DONE) & (WayInZip.ends_at > now)
    return session.scalars(
        select(WayInZip)
        .join(WayInRound, WayInRound.id == WayInZip.round_id)
        .where(
            WayInRound.organisation_id == organisation_id,
            WayInZip.asked_by_account_id == account_id,
            is_there | WayInZip.state.in_((*_COMING, TaskState.PARKED)),
        )
        .order_by(WayInZip.id.desc())
        .limit(5)
    ).all()


def stop_zip(session: Session, *, zip_id: int) -> None:
    """End a zip that is not ready: whoever makes it throws it away. Raises ``RuleBroken`` when it is ready or over."""
    if not cancel(session, SHEET_ZIPS, zip_id):
        raise RuleBroken("This zip is ready, or has ended already")


def note_zip_progress(session: Session, claimed: Claim[WayInZip], *, done: int, now: datetime) -> None:
    """Say how far it is. Should nothing come of it, what is left is deleted after a while. Raises ``ClaimLost``."""
    extend(session, claimed, now=now, done=done, ends_at=now + LONGEST_SILENCE)


def mark_zip_ready(
    session: Session,
    claimed: Claim[WayInZip],
    *,
    file: StoredFile,
    size_bytes: int,
    batch_ids: Sequence[int],
    now: datetime,
) -> None:
    """Write down that it is there for a day. Raises ``ClaimLost``."""
    finish(
        session,
        claimed,
        done=len(batch_ids),
        batch_ids=list(batch_ids),
        ready_at=now,
        ends_at=now + LIFETIME,
        sha256=file.sha256,
        size_bytes=size_bytes,
    )


def note_zip_taken(session: Session, found: WayInZip, *, by: int, now: datetime) -> None:
    """Put on record for each sheet who takes its codes out. Raises ``NotFound`` unless the zip is there."""
    if found.state is not TaskState.DONE or found.ends_at is None or found.ends_at <= now:
        raise NotFound(f"the file of zip {found.id} of sheets")
    for batch_id in found.batch_ids:
        record(
            session,
            action="sign-in-cards-downloaded",
            subject_type="sign-in-sheet",
            subject_id=batch_id,
            actor_account_id=by,
            now=now,
            detail={"zip": found.id},
        )


def zips_to_delete(session: Session, *, now: datetime) -> Sequence[int]:
    """The zips whose day is over, and those of which a worker may have left something."""
    over = (WayInZip.state.in_((TaskState.DONE, *_WITHOUT_FILE)), WayInZip.ends_at <= now)
    return session.scalars(select(WayInZip.id).where(*over).order_by(WayInZip.id)).all()


def delete_zip(session: Session, store: FileStore, *, zip_id: int, now: datetime) -> None:
    """Delete the file of a zip whose time is over, and write that down. Raises ``StorageError``."""
    found = session.get_one(WayInZip, zip_id, populate_existing=True, with_for_update=True)
    if found.ends_at is None or found.ends_at > now or found.state not in (TaskState.DONE, *_WITHOUT_FILE):
        return
    store.delete(found.storage_key)
    found.ends_at = None
    if found.state is TaskState.DONE:
        found.state = TaskState.EXPIRED
    session.flush()
