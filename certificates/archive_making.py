"""Making a zip that somebody asked for: claimed by one worker, given up, and its file deleted when its time is over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from certificates.archives import LEASE, LIFETIME, MAKE_ARCHIVES, ArchiveState, CertificateArchive
from certificates.audiences import Audience
from kernel import outbox
from kernel.files import StoredFile

MOST_TRIES = 3


@dataclass(frozen=True)
class Claim:
    """A zip that this worker is to make; another one takes it over when this one is not heard of."""

    archive_id: int
    attempt: int
    audience: Audience
    storage_key: str
    asked_at: datetime


class ClaimLost(Exception):
    """Another worker has taken over what this one was making, or nobody wants it any more."""


# No file of these is ever handed out.
_WITHOUT_FILE = (ArchiveState.CANCELLED, ArchiveState.FAILED)


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
    _change(session, claim, state=state, failure_reason=reason[:500], ends_at=now if is_final else None)
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
        .values(
            state=ArchiveState.FAILED, failure_reason=f"The worker died each of the {MOST_TRIES} times", ends_at=now
        )
        .returning(CertificateArchive.id)
    ).all()
    outbox.keep(session, job=MAKE_ARCHIVES, subjects=[str(one) for one in deadly], now=now)
    return len(deadly)


def archives_to_delete(session: Session, *, now: datetime) -> Sequence[tuple[int, str]]:
    """Ids and keys of the zips whose day is over, and of those of which a worker may have left something."""
    query = select(CertificateArchive.id, CertificateArchive.storage_key).where(
        CertificateArchive.state.in_((ArchiveState.READY, *_WITHOUT_FILE)), CertificateArchive.ends_at <= now
    )
    return [(archive_id, key) for archive_id, key in session.execute(query.order_by(CertificateArchive.id))]


def mark_deleted(session: Session, *, archive_id: int) -> None:
    """Write down that there is no file."""
    archive = session.get_one(CertificateArchive, archive_id)
    archive.ends_at = None
    if archive.state is ArchiveState.READY:
        archive.state = ArchiveState.GONE
    session.flush()


def is_unwanted(session: Session, claim: Claim) -> bool:
    """Whether this zip was cancelled or given up, so that a file of it must not stay."""
    state = session.scalar(select(CertificateArchive.state).where(CertificateArchive.id == claim.archive_id))
    return state in _WITHOUT_FILE


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
