"""Files beside the certificate itself, made in the queue: its large print, and previews of an authority's look."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.branding import Branding
from certificates.branding_versions import branding_of, store_document
from certificates.documents import CertificateDocument, certificate_document
from certificates.facts import CertificateFacts
from certificates.issuing import Certificate
from certificates.rendering import facts_of, storage_key
from certificates.signing.keys_used import SigningKey, remember_key
from certificates.signing.signer import Signature
from kernel import outbox
from kernel.database import Base, JsonObject, UTCDateTime, enum_by_value
from kernel.errors import NotFound
from kernel.files import StoredFile
from people.organisations import Organisation

RENDER_EXTRAS = "render-certificate-extras"
SAMPLE_NUMBER = "SAMPLE-0000-0000-0"


class ExtraKind(StrEnum):
    """What the file is."""

    LARGE_PRINT = "large-print"
    PREVIEW = "preview"


class ExtraState(StrEnum):
    """Where the file is, as a page says it."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class CertificateExtra(Base):
    """One file that somebody asked for. A large print belongs to a certificate, a preview to an authority's draft."""

    __tablename__ = "certificate_extra"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ExtraKind] = mapped_column(enum_by_value(ExtraKind))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    document: Mapped[JsonObject | None] = mapped_column(JSON(none_as_null=True))
    asked_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failure_reason: Mapped[str | None] = mapped_column(String(500))
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
    )

    @property
    def state(self) -> ExtraState:
        """Made, given up with a reason, or still to be made."""
        if self.ready_at is not None:
            return ExtraState.READY
        return ExtraState.FAILED if self.failure_reason is not None else ExtraState.PENDING


def find_large_print(session: Session, *, certificate_id: int) -> CertificateExtra | None:
    """The newest large print of a certificate, in whatever state."""
    return session.scalar(
        select(CertificateExtra)
        .where(CertificateExtra.certificate_id == certificate_id, CertificateExtra.kind == ExtraKind.LARGE_PRINT)
        .order_by(CertificateExtra.id.desc())
        .limit(1)
    )


def ask_for_large_print(session: Session, *, certificate_id: int, account_id: int, now: datetime) -> CertificateExtra:
    """Owe a certificate its large print; one that is made or being made is not asked for again."""
    present = find_large_print(session, certificate_id=certificate_id)
    if present is not None and present.state is not ExtraState.FAILED:
        return present
    wanted = CertificateExtra(
        kind=ExtraKind.LARGE_PRINT, certificate_id=certificate_id, asked_by_account_id=account_id, asked_at=now
    )
    return _owed(session, wanted, now)


def ask_for_preview(
    session: Session, *, organisation_id: int, branding: Branding, account_id: int, now: datetime
) -> CertificateExtra:
    """Owe a PDF of a draft. The draft need not keep to the rules for saving, but its colours must be colours."""
    wanted = CertificateExtra(
        kind=ExtraKind.PREVIEW,
        organisation_id=organisation_id,
        document=store_document(session, branding),
        asked_by_account_id=account_id,
        asked_at=now,
    )
    return _owed(session, wanted, now)


def get_preview(session: Session, *, preview_id: int, organisation_id: int) -> CertificateExtra:
    """A preview of this authority's. Raises ``NotFound``."""
    found = session.get(CertificateExtra, preview_id)
    if found is None or found.kind is not ExtraKind.PREVIEW or found.organisation_id != organisation_id:
        raise NotFound(f"preview {preview_id}")
    return found


def find_large_print_file(session: Session, *, sha256: str) -> CertificateExtra | None:
    """The large print that has these bytes, if there is one."""
    return session.scalar(
        select(CertificateExtra)
        .where(CertificateExtra.sha256 == sha256, CertificateExtra.kind == ExtraKind.LARGE_PRINT)
        .limit(1)
    )


def _owed(session: Session, wanted: CertificateExtra, now: datetime) -> CertificateExtra:
    session.add(wanted)
    session.flush()
    outbox.promise(session, job=RENDER_EXTRAS, subject=str(wanted.id), now=now)
    return wanted


def extras_to_make(session: Session, *, limit: int) -> Sequence[CertificateExtra]:
    """What is still to be made, oldest first. Two workers on one row make the same bytes in the same place."""
    return session.scalars(
        select(CertificateExtra)
        .where(CertificateExtra.ready_at.is_(None), CertificateExtra.failure_reason.is_(None))
        .order_by(CertificateExtra.id)
        .limit(limit)
    ).all()


def document_and_key(
    session: Session, *, extra: CertificateExtra, verify_url: Callable[[str], str]
) -> tuple[CertificateDocument, str]:
    """What to draw, and where to store it."""
    if extra.kind is ExtraKind.LARGE_PRINT:
        certificate = session.get_one(Certificate, extra.certificate_id)
        facts = facts_of(session, certificate, verify_url)
        key = storage_key(certificate.number).removesuffix(".pdf") + "-large-print.pdf"
        return certificate_document(facts, is_large=True), key
    organisation = session.get_one(Organisation, extra.organisation_id)
    branding = branding_of(session, extra.document or {})
    facts = sample_facts(organisation.name, branding, on=extra.asked_at.date(), verify_url=verify_url)
    return certificate_document(facts), f"certificate-previews/{extra.id}.pdf"


def sample_facts(
    organisation_name: str, branding: Branding, *, on: date, verify_url: Callable[[str], str]
) -> CertificateFacts:
    """A certificate that belongs to nobody, to look at a design with."""
    return CertificateFacts(
        number=SAMPLE_NUMBER,
        holder_name="Ọláyínká Nguyễn-Siân",
        organisation_name=organisation_name,
        course_title="Race equality essentials",
        course_version=3,
        modules=6,
        minutes=60,
        completed_on=on,
        verify_url=verify_url(SAMPLE_NUMBER),
        branding=branding,
    )


def mark_extra_ready(
    session: Session,
    *,
    extra_id: int,
    file: StoredFile,
    now: datetime,
    made_with: JsonObject | None = None,
    signature: Signature | None = None,
) -> None:
    """Write down the stored file and what it was made with. A file that is ready stays as it was frozen."""
    extra = session.get_one(CertificateExtra, extra_id)
    if extra.ready_at is None:
        extra.ready_at, extra.failure_reason = now, None
        extra.storage_key, extra.sha256, extra.size_bytes = file.key, file.sha256, file.size_bytes
        extra.made_with = made_with
        if signature is not None:
            extra.signing_key_id = remember_key(session, key=signature.key, now=now)
            extra.has_time_stamp = signature.has_time_stamp
        session.flush()
    outbox.keep(session, job=RENDER_EXTRAS, subjects=[str(extra_id)], now=now)


def mark_extra_failed(session: Session, *, extra_id: int, reason: str, now: datetime) -> None:
    """Write down why it could not be made; the person may ask again."""
    extra = session.get_one(CertificateExtra, extra_id)
    if extra.ready_at is None:
        extra.failure_reason = reason[:500]
        session.flush()
    outbox.keep(session, job=RENDER_EXTRAS, subjects=[str(extra_id)], now=now)
