"""The password or the private key of a source: checked, sealed, and opened again only to sign in."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from app.platform.sealed.files import seal, unseal
from kernel.errors import FileChanged, RuleBroken
from people.feed.sources.problems import NeedsSomebody
from people.feed.sources.record import FeedSource, SecretKind
from people.feed.sources.setting_up import SealedSecret

FEWEST_RSA_BITS = 2048
_SSH = b"BEGIN OPENSSH"


def seal_password(password: str) -> SealedSecret:
    """A password as it may be stored."""
    return SealedSecret(SecretKind.PASSWORD, seal(password.encode()).decode())


def seal_key(text: str) -> SealedSecret:
    """A private key as it may be stored. Raises ``RuleBroken`` for what is none that can be used."""
    data = ("\n".join(text.split("\r\n")).strip() + "\n").encode()
    try:
        key = load_ssh_private_key(data, None) if _SSH in data else load_pem_private_key(data, None)
    except TypeError as problem:
        raise RuleBroken("This key has a passphrase. Save it without one", field="secret") from problem
    except (ValueError, UnsupportedAlgorithm) as problem:
        words = "Paste the whole private key, with the lines that say BEGIN and END"
        if b"PUBLIC KEY" in data or data.startswith((b"ssh-", b"ecdsa-")):
            words = "This is a public key. Paste the private one; the public one belongs on the server"
        elif b"ENCRYPTED" in data:
            words = "This key has a passphrase. Save it without one"
        raise RuleBroken(words, field="secret") from problem
    if not isinstance(key, Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey):
        raise RuleBroken("Use an Ed25519, ECDSA or RSA key: servers take no other kind any more", field="secret")
    if isinstance(key, RSAPrivateKey) and key.key_size < FEWEST_RSA_BITS:
        raise RuleBroken(f"Use an RSA key of {FEWEST_RSA_BITS} bits or more, or an Ed25519 key", field="secret")
    stored = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    return SealedSecret(SecretKind.KEY, seal(stored).decode())


def secret_of(source: FeedSource) -> str:
    """The password or the key itself. Raises ``NeedsSomebody`` where it cannot be read any more."""
    if source.secret is None:
        raise NeedsSomebody("Neither a password nor a key is stored. Enter one on the page of this source.")
    try:
        return unseal(source.secret.encode()).decode()
    except FileChanged as problem:
        raise NeedsSomebody(
            "The stored password or key cannot be read, because the secret key of this installation has changed. "
            "Enter it again on the page of this source."
        ) from problem
