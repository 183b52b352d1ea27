"""Keys, an authority that vouches for them, and a time-stamp server, all made on the spot."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PASSWORD = "a pass phrase of the tests"


@lru_cache
def key_of(kind: str):
    """A private key, the same each time that it is asked for."""
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind.removeprefix("rsa-")))
    return ed25519.Ed25519PrivateKey.generate() if kind == "ed25519" else ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Authority:
    """Somebody who vouches for keys."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def vouch(self, key, name: str, *, is_server: bool = False, until: datetime | None = None) -> x509.Certificate:
        use = ExtendedKeyUsageOID.TIME_STAMPING if is_server else ExtendedKeyUsageOID.EMAIL_PROTECTION
        builder = certificate_of(name, self.certificate.subject, key.public_key(), until=until)
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=is_server)
        return builder.sign(self.key, hashes.SHA256())


def certificate_of(name: str, issuer: x509.Name | None, public, *, until: datetime | None = None):
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Liverpool City Region Combined Authority"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOON - timedelta(days=30))
        .not_valid_after(until or NOON + timedelta(days=700))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(_usage(is_authority=issuer is None), critical=True)
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    never = ("key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_cert_sign=is_authority,
        **dict.fromkeys(never, False),
    )


@lru_cache
def authority() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, certificate_of("Root of the tests", None, key.public_key()).sign(key, hashes.SHA256()))


def pem_file(folder: Path, kind: str = "p-256", *, password: str | None = None, until: datetime | None = None) -> Path:
    """A PEM file with a key, its certificate and that of the authority."""
    key, path = key_of(kind), folder / f"{kind}.pem"
    secret = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    certificates = (authority().vouch(key, "Siân Ọláyínká", until=until), authority().certificate)
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret)
        + b"".join(item.public_bytes(Encoding.PEM) for item in certificates)
    )
    return path


def pkcs12_file(folder: Path, *, password: str) -> Path:
    key, path = key_of("rsa-2048"), folder / "key.p12"
    certificate = authority().vouch(key, "Siân Ọláyínká")
    secret = BestAvailableEncryption(password.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"us", key, certificate, [authority().certificate], secret))
    return path


def as_asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


def judged(data: bytes, *roots: x509.Certificate) -> PdfSignatureStatus:
    """What pyHanko's validator says of the only signature of a file, on a day in the tests' own time."""
    trusted = [as_asn1(root) for root in roots or (authority().certificate,)]
    (signature,) = PdfFileReader(BytesIO(data)).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=trusted, moment=NOON + timedelta(hours=1)))


class StampServer:
    """An RFC 3161 server of our own; ``is_silent`` makes it answer with an error."""

    def __init__(self) -> None:
        key = key_of("rsa-2048")  # pyHanko's stand-in for a server knows no other kind
        certificate = authority().vouch(key, "Time of the tests", is_server=True)
        self.is_silent, self.asked = False, 0
        self._stamper = DummyTimeStamper(
            tsa_cert=as_asn1(certificate),
            tsa_key=asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
            certs_to_embed=SimpleCertificateStore(),
            fixed_dt=NOON + timedelta(minutes=5),
        )

    def answer(self, request: bytes) -> bytes | None:
        self.asked += 1
        if self.is_silent:
            return None
        return self._stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump()


@contextmanager
def stamp_server() -> Iterator[tuple[str, StampServer]]:
    """The address of a running server, and the server."""
    server = StampServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = server.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(503 if body is None else 200)
            self.send_header("Content-Type", "text/plain" if body is None else "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(body or b"out of order")

        def log_message(self, *_: object) -> None:
            return

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=web.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}/", server
    finally:
        web.shutdown()
        thread.join()
        web.server_close()
