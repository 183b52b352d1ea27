"""Zips of many certificates: asked for, cancelled, there for a day, then deleted; a row says how far one is."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.audiences import Audience
from kernel import outbox
from kernel.audit import record
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound, RuleBroken

MAKE_ARCHIVES = "make-certificate-archives"
LIFETIME = timedelta(hours=24)
# A worker that says nothing for so long is dead. It says something after each batch, and not while it uploads.
LEASE = timedelta(minutes=15)


class ArchiveState(StrEnum):
    """Where a zip stands; a gone one was deleted after its day, a cancelled one was never ready."""

    PENDING = "pending"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"
    CANCELLED = "cancelled"


LIVE = (ArchiveState.PENDING, ArchiveState.MAKING)


class CertificateArchive(Base):
    """One zip. ``done`` and ``wanted`` count certificates; ``tries`` tells one worker's work from the next one's.

    ``storage_key`` is the same for every try, so that none leaves a file behind that nobody deletes. From ``ends_at``
    on the file, or what a worker may have left of one, is deleted; empty when there is nothing to delete.
    """

    __tablename__ = "certificate_archive"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    unit_path: Mapped[str | None] = mapped_column(String(620))
    asked_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    wanted: Mapped[int]

    state: Mapped[ArchiveState] = mapped_column(enum_by_value(ArchiveState), default=ArchiveState.PENDING)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    failure_reason: Mapped[str | None] = mapped_column(String(500))
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    storage_key: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("unit_path IS NULL OR organisation_id IS NOT NULL", name="unit_has_authority"),
        CheckConstraint("state <> 'ready' OR (sha256 IS NOT NULL AND ends_at IS NOT NULL)", name="ready_has_file"),
        Index(None, "organisation_id"),
        Index(None, "state"),
    )

    @property
    def audience(self) -> Audience:
        """Whose certificates are in it."""
        return Audience(self.course_id, self.organisation_id, self.unit_path)


def ask_for_archive(
    session: Session, audience: Audience, *, wanted: int, account_id: int, now: datetime
) -> CertificateArchive:
    """Owe a zip; one that this account asked for and that is not ready yet is not asked for again."""
    archive = session.scalar(
        select(CertificateArchive).where(
            CertificateArchive.asked_by_account_id == account_id,
            CertificateArchive.state.in_(LIVE),
            CertificateArchive.course_id == audience.course_id,
            CertificateArchive.organisation_id == audience.organisation_id,
            CertificateArchive.unit_path == audience.unit_path,
        )
    )
    if archive is not None:
        return archive
    archive = CertificateArchive(
        course_id=audience.course_id,
        organisation_id=audience.organisation_id,
        unit_path=audience.unit_path,
        asked_by_account_id=account_id,
        asked_at=now,
        wanted=wanted,
        storage_key=f"certificate-archives/{secrets.token_hex(16)}.zip",
    )
    session.add(archive)
    session.flush()
    outbox.promise(session, job=MAKE_ARCHIVES, subject=str(archive.id), now=now)
    _note(session, archive, "asked-for", account_id, now)
    return archive


def cancel_archive(session: Session, *, archive_id: int, account_id: int, now: datetime) -> None:
    """End a zip that is not ready yet: no worker takes it up, and the one that has it in hand throws it away.

    Raises ``NotFound``, and ``RuleBroken`` when it is ready or has ended.
    """
    archive = session.scalar(
        select(CertificateArchive)
        .where(CertificateArchive.id == archive_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if archive is None:
        raise NotFound(f"certificate archive {archive_id}")
    if archive.state is ArchiveState.READY:
        raise RuleBroken("This zip is ready already. It is deleted by itself after its 24 hours")
    if archive.state not in LIVE:
        raise RuleBroken("This zip has ended already")
    archive.state, archive.cancelled_at = ArchiveState.CANCELLED, now
    # A worker that was just storing it may die before it sees this: by then it has, or it is dead.
    archive.ends_at = now + LEASE if archive.tries else None
    outbox.keep(session, job=MAKE_ARCHIVES, subjects=[str(archive.id)], now=now)
    _note(session, archive, "cancelled", account_id, now)
    session.flush()


def get_archive(session: Session, *, archive_id: int, organisation_id: int | None) -> CertificateArchive:
    """A zip of this authority's, or any with ``None``. Raises ``NotFound``."""
    found = session.get(CertificateArchive, archive_id)
    if found is None or organisation_id not in (None, found.organisation_id):
        raise NotFound(f"certificate archive {archive_id}")
    return found


def archives_of(session: Session, *, organisation_id: int | None, limit: int) -> Sequence[CertificateArchive]:
    """The newest zips of one authority; of every authority together with ``None``."""
    query = select(CertificateArchive).order_by(CertificateArchive.id.desc()).limit(limit)
    if organisation_id is not None:
        query = query.where(CertificateArchive.organisation_id == organisation_id)
    return session.scalars(query).all()


def note_download(session: Session, archive: CertificateArchive, *, account_id: int, now: datetime) -> None:
    """Put on record who takes personal data out. Raises ``NotFound`` unless the zip is there."""
    if archive.state is not ArchiveState.READY or archive.ends_at is None or archive.ends_at <= now:
        raise NotFound(f"the file of certificate archive {archive.id}")
    _note(session, archive, "downloaded", account_id, now)


def _note(session: Session, archive: CertificateArchive, verb: str, account_id: int, now: datetime) -> None:
    record(
        session,
        action=f"certificate-archive-{verb}",
        subject_type="certificate-archive",
        subject_id=archive.id,
        actor_account_id=account_id,
        now=now,
        detail={
            "course": archive.course_id,
            "organisation": archive.organisation_id,
            "unit": archive.unit_path,
            "certificates": archive.done if archive.ready_at else archive.wanted,
        },
    )
