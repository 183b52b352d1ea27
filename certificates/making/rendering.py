"""Making the files: claim a batch of waiting certificates, make and store each, write down how it went."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from certificates.document.documents import certificate_document
from certificates.document.facts import CertificateFacts
from certificates.looks.branding import DEFAULT_BRANDING, Branding
from certificates.looks.branding_versions import brandings_by_id
from certificates.record.issuing import Certificate
from certificates.signing.keys_used import remember_key
from certificates.signing.signer import Draw, MadeFile, Signature, Signer, make_file
from kernel.database import JsonObject
from kernel.files import FileStore, StoredFile
from kernel.tasks.claims import FINISHED, Claim
from kernel.tasks.kinds import TaskKind

RENDER_CERTIFICATES = "render-certificates"
# A batch takes well under a second; after a minute its worker is dead, not slow.
CERTIFICATE_FILES = TaskKind(RENDER_CERTIFICATES, Certificate, since=Certificate.issued_at, lease=timedelta(minutes=1))

_TABLE = cast(Table, Certificate.__table__)
_FILE_COLUMNS = (
    "ready_at", "storage_key", "sha256", "size_bytes", "made_with", "signing_key_id", "has_time_stamp",
)  # fmt: skip
_BECOMES_READY = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("made_id"))
    .values(FINISHED)
    .values({name: bindparam(name, type_=_TABLE.c[name].type) for name in _FILE_COLUMNS})
)


@dataclass(frozen=True)
class Made:
    """A certificate whose file is stored."""

    certificate_id: int
    file: StoredFile
    signature: Signature | None = None


def facts_of_claim(
    session: Session, claimed: Claim[Certificate], *, verify_url: Callable[[str], str]
) -> Mapping[int, CertificateFacts]:
    """What is printed on each certificate of a claim, by its id."""
    rows = claimed.rows
    looks = brandings_by_id(session, (row.branding_id for row in rows if row.branding_id is not None))
    return {row.id: _facts(row, verify_url, looks) for row in rows}


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


def render(facts: CertificateFacts, *, render_pdf: Draw, signer: Signer | None = None) -> MadeFile:
    """Make the PDF and sign it; the same facts give the same bytes. Raises ``SigningFailed``, and as ``render_pdf``."""
    return make_file(certificate_document(facts), render_pdf=render_pdf, signer=signer)


def keep(certificate_id: int, number: str, file: MadeFile, store: FileStore) -> Made:
    """Store the PDF; doing it twice leaves one file. Raises what the store raises."""
    return Made(certificate_id, store.put(file.key_from(storage_key(number)), file.data), file.signature)


def mark_ready(
    session: Session,
    claimed: Claim[Certificate],
    *,
    made: Sequence[Made],
    now: datetime,
    made_with: JsonObject | None = None,
) -> None:
    """Write down the stored files and what they were made with.

    One that another worker has taken over in the meantime stays as it is: people may have that file already.
    """
    if not made:
        return
    keys = {item.signature.key for item in made if item.signature}
    key_ids = {key: remember_key(session, key=key, now=now) for key in keys}
    session.connection().execute(
        _BECOMES_READY.where(claimed.is_held),
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
