"""Issuing: one certificate for one completion, with its facts frozen at that moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, aliased, column_property, mapped_column, undefer

from certificates.branding_versions import find_current
from certificates.history import CertificateEvent, EventKind
from certificates.numbers import new_number
from certificates.runs import CertificateRun
from certificates.signing.keys_used import SigningKey
from certificates.validity import valid_until
from courses.catalogue import Course, CourseVersion, document_of
from courses.completion import Completion
from courses.content.model import CourseDocument
from kernel.clock import local_day
from kernel.database import Base, JsonObject, UTCDateTime, enum_by_value
from kernel.errors import NotFound
from people.organisations import Organisation
from people.persons import Person


class CertificateState(StrEnum):
    """Where the file is: wanted, being made, stored, failed with a reason and tried again later, or parked.

    A parked one fails whenever it is made: nobody tries again until somebody asks for it.
    """

    PENDING = "pending"
    RENDERING = "rendering"
    READY = "ready"
    FAILED = "failed"
    PARKED = "parked"


class Certificate(Base):
    """What the certificate says, as it was when it was issued, and the state of its file.

    ``edition`` counts the certificates of one completion from 1; each one after the first supersedes the one before,
    whose number it carries. ``branding_id`` is the authority's look on the day of issue, ``None`` for the safe
    defaults. ``made_with`` is what ``certificates.made_with`` said when the file was made; ``run_id`` is the run that
    issued it together with others. ``signing_key_id`` is the key that the file was signed with, if it was.
    """

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    completion_id: Mapped[int] = mapped_column(ForeignKey("completion.id"))
    edition: Mapped[int] = mapped_column(default=1)
    supersedes_number: Mapped[str | None] = mapped_column(String(24))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    holder_name: Mapped[str] = mapped_column(String(200))
    organisation_name: Mapped[str] = mapped_column(String(200))
    course_title: Mapped[str] = mapped_column(String(200))
    course_version: Mapped[int]
    course_modules: Mapped[int]
    course_minutes: Mapped[int]
    language: Mapped[str] = mapped_column(String(20))
    completed_on: Mapped[date]
    valid_until: Mapped[date | None]
    branding_id: Mapped[int | None] = mapped_column(ForeignKey("certificate_branding.id"))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    run_id: Mapped[int | None] = mapped_column(ForeignKey(CertificateRun.id))

    state: Mapped[CertificateState] = mapped_column(enum_by_value(CertificateState))
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retry_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claims: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    failure_reason: Mapped[str | None] = mapped_column(String(500))
    storage_key: Mapped[str | None] = mapped_column(String(120))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None]
    made_with: Mapped[JsonObject | None] = mapped_column(JSON(none_as_null=True))
    signing_key_id: Mapped[int | None] = mapped_column(ForeignKey(SigningKey.id))
    has_time_stamp: Mapped[bool] = mapped_column(default=False)

    # Read along where a page asks for it: workers never need it.
    is_revoked: Mapped[bool] = column_property(
        func.coalesce(
            select(CertificateEvent.kind == EventKind.REVOKED)
            .where(CertificateEvent.certificate_id == id)
            .order_by(CertificateEvent.id.desc())
            .limit(1)
            .correlate_except(CertificateEvent)
            .scalar_subquery(),
            false(),
        ),
        deferred=True,
    )

    __table_args__ = (
        UniqueConstraint("completion_id", "edition"),
        CheckConstraint("edition = 1 OR supersedes_number IS NOT NULL", name="later_edition_supersedes"),
        CheckConstraint(
            "state <> 'ready' OR (storage_key IS NOT NULL AND sha256 IS NOT NULL AND ready_at IS NOT NULL)",
            name="ready_has_file",
        ),
        CheckConstraint("state NOT IN ('failed', 'parked') OR failure_reason IS NOT NULL", name="failed_has_reason"),
        Index(None, "person_id"),
        Index(None, "sha256"),
        Index(None, "ready_at"),
        Index(None, "run_id"),
        Index(
            "ix_certificate_unmade",
            "id",
            "state",
            postgresql_where=state != CertificateState.READY,
            sqlite_where=state != CertificateState.READY,
        ),
    )


# What an issued certificate has from the start.
_AT_ISSUE = (
    "number", "completion_id", "edition", "supersedes_number", "person_id", "holder_name", "organisation_name",
    "course_title", "course_version", "course_modules", "course_minutes", "language", "completed_on", "valid_until",
    "branding_id", "issued_at", "run_id", "state",
)  # fmt: skip


@dataclass(frozen=True)
class IssueOutcome:
    """The certificate of a completion, and whether this call issued it."""

    certificate_id: int
    number: str
    is_new: bool


def issue_for_completion(session: Session, *, completion_id: int, now: datetime) -> IssueOutcome | None:
    """Issue the certificate of a completion once; later calls return the one that exists.

    ``None`` when the version that was completed gives no certificate. Raises ``NotFound`` when there is no such
    completion.
    """
    completion = session.get(Completion, completion_id)
    if completion is None:
        raise NotFound(f"completion {completion_id}")
    if not completion.gives_certificate:
        return None
    certificate = _certificate_of(session, completion, now)
    try:
        with session.begin_nested():
            session.add(certificate)
    except IntegrityError:  # issued already; the unique constraint decides
        existing = find_for_completion(session, completion_id=completion_id)
        if existing is None:
            raise
        return IssueOutcome(existing.id, existing.number, is_new=False)
    return IssueOutcome(certificate.id, certificate.number, is_new=True)


@dataclass(frozen=True)
class Completed:
    """What a certificate takes from the records of a person and an authority on the day of issue."""

    completion_id: int
    person_id: int
    organisation_id: int
    course_version_id: int
    completed_at: datetime
    course_code: str
    holder_name: str
    organisation_name: str


def _certificate_of(session: Session, completion: Completion, now: datetime) -> Certificate:
    version = session.get_one(CourseVersion, completion.course_version_id)
    look = find_current(session, organisation_id=completion.organisation_id)
    completed = Completed(
        completion_id=completion.id,
        person_id=completion.person_id,
        organisation_id=completion.organisation_id,
        course_version_id=version.id,
        completed_at=completion.completed_at,
        course_code=session.get_one(Course, completion.course_id).code,
        holder_name=session.get_one(Person, completion.person_id).chosen_name,
        organisation_name=session.get_one(Organisation, completion.organisation_id).name,
    )
    document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
    return frozen_certificate(completed, version, document, branding_id=look.id if look else None, now=now)


def frozen_certificate(
    completed: Completed,
    version: CourseVersion,
    document: CourseDocument,
    *,
    branding_id: int | None,
    now: datetime,
    run_id: int | None = None,
) -> Certificate:
    """A first certificate with everything that it will ever say, not stored yet."""
    completed_on = local_day(completed.completed_at)
    return Certificate(
        number=new_number(completed.course_code),
        edition=1,
        completion_id=completed.completion_id,
        person_id=completed.person_id,
        holder_name=completed.holder_name,
        organisation_name=completed.organisation_name,
        course_title=version.title,
        course_version=version.number,
        course_modules=len(document.modules),
        course_minutes=version.minutes,
        language=document.language,
        completed_on=completed_on,
        valid_until=valid_until(completed_on, document.valid_for_months),
        branding_id=branding_id,
        issued_at=now,
        run_id=run_id,
        state=CertificateState.PENDING,
    )


def store_together(session: Session, certificates: Sequence[Certificate]) -> list[int]:
    """Store many new certificates in one statement; returns their ids, in no order.

    Raises ``IntegrityError``, and then stores none of them, when one completion has one of that edition already.
    """
    rows = [{name: getattr(certificate, name) for name in _AT_ISSUE} for certificate in certificates]
    # The unit of work would send one statement for each on SQLite, to learn which id is whose.
    with session.begin_nested():
        return list(session.scalars(insert(Certificate).returning(Certificate.id), rows)) if rows else []


def certificates_for(session: Session, *, person_id: int) -> Sequence[Certificate]:
    """A person's certificates, newest first, without those that another one superseded."""
    newer = aliased(Certificate)
    return session.scalars(
        select(Certificate)
        .outerjoin(
            newer, (newer.completion_id == Certificate.completion_id) & (newer.edition == Certificate.edition + 1)
        )
        .where(Certificate.person_id == person_id, newer.id.is_(None))
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        .options(undefer(Certificate.is_revoked))
    ).all()


def get_certificate(session: Session, *, number: str, person_id: int) -> Certificate:
    """A person's own certificate. Raises ``NotFound``, also for somebody else's."""
    certificate = session.scalar(
        select(Certificate)
        .where(Certificate.number == number, Certificate.person_id == person_id)
        .options(undefer(Certificate.is_revoked))
    )
    if certificate is None:
        raise NotFound(f"certificate {number}")
    return certificate


def lock_certificate(session: Session, *, number: str) -> Certificate:
    """A certificate that nobody else may judge until this transaction ends. Raises ``NotFound``."""
    certificate = session.scalar(select(Certificate).where(Certificate.number == number).with_for_update())
    if certificate is None:
        raise NotFound(f"certificate {number}")
    session.refresh(certificate, ["is_revoked"])
    return certificate


def find_for_completion(session: Session, *, completion_id: int) -> Certificate | None:
    """The certificate of a completion, if one was issued: the newest."""
    return session.scalar(
        select(Certificate)
        .where(Certificate.completion_id == completion_id)
        .order_by(Certificate.edition.desc())
        .limit(1)
        .options(undefer(Certificate.is_revoked))
    )
