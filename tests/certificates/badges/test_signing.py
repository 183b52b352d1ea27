"""Badges and status lists, checked by the library that verifies them and against the standard's own worked example."""

import hashlib
import json
import random
import secrets
from datetime import UTC, date, datetime, timedelta
from xml.dom import minidom

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from openbadgeslib.ob3 import (
    OB3LdpVerifier,
    OB3VerificationError,
    OB3Verifier,
    add_data_integrity_proof,
    check_credential_status,
    verify_data_integrity_proof,
)

from certificates.badges.addresses import Addresses
from certificates.badges.keys import BadKey, checked_key, is_demo_key, new_key
from certificates.badges.making import BadgeFacts
from certificates.badges.picture import baked_picture, picture
from certificates.badges.signing import BadgeSigner, criteria
from certificates.badges.status import BITS, FULL
from kernel.clock import utc_now

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TITLES = ("Siân Nguyễn", "محمد بن عبد الله", "王芳与李娜", "Ọláyínká", "ਸੰਧੂ", "A & B < C > D ]]> \"'", "x" * 200)
# 1EdTech, Open Badges 3.0 Implementation Guide, "Linked Data Proof Test Vector": the key's seed, the document and the
# proof value that must come out. The key is the example's own and opens nothing.
SEED = "6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4"
ISSUER = "https://example.edu/issuers/565049"
METHOD = f"{ISSUER}#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
EXAMPLE = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "http://example.com/credentials/3527",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": ISSUER, "type": ["Profile"], "url": "https://www.imsglobal.org", "name": "Example Corp"},
    "validFrom": "2010-01-01T00:00:00Z",
    "name": "Teamwork Badge",
    "credentialSubject": {
        "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://example.com/achievements/21st-century-skills/teamwork",
            "type": ["Achievement"],
            "criteria": {
                "narrative": "Team members are nominated for this badge by their peers and recognized upon review by "
                "Example Corp management."
            },
            "description": "This badge recognizes the development of the capacity to collaborate within a group "
            "environment.",
            "name": "Teamwork",
        },
    },
}
PROOF_VALUE = "z5x9aCBYovW3CQCbKdNyhEm7ffYSw1YpEdPywQJoNbzDD2gkzQDKJ1sYKJaWvqZtkMtSbz35HcbgXVEDYHxCzgkCr"


def subject_of(text: str) -> dict[str, object]:
    return dict(json.loads(text)["credentialSubject"])


def verified(credential: str) -> str:
    return str(OB3LdpVerifier().verify(credential).achievement.name)


def token_verified(signer: BadgeSigner, token: str) -> str:
    return str(OB3Verifier.for_issuer_did(signer.issuer_id).verify(token).achievement.name)


def test_the_example_of_the_standard_is_signed_to_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_bytes", lambda _: bytes.fromhex(SEED))
    key = checked_key(new_key())
    created = datetime(2010, 1, 1, 19, 23, 24, tzinfo=UTC)
    signed = add_data_integrity_proof(EXAMPLE, key, METHOD, created=created)
    assert signed["proof"]["proofValue"] == PROOF_VALUE


@pytest.mark.parametrize("title", TITLES)
def test_both_forms_are_verified_in_every_script(signer: BadgeSigner, facts: BadgeFacts, title: str) -> None:
    signed = signer.sign(facts._replace(course_title=title), now=NOW)
    assert verified(signed.credential) == title
    assert token_verified(signer, signed.jwt) == title


def test_a_badge_says_what_the_course_was_and_nothing_about_its_holder(signer: BadgeSigner, facts: BadgeFacts) -> None:
    found = json.loads(signer.sign(facts, now=NOW).credential)
    achievement = found["credentialSubject"]["achievement"]
    assert (achievement["version"], achievement["inLanguage"]) == ("3", "en-GB")
    assert achievement["criteria"]["narrative"].endswith("\n- Say what the law asks\n- Notice <b>bias</b>")
    assert (found["validFrom"], found["validUntil"]) == ("2026-11-21T12:00:00Z", "2999-06-30T22:59:59Z")
    assert "id" not in found["credentialSubject"]
    (identifier,) = found["credentialSubject"]["identifier"]
    hashed = hashlib.sha256(f"{facts.number}pepper".encode()).hexdigest()
    assert (identifier["hashed"], identifier["identityHash"]) == (True, f"sha256${hashed}")


def test_an_address_is_in_a_badge_only_when_asked_for_and_only_hashed(signer: BadgeSigner, facts: BadgeFacts) -> None:
    signed = signer.sign(facts._replace(email="sian@example.org"), now=NOW)
    assert "sian" not in signed.credential
    kinds = [one["identityType"] for one in json.loads(signed.credential)["credentialSubject"]["identifier"]]
    assert kinds == ["identifier", "emailAddress"]
    assert OB3LdpVerifier().verify(signed.credential).identifiers[1].salt == "pepper"


@pytest.mark.parametrize("written", ["amina.khan@example.org", "Amina.Khan@Example.org", " AMINA.KHAN@EXAMPLE.ORG "])
def test_an_address_has_one_hash_however_it_was_written(signer: BadgeSigner, facts: BadgeFacts, written: str) -> None:
    signed = signer.sign(facts._replace(email=written), now=NOW)
    identifier = json.loads(signed.credential)["credentialSubject"]["identifier"][1]
    hashed = hashlib.sha256(b"amina.khan@example.orgpepper").hexdigest()
    assert identifier["identityHash"] == f"sha256${hashed}"


@pytest.mark.parametrize("change", ["name", "version", "description", "id"])
def test_a_changed_achievement_is_noticed(signer: BadgeSigner, facts: BadgeFacts, change: str) -> None:
    found = json.loads(signer.sign(facts, now=NOW).credential)
    found["credentialSubject"]["achievement"][change] = "https://example.org/other"
    with pytest.raises(OB3VerificationError, match="signature mismatch"):
        verified(json.dumps(found))


def test_an_expired_badge_is_refused_in_both_forms(signer: BadgeSigner, facts: BadgeFacts) -> None:
    signed = signer.sign(facts._replace(valid_until=date(2020, 1, 1)), now=NOW)
    with pytest.raises(OB3VerificationError, match="expired"):
        verified(signed.credential)
    with pytest.raises(OB3VerificationError, match="expired"):
        token_verified(signer, signed.jwt)


def test_another_key_does_not_pass_for_ours(signer: BadgeSigner, facts: BadgeFacts) -> None:
    other = BadgeSigner(checked_key(new_key()), signer.addresses)
    with pytest.raises(OB3VerificationError):
        token_verified(signer, other.sign(facts, now=NOW).jwt)


def test_a_badge_without_an_end_has_none(signer: BadgeSigner, facts: BadgeFacts) -> None:
    assert "validUntil" not in json.loads(signer.sign(facts._replace(valid_until=None), now=NOW).credential)


def test_a_course_without_outcomes_has_criteria_too(facts: BadgeFacts) -> None:
    assert criteria(facts._replace(outcomes=())) == "Completed every part of version 3 of the course."


def test_the_same_facts_at_the_same_moment_give_the_same_bytes(signer: BadgeSigner, facts: BadgeFacts) -> None:
    assert signer.sign(facts, now=NOW) == signer.sign(facts, now=NOW)


def test_a_status_list_says_which_badges_have_ended(signer: BadgeSigner, facts: BadgeFacts) -> None:
    badge = OB3LdpVerifier().verify(signer.sign(facts, now=NOW).credential)

    def check(*ended: int, on: datetime) -> None:
        signed = signer.sign_list(1, ended, now=on)
        verify_data_integrity_proof(json.loads(signed.credential), public_pem(signer))
        check_credential_status(badge, download=lambda _: signed.credential.encode())
        check_credential_status(badge, download=lambda _: signed.jwt.encode(), verify_list=True)

    check(0, 76, 78, on=utc_now())
    with pytest.raises(OB3VerificationError, match="'revocation' is set at index 77"):
        check(77, on=utc_now())
    with pytest.raises(OB3VerificationError, match="expired"):  # an old copy cannot bring a badge back
        check(0, on=utc_now() - timedelta(days=5))


def public_pem(signer: BadgeSigner) -> bytes:
    key = load_pem_private_key(signer.pem, None).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_both_forms_of_a_list_say_the_same_and_name_the_key(signer: BadgeSigner) -> None:
    signed = signer.sign_list(1, [77], now=NOW)
    document, claims = json.loads(signed.credential), jwt.decode(signed.jwt, options={"verify_signature": False})
    proof = document.pop("proof")
    assert {name: claims[name] for name in document} == document
    assert jwt.get_unverified_header(signed.jwt)["kid"] == proof["verificationMethod"]
    assert proof["verificationMethod"].startswith(f"{document['issuer']}#")
    assert (document["validFrom"], claims["nbf"]) == ("2026-11-21T12:00:00Z", int(NOW.timestamp()))
    assert signer.sign_list(1, [77], now=NOW) == signed


def test_a_list_in_which_every_badge_ended_can_still_be_signed(signer: BadgeSigner) -> None:
    places = random.Random(1).sample(range(BITS), FULL)  # noqa: S311 - any places will do
    assert len(signer.sign_list(1, places, now=NOW).credential) < 40_000


def test_the_issuer_is_the_site_where_it_has_https_and_else_the_key() -> None:
    assert Addresses("https://learn.example.org").issuer_id("z6M") == "did:web:learn.example.org:badges"
    assert Addresses("https://example.org:8443/cg").issuer_id("z6M") == "did:web:example.org%3A8443:cg:badges"
    assert Addresses("http://localhost:8000").issuer_id("z6M") == "did:key:z6M"


@pytest.mark.parametrize("title", TITLES)
def test_the_picture_carries_the_badge_and_names_itself(signer: BadgeSigner, facts: BadgeFacts, title: str) -> None:
    credential = signer.sign(facts._replace(course_title=title), now=NOW).credential
    baked = baked_picture(title, "3", credential)
    inside = OB3Verifier.extract_token_from_svg(baked.encode())
    assert (json.loads(inside), verified(inside)) == (json.loads(credential), title)
    for drawn in (baked, picture(title, "3")):
        found = minidom.parseString(drawn)  # noqa: S318 - our own picture
        assert found.getElementsByTagName("title")[0].firstChild.data == title
        lines = [text.firstChild.data for text in found.getElementsByTagName("text")]
        assert "".join(lines[1:-2]).replace(" ", "") == title.replace(" ", "")
        assert not {"script", "style", "image", "use"} & {node.localName for node in found.getElementsByTagName("*")}


def test_a_title_of_any_length_fits_the_picture() -> None:
    drawn = minidom.parseString(picture("Wordy " * 200, "3"))  # noqa: S318 - our own picture
    lines = drawn.getElementsByTagName("text")
    assert len(lines) == 3 + 8
    assert lines[-3].firstChild.data.endswith("…")
    assert all(0 < int(line.getAttribute("y")) < 520 for line in lines)


def test_a_key_is_read_back_and_the_demos_knows_itself() -> None:
    assert not is_demo_key(new_key())
    demo = new_key(is_demo=True)
    assert is_demo_key(demo)
    assert BadgeSigner(checked_key(demo), Addresses("http://localhost")).multibase.startswith("z6Mk")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("PRIVATE KEY", ""),
        ("PRIVATE KEY", "!!"),
        ("PRIVATE KEY", "AAAA"),
        ("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIA=="),
        ("RSA PRIVATE KEY", "AAAA"),
        ("OPENSSH PRIVATE KEY", "AAAA"),
    ],
)
def test_what_is_no_key_is_refused(kind: str, body: str) -> None:
    for text in (body, f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n"):
        with pytest.raises(BadKey):
            checked_key(text)
