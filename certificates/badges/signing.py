"""Signs badges and status lists, with openbadgeslib. Only workers and tests import this."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

import jwt
from openbadgeslib.ob3 import (
    Achievement,
    Evidence,
    IdentityObject,
    Issuer,
    OB3LdpSigner,
    OB3Signer,
    OpenBadgeCredential,
    add_data_integrity_proof,
    build_status_list_credential,
    status_entry,
)

from certificates.badges.addresses import Addresses
from certificates.badges.hosting import ISSUER_NAME
from certificates.badges.keys import checked_key, new_key
from certificates.badges.making import BadgeFacts
from certificates.badges.status import BITS, GOOD_FOR
from kernel.clock import LOCAL

PURPOSE = "revocation"


@dataclass(frozen=True)
class Signed:
    """A badge or a list in both forms: JSON with a Data Integrity proof, and a VC-JWT."""

    credential: str
    jwt: str


@dataclass
class CourseAchievement(Achievement):
    """The library's achievement, with what the standard has besides: version, language and the course's page."""

    version: str = ""
    language: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the credential."""
        found: dict[str, Any] = {**super().to_dict(), "version": self.version, "inLanguage": self.language}
        return found


@dataclass
class BadgeSigner:
    """Holds the key of this installation. ``pem`` is what ``keys.checked_key`` returned."""

    pem: bytes
    addresses: Addresses
    multibase: str = field(init=False)

    def __post_init__(self) -> None:
        # Left to itself, the library names a key by its public half.
        self.multibase = OB3LdpSigner(self.pem).verification_method.partition("#")[2]

    @property
    def issuer_id(self) -> str:
        """The DID that signs."""
        return self.addresses.issuer_id(self.multibase)

    @property
    def _method_id(self) -> str:
        return self.addresses.method_id(self.multibase)

    def sign(self, facts: BadgeFacts, *, now: datetime) -> Signed:
        """The badge with these facts. The same facts, key and ``now`` give the same bytes."""
        credential = self._credential(facts)
        signer = OB3LdpSigner(self.pem, verification_method=self._method_id)
        document = signer.sign(credential, created=now)
        return Signed(json.dumps(document, ensure_ascii=False), self._jwt(credential.to_jwt_payload()))

    def sign_list(self, number: int, ended: Iterable[int], *, now: datetime) -> Signed:
        """A status list with these bits set."""
        document = build_status_list_credential(
            self.issuer_id,
            self.addresses.status_list(number),
            PURPOSE,
            ended,
            size_bits=BITS,
            issued=now,
            valid_until=now + GOOD_FOR,
        )
        signed = add_data_integrity_proof(document, self.pem, self._method_id, created=now)
        claims = {"iss": document["issuer"], "jti": document["id"], "nbf": int(now.timestamp())}
        return Signed(json.dumps(signed), self._jwt({**document, **claims}))

    def _jwt(self, payload: dict[str, Any]) -> str:
        # The library names the key by its value alone; after a change of keys only its name finds the right one.
        plain = OB3Signer(privkey_pem=self.pem, algorithm="EdDSA").sign_payload(payload)
        headers = {"jwk": jwt.get_unverified_header(plain)["jwk"], "kid": self._method_id}
        return jwt.encode(payload, self.pem, algorithm="EdDSA", headers=headers)

    def _credential(self, facts: BadgeFacts) -> OpenBadgeCredential:
        here = self.addresses
        return OpenBadgeCredential(
            id=here.credential(facts.secret),
            issuer=Issuer(id=self.issuer_id, name=ISSUER_NAME, url=here.public_url),
            recipient_id=None,
            identifiers=_identifiers(facts),
            achievement=CourseAchievement(
                id=here.achievement(facts.achievement),
                name=facts.course_title,
                description=facts.summary,
                criteria_narrative=criteria(facts),
                image_url=here.picture(facts.achievement),
                achievement_type="Course",
                version=str(facts.course_version),
                language=facts.language,
            ),
            issuance_date=facts.issued_at,
            expiration_date=_end_of(facts),
            evidence=[
                Evidence(
                    id=here.verify(facts.number),
                    name=f"Certificate {facts.number}",
                    narrative=f"Issued for {facts.organisation_name}. The page says whether it still counts.",
                )
            ],
            credential_status=[status_entry(here.status_list(facts.status_list), PURPOSE, facts.status_index)],
        )


def warm_up() -> None:
    """Sign a badge of nobody's. The first takes ten times as long as the next: forks inherit what it loaded."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    nobodys = BadgeFacts(
        badge_id=0,
        secret="none",  # noqa: S106 - the end of an address
        salt="none",
        status_list=1,
        status_index=0,
        number="TEST-0000-0000-0",
        email=None,
        organisation_name="A council",
        achievement="TEST-1",
        course_title="A test",
        course_version=1,
        summary="A test",
        outcomes=(),
        language="en-GB",
        issued_at=moment,
        valid_until=None,
    )
    BadgeSigner(checked_key(new_key()), Addresses("http://localhost")).sign(nobodys, now=moment)


def criteria(facts: BadgeFacts) -> str:
    """What somebody did for this badge, in words (Markdown)."""
    said = f"Completed every part of version {facts.course_version} of the course."
    if not facts.outcomes:
        return said
    return "\n".join([f"{said} It sets out to enable people to:", "", *(f"- {one}" for one in facts.outcomes)])


def _identifiers(facts: BadgeFacts) -> list[IdentityObject]:
    found = [IdentityObject.create(facts.number, salt=facts.salt, identity_type="identifier")]
    if facts.email:
        # Nobody's mail differs by capitals, and whoever compares has the address as somebody else wrote it.
        found.append(IdentityObject.create(facts.email.strip().lower(), salt=facts.salt))
    return found


def _end_of(facts: BadgeFacts) -> datetime | None:
    """The last second of the last valid day, as the city region's clocks show it."""
    if facts.valid_until is None:
        return None
    return datetime.combine(facts.valid_until, time(23, 59, 59), LOCAL).astimezone(UTC)
