"""What a worker writes down of a zip while it makes it, and how the file goes when its time is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.zips.requests import LIFETIME, LONGEST_SILENCE, CertificateArchive
from kernel.files import FileStore, StoredFile
from kernel.tasks.claims import Claim, extend, finish
from kernel.tasks.kinds import TaskState

# A file that a worker may have left of one of these is never handed out.
_WITHOUT_FILE = (TaskState.CANCELLED, TaskState.PARKED)


def note_progress(session: Session, claimed: Claim[CertificateArchive], *, done: int, now: datetime) -> None:
    """Say that it is being made, and how far it is. Raises ``ClaimLost``.

    Should nothing come of it, what this worker may have stored by then is deleted when it has been silent for long.
    """
    extend(session, claimed, now=now, done=done, ends_at=now + LONGEST_SILENCE)


def mark_archive_ready(
    session: Session,
    claimed: Claim[CertificateArchive],
    *,
    file: StoredFile,
    included: int,
    missing: int,
    now: datetime,
) -> None:
    """Write down the stored zip and that it is there for a day. Raises ``ClaimLost``."""
    finish(
        session,
        claimed,
        done=included,
        missing=missing,
        ready_at=now,
        ends_at=now + LIFETIME,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
    )


def archives_to_delete(session: Session, *, now: datetime) -> Sequence[int]:
    """The zips whose day is over, and those of which a worker may have left something."""
    return session.scalars(
        select(CertificateArchive.id)
        .where(CertificateArchive.state.in_((TaskState.DONE, *_WITHOUT_FILE)), CertificateArchive.ends_at <= now)
        .order_by(CertificateArchive.id)
    ).all()


def delete_archive(session: Session, store: FileStore, *, archive_id: int, now: datetime) -> None:
    """Delete the file of a zip whose time is over, and write that down. Raises ``StorageError``.

    The row is held meanwhile: should somebody have it tried again just now, the new file is not deleted.
    """
    archive = session.get_one(CertificateArchive, archive_id, populate_existing=True, with_for_update=True)
    if archive.ends_at is None or archive.ends_at > now or archive.state not in (TaskState.DONE, *_WITHOUT_FILE):
        return
    store.delete(archive.storage_key)
    archive.ends_at = None
    if archive.state is TaskState.DONE:
        archive.state = TaskState.EXPIRED
    session.flush()


def make_overwritten_again(session: Session, *, archive_id: int, sha256: str) -> bool:
    """Have a zip made once more over whose file a worker that had lost it stored its own; whether it was so.

    Each would do, but the row names the bytes of the other one.
    """
    archive = session.get_one(CertificateArchive, archive_id, populate_existing=True, with_for_update=True)
    if archive.state is not TaskState.DONE or archive.sha256 == sha256:
        return False
    archive.state, archive.claimed_by, archive.claims = TaskState.PENDING, None, 0
    archive.ready_at = archive.sha256 = archive.size_bytes = None
    session.flush()
    return True


def is_unwanted(session: Session, *, archive_id: int) -> bool:
    """Whether this zip was cancelled or given up, so that a file of it must not stay."""
    state = session.scalar(select(CertificateArchive.state).where(CertificateArchive.id == archive_id))
    return state in _WITHOUT_FILE
