"""Signing with pyHanko: what goes into the space that a file kept free. Loads pyHanko, so no web process may."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from asn1crypto import cms, x509  # type: ignore[import-untyped]
from pyhanko.sign import Signer as PyHankoSigner
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, select_suitable_signing_md
from pyhanko.sign.timestamps import TimeStamper

from certificates.signing.field import find_reserved_space
from certificates.signing.signer import BadSigningKey, KeyFacts, MadeFile, Signature, SignatureSpace, SigningFailed
from certificates.signing.time_stamps import TimeStampServer

_MARGIN = 64  # bytes: an ECDSA signature is now and then two longer


class PadesSigner:
    """Signs with one key, and with a time-stamp where there is a server for them. See ``Signer``."""

    def __init__(
        self,
        signer: PyHankoSigner,
        *,
        is_repeatable: bool,
        now: Callable[[], datetime],
        stamps: TimeStampServer | None = None,
        failures: tuple[type[Exception], ...] = (SigningError,),
    ) -> None:
        certificate = signer.signing_cert
        if certificate is None:
            raise BadSigningKey("The signing key has no certificate")
        self._signer, self._now, self._stamps, self._failures = signer, now, stamps, failures
        self._key = facts_of(certificate)
        self._is_repeatable = is_repeatable and stamps is None
        self._algorithm: str = select_suitable_signing_md(certificate.public_key)
        self._patterns: dict[int, _Pattern] = {}
        # A signature takes the same space in every file: it is measured once, in none.
        self._size = len(self._cms(_some_digest(self._algorithm))) + _MARGIN

    @property
    def key(self) -> KeyFacts:
        """The key that signs."""
        return self._key

    @property
    def is_repeatable(self) -> bool:
        """Whether the same file signed for the same time gives the same bytes."""
        return self._is_repeatable

    def space_for(self, signed_at: datetime) -> SignatureSpace:
        """What the file must keep free. Raises ``SigningFailed``."""
        self._refuse_out_of_time()
        stamp = self._stamps.space(self._algorithm) if self._stamps else 0
        # To sign for a time when the key was not valid yet would be no signature at all.
        return SignatureSpace(self._size + stamp, max(signed_at, self._key.valid_from))

    def sign(self, pdf: bytes) -> MadeFile:
        """Fill the space that ``pdf`` kept free. Raises ``SigningFailed``."""
        space = find_reserved_space(pdf)
        digest = space.digest(self._algorithm)
        stamped = self._stamps.attempt(lambda stamper: self._whole_cms(digest, stamper)) if self._stamps else None
        content = self._cms(digest) if stamped is None else stamped
        try:
            data = space.filled(content)
        except ValueError as problem:
            raise SigningFailed(str(problem)) from problem
        return MadeFile(data, Signature(self._key, has_time_stamp=stamped is not None))

    def _refuse_out_of_time(self) -> None:
        now = self._now()
        if now >= self._key.valid_until:
            raise BadSigningKey(f"The signing certificate ended on {self._key.valid_until:%d %B %Y}")
        if now < self._key.valid_from:
            raise BadSigningKey(f"The signing certificate begins on {self._key.valid_from:%d %B %Y}")

    def _cms(self, digest: bytes) -> bytes:
        """The signature of a file: one of the same length serves as the pattern, the first is pyHanko's own."""
        try:
            pattern = next(iter(self._patterns.values()), None)
            if pattern is None:
                return self._whole_cms(digest, None)
            signature = asyncio.run(self._signer.async_sign_raw(pattern.signed_with(digest), self._algorithm))
            fitting = self._patterns.get(len(signature))
            return fitting.filled(digest, signature) if fitting else self._whole_cms(digest, None)
        except self._failures as problem:
            what = str(problem) or type(problem).__name__
            raise SigningFailed(f"The signing key did not sign: {what}") from problem

    def _whole_cms(self, digest: bytes, stamper: TimeStamper | None) -> bytes:
        made: cms.ContentInfo = asyncio.run(
            self._signer.async_sign(
                digest,
                self._algorithm,
                use_pades=True,
                timestamper=stamper,
                signed_attr_settings=PdfCMSSignedAttributes(),
            )
        )
        if stamper is None:
            pattern = _Pattern.of(made, digest)
            self._patterns[len(pattern.signature)] = pattern
        return bytes(made.dump())


@dataclass(frozen=True)
class _Pattern:
    """A signature as pyHanko made it, of which nothing but the digest and the signature itself differ between files.

    asyncio and asn1crypto take as long to put one together as WeasyPrint takes for half a certificate.
    """

    whole: bytes
    attributes: bytes
    digest: bytes
    signature: bytes

    @classmethod
    def of(cls, made: cms.ContentInfo, digest: bytes) -> Self:
        info = made["content"]["signer_infos"][0]
        return cls(made.dump(), info["signed_attrs"].untag().dump(), digest, info["signature"].native)

    def signed_with(self, digest: bytes) -> bytes:
        return _replaced(self.attributes, self.digest, digest)

    def filled(self, digest: bytes, signature: bytes) -> bytes:
        return _replaced(_replaced(self.whole, self.digest, digest), self.signature, signature)


def _replaced(whole: bytes, old: bytes, new: bytes) -> bytes:
    if whole.count(old) != 1 or len(old) != len(new):
        raise LookupError("The signature is not built as it used to be")
    return whole.replace(old, new)


def _some_digest(algorithm: str) -> bytes:
    return hashlib.new(algorithm, b"none").digest()


def facts_of(certificate: x509.Certificate) -> KeyFacts:
    """The public facts of a certificate."""
    names = certificate.subject.native
    return KeyFacts(
        fingerprint=certificate.sha256.hex(),
        subject=_first(names, "common_name", "organization_name") or certificate.subject.human_friendly,
        organisation=_first(names, "organization_name"),
        valid_from=certificate.not_valid_before.astimezone(UTC),
        valid_until=certificate.not_valid_after.astimezone(UTC),
    )


def _first(names: dict[str, object], *wanted: str) -> str:
    for name in wanted:
        found = names.get(name)
        if found:
            return str(found[0] if isinstance(found, list) else found)[:200]
    return ""
