"""Zips of many certificates: asked for, made in the queue, there for a day, then deleted; a row says how far."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.runs import Audience
from kernel import outbox
from kernel.audit import record
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound
from kernel.files import StoredFile

MAKE_ARCHIVES = "make-certificate-archives"
LIFETIME = timedelta(hours=24)
# A worker that says nothing for so long is dead. It says something after each batch, and not while it uploads.
LEASE = timedelta(minutes=15)
MOST_TRIES = 3


class ArchiveState(StrEnum):
    """Where a zip stands; a gone one was deleted after its day."""

    PENDING = "pending"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"


class CertificateArchive(Base):
    """One zip. ``done`` and ``wanted`` count certificates; ``tries`` tells one worker's work from the next one's.

    ``storage_key`` is the same for every try, so that none leaves a file behind that nobody deletes.
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


@dataclass(frozen=True)
class Claim:
    """A zip that this worker is to make; another one takes it over when this one is not heard of."""

    archive_id: int
    attempt: int
    audience: Audience
    storage_key: str
    asked_at: datetime


class ClaimLost(Exception):
    """Another worker has taken over what this one was making."""


def ask_for_archive(
    session: Session, audience: Audience, *, wanted: int, account_id: int, now: datetime
) -> CertificateArchive:
    """Owe a zip; one that this account asked for and that is not ready yet is not asked for again."""
    archive = session.scalar(
        select(CertificateArchive).where(
            CertificateArchive.asked_by_account_id == account_id,
            CertificateArchive.state.in_((ArchiveState.PENDING, ArchiveState.MAKING)),
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


def claim_archive(session: Session, *, now: datetime, besides: Collection[int] = ()) -> Claim | None:
    """Take the oldest zip that is to be made, or whose worker is dead; ``None`` when there is none."""
    archive = session.scalar(
        select(CertificateArchive)
        .where(
            CertificateArchive.tries < MOST_TRIES,
            CertificateArchive.id.not_in(besides),
            or_(
                CertificateArchive.state == ArchiveState.PENDING,
                (CertificateArchive.state == ArchiveState.MAKING) & (CertificateArchive.claimed_at < now - LEASE),
            ),
        )
        .order_by(CertificateArchive.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if archive is None:
        return None
    archive.state, archive.claimed_at, archive.done = ArchiveState.MAKING, now, 0
    archive.tries += 1
    session.flush()
    return Claim(archive.id, archive.tries, archive.audience, archive.storage_key, archive.asked_at)


def note_progress(session: Session, claim: Claim, *, done: int, now: datetime) -> None:
    """Say how far it is. Raises ``ClaimLost``."""
    _change(session, claim, done=done, claimed_at=now)


def mark_archive_ready(
    session: Session, claim: Claim, *, file: StoredFile, included: int, missing: int, now: datetime
) -> None:
    """Write down the stored zip and that it is there for a day. Raises ``ClaimLost``."""
    _change(
        session,
        claim,
        state=ArchiveState.READY,
        done=included,
        missing=missing,
        ready_at=now,
        ends_at=now + LIFETIME,
        failure_reason=None,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
    )
    outbox.keep(session, job=MAKE_ARCHIVES, subjects=[str(claim.archive_id)], now=now)


def mark_archive_failed(session: Session, claim: Claim, *, reason: str, is_final: bool, now: datetime) -> None:
    """Write down why; housekeeping rings for it again, until the last try. Raises ``ClaimLost``."""
    is_final = is_final or claim.attempt >= MOST_TRIES
    state = ArchiveState.FAILED if is_final else ArchiveState.PENDING
    _change(session, claim, state=state, failure_reason=reason[:500])
    if is_final:
        outbox.keep(session, job=MAKE_ARCHIVES, subjects=[str(claim.archive_id)], now=now)


def give_up_deadly(session: Session, *, now: datetime) -> int:
    """Fail the zips whose workers died every time; returns how many."""
    deadly = session.scalars(
        update(CertificateArchive)
        .where(
            CertificateArchive.state == ArchiveState.MAKING,
            CertificateArchive.claimed_at < now - LEASE,
            CertificateArchive.tries >= MOST_TRIES,
        )
        .values(state=ArchiveState.FAILED, failure_reason=f"The worker died each of the {MOST_TRIES} times")
        .returning(CertificateArchive.id)
    ).all()
    outbox.keep(session, job=MAKE_ARCHIVES, subjects=[str(one) for one in deadly], now=now)
    return len(deadly)


def archives_to_delete(session: Session, *, now: datetime) -> Sequence[tuple[int, str]]:
    """Ids and keys of the zips whose day is over."""
    query = select(CertificateArchive.id, CertificateArchive.storage_key).where(
        CertificateArchive.state == ArchiveState.READY, CertificateArchive.ends_at <= now
    )
    return [(archive_id, key) for archive_id, key in session.execute(query.order_by(CertificateArchive.id))]


def mark_gone(session: Session, *, archive_id: int) -> None:
    """Write down that the file is deleted."""
    session.get_one(CertificateArchive, archive_id).state = ArchiveState.GONE
    session.flush()


def _change(session: Session, claim: Claim, **values: object) -> None:
    changed = session.scalars(
        update(CertificateArchive)
        .where(
            CertificateArchive.id == claim.archive_id,
            CertificateArchive.tries == claim.attempt,
            CertificateArchive.state == ArchiveState.MAKING,
        )
        .values(**values)
        .returning(CertificateArchive.id)
    ).all()
    if not changed:
        raise ClaimLost(f"certificate archive {claim.archive_id}")


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
