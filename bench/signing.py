"""``python -m bench.signing``: what a signature takes with each kind of key, beside drawing the file."""

from datetime import UTC, datetime, timedelta
from time import perf_counter

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from certificates.document.documents import certificate_document
from certificates.looks.branding import DEFAULT_BRANDING
from certificates.making.derived_files import sample_facts
from certificates.pdf import render_pdf
from certificates.signing.key_files import FileKeySigner, Key
from certificates.signing.pades import PadesSigner

FILES = 200
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def main() -> None:
    """Print milliseconds per file."""
    facts = sample_facts(
        "A council", DEFAULT_BRANDING, on=NOW.date(), verify_url="https://example.org/verify/{}".format
    )
    document = certificate_document(facts)
    render_pdf(document)
    print(f"{'drawing':<10}{_milliseconds(lambda: render_pdf(document)):8.2f} ms")
    keys: dict[str, Key] = {
        "RSA-2048": rsa.generate_private_key(65537, 2048),
        "RSA-3072": rsa.generate_private_key(65537, 3072),
        "RSA-4096": rsa.generate_private_key(65537, 4096),
        "P-256": ec.generate_private_key(ec.SECP256R1()),
        "Ed25519": ed25519.Ed25519PrivateKey.generate(),
    }
    for name, key in keys.items():
        signer = PadesSigner(FileKeySigner(key, [_self_made(key)]), is_repeatable=True, now=lambda: NOW)
        pdf = render_pdf(document, space=signer.space_for(NOW))
        print(f"{name:<10}{_milliseconds(lambda: signer.sign(pdf)):8.2f} ms, {len(pdf):,} bytes")  # noqa: B023


def _milliseconds(work) -> float:  # type: ignore[no-untyped-def]
    started = perf_counter()
    for _ in range(FILES):
        work()
    return (perf_counter() - started) / FILES * 1000


def _self_made(key: Key) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Bench")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1).not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=9))
    )
    return builder.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())


if __name__ == "__main__":
    main()
