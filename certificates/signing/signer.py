"""What rendering asks of a signer, and how a signed file is made with it. Nothing here loads what signs."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from certificates.document.documents import CertificateDocument

# In the subject of every key that was made for trying things out.
TEST_ORGANISATION = "Common Ground test key"
_NAMED_BY = 8


class SigningFailed(Exception):
    """A file could not be signed now; the message says why, for an operator to read.

    The certificate is not at fault: it is tried again however often this happens.
    """


class BadSigningKey(SigningFailed):
    """The key cannot be used as it is: not there, not readable, of a kind that does not sign, or out of its time."""


@dataclass(frozen=True)
class SigningSetup:
    """Where the key is: a file (PKCS#12, or PEM with its certificates), or an object on a PKCS#11 token.

    ``password`` opens the file or is the token's PIN. With ``time_stamp_url`` every signature carries the time by an
    RFC 3161 server; ``can_do_without_stamp`` lets files be signed without one while that server does not answer.
    """

    key_file: str | None = None
    password: str | None = None
    pkcs11_module: str | None = None
    pkcs11_token: str | None = None
    pkcs11_label: str | None = None
    time_stamp_url: str | None = None
    can_do_without_stamp: bool = False


@dataclass(frozen=True)
class KeyFacts:
    """The public facts of a signing key: the SHA-256 of its certificate in hexadecimal, and what that says."""

    fingerprint: str
    subject: str
    organisation: str
    valid_from: datetime
    valid_until: datetime

    @property
    def short_fingerprint(self) -> str:
        """Enough of the fingerprint for people to compare: four groups of four, in capitals."""
        letters = self.fingerprint[:16].upper()
        return " ".join(letters[place : place + 4] for place in range(0, 16, 4))

    @property
    def is_for_tests(self) -> bool:
        """Whether the key was made for trying things out."""
        return self.organisation == TEST_ORGANISATION


@dataclass(frozen=True)
class SignatureSpace:
    """What a file must keep free for its signature: how many bytes, and the time that the signature will state."""

    size_bytes: int
    signed_at: datetime


@dataclass(frozen=True)
class Signature:
    """By whom a file was signed, and whether a time-stamp server vouches for when."""

    key: KeyFacts
    has_time_stamp: bool

    @property
    def in_words(self) -> str:
        """By whom, as a visitor reads it."""
        key = self.key
        who = key.subject if key.organisation in ("", key.subject) else f"{key.subject}, {key.organisation}"
        stamp = ", with a time-stamp" if self.has_time_stamp else ""
        if key.is_for_tests:
            return f"Signed with a key for tests, which proves nothing (certificate {key.short_fingerprint}){stamp}"
        return f"Signed by {who} (certificate {key.short_fingerprint}){stamp}"


@dataclass(frozen=True)
class MadeFile:
    """A file ready to be stored; ``signature`` is ``None`` when it has none."""

    data: bytes
    signature: Signature | None = None

    def key_from(self, key: str) -> str:
        """Where to store it, from where it would stand without a signature.

        A file with a time-stamp, or after a change of keys, never comes out the same twice. So that a worker which
        was thought dead cannot change the file that another one stored, each signed file has a place of its own.
        """
        if self.signature is None:
            return key
        stem, dot, ending = key.rpartition(".")
        return f"{stem}-{hashlib.sha256(self.data).hexdigest()[:_NAMED_BY]}{dot}{ending}"


class Signer(Protocol):
    """Signs files. Both methods raise ``SigningFailed``."""

    @property
    def key(self) -> KeyFacts:
        """The key that signs."""
        ...

    @property
    def is_repeatable(self) -> bool:
        """Whether the same file signed for the same time gives the same bytes."""
        ...

    def space_for(self, signed_at: datetime) -> SignatureSpace:
        """What the file must keep free. A time from before the key was valid becomes the first that it was."""
        ...

    def sign(self, pdf: bytes) -> MadeFile:
        """Fill the space that ``pdf`` kept free."""
        ...


Draw = Callable[..., bytes]


def make_file(document: CertificateDocument, *, render_pdf: Draw, signer: Signer | None) -> MadeFile:
    """Draw a document; with a ``signer`` and a time of issue in the document, sign it for that time.

    Raises ``SigningFailed`` and what ``render_pdf`` raises.
    """
    if signer is None or document.issued_at is None:
        return MadeFile(render_pdf(document))
    return signer.sign(render_pdf(document, space=signer.space_for(document.issued_at)))


def why_not_again(signature: Signature, signer: Signer | None) -> str | None:
    """Why ``signer`` cannot make this signature a second time, byte for byte; ``None`` when it can."""
    if signature.has_time_stamp:
        return "It carries a time-stamp, and no server gives the same one twice"
    whose = f"It was signed with the key of {signature.key.subject} ({signature.key.short_fingerprint})"
    if signer is None:
        return f"{whose}, and there is no signing key now"
    if signer.key.fingerprint != signature.key.fingerprint:
        return f"{whose}, and the key is now that of {signer.key.subject} ({signer.key.short_fingerprint})"
    if not signer.is_repeatable:
        return f"{whose}, and what this key signs now never comes out the same twice"
    return None
