"""Keys from files and tokens: what opens, and what is refused in words that say what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certificates.signing.opening import open_signer
from certificates.signing.pades import PadesSigner
from certificates.signing.signer import BadSigningKey, KeyFacts, Signature, SigningSetup
from tests.certificates.signing.keys_for_tests import NOON, PASSWORD, key_of, pem_file, pkcs12_file


def opened(path: Path, password: str | None = None) -> PadesSigner:
    return open_signer(SigningSetup(key_file=str(path), password=password), now=lambda: NOON)


@pytest.mark.parametrize("is_pem", [True, False])
def test_a_key_file_opens_with_its_password_alone(is_pem: bool, tmp_path: Path):
    path = pem_file(tmp_path, password=PASSWORD) if is_pem else pkcs12_file(tmp_path, password=PASSWORD)
    assert opened(path, PASSWORD).key.subject == "Siân Ọláyínká"
    for wrong in ("not this one", None):
        with pytest.raises(BadSigningKey, match="could not be opened"):
            opened(path, wrong)


def test_a_file_without_the_certificate_of_its_key_is_refused(tmp_path: Path):
    path = tmp_path / "key.pem"
    path.write_bytes(key_of("p-256").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(BadSigningKey, match="could not be opened"):
        opened(path)


@pytest.mark.parametrize("data", [b"", b"-----BEGIN", b"\0" * 100, "Siân".encode()])
def test_what_is_no_key_file_is_refused(data: bytes, tmp_path: Path):
    (tmp_path / "key").write_bytes(data)
    with pytest.raises(BadSigningKey, match="could not be opened"):
        opened(tmp_path / "key")


def test_an_rsa_key_that_is_too_short_is_refused(tmp_path: Path):
    with pytest.raises(BadSigningKey, match="1024 bits"):
        opened(pem_file(tmp_path, "rsa-1024"))


def test_a_key_whose_time_is_over_signs_nothing(tmp_path: Path):
    signer = opened(pem_file(tmp_path, until=NOON - timedelta(days=1)))
    with pytest.raises(BadSigningKey, match="ended on 20 November 2026"):
        signer.space_for(NOON)


def test_a_token_library_that_is_not_there_is_named(tmp_path: Path):
    setup = SigningSetup(pkcs11_module=str(tmp_path / "none.so"), pkcs11_token="certificates", pkcs11_label="issuer")
    with pytest.raises(BadSigningKey, match="The key on the token certificates could not be opened"):
        open_signer(setup, now=lambda: NOON)


def test_a_signature_says_by_whom_it_is():
    key = KeyFacts("3fa92bc11d07e5a6" + "0" * 48, "Issuer", "An authority", NOON, NOON)
    assert Signature(key, has_time_stamp=True).in_words == (
        "Signed by Issuer, An authority (certificate 3FA9 2BC1 1D07 E5A6), with a time-stamp"
    )
