"""Issuing: one certificate for one completion, with its facts frozen at that moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    bindparam,
    false,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, Session, aliased, column_property, mapped_column, undefer

from certificates.looks.branding_versions import current_id_of
from certificates.record.expiry import valid_until
from certificates.record.history import CertificateEvent, EventKind
from certificates.record.numbers import new_number
from certificates.record.runs import CertificateRun
from certificates.signing.keys_used import SigningKey
from courses.catalogue.versions import Course, CourseVersion, document_of
from courses.content.model.course import CourseDocument
from courses.records.completion import Completion
from kernel.clock import local_day
from kernel.database import Base, JsonObject, UTCDateTime
from kernel.errors import NotFound
from kernel.insert_once import insert_once
from kernel.tasks.kinds import Task, TaskState, task_state
from people.organisations import Organisation
from people.persons import Person


class Certificate(Task, Base):
    """What the certificate says, as it was when it was issued, and the making of its file as a task.

    ``edition`` counts the certificates of one completion from 1; each one after the first supersedes the one before,
    whose number it carries. ``branding_id`` is the authority's look on the day of issue, ``None`` for the safe
    defaults. ``made_with`` is what ``drawing.build_info`` said when the file was made; ``run_id`` is the run that
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

    state: Mapped[TaskState] = task_state(working="rendering", done="ready")
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
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
            postgresql_where=state != TaskState.DONE,
            sqlite_where=state != TaskState.DONE,
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
    """The certificate of a completion, whose it is, and whether this call issued it."""

    certificate_id: int
    person_id: int
    number: str
    is_new: bool


@dataclass(frozen=True)
class Completed:
    """What a certificate takes from the records of a person and an authority on the day of issue."""

    completion_id: int
    person_id: int
    organisation_id: int
    course_version_id: int
    version_number: int
    completed_at: datetime
    course_code: str
    holder_name: str
    organisation_name: str


# In the order of ``Completed``.
FACTS = (
    Completion.id, Completion.person_id, Completion.organisation_id, Completion.course_version_id, CourseVersion.number,
    Completion.completed_at, Course.code, Person.chosen_name, Organisation.name,
)  # fmt: skip
# Built once: it follows the last answer of a course, and building costs more than running.
_ONE = (
    select(
        *FACTS, CourseVersion.fingerprint, CourseVersion.gives_certificate, current_id_of(Completion.organisation_id)
    )
    .join(CourseVersion, CourseVersion.id == Completion.course_version_id)
    .join(Course, Course.id == Completion.course_id)
    .join(Person, Person.id == Completion.person_id)
    .join(Organisation, Organisation.id == Completion.organisation_id)
    .where(Completion.id == bindparam("completion_id"))
)


def issue_for_completion(
    session: Session, *, completion_id: int, now: datetime, ends_on: date | None = None
) -> IssueOutcome | None:
    """Issue the certificate of a completion once; later calls return the one that exists.

    ``ends_on`` is the last day on which the completion is valid, where an authority says so; else the course may.
    ``None`` when the version that was completed gives no certificate. Raises ``NotFound`` when there is no such
    completion.
    """
    row = session.connection().execute(_ONE, {"completion_id": completion_id}).one_or_none()
    if row is None:
        raise NotFound(f"completion {completion_id}")
    *facts, fingerprint, gives_certificate, branding_id = row
    if not gives_certificate:
        return None
    completed = Completed(*facts)
    document = document_of(session, version_id=completed.course_version_id, fingerprint=fingerprint)
    certificate = frozen_certificate(completed, document, branding_id=branding_id, now=now, ends_on=ends_on)
    stored = insert_once(session, Certificate, [_row_of(certificate)], unique=("completion_id", "edition"))
    if stored:
        return IssueOutcome(stored[0], certificate.person_id, certificate.number, is_new=True)
    existing = find_for_completion(session, completion_id=completion_id)
    if existing is None:
        raise NotFound(f"the certificate of completion {completion_id}")
    return IssueOutcome(existing.id, existing.person_id, existing.number, is_new=False)


def frozen_certificate(
    completed: Completed,
    document: CourseDocument,
    *,
    branding_id: int | None,
    now: datetime,
    run_id: int | None = None,
    ends_on: date | None = None,
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
        course_title=document.title,
        course_version=completed.version_number,
        course_modules=len(document.modules),
        course_minutes=document.minutes,
        language=document.language,
        completed_on=completed_on,
        valid_until=ends_on or valid_until(completed_on, document.valid_for_months),
        branding_id=branding_id,
        issued_at=now,
        run_id=run_id,
        state=TaskState.PENDING,
    )


def store_together(session: Session, certificates: Sequence[Certificate]) -> list[int]:
    """Store many new certificates in one statement; returns their ids, in no order.

    Raises ``IntegrityError``, and then stores none of them, when one completion has one of that edition already.
    """
    rows = [_row_of(certificate) for certificate in certificates]
    # The unit of work would send one statement for each on SQLite, to learn which id is whose.
    with session.begin_nested():
        return list(session.scalars(insert(Certificate).returning(Certificate.id), rows)) if rows else []


def _row_of(certificate: Certificate) -> dict[str, object]:
    return {name: getattr(certificate, name) for name in _AT_ISSUE}


# Built once: home pages and course pages run these, and building costs more than running.
_newer = aliased(Certificate)
_OWN = (
    select(Certificate)
    .outerjoin(
        _newer, (_newer.completion_id == Certificate.completion_id) & (_newer.edition == Certificate.edition + 1)
    )
    .where(Certificate.person_id == bindparam("person_id"), _newer.id.is_(None))
    .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    .options(undefer(Certificate.is_revoked))
)
_OF_COMPLETION = (
    select(Certificate)
    .where(Certificate.completion_id == bindparam("completion_id"))
    .order_by(Certificate.edition.desc())
    .limit(1)
    .options(undefer(Certificate.is_revoked))
)


def certificates_for(session: Session, *, person_id: int) -> Sequence[Certificate]:
    """A person's certificates, newest first, without those that another one superseded."""
    return session.scalars(_OWN, {"person_id": person_id}).all()


def get_certificate(session: Session, *, certificate_number: str, person_id: int) -> Certificate:
    """A person's own certificate. Raises ``NotFound``, also for somebody else's."""
    certificate = session.scalar(
        select(Certificate)
        .where(Certificate.number == certificate_number, Certificate.person_id == person_id)
        .options(undefer(Certificate.is_revoked))
    )
    if certificate is None:
        raise NotFound(f"certificate {certificate_number}")
    return certificate


def lock_certificate(session: Session, *, certificate_number: str) -> Certificate:
    """A certificate that nobody else may judge until this transaction ends. Raises ``NotFound``."""
    certificate = session.scalar(select(Certificate).where(Certificate.number == certificate_number).with_for_update())
    if certificate is None:
        raise NotFound(f"certificate {certificate_number}")
    session.refresh(certificate, ["is_revoked"])
    return certificate


def find_for_completion(session: Session, *, completion_id: int) -> Certificate | None:
    """The certificate of a completion, if one was issued: the newest."""
    return session.scalar(_OF_COMPLETION, {"completion_id": completion_id})
