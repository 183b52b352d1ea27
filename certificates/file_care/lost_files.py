"""Files that are not as they were stored: missing, changed or unreadable. Each is a row until it is put right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.making.derived_files import DerivedFile
from certificates.record.issuing import Certificate
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import FileChanged, FileMissing, StorageError
from kernel.files import FileStore, read_unchanged
from kernel.tasks.background import background_kind, want
from kernel.tasks.kinds import TaskState

RECREATE_FILES = "recreate-certificate-files"
# One task goes through all of them, one file after the other: tens of thousands may be lost at once.
RECREATIONS = background_kind(RECREATE_FILES, lease=timedelta(minutes=5))
EVERY_LOST_FILE = "every-lost-file"
LONGEST_REFUSAL = 1000


class Loss(StrEnum):
    """How a file is lost: the store has none, has other bytes, or cannot read what it has."""

    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"


class CertificateLostFile(Base):
    """A file of a certificate, or of its large print, that is not as it was stored.

    ``asked_at`` is when somebody asked for it to be made again; ``refusal`` is why that was not done.
    """

    __tablename__ = "certificate_lost_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    storage_key: Mapped[str] = mapped_column(String(120), unique=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    derived_file_id: Mapped[int | None] = mapped_column(ForeignKey("certificate_derived_file.id"))
    loss: Mapped[Loss] = mapped_column(enum_by_value(Loss))
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    refusal: Mapped[str | None] = mapped_column(String(LONGEST_REFUSAL))

    __table_args__ = (Index(None, "certificate_id"),)


@dataclass(frozen=True)
class NamedFile:
    """A file that a row names. ``derived_file_id`` is that of the large print, ``None`` for the certificate itself."""

    row_id: int
    certificate_id: int
    derived_file_id: int | None
    key: str
    sha256: str


def certificate_files(session: Session, *, after_id: int, limit: int) -> Sequence[NamedFile]:
    """Files of ready certificates with an id above ``after_id``, in order of the id."""
    rows = session.execute(
        select(Certificate.id, Certificate.storage_key, Certificate.sha256)
        .where(Certificate.state == TaskState.DONE, Certificate.id > after_id)
        .order_by(Certificate.id)
        .limit(limit)
    )
    return [NamedFile(row_id, row_id, None, str(key), str(sha256)) for row_id, key, sha256 in rows]


def large_print_files(session: Session, *, after_id: int, limit: int) -> Sequence[NamedFile]:
    """Files of large prints with an id above ``after_id``, in order of the id."""
    rows = session.execute(
        select(DerivedFile.id, DerivedFile.certificate_id, DerivedFile.storage_key, DerivedFile.sha256)
        .where(
            DerivedFile.id > after_id,
            DerivedFile.certificate_id.is_not(None),
            DerivedFile.state == TaskState.DONE,
        )
        .order_by(DerivedFile.id)
        .limit(limit)
    )
    return [NamedFile(row_id, int(owner or 0), row_id, str(key), str(sha256)) for row_id, owner, key, sha256 in rows]


def files_of(session: Session, *, certificate_id: int) -> Sequence[NamedFile]:
    """The files of one certificate: its own, then its large print, as far as they were made."""
    own = certificate_files(session, after_id=certificate_id - 1, limit=1)
    large_prints = session.execute(
        select(DerivedFile.id, DerivedFile.storage_key, DerivedFile.sha256)
        .where(DerivedFile.certificate_id == certificate_id, DerivedFile.state == TaskState.DONE)
        .order_by(DerivedFile.id)
    )
    return [
        *(one for one in own if one.certificate_id == certificate_id),
        *(NamedFile(row_id, certificate_id, row_id, str(key), str(sha256)) for row_id, key, sha256 in large_prints),
    ]


def find_loss(store: FileStore, file: NamedFile) -> Loss | None:
    """What is wrong with a file in the store; ``None`` when its bytes are those that were stored."""
    try:
        read_unchanged(store, key=file.key, sha256=file.sha256)
    except FileMissing:
        return Loss.MISSING
    except FileChanged:
        return Loss.CHANGED
    except StorageError:
        return Loss.UNREADABLE
    return None


def note_losses(session: Session, *, found: Mapping[NamedFile, Loss | None], now: datetime) -> None:
    """Write down how files were found; those that are as they were stored are lost no more."""
    known = {
        row.storage_key: row
        for row in session.scalars(
            select(CertificateLostFile).where(CertificateLostFile.storage_key.in_([file.key for file in found]))
        )
    }
    for file, loss in found.items():
        row = known.get(file.key)
        if loss is None:
            if row is not None:
                session.delete(row)
        elif row is not None:
            row.loss = loss
        else:
            session.add(
                CertificateLostFile(
                    storage_key=file.key,
                    certificate_id=file.certificate_id,
                    derived_file_id=file.derived_file_id,
                    loss=loss,
                    found_at=now,
                )
            )
    session.flush()


def ask_to_recreate(session: Session, *, certificate_id: int | None, account_id: int | None, now: datetime) -> int:
    """Owe lost files their making anew, those of one certificate or all of them; returns how many."""
    query = update(CertificateLostFile).values(asked_at=now, asked_by_account_id=account_id, refusal=None)
    if certificate_id is not None:
        query = query.where(CertificateLostFile.certificate_id == certificate_id)
    count = len(session.scalars(query.returning(CertificateLostFile.id)).all())
    if count:
        want_recreation(session, now=now)
    return count


def want_recreation(session: Session, *, now: datetime) -> None:
    """Have a worker go through what was asked for, also where one was stopped by it before."""
    want(session, RECREATIONS, subject=EVERY_LOST_FILE, now=now)


def files_to_recreate(session: Session, *, limit: int) -> Sequence[CertificateLostFile]:
    """What somebody asked for and nobody refused yet, in order of the id."""
    return session.scalars(
        select(CertificateLostFile)
        .where(CertificateLostFile.asked_at.is_not(None), CertificateLostFile.refusal.is_(None))
        .order_by(CertificateLostFile.id)
        .limit(limit)
    ).all()


def count_losses(session: Session) -> Mapping[Loss, int]:
    """How many files are lost now, by how."""
    rows = session.execute(select(CertificateLostFile.loss, func.count()).group_by(CertificateLostFile.loss))
    counts: dict[Loss, int] = dict(rows.all())
    return {loss: counts.get(loss, 0) for loss in Loss}


def lost_files(session: Session, *, limit: int) -> Sequence[tuple[CertificateLostFile, str]]:
    """The first lost files with the numbers of their certificates, oldest finding first."""
    rows = session.execute(
        select(CertificateLostFile, Certificate.number)
        .join(Certificate, Certificate.id == CertificateLostFile.certificate_id)
        .order_by(CertificateLostFile.found_at, CertificateLostFile.id)
        .limit(limit)
    )
    return [(lost, number) for lost, number in rows]


def losses_of(session: Session, *, certificate_id: int) -> Sequence[CertificateLostFile]:
    """The lost files of one certificate, its own first."""
    return session.scalars(
        select(CertificateLostFile)
        .where(CertificateLostFile.certificate_id == certificate_id)
        .order_by(CertificateLostFile.derived_file_id.is_not(None), CertificateLostFile.id)
    ).all()


def forget_loss(session: Session, *, lost_id: int) -> None:
    """The file is there again."""
    session.execute(delete(CertificateLostFile).where(CertificateLostFile.id == lost_id))
