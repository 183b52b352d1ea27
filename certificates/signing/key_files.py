"""Keys from files: PKCS#12, or PEM with the key and its certificates. Loads pyHanko, so no web process may."""

from collections.abc import Sequence
from pathlib import Path

from asn1crypto import x509 as asn1  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs12
from pyhanko.sign import Signer as PyHankoSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.signing.signer import BadSigningKey

SMALLEST_RSA = 2048  # bits
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
_PEM = b"-----BEGIN"
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class FileKeySigner(PyHankoSigner):
    """A key in memory. pyHanko's own reads and checks it again for every signature, and signs ECDSA at random."""

    def __init__(self, key: Key, certificates: Sequence[x509.Certificate]) -> None:
        own, *others = (asn1.Certificate.load(item.public_bytes(Encoding.DER)) for item in certificates)
        known = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        known.register_multiple([own, *others])
        super().__init__(signing_cert=own, cert_registry=known)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002
        """The signature alone, the same for the same data."""
        if isinstance(self._key, ed25519.Ed25519PrivateKey):
            return self._key.sign(data)
        algorithm = _DIGESTS[digest_algorithm]
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data, ec.ECDSA(algorithm, deterministic_signing=True))


def open_key_file(path: str, password: str | None) -> FileKeySigner:
    """The key and certificates of a file. Raises ``BadSigningKey``."""
    try:
        data = Path(path).read_bytes()
    except OSError as problem:
        raise BadSigningKey(f"{path} could not be read: {problem.strerror or problem}") from problem
    secret = password.encode() if password else None
    try:
        key, certificates = _from_pem(data, secret) if _PEM in data else _from_pkcs12(data, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise BadSigningKey(f"{path} could not be opened: {problem}") from problem
    checked = _checked(key, path)
    return FileKeySigner(checked, _own_first(checked, certificates, path))


def _from_pem(data: bytes, secret: bytes | None) -> tuple[object, list[x509.Certificate]]:
    return load_pem_private_key(data, secret), x509.load_pem_x509_certificates(data)


def _from_pkcs12(data: bytes, secret: bytes | None) -> tuple[object, list[x509.Certificate]]:
    found = pkcs12.load_pkcs12(data, secret)
    own = [found.cert] if found.cert else []
    return found.key, [item.certificate for item in (*own, *found.additional_certs)]


def _checked(key: object, path: str) -> Key:
    if not isinstance(key, Key):
        raise BadSigningKey(f"{path} holds no RSA, ECDSA or Ed25519 key")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < SMALLEST_RSA:
        raise BadSigningKey(f"{path} holds an RSA key of {key.key_size} bits. It needs {SMALLEST_RSA} or more")
    return key


def _own_first(key: Key, certificates: Sequence[x509.Certificate], path: str) -> list[x509.Certificate]:
    public = key.public_key()
    own = [item for item in certificates if item.public_key() == public]
    if not own:
        raise BadSigningKey(f"{path} holds no certificate of its key")
    return [own[0], *(item for item in certificates if item != own[0])]
