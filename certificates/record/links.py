"""Links by which a holder shows their full name to somebody: unguessable, stored hashed, ending, and withdrawable."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.record.issuing import get_certificate
from kernel.audit import record
from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound, RuleBroken

MOST_OPEN = 10
LONGEST_LABEL = 60
# What a holder may choose, in days.
LASTS: Mapping[int, str] = {7: "7 days", 30: "30 days", 365: "One year"}


class CertificateLink(Base):
    """A link as it may be stored: its secret only as a SHA-256. ``label`` is the holder's note and nobody else's."""

    __tablename__ = "certificate_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "certificate_id"),)

    def is_open(self, now: datetime) -> bool:
        """Whether it shows the name at this moment."""
        return self.withdrawn_at is None and now < self.ends_at


@dataclass(frozen=True)
class LinkOutcome:
    """A new link. ``secret`` is the only copy: it cannot be shown again."""

    link_id: int
    number: str
    secret: str


def make_link(
    session: Session, *, certificate_number: str, person_id: int, account_id: int, days: int, label: str, now: datetime
) -> LinkOutcome:
    """Make a link to a person's own certificate that shows their full name for so many ``days``.

    Raises ``NotFound``, and ``RuleBroken`` when the days are none of ``LASTS``, the label is too long, or ten are open.
    """
    tidy = " ".join("".join(letter if letter.isprintable() else " " for letter in label).split())
    if days not in LASTS:
        raise RuleBroken("Select how long the link works", "days")
    if len(tidy) > LONGEST_LABEL:
        raise RuleBroken(f"The note must be {LONGEST_LABEL} characters or fewer", "label")
    certificate = get_certificate(session, certificate_number=certificate_number, person_id=person_id)
    if _open_links(session, certificate.id, now) >= MOST_OPEN:
        raise RuleBroken(f"You have {MOST_OPEN} links that work. Withdraw one that you no longer need")
    secret = secrets.token_urlsafe(32)
    link = CertificateLink(
        certificate_id=certificate.id,
        secret_sha256=_hashed(secret),
        label=tidy,
        created_at=now,
        ends_at=now + timedelta(days=days),
    )
    session.add(link)
    session.flush()
    _note(session, "certificate-link-made", certificate.number, account_id, now, {"link": link.id, "days": days})
    return LinkOutcome(link.id, certificate.number, secret)


def withdraw_link(
    session: Session, *, certificate_number: str, link_id: int, person_id: int, account_id: int, now: datetime
) -> None:
    """Let a link show the name no longer; doing it twice changes nothing. Raises ``NotFound`` for somebody else's."""
    certificate = get_certificate(session, certificate_number=certificate_number, person_id=person_id)
    link = session.get(CertificateLink, link_id)
    if link is None or link.certificate_id != certificate.id:
        raise NotFound(f"link {link_id} of certificate {certificate_number}")
    if link.withdrawn_at is None:
        link.withdrawn_at = now
        _note(session, "certificate-link-withdrawn", certificate.number, account_id, now, {"link": link.id})
        session.flush()


def links_of(session: Session, *, certificate_id: int) -> Sequence[CertificateLink]:
    """Every link that was made to a certificate, newest first."""
    return session.scalars(
        select(CertificateLink)
        .where(CertificateLink.certificate_id == certificate_id)
        .order_by(CertificateLink.id.desc())
    ).all()


def is_open_link(session: Session, *, certificate_id: int, secret: str, now: datetime) -> bool:
    """Whether this secret opens the full name of this certificate now."""
    link = session.scalar(
        select(CertificateLink).where(
            CertificateLink.secret_sha256 == _hashed(secret), CertificateLink.certificate_id == certificate_id
        )
    )
    return link is not None and link.is_open(now)


def _open_links(session: Session, certificate_id: int, now: datetime) -> int:
    query = select(func.count()).where(
        CertificateLink.certificate_id == certificate_id,
        CertificateLink.withdrawn_at.is_(None),
        CertificateLink.ends_at > now,
    )
    return session.scalar(query) or 0


def _note(
    session: Session, action: str, certificate_number: str, account_id: int, now: datetime, detail: dict[str, int]
) -> None:
    record(
        session,
        action=action,
        subject_type="certificate",
        subject_id=certificate_number,
        actor_account_id=account_id,
        now=now,
        detail=dict(detail),
    )


def _hashed(secret: str) -> str:
    # 256 random bits need no slow hash: nobody can try them out.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
