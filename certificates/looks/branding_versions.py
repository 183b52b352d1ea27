"""The looks that an authority has had: every save is a new version, and none is ever changed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    LargeBinary,
    ScalarSelect,
    String,
    Table,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from certificates.looks.brand_rules import check
from certificates.looks.branding import Branding, Colours, Design, Signatory, Wording
from kernel.append_only import keep_append_only
from kernel.audit import record
from kernel.database import Base, JsonObject, UTCDateTime
from kernel.errors import NotFound, RuleBroken

SOMEBODY_ELSE = (
    "Somebody else changed this look while you had it open. What you chose is still below, unsaved. "
    "Look at the present version, then save again"
)


class CertificateBranding(Base):
    """One version of one authority's look. Pictures stand in ``document`` by their SHA-256."""

    __tablename__ = "certificate_branding"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    document: Mapped[JsonObject] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (UniqueConstraint("organisation_id", "number"),)


class CertificatePicture(Base):
    """A logo or a signature, as ``certificates.document.pictures`` made it; equal pictures are stored once."""

    __tablename__ = "certificate_picture"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


keep_append_only(cast(Table, CertificateBranding.__table__))
keep_append_only(cast(Table, CertificatePicture.__table__))


@dataclass(frozen=True)
class SaveOutcome:
    """The version in force after a save, and whether the save made it."""

    branding_id: int
    number: int
    is_new: bool


def find_current(session: Session, *, organisation_id: int) -> CertificateBranding | None:
    """The version in force; ``None`` for an authority that has the safe defaults."""
    return session.scalar(
        select(CertificateBranding)
        .where(CertificateBranding.organisation_id == organisation_id)
        .order_by(CertificateBranding.number.desc())
        .limit(1)
    )


def current_id_of(organisation_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """The version in force of the authority that a column names, as part of a larger query."""
    return (
        select(CertificateBranding.id)
        .where(CertificateBranding.organisation_id == organisation_id)
        .order_by(CertificateBranding.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def current_ids(session: Session, organisation_ids: Iterable[int]) -> Mapping[int, int]:
    """The version in force of each of these authorities that has one, by authority, in one query."""
    rows = session.execute(
        select(CertificateBranding.organisation_id, CertificateBranding.id)
        .where(CertificateBranding.organisation_id.in_(set(organisation_ids)))
        .order_by(CertificateBranding.organisation_id, CertificateBranding.number)
    )
    return dict(rows.all())


def versions_of(session: Session, *, organisation_id: int) -> Sequence[CertificateBranding]:
    """Every version, newest first."""
    return session.scalars(
        select(CertificateBranding)
        .where(CertificateBranding.organisation_id == organisation_id)
        .order_by(CertificateBranding.number.desc())
    ).all()


def get_version(session: Session, *, organisation_id: int, version_number: int) -> CertificateBranding:
    """One version. Raises ``NotFound``."""
    found = session.scalar(
        select(CertificateBranding).where(
            CertificateBranding.organisation_id == organisation_id, CertificateBranding.number == version_number
        )
    )
    if found is None:
        raise NotFound(f"version {version_number} of the look of {organisation_id}")
    return found


def save_branding(
    session: Session,
    *,
    organisation_id: int,
    branding: Branding,
    seen: int,
    account_id: int,
    now: datetime,
    restored_from: int | None = None,
) -> SaveOutcome:
    """Make ``branding`` the next version; one that is the same as the present makes none.

    ``seen`` is the version that the person had before them, 0 for none. Raises ``RuleBroken`` when a rule of
    ``brand_rules`` is broken or somebody else saved meanwhile.
    """
    check(branding)
    present = find_current(session, organisation_id=organisation_id)
    number = present.number if present else 0
    if seen != number:
        raise RuleBroken(SOMEBODY_ELSE)
    document = store_document(session, branding)
    if present and present.document == document:
        return SaveOutcome(present.id, number, is_new=False)
    version = CertificateBranding(
        organisation_id=organisation_id,
        number=number + 1,
        document=document,
        saved_at=now,
        saved_by_account_id=account_id,
    )
    session.add(version)
    session.flush()
    record(
        session,
        action="certificate-look-restored" if restored_from else "certificate-look-saved",
        subject_type="organisation",
        subject_id=organisation_id,
        actor_account_id=account_id,
        now=now,
        detail={"version": version.number, **({"restored_from": restored_from} if restored_from else {})},
    )
    return SaveOutcome(version.id, version.number, is_new=True)


def store_document(session: Session, branding: Branding) -> JsonObject:
    """The branding as JSON, its pictures stored beside it."""
    return {
        "design": branding.design.value,
        "colours": asdict(branding.colours),
        "wording": asdict(branding.wording),
        "second_language": branding.second_language,
        "second_wording": asdict(branding.second_wording) if branding.second_wording else None,
        "signatories": [
            {"name": one.name, "title": one.title, "signature": keep_picture(session, one.signature)}
            for one in branding.signatories
        ],
        "logo": keep_picture(session, branding.logo),
    }


def keep_picture(session: Session, data: bytes | None) -> str | None:
    """Store a picture that ``certificates.document.pictures`` made, once; returns its SHA-256."""
    if data is None:
        return None
    sha256 = hashlib.sha256(data).hexdigest()
    if session.get(CertificatePicture, sha256) is None:
        session.add(CertificatePicture(sha256=sha256, data=data))
        session.flush()
    return sha256


def find_picture(session: Session, *, sha256: str | None) -> bytes | None:
    """A stored picture, if it is there."""
    found = session.get(CertificatePicture, sha256) if sha256 else None
    return found.data if found else None


def branding_of(session: Session, document: JsonObject) -> Branding:
    """The branding that ``store_document`` wrote down."""
    wanted = [document["logo"], *(one["signature"] for one in document["signatories"])]
    return _branding_from(document, _pictures(session, wanted))


def brandings_by_id(session: Session, ids: Iterable[int]) -> Mapping[int, Branding]:
    """The brandings of a batch of certificates, in two queries at most."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.scalars(select(CertificateBranding).where(CertificateBranding.id.in_(wanted))).all()
    hashes = [
        sha256
        for row in rows
        for sha256 in (row.document["logo"], *(one["signature"] for one in row.document["signatories"]))
    ]
    pictures = _pictures(session, hashes)
    return {row.id: _branding_from(row.document, pictures) for row in rows}


def _pictures(session: Session, hashes: Iterable[str | None]) -> dict[str | None, bytes | None]:
    wanted = {sha256 for sha256 in hashes if sha256}
    found: dict[str | None, bytes | None] = {None: None}
    if wanted:
        query = select(CertificatePicture.sha256, CertificatePicture.data).where(CertificatePicture.sha256.in_(wanted))
        found.update(dict(session.execute(query).all()))
    return found


def _branding_from(document: JsonObject, pictures: Mapping[str | None, bytes | None]) -> Branding:
    second = document["second_wording"]
    return Branding(
        design=Design(document["design"]),
        colours=Colours(**document["colours"]),
        wording=Wording(**document["wording"]),
        second_language=document["second_language"],
        second_wording=Wording(**second) if second else None,
        signatories=tuple(
            Signatory(one["name"], one["title"], pictures[one["signature"]]) for one in document["signatories"]
        ),
        logo=pictures[document["logo"]],
    )
