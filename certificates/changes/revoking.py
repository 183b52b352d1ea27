"""Revoking a certificate and restoring it. Both are rows beside it; the certificate itself never changes.

Some reasons say that the course was not complete: the completion then counts no longer, until it is restored.
"""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from certificates.badges.making import end_with_certificate
from certificates.record.history import (
    REASONS,
    WITHDRAWS_COMPLETION,
    CertificateEvent,
    EventKind,
    Reason,
    checked_reason,
)
from certificates.record.issuing import Certificate, lock_certificate
from courses.taking.withdrawing import reinstate_completion, withdraw_completion
from kernel.audit import record
from kernel.errors import RuleBroken


def revoke(
    session: Session, *, certificate_number: str, reason: Reason, words: str, account_id: int, now: datetime
) -> None:
    """Say from now on that a certificate is not valid; for some reasons, also that its course was not completed.

    ``words`` are for its holder.

    Raises ``NotFound``, and ``RuleBroken`` when it is revoked already or another one has replaced it.
    """
    said = checked_reason(EventKind.REVOKED, reason, words)
    certificate = lock_certificate(session, certificate_number=certificate_number)
    if certificate.is_revoked:
        raise RuleBroken("This certificate is revoked already")
    newer = aliased(Certificate)
    is_replaced = exists().where(newer.completion_id == certificate.completion_id, newer.edition > certificate.edition)
    if session.scalar(select(is_replaced)):
        raise RuleBroken("Another certificate has replaced this one. Revoke that one")
    _add(session, certificate, EventKind.REVOKED, reason, said, account_id, now)
    if reason in WITHDRAWS_COMPLETION:
        withdraw_completion(
            session,
            completion_id=certificate.completion_id,
            reason=REASONS[EventKind.REVOKED][reason],
            account_id=account_id,
            now=now,
        )


def restore(
    session: Session, *, certificate_number: str, reason: Reason, words: str, account_id: int, now: datetime
) -> None:
    """Let a revoked certificate count again, and its completion. Raises ``NotFound``, ``RuleBroken`` if it does."""
    said = checked_reason(EventKind.RESTORED, reason, words)
    certificate = lock_certificate(session, certificate_number=certificate_number)
    if not certificate.is_revoked:
        raise RuleBroken("This certificate is not revoked")
    _add(session, certificate, EventKind.RESTORED, reason, said, account_id, now)
    reinstate_completion(
        session,
        completion_id=certificate.completion_id,
        reason=REASONS[EventKind.RESTORED][reason],
        account_id=account_id,
        now=now,
    )


def _add(
    session: Session,
    certificate: Certificate,
    kind: EventKind,
    reason: Reason,
    words: str,
    account_id: int,
    now: datetime,
) -> None:
    session.add(
        CertificateEvent(
            certificate_id=certificate.id,
            kind=kind,
            reason=reason,
            words=words,
            actor_account_id=account_id,
            happened_at=now,
        )
    )
    record(
        session,
        action=f"certificate-{kind}",
        subject_type="certificate",
        subject_id=certificate.number,
        actor_account_id=account_id,
        now=now,
        detail={"reason": reason.value},
    )
    session.flush()
    end_with_certificate(session, certificate_id=certificate.id, kind=kind, now=now)
    session.expire(certificate, ["is_revoked"])
