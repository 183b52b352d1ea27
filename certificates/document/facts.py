"""What a certificate says, as plain values: the only thing the document and the PDF are made from."""

from dataclasses import dataclass
from datetime import date, datetime

from certificates.looks.branding import DEFAULT_BRANDING, Branding


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """Everything printed on one certificate, frozen on the day the course was completed.

    ``modules`` is a count and ``minutes`` the published length of the course. ``language`` is the language of
    the course's title as a BCP 47 tag (the certificate's own words are English). ``verify_url`` is the whole
    address, with the number in it, that the QR code leads to. ``branding`` is the version of the authority's
    look that was in force on the day of issue. ``valid_until`` is the last day on which it counts, ``None`` when it
    does not expire; ``supersedes`` is the number of the certificate that this one replaces. ``issued_at`` is
    the time that a signature states; a sample has none, and is not signed. ``is_sample``: it belongs to nobody and
    shows a design, so it links to nothing.
    """

    number: str
    holder_name: str
    organisation_name: str
    course_title: str
    course_version: int
    modules: int
    minutes: int
    completed_on: date
    verify_url: str
    language: str = "en-GB"
    branding: Branding = DEFAULT_BRANDING
    valid_until: date | None = None
    supersedes: str | None = None
    issued_at: datetime | None = None
    is_sample: bool = False
