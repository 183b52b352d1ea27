"""Files beside the certificate itself, made in the queue: its large print, and previews of an authority's look."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.document.documents import CertificateDocument, certificate_document
from certificates.document.facts import CertificateFacts
from certificates.looks.branding import Branding
from certificates.looks.branding_versions import branding_of, store_document
from certificates.making.rendering import facts_of, storage_key
from certificates.record.issuing import Certificate
from certificates.record.numbers import SAMPLE
from certificates.signing.keys_used import SigningKey, remember_key
from certificates.signing.signer import Signature
from kernel.database import Base, JsonObject, UTCDateTime, enum_by_value
from kernel.errors import NotFound
from kernel.files import StoredFile
from kernel.tasks.claims import Claim, finish, hold
from kernel.tasks.control import resume
from kernel.tasks.kinds import Task, TaskKind, TaskState, task_state
from people.organisations import Organisation

MAKE_DERIVED_FILES = "make-derived-files"


class DerivedKind(StrEnum):
    """What the file is."""

    LARGE_PRINT = "large-print"
    PREVIEW = "preview"


class DerivedFile(Task, Base):
    """One file that somebody asked for. A large print belongs to a certificate, a preview to an authority's draft."""

    __tablename__ = "certificate_derived_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DerivedKind] = mapped_column(enum_by_value(DerivedKind))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    document: Mapped[JsonObject | None] = mapped_column(JSON(none_as_null=True))
    asked_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[TaskState] = task_state()
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    storage_key: Mapped[str | None] = mapped_column(String(120))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None]
    made_with: Mapped[JsonObject | None] = mapped_column(JSON(none_as_null=True))
    signing_key_id: Mapped[int | None] = mapped_column(ForeignKey(SigningKey.id))
    has_time_stamp: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint(
            "(kind = 'large-print' AND certificate_id IS NOT NULL AND document IS NULL)"
            " OR (kind = 'preview' AND organisation_id IS NOT NULL AND document IS NOT NULL)",
            name="belongs_to_something",
        ),
        Index(None, "certificate_id"),
        Index(None, "sha256"),
        Index(None, "state"),
    )


# Somebody waits for it, so one that is itself at fault says why at once.
DERIVED_FILES = TaskKind(
    MAKE_DERIVED_FILES, DerivedFile, since=DerivedFile.asked_at, lease=timedelta(minutes=1), most_failures=1
)


def find_large_print(session: Session, *, certificate_id: int) -> DerivedFile | None:
    """The newest large print of a certificate, in whatever state."""
    return session.scalar(
        select(DerivedFile)
        .where(DerivedFile.certificate_id == certificate_id, DerivedFile.kind == DerivedKind.LARGE_PRINT)
        .order_by(DerivedFile.id.desc())
        .limit(1)
    )


def ask_for_large_print(session: Session, *, certificate_id: int, account_id: int, now: datetime) -> DerivedFile:
    """Have the large print of a certificate made; one that is made or being made is not asked for again."""
    present = find_large_print(session, certificate_id=certificate_id)
    if present is not None:
        if present.has_failed:
            resume(session, DERIVED_FILES, present.id)
        return present
    return _asked_for(
        session,
        DerivedFile(
            kind=DerivedKind.LARGE_PRINT, certificate_id=certificate_id, asked_by_account_id=account_id, asked_at=now
        ),
    )


def ask_for_preview(
    session: Session, *, organisation_id: int, branding: Branding, account_id: int, now: datetime
) -> DerivedFile:
    """Have a draft made as a PDF. It need not keep to the rules for saving, but its colours must be colours."""
    return _asked_for(
        session,
        DerivedFile(
            kind=DerivedKind.PREVIEW,
            organisation_id=organisation_id,
            document=store_document(session, branding),
            asked_by_account_id=account_id,
            asked_at=now,
        ),
    )


def _asked_for(session: Session, wanted: DerivedFile) -> DerivedFile:
    session.add(wanted)
    session.flush()
    return wanted


def get_preview(session: Session, *, preview_id: int, organisation_id: int) -> DerivedFile:
    """A preview of this authority's. Raises ``NotFound``."""
    found = session.get(DerivedFile, preview_id)
    if found is None or found.kind is not DerivedKind.PREVIEW or found.organisation_id != organisation_id:
        raise NotFound(f"preview {preview_id}")
    return found


def find_large_print_file(session: Session, *, sha256: str) -> DerivedFile | None:
    """The large print that has these bytes, if there is one."""
    return session.scalar(
        select(DerivedFile).where(DerivedFile.sha256 == sha256, DerivedFile.kind == DerivedKind.LARGE_PRINT).limit(1)
    )


def document_and_key(
    session: Session, *, claimed: Claim[DerivedFile], verify_url: Callable[[str], str]
) -> tuple[CertificateDocument, str]:
    """What to draw, and where to store it. Raises ``ClaimLost``."""
    wanted = hold(session, claimed)
    if wanted.kind is DerivedKind.LARGE_PRINT:
        certificate = session.get_one(Certificate, wanted.certificate_id)
        facts = facts_of(session, certificate, verify_url)
        key = storage_key(certificate.number).removesuffix(".pdf") + "-large-print.pdf"
        return certificate_document(facts, is_large=True), key
    organisation = session.get_one(Organisation, wanted.organisation_id)
    branding = branding_of(session, wanted.document or {})
    facts = sample_facts(organisation.name, branding, on=wanted.asked_at.date(), verify_url=verify_url)
    return certificate_document(facts), f"certificate-previews/{wanted.id}.pdf"


def sample_facts(
    organisation_name: str, branding: Branding, *, on: date, verify_url: Callable[[str], str]
) -> CertificateFacts:
    """A certificate that belongs to nobody, to look at a design with."""
    return CertificateFacts(
        number=SAMPLE,
        holder_name="Ọláyínká Nguyễn-Siân",
        organisation_name=organisation_name,
        course_title="Race equality essentials",
        course_version=3,
        modules=6,
        minutes=60,
        completed_on=on,
        verify_url=verify_url(SAMPLE),
        branding=branding,
        is_sample=True,
    )


def mark_derived_file_ready(
    session: Session,
    claimed: Claim[DerivedFile],
    *,
    file: StoredFile,
    now: datetime,
    made_with: JsonObject | None = None,
    signature: Signature | None = None,
) -> None:
    """Write down the stored file and what it was made with. Raises ``ClaimLost``."""
    finish(
        session,
        claimed,
        ready_at=now,
        storage_key=file.key,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        made_with=made_with,
        signing_key_id=remember_key(session, key=signature.key, now=now) if signature else None,
        has_time_stamp=bool(signature and signature.has_time_stamp),
    )
