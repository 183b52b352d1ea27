"""Re-issuing: a new certificate with a new number that supersedes an old one. The old one stays as it was."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from certificates.badges.making import end_with_certificate
from certificates.looks.branding_versions import find_current
from certificates.record.history import CertificateEvent, EventKind, Reason, checked_reason
from certificates.record.issuing import Certificate, IssueOutcome, get_certificate, lock_certificate
from certificates.record.numbers import new_number, prefix_of
from courses.records.completion import Completion
from kernel.audit import record
from kernel.errors import RuleBroken
from kernel.tasks.kinds import TaskState
from people.persons import ERASED_NAME, Person

MOST_OWN_CORRECTIONS = 2
# Everything that a certificate says beside its number and its name.
_COPIED = (
    "completion_id", "person_id", "organisation_name", "course_title", "course_version", "course_modules",
    "course_minutes", "language", "completed_on", "valid_until",
)  # fmt: skip


def reissue(
    session: Session, *, certificate_number: str, reason: Reason, words: str, account_id: int | None, now: datetime
) -> IssueOutcome:
    """Issue a certificate anew; the person's chosen name is read only when the reason is that it was corrected.

    Raises ``NotFound``, and ``RuleBroken`` when it was replaced already, is revoked, or has that very name.
    """
    said = checked_reason(EventKind.SUPERSEDED, reason, words)
    old = lock_certificate(session, certificate_number=certificate_number)
    _refuse_unless_current(session, old)
    new = _copy_of(session, old, reason, now)
    try:
        with session.begin_nested():
            session.add(new)
    except IntegrityError as problem:
        raise RuleBroken("This certificate has just been replaced. Open the newer one") from problem
    session.add(
        CertificateEvent(
            certificate_id=old.id,
            kind=EventKind.SUPERSEDED,
            reason=reason,
            words=said,
            actor_account_id=account_id,
            happened_at=now,
        )
    )
    record(
        session,
        action="certificate-reissued",
        subject_type="certificate",
        subject_id=old.number,
        actor_account_id=account_id,
        now=now,
        detail={"reason": reason.value, "new_number": new.number},
    )
    session.flush()
    end_with_certificate(session, certificate_id=old.id, kind=EventKind.SUPERSEDED, now=now)
    return IssueOutcome(new.id, new.person_id, new.number, is_new=True)


def correct_own_name(
    session: Session, *, certificate_number: str, person_id: int, account_id: int, now: datetime
) -> IssueOutcome:
    """Let a holder have their certificate with the name that their record holds now, twice at most.

    Raises ``NotFound`` for somebody else's, and ``RuleBroken`` as ``reissue`` does or when two were made.
    """
    certificate = get_certificate(session, certificate_number=certificate_number, person_id=person_id)
    if own_corrections(session, completion_id=certificate.completion_id, account_id=account_id) >= MOST_OWN_CORRECTIONS:
        raise RuleBroken("You have corrected the name on this certificate twice already. Ask support to do it again")
    return reissue(
        session,
        certificate_number=certificate.number,
        reason=Reason.NAME_CORRECTED,
        words="",
        account_id=account_id,
        now=now,
    )


def own_corrections(session: Session, *, completion_id: int, account_id: int) -> int:
    """How often this account has had the name on the certificates of a completion corrected."""
    query = (
        select(func.count())
        .select_from(CertificateEvent)
        .join(Certificate, Certificate.id == CertificateEvent.certificate_id)
        .where(
            Certificate.completion_id == completion_id,
            CertificateEvent.reason == Reason.NAME_CORRECTED,
            CertificateEvent.actor_account_id == account_id,
        )
    )
    return session.scalar(query) or 0


def _refuse_unless_current(session: Session, old: Certificate) -> None:
    if old.holder_name == ERASED_NAME:
        raise RuleBroken("Whoever held this certificate was erased, so it cannot be issued anew")
    if old.is_revoked:
        raise RuleBroken("This certificate is revoked. Restore it first")
    newer = session.scalar(
        select(Certificate.number).where(
            Certificate.completion_id == old.completion_id, Certificate.edition > old.edition
        )
    )
    if newer is not None:
        raise RuleBroken(f"This certificate was replaced already. Open {newer}")


def _copy_of(session: Session, old: Certificate, reason: Reason, now: datetime) -> Certificate:
    name = old.holder_name
    if reason is Reason.NAME_CORRECTED:
        name = session.get_one(Person, old.person_id).chosen_name
        if name == old.holder_name:
            raise RuleBroken("The certificate has the name that the record holds already. Change the record first")
    look = find_current(session, organisation_id=session.get_one(Completion, old.completion_id).organisation_id)
    return copy_of(old, holder_name=name, branding_id=look.id if look else None, now=now)


def copy_of(old: Certificate, *, holder_name: str, branding_id: int | None, now: datetime) -> Certificate:
    """The certificate that takes the place of ``old``, not stored yet."""
    return Certificate(
        number=new_number(prefix_of(old.number)),
        edition=old.edition + 1,
        supersedes_number=old.number,
        holder_name=holder_name,
        branding_id=branding_id,
        issued_at=now,
        state=TaskState.PENDING,
        **{column: getattr(old, column) for column in _COPIED},
    )
