"""Where the parts of a badge are hosted, and the identity of who issues it. No address says anything about a person."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True)
class Addresses:
    """Every address, under the public one of the site."""

    public_url: str

    @property
    def base(self) -> str:
        """What all of them begin with."""
        return f"{self.public_url.rstrip('/')}/badges"

    @property
    def issuer(self) -> str:
        """The profile of the issuer."""
        return f"{self.base}/issuer"

    def credential(self, secret: str) -> str:
        """A badge, as its id."""
        return f"{self.base}/{secret}"

    def achievement(self, name: str) -> str:
        """What a badge is for."""
        return f"{self.base}/achievements/{name}"

    def picture(self, name: str) -> str:
        """The picture of an achievement, with no credential in it."""
        return f"{self.base}/achievements/{name}/picture"

    def status_list(self, number: int) -> str:
        """A status list."""
        return f"{self.base}/status/{number}"

    def verify(self, number: str) -> str:
        """The page that says what a certificate is worth today."""
        return f"{self.public_url.rstrip('/')}/verify/{number}"

    def issuer_id(self, multibase: str) -> str:
        """The issuer's DID: ``did:web`` on https, where ``/badges/did.json`` answers for it.

        ``did:web`` trusts TLS and knows no http, so a demo signs as its key (``did:key``).
        """
        parts = urlsplit(self.base)
        if parts.scheme != "https":
            return f"did:key:{multibase}"
        return ":".join(["did:web", quote(parts.netloc, safe=""), *filter(None, parts.path.split("/"))])

    def method_id(self, multibase: str) -> str:
        """The name of a key of the issuer's."""
        return f"{self.issuer_id(multibase)}#{multibase}"
