"""What anybody may fetch in order to check a badge. It says nothing that the page that checks a number does not."""

import json
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.badges.addresses import Addresses
from certificates.badges.records import Badge, BadgeKey, Ending
from certificates.record.issuing import Certificate
from kernel.database import JsonObject
from kernel.errors import NotFound

DID_CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
BADGE_CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
ISSUER_NAME = "Common Ground"


def public_keys(session: Session) -> Sequence[str]:
    """The keys that have signed, newest first. Raises ``NotFound`` where none has."""
    found = session.scalars(select(BadgeKey.multibase).order_by(BadgeKey.id.desc())).all()
    if not found:
        raise NotFound("a key that signs badges")
    return found


def did_document(session: Session, addresses: Addresses) -> JsonObject:
    """The issuer's keys, old ones too: what they signed still counts. Raises ``NotFound`` where ``did:web`` is none."""
    keys = public_keys(session)
    did = addresses.issuer_id(keys[0])
    if not did.startswith("did:web:"):
        raise NotFound("a DID document")
    methods = [{"id": f"{did}#{key}", "type": "Multikey", "controller": did, "publicKeyMultibase": key} for key in keys]
    names = [method["id"] for method in methods]
    return {"@context": [*DID_CONTEXT], "id": did, "verificationMethod": methods, "assertionMethod": names}


def issuer_profile(session: Session, addresses: Addresses) -> JsonObject:
    """Who issues badges. Raises ``NotFound`` where nobody has."""
    return {
        "@context": [*BADGE_CONTEXT],
        "id": addresses.issuer_id(public_keys(session)[0]),
        "type": ["Profile"],
        "name": ISSUER_NAME,
        "url": addresses.public_url,
    }


def get_achievement(session: Session, *, name: str) -> JsonObject:
    """What a badge is for, as the first badge said it. Raises ``NotFound`` for courses that nobody has a badge of."""
    credential = session.scalar(
        select(Badge.credential)
        .where(Badge.achievement == name, Badge.made_at.is_not(None))
        .order_by(Badge.id)
        .limit(1)
    )
    if credential is None:
        raise NotFound(f"achievement {name}")
    return {"@context": [*BADGE_CONTEXT], **json.loads(credential)["credentialSubject"]["achievement"]}


def get_credential(session: Session, *, secret: str) -> str:
    """A badge as it was signed. One that ended with its certificate is there and its status says so.

    Raises ``NotFound``, also for one that its holder took back.
    """
    badge = _get(session, secret)
    if badge.credential is None:
        raise NotFound("a badge that is not signed yet")
    return badge.credential


def get_number(session: Session, *, secret: str) -> str:
    """The number of a badge's certificate, for people who follow the badge's address. Raises ``NotFound``."""
    certificate = session.get_one(Certificate, _get(session, secret).certificate_id)
    return certificate.number


def _get(session: Session, secret: str) -> Badge:
    badge = session.scalar(select(Badge).where(Badge.secret == secret))
    if badge is None or badge.made_at is None or badge.ending is Ending.WITHDRAWN:
        raise NotFound("this badge")
    return badge
