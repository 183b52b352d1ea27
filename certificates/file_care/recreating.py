"""Making a lost file again: stored only when every byte is as it was, refused with what differs otherwise."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from certificates.document.documents import CertificateDocument, certificate_document
from certificates.drawing.build_info import ADDRESS, differences, drawn_in
from certificates.file_care.lost_files import LONGEST_REFUSAL, CertificateLostFile, forget_loss
from certificates.making.derived_files import DerivedFile
from certificates.making.rendering import facts_of
from certificates.record.issuing import Certificate
from certificates.signing.keys_used import signature_of
from certificates.signing.signer import Draw, Signature, Signer, make_file, why_not_again
from kernel.audit import record
from kernel.files import FileStore

_INSTEAD = "Issue the certificate anew, or bring the file back from a backup of the file store."


@dataclass(frozen=True)
class Wanted:
    """A lost file: what to draw, where it belongs, by whom it was signed, and the SHA-256 that it must have."""

    lost_id: int
    number: str
    document: CertificateDocument
    key: str
    sha256: str
    made_with: Mapping[str, str] | None
    signature: Signature | None = None


def wanted_file(session: Session, lost: CertificateLostFile, *, verify_url: Callable[[str], str]) -> Wanted:
    """What must be drawn, from the frozen row, with the public address that the site had then."""
    certificate = session.get_one(Certificate, lost.certificate_id)
    named = session.get_one(DerivedFile, lost.derived_file_id) if lost.derived_file_id is not None else certificate
    address = (named.made_with or {}).get(ADDRESS)
    facts = facts_of(session, certificate, (lambda number: f"{address}/verify/{number}") if address else verify_url)
    document = certificate_document(facts, is_large=lost.derived_file_id is not None)
    return Wanted(
        lost_id=lost.id,
        number=certificate.number,
        document=document,
        key=lost.storage_key,
        sha256=str(named.sha256),
        made_with=named.made_with,
        signature=signature_of(session, named),
    )


def recreate(
    wanted: Wanted,
    *,
    render_pdf: Draw,
    store: FileStore,
    made_with: Mapping[str, str],
    signer: Signer | None = None,
) -> str | None:
    """Make a lost file again and store it if it is the same; ``None``, or a sentence that says why not.

    It is drawn in the way in which it was drawn then, whatever the settings say now. One that was not signed is not
    signed now either. Raises what ``render_pdf``, the signer and the store raise.
    """
    if wanted.signature is not None and (why := why_not_again(wanted.signature, signer)):
        return f"It would not come out the same, so it was not made. {why}. {_INSTEAD}"
    draw = partial(render_pdf, drawn=drawn_in(wanted.made_with))
    pdf = make_file(wanted.document, render_pdf=draw, signer=signer if wanted.signature else None).data
    if hashlib.sha256(pdf).hexdigest() != wanted.sha256:
        return refusal_of(wanted.made_with, made_with)
    store.put(wanted.key, pdf)
    return None


def refusal_of(then: Mapping[str, str] | None, now: Mapping[str, str]) -> str:
    """Why a file that would come out different was not stored, and what to do instead."""
    if then is None:
        why = "Nobody wrote down what the first one was made with"
    else:
        why = "; ".join(differences(then, now)) or (
            "It is made with the same design and libraries, so its row or its look was changed in the database"
        )
    return f"It would not come out the same, so it was not stored. {why}. {_INSTEAD}"


def mark_recreated(session: Session, *, wanted: Wanted, now: datetime) -> None:
    """The file is there again; the audit trail says who asked."""
    lost = session.get(CertificateLostFile, wanted.lost_id)
    record(
        session,
        action="certificate-file-recreated",
        subject_type="certificate",
        subject_id=wanted.number,
        actor_account_id=lost.asked_by_account_id if lost else None,
        now=now,
        detail={"key": wanted.key},
    )
    forget_loss(session, lost_id=wanted.lost_id)


def mark_refused(session: Session, *, lost_id: int, reason: str) -> None:
    """Write down why a lost file was not made again."""
    lost = session.get(CertificateLostFile, lost_id)
    if lost is not None:
        lost.refusal = reason[:LONGEST_REFUSAL]
        session.flush()
