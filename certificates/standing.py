"""Whether a certificate still counts: valid, expired, superseded or revoked, read from rows that are never changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.history import CertificateEvent, EventKind
from certificates.issuing import Certificate
from certificates.masking import mask_name
from kernel.clock import local_day


class Standing(StrEnum):
    """What a certificate is worth today."""

    VALID = "valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Edition:
    """One certificate of a chain, as anybody may see it.

    ``ended_on`` is the day on which it stopped counting, the last valid day when it expired. ``ending`` is what ended
    it, with the reason for its holder and for admins.
    """

    certificate_id: int
    number: str
    edition: int
    masked_name: str
    issued_on: date
    valid_until: date | None
    standing: Standing
    ended_on: date | None
    ending: CertificateEvent | None

    @property
    def is_valid(self) -> bool:
        """Whether it counts today."""
        return self.standing is Standing.VALID


@dataclass(frozen=True)
class Chain:
    """A certificate with those that it replaced and that replaced it, oldest first."""

    this: Edition
    editions: tuple[Edition, ...]

    @property
    def newest(self) -> Edition:
        """The one that stands at the end."""
        return self.editions[-1]

    @property
    def older(self) -> tuple[Edition, ...]:
        """What this one replaced, oldest first."""
        return self.editions[: self.this.edition - 1]

    @property
    def newer(self) -> tuple[Edition, ...]:
        """What replaced this one, oldest first."""
        return self.editions[self.this.edition :]


def chains_of(session: Session, certificates: Sequence[Certificate], *, today: date) -> dict[int, Chain]:
    """The chain of each certificate by its id, in two queries however many there are."""
    completion_ids = {certificate.completion_id for certificate in certificates}
    rows = session.scalars(
        select(Certificate).where(Certificate.completion_id.in_(completion_ids)).order_by(Certificate.edition)
    ).all()
    events = _events(session, [row.id for row in rows])
    by_completion: dict[int, list[Edition]] = defaultdict(list)
    for row in rows:
        by_completion[row.completion_id].append(_edition(row, events[row.id], today))
    return {
        certificate.id: Chain(
            by_completion[certificate.completion_id][certificate.edition - 1],
            tuple(by_completion[certificate.completion_id]),
        )
        for certificate in certificates
    }


def chain_of(session: Session, certificate: Certificate, *, today: date) -> Chain:
    """The chain of one certificate."""
    return chains_of(session, [certificate], today=today)[certificate.id]


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
    standing, ended_on = Standing.VALID, None
    if last is not None:
        is_revoked = last.kind is EventKind.REVOKED
        standing = Standing.REVOKED if is_revoked else Standing.SUPERSEDED
        ended_on = local_day(last.happened_at)
    elif row.valid_until is not None and row.valid_until < today:
        standing, ended_on = Standing.EXPIRED, row.valid_until
    return Edition(
        certificate_id=row.id,
        number=row.number,
        edition=row.edition,
        masked_name=mask_name(row.holder_name),
        issued_on=local_day(row.issued_at),
        valid_until=row.valid_until,
        standing=standing,
        ended_on=ended_on,
        ending=last,
    )
