"""Making the files: claim a batch of waiting certificates, make and store each, write down how it went."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, literal, or_, select, true, update
from sqlalchemy.orm import Session

from certificates.branding import DEFAULT_BRANDING, Branding
from certificates.branding_versions import brandings_by_id
from certificates.documents import certificate_document
from certificates.facts import CertificateFacts
from certificates.issuing import Certificate, CertificateState
from certificates.signing.keys_used import remember_key
from certificates.signing.signer import Draw, MadeFile, Signature, Signer, make_file
from kernel import outbox
from kernel.database import JsonObject
from kernel.errors import NotFound
from kernel.files import FileStore, StoredFile

RENDER_CERTIFICATES = "render-certificates"

# A batch takes well under a second; after a minute its worker is dead, not slow.
LEASE = timedelta(minutes=1)
# So often is a certificate taken up with others, and so often at all, by workers that are never heard of again.
ALONE_AFTER = 2
MOST_CLAIMS = 5
MOST_FAILURES = 3
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


# The state stands in the statement itself, not beside it: only so does PostgreSQL see that the index of the unmade will
# do. Without it, each claim of a run reads all that are made before it comes to the first that is not.
_IS_UNMADE = Certificate.state != literal(
    CertificateState.READY, Certificate.__table__.c.state.type, literal_execute=True
)
_TABLE = cast(Table, Certificate.__table__)
_FILE_COLUMNS = (
    "ready_at", "storage_key", "sha256", "size_bytes", "made_with", "signing_key_id", "has_time_stamp",
)  # fmt: skip
_BECOMES_READY = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("made_id"), _TABLE.c.state != CertificateState.READY)
    .values(state=CertificateState.READY, failure_reason=None, retry_at=None)
    .values({name: bindparam(name, type_=_TABLE.c[name].type) for name in _FILE_COLUMNS})
)


@dataclass(frozen=True)
class Made:
    """A certificate whose file is stored."""

    certificate_id: int
    file: StoredFile
    signature: Signature | None = None


@dataclass(frozen=True)
class Failure:
    """A certificate whose file could not be made, and why, for an operator to read.

    ``is_passing``: the certificate itself is not at fault, so it is tried again however often this happens.
    """

    certificate_id: int
    reason: str
    is_passing: bool = False


@dataclass(frozen=True)
class Claimed:
    """A certificate that this worker, and no other, is to make."""

    certificate_id: int
    facts: CertificateFacts


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        Certificate.state == CertificateState.PENDING,
        and_(_is_abandoned(now), Certificate.claims < MOST_CLAIMS),
        and_(Certificate.state == CertificateState.FAILED, or_(Certificate.retry_at <= now, _is_from_ahead(now))),
    )


def _is_abandoned(now: datetime) -> ColumnElement[bool]:
    # A claim of the future was made before the clock was set back: its lease would not run out until then.
    is_over = or_(Certificate.claimed_at < now - LEASE, Certificate.claimed_at > now + LEASE)
    return and_(Certificate.state == CertificateState.RENDERING, is_over)


def _is_from_ahead(now: datetime) -> ColumnElement[bool]:
    return Certificate.retry_at > now + RETRY_AFTER[-1] + LEASE


def claim_batch(
    session: Session, *, limit: int, now: datetime, verify_url: Callable[[str], str]
) -> tuple[Claimed, ...]:
    """Take up to ``limit`` due certificates, oldest first, in one UPDATE, so that no two workers take the same one.

    One whose workers died twice is taken alone, after all others: should it be what kills them, nobody dies with it.
    """
    rows = _claim(session, limit=limit, now=now, which=Certificate.claims < ALONE_AFTER)
    if not rows:
        rows = _claim(session, limit=1, now=now, which=Certificate.claims >= ALONE_AFTER)
    looks = brandings_by_id(session, (row.branding_id for row in rows if row.branding_id is not None))
    return tuple(Claimed(row.id, _facts(row, verify_url, looks)) for row in rows)


def _claim(session: Session, *, limit: int, now: datetime, which: ColumnElement[bool]) -> Sequence[Certificate]:
    due = (
        select(Certificate.id)
        .where(_IS_UNMADE, _is_due(now), which)
        .order_by(Certificate.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(
        update(Certificate)
        .where(Certificate.id.in_(due.scalar_subquery()))
        .values(state=CertificateState.RENDERING, claimed_at=now, claims=Certificate.claims + 1)
        .returning(Certificate),
        execution_options={"synchronize_session": False, "populate_existing": True},
    ).all()


def facts_of(session: Session, certificate: Certificate, verify_url: Callable[[str], str]) -> CertificateFacts:
    """What is printed, from the frozen row and the look that it froze."""
    look = certificate.branding_id
    return _facts(certificate, verify_url, brandings_by_id(session, [look] if look is not None else []))


def _facts(
    certificate: Certificate, verify_url: Callable[[str], str], looks: Mapping[int, Branding]
) -> CertificateFacts:
    return CertificateFacts(
        number=certificate.number,
        holder_name=certificate.holder_name,
        organisation_name=certificate.organisation_name,
        course_title=certificate.course_title,
        course_version=certificate.course_version,
        modules=certificate.course_modules,
        minutes=certificate.course_minutes,
        completed_on=certificate.completed_on,
        language=certificate.language,
        verify_url=verify_url(certificate.number),
        valid_until=certificate.valid_until,
        supersedes=certificate.supersedes_number,
        issued_at=certificate.issued_at,
        branding=DEFAULT_BRANDING if certificate.branding_id is None else looks[certificate.branding_id],
    )


def storage_key(number: str) -> str:
    """Where the file of a certificate is stored: two levels of folders, so that none grows large."""
    letters = number.split("-", 1)[1].replace("-", "")
    return f"certificates/{letters[:2]}/{letters[2:4]}/{number}.pdf"


def render(claimed: Claimed, *, render_pdf: Draw, signer: Signer | None = None) -> MadeFile:
    """Make the PDF and sign it; the same facts give the same bytes. Raises ``SigningFailed``, and as ``render_pdf``."""
    return make_file(certificate_document(claimed.facts), render_pdf=render_pdf, signer=signer)


def keep(claimed: Claimed, file: MadeFile, store: FileStore) -> Made:
    """Store the PDF; doing it twice leaves one file. Raises what the store raises."""
    kept = store.put(file.key_from(storage_key(claimed.facts.number)), file.data)
    return Made(claimed.certificate_id, kept, file.signature)


def mark_ready(session: Session, *, made: Sequence[Made], now: datetime, made_with: JsonObject | None = None) -> None:
    """Write down the stored files, what they were made with, and that the promises are kept.

    One that another worker made in the meantime stays as it is: people may have that file already.
    """
    if not made:
        return
    keys = {item.signature.key for item in made if item.signature}
    key_ids = {key: remember_key(session, key=key, now=now) for key in keys}
    session.connection().execute(
        _BECOMES_READY,
        [
            {
                "made_id": item.certificate_id,
                "ready_at": now,
                "storage_key": item.file.key,
                "sha256": item.file.sha256,
                "size_bytes": item.file.size_bytes,
                "made_with": made_with,
                "signing_key_id": key_ids[item.signature.key] if item.signature else None,
                "has_time_stamp": bool(item.signature and item.signature.has_time_stamp),
            }
            # In the order in which everybody locks them: in another, a run that replaces them and we would wait for
            # each other on PostgreSQL.
            for item in sorted(made, key=lambda one: one.certificate_id)
        ],
    )
    session.expire_all()
    subjects = [str(item.certificate_id) for item in made]
    outbox.keep(session, job=RENDER_CERTIFICATES, subjects=subjects, now=now)


def mark_failed(session: Session, *, failure: Failure, now: datetime) -> None:
    """Write down why a certificate could not be made and when to try again; after the last delay it stays that long.

    One that is itself at fault is parked at its third failure. A certificate that another worker has made in the
    meantime stays as it is.
    """
    certificate = session.get_one(Certificate, failure.certificate_id, populate_existing=True)
    if certificate.state is CertificateState.READY:
        return
    delay = RETRY_AFTER[min(certificate.failures, len(RETRY_AFTER) - 1)]
    certificate.failures += 1
    certificate.claims = 0
    certificate.failure_reason = failure.reason[:500]
    is_parked = certificate.failures >= MOST_FAILURES and not failure.is_passing
    certificate.state = CertificateState.PARKED if is_parked else CertificateState.FAILED
    certificate.retry_at = None if is_parked else now + delay
    session.flush()


def park_deadly(session: Session, *, now: datetime) -> int:
    """Park the certificates whose workers died every time; returns how many."""
    return len(
        session.scalars(
            update(Certificate)
            .where(_is_abandoned(now), Certificate.claims >= MOST_CLAIMS)
            .values(
                state=CertificateState.PARKED,
                retry_at=None,
                failure_reason=f"The worker died each of the {MOST_CLAIMS} times that it was made",
            )
            .returning(Certificate.id)
        ).all()
    )


def retry(session: Session, *, number: str, now: datetime) -> None:
    """Make a failed or parked certificate due at once. Raises ``NotFound`` when no such certificate has this number."""
    if not _retry(session, Certificate.number == number, now):
        raise NotFound(f"failed certificate {number}")


def retry_all(session: Session, *, now: datetime) -> int:
    """Make every failed and parked certificate due at once; returns how many."""
    return _retry(session, true(), now)


def _retry(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    # Failed, not pending: the reason stays to be seen until the next try has an outcome.
    return len(
        session.scalars(
            update(Certificate)
            .where(Certificate.state.in_((CertificateState.FAILED, CertificateState.PARKED)), which)
            .values(state=CertificateState.FAILED, retry_at=now, failures=0, claims=0)
            .returning(Certificate.id)
        ).all()
    )


def is_any_due(session: Session, *, now: datetime) -> bool:
    """Whether a worker would find something to do now."""
    return session.scalar(select(func.count()).select_from(Certificate).where(_IS_UNMADE, _is_due(now))) != 0
