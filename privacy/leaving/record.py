"""Exports of everything as they are stored: one each night for an authority with keys, and what was asked for."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from kernel.audit import record
from kernel.clock import LOCAL, local_day
from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound, RuleBroken
from kernel.files import FileStore, StoredFile
from kernel.insert_once import insert_once
from kernel.tasks.claims import Claim, finish
from kernel.tasks.kinds import Task, TaskKind, TaskState, task_state
from people.organisations import Organisation
from privacy.leaving.recipients import ExportRecipient, recipients_of

MAKE_EXPORTS = "make-exports"
# After the nightly count, so that both are of the same day.
FROM = time(4)
KEPT = timedelta(days=14)
# So long after a worker last said how far it was, nothing comes of it any more.
LONGEST_SILENCE = timedelta(minutes=15)
COMING = (TaskState.PENDING, TaskState.WORKING, TaskState.FAILED)
_WITHOUT_FILE = (TaskState.CANCELLED, TaskState.PARKED)


class AuthorityExport(Task, Base):
    """One archive. ``night`` is the day for which it was made by itself; empty where somebody asked for it.

    ``keys`` are the public keys that open it. The key in the store is the same for every try. From ``ends_at`` on the
    file is deleted, but never the newest one that an authority has.
    """

    __tablename__ = "authority_export"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    night: Mapped[date | None]
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    state: Mapped[TaskState] = task_state()
    keys: Mapped[list[str]] = mapped_column(JSON, default=list)
    rows: Mapped[int | None]
    files: Mapped[int | None]
    missing: Mapped[int | None]
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    storage_key: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("organisation_id", "night"),
        CheckConstraint("state <> 'done' OR (sha256 IS NOT NULL AND ends_at IS NOT NULL)", name="done_has_file"),
        Index(None, "state"),
    )

    @property
    def is_coming(self) -> bool:
        """Whether it is to be made, also after a try that failed."""
        return self.state in COMING

    @property
    def is_there(self) -> bool:
        """Whether its file can be taken out."""
        return self.state is TaskState.DONE


EXPORTS = TaskKind(
    MAKE_EXPORTS, AuthorityExport, since=AuthorityExport.asked_at, lease=timedelta(minutes=2), most_claims=3
)


def want_exports(session: Session, *, now: datetime) -> bool:
    """Want tonight’s export of each authority that has a key, unless it was wanted; whether that is new."""
    if now.astimezone(LOCAL).time() < FROM:
        return False
    tonight = local_day(now)
    has_key = select(ExportRecipient.id).where(
        ExportRecipient.organisation_id == Organisation.id, ExportRecipient.removed_at.is_(None)
    )
    has_one = select(AuthorityExport.id).where(
        AuthorityExport.organisation_id == Organisation.id, AuthorityExport.night == tonight
    )
    wanted = session.scalars(
        select(Organisation.id).where(has_key.exists(), ~has_one.exists()).order_by(Organisation.id)
    ).all()
    rows = [
        {"organisation_id": one, "night": tonight, "asked_at": now, "state": TaskState.PENDING, "keys": []}
        | {"storage_key": _new_place(), "claims": 0, "failures": 0}
        for one in wanted
    ]
    insert_once(session, AuthorityExport, rows, unique=("organisation_id", "night"))
    return bool(wanted)


def ask_for_export(session: Session, *, organisation_id: int, account_id: int, now: datetime) -> AuthorityExport:
    """Have one made now; one that is coming is not asked for again. Raises ``RuleBroken`` without a key."""
    if not recipients_of(session, organisation_id=organisation_id):
        raise RuleBroken("Add a key first: without one, nobody could open the export")
    coming = session.scalars(
        select(AuthorityExport).where(
            AuthorityExport.organisation_id == organisation_id, AuthorityExport.state.in_(COMING)
        )
    ).first()
    if coming is not None:
        return coming
    found = AuthorityExport(
        organisation_id=organisation_id,
        asked_at=now,
        asked_by_account_id=account_id,
        keys=[],
        storage_key=_new_place(),
    )
    session.add(found)
    session.flush()
    _note(session, "export-asked-for", found, account_id, now)
    return found


def mark_export_ready(
    session: Session,
    claimed: Claim[AuthorityExport],
    *,
    file: StoredFile,
    keys: Sequence[str],
    counted: tuple[int, int, int],
    now: datetime,
) -> None:
    """Write down the stored archive: ``counted`` are its rows, its files, and certificates whose file is missing.

    Raises ``ClaimLost``.
    """
    rows, files, missing = counted
    finish(
        session,
        claimed,
        keys=list(keys),
        rows=rows,
        files=files,
        missing=missing,
        ready_at=now,
        ends_at=now + KEPT,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
    )


def get_export(session: Session, *, export_id: int, organisation_id: int) -> AuthorityExport:
    """An export of this authority. Raises ``NotFound``."""
    found = session.get(AuthorityExport, export_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound(f"export {export_id}")
    return found


def exports_of(session: Session, *, organisation_id: int, limit: int) -> Sequence[AuthorityExport]:
    """The newest exports of an authority, the newest first."""
    query = select(AuthorityExport).where(AuthorityExport.organisation_id == organisation_id)
    return session.scalars(query.order_by(AuthorityExport.id.desc()).limit(limit)).all()


def note_download(session: Session, export: AuthorityExport, *, account_id: int, now: datetime) -> None:
    """Put on record who takes the archive out. Raises ``NotFound`` while there is none."""
    if not export.is_there:
        raise NotFound(f"file of export {export.id}")
    _note(session, "export-downloaded", export, account_id, now)


def exports_to_delete(session: Session, *, now: datetime) -> Sequence[int]:
    """Those whose time is over. The newest of an authority stays: it may be all that is left one day."""
    newer = aliased(AuthorityExport)
    has_newer = select(newer.id).where(
        newer.organisation_id == AuthorityExport.organisation_id,
        newer.state == TaskState.DONE,
        newer.id > AuthorityExport.id,
    )
    is_old = (AuthorityExport.state == TaskState.DONE) & has_newer.exists()
    return session.scalars(
        select(AuthorityExport.id)
        .where(AuthorityExport.ends_at <= now, is_old | AuthorityExport.state.in_(_WITHOUT_FILE))
        .order_by(AuthorityExport.id)
    ).all()


def delete_export(session: Session, store: FileStore, *, export_id: int) -> None:
    """Delete the file of an export that ``exports_to_delete`` named. Raises ``StorageError``."""
    export = session.get_one(AuthorityExport, export_id, populate_existing=True, with_for_update=True)
    if export.is_coming:
        return
    store.delete(export.storage_key)
    export.ends_at = None
    if export.state is TaskState.DONE:
        export.state = TaskState.EXPIRED
    session.flush()


def _new_place() -> str:
    return f"exports/{secrets.token_hex(16)}.zip.age"


def _note(session: Session, action: str, export: AuthorityExport, account_id: int | None, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="organisation",
        subject_id=export.organisation_id,
        actor_account_id=account_id,
        now=now,
        detail={"export": export.id},
    )
