"""Verification: what anybody who holds a certificate number, or its file, may learn, and no more."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.making.derived_files import find_large_print_file
from certificates.record.issuing import Certificate
from certificates.record.links import is_open_link
from certificates.record.masking import mask_name
from certificates.record.numbers import numbers_in
from certificates.record.validity_status import EditionHistory, ValidityStatus, edition_history
from certificates.signing.keys_used import signature_of
from certificates.signing.signer import Signature
from kernel.clock import local_day
from people.persons import ERASED_NAME

# Looked for where the number cannot be one of ours, so that a wrong number takes as long however it is wrong.
_NOBODYS = "-"
_WITH_NAME = frozenset({ValidityStatus.VALID, ValidityStatus.EXPIRED})


@dataclass(frozen=True)
class Verification:
    """The public facts of a certificate and of its editions.

    The name is masked; ``full_name`` is there only when the holder's own link was opened. ``signature`` says by whom
    the file was signed.
    """

    number: str
    masked_name: str
    full_name: str | None
    organisation_name: str
    course_title: str
    course_version: int
    completed_on: date
    valid_until: date | None
    history: EditionHistory
    signature: Signature | None = None

    @property
    def validity(self) -> ValidityStatus:
        """Whether it counts today."""
        return self.history.this.validity

    @property
    def name(self) -> str:
        """The name as this visitor may see it."""
        return self.full_name or self.masked_name


def verify(
    session: Session, *, certificate_number: str, now: datetime, secret: str | None = None
) -> Verification | None:
    """The facts of the certificate whose number a text holds, however it is typed; ``None`` when there is none.

    ``secret`` of a holder's link shows the full name of a certificate that counts or has expired.
    """
    numbers = numbers_in(certificate_number) or (_NOBODYS,)
    rows = {row.number: row for row in session.scalars(select(Certificate).where(Certificate.number.in_(numbers)))}
    certificate = next((rows[one] for one in numbers if one in rows), None)
    if certificate is None:
        return None
    found = _verification(session, certificate, now)
    if secret is None or found.validity not in _WITH_NAME:
        return found
    is_shown = is_open_link(session, certificate_id=certificate.id, secret=secret, now=now)
    return replace(found, full_name=certificate.holder_name) if is_shown else found


def find_by_file(session: Session, *, sha256: str, now: datetime) -> Verification | None:
    """The facts of the certificate whose file has this SHA-256, byte for byte; ``None`` when we issued no such file.

    Its large print is a file of ours as well.
    """
    certificate = session.scalar(select(Certificate).where(Certificate.sha256 == sha256).limit(1))
    if certificate is not None:
        return _verification(session, certificate, now)
    large = find_large_print_file(session, sha256=sha256)
    if large is None:
        return None
    found = _verification(session, session.get_one(Certificate, large.certificate_id), now)
    return replace(found, signature=signature_of(session, large))


def _masked(name: str) -> str:
    """The name as anybody may see it. That somebody was erased is no name."""
    return name if name == ERASED_NAME else mask_name(name)


def _verification(session: Session, certificate: Certificate, now: datetime) -> Verification:
    return Verification(
        number=certificate.number,
        masked_name=_masked(certificate.holder_name),
        full_name=None,
        organisation_name=certificate.organisation_name,
        course_title=certificate.course_title,
        course_version=certificate.course_version,
        completed_on=certificate.completed_on,
        valid_until=certificate.valid_until,
        history=edition_history(session, certificate, today=local_day(now)),
        signature=signature_of(session, certificate),
    )
