"""Whether a certificate still counts: valid, expired, superseded or revoked, read from rows that are never changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.record.history import CertificateEvent, EventKind
from certificates.record.issuing import Certificate
from certificates.record.masking import mask_name
from kernel.clock import local_day


class ValidityStatus(StrEnum):
    """What a certificate is worth today."""

    VALID = "valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Edition:
    """One of the certificates of a completion, as anybody may see it.

    ``ended_on`` is the day on which it stopped counting, the last valid day when it expired. ``ending`` is what ended
    it, with the reason for its holder and for admins.
    """

    certificate_id: int
    number: str
    edition: int
    masked_name: str
    issued_on: date
    valid_until: date | None
    validity: ValidityStatus
    ended_on: date | None
    ending: CertificateEvent | None

    @property
    def is_valid(self) -> bool:
        """Whether it counts today."""
        return self.validity is ValidityStatus.VALID


@dataclass(frozen=True)
class EditionHistory:
    """A certificate with those that it replaced and that replaced it, oldest first."""

    this: Edition
    editions: tuple[Edition, ...]

    @property
    def newest(self) -> Edition:
        """The one that nothing replaced."""
        return self.editions[-1]

    @property
    def older(self) -> tuple[Edition, ...]:
        """What this one replaced, oldest first."""
        return self.editions[: self.this.edition - 1]

    @property
    def newer(self) -> tuple[Edition, ...]:
        """What replaced this one, oldest first."""
        return self.editions[self.this.edition :]


def edition_histories(
    session: Session, certificates: Sequence[Certificate], *, today: date
) -> dict[int, EditionHistory]:
    """The editions of each certificate by its id, in two queries however many there are."""
    completion_ids = {certificate.completion_id for certificate in certificates}
    rows = session.scalars(
        select(Certificate).where(Certificate.completion_id.in_(completion_ids)).order_by(Certificate.edition)
    ).all()
    events = _events(session, [row.id for row in rows])
    by_completion: dict[int, list[Edition]] = defaultdict(list)
    for row in rows:
        by_completion[row.completion_id].append(_edition(row, events[row.id], today))
    return {
        certificate.id: EditionHistory(
            by_completion[certificate.completion_id][certificate.edition - 1],
            tuple(by_completion[certificate.completion_id]),
        )
        for certificate in certificates
    }


def edition_history(session: Session, certificate: Certificate, *, today: date) -> EditionHistory:
    """The editions of one certificate."""
    return edition_histories(session, [certificate], today=today)[certificate.id]


def events_of(session: Session, *, certificate_id: int) -> Sequence[CertificateEvent]:
    """Everything that happened to one certificate, oldest first."""
    return _events(session, [certificate_id])[certificate_id]


def _events(session: Session, certificate_ids: Sequence[int]) -> dict[int, list[CertificateEvent]]:
    found: dict[int, list[CertificateEvent]] = defaultdict(list)
    for event in session.scalars(
        select(CertificateEvent)
        .where(CertificateEvent.certificate_id.in_(certificate_ids))
        .order_by(CertificateEvent.id)
    ):
        found[event.certificate_id].append(event)
    return found


def _edition(row: Certificate, events: Sequence[CertificateEvent], today: date) -> Edition:
    last = events[-1] if events and events[-1].kind is not EventKind.RESTORED else None
    validity, ended_on = ValidityStatus.VALID, None
    if last is not None:
        is_revoked = last.kind is EventKind.REVOKED
        validity = ValidityStatus.REVOKED if is_revoked else ValidityStatus.SUPERSEDED
        ended_on = local_day(last.happened_at)
    elif row.valid_until is not None and row.valid_until < today:
        validity, ended_on = ValidityStatus.EXPIRED, row.valid_until
    return Edition(
        certificate_id=row.id,
        number=row.number,
        edition=row.edition,
        masked_name=mask_name(row.holder_name),
        issued_on=local_day(row.issued_at),
        valid_until=row.valid_until,
        validity=validity,
        ended_on=ended_on,
        ending=last,
    )
