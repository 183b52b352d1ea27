"""A certificate as a page: the same words as the PDF, from the same facts."""

from base64 import b64encode
from dataclasses import dataclass, replace

from flask import url_for

from app.platform.current_settings import current_settings
from certificates.document.facts import CertificateFacts
from certificates.document.pictures import qr_png
from certificates.document.words import CertificateWords, words_of
from certificates.looks.brand_rules import is_colour
from certificates.looks.branding import PAPER, SMALLEST_TEXT_CONTRAST, Colours, Design, contrast

CSS = """\
.cg-certificate {{
  --cg-certificate-main: {main};
  --cg-certificate-second: {second};
  --cg-certificate-accent: {accent};
}}
"""


@dataclass(frozen=True)
class CertificatePage:
    """What the component shows. Pictures are ``data:`` addresses; ``colours_url`` is a style sheet of three colours."""

    words: CertificateWords
    design: Design
    logo: str | None
    signatures: tuple[str | None, ...]
    qr_code: str
    colours_url: str
    is_sample: bool


def certificate_page(facts: CertificateFacts) -> CertificatePage:
    """The page of a certificate with these facts, in colours that everybody can read."""
    branding = facts.branding
    colours = safe_colours(branding.colours)
    return CertificatePage(
        words=words_of(facts),
        design=branding.design,
        logo=_address(branding.logo),
        signatures=tuple(_address(one.signature) for one in branding.signatories),
        qr_code=_address(qr_png(facts.verify_url)) or "",
        is_sample=facts.is_sample,
        # A style attribute is refused by our policy; a style sheet of our own is not.
        colours_url=url_for(
            "learn.certificate_colours",
            main=colours.main[1:],
            second=colours.second[1:],
            accent=colours.accent[1:],
        ),
    )


def verify_address(certificate_number: str) -> str:
    """The address printed on a certificate."""
    return current_settings().public_url.rstrip("/") + f"/verify/{certificate_number}"


def are_colours(colours: Colours) -> bool:
    """Whether all three are ``#rrggbb`` and nothing else: they go into a style sheet."""
    return all(map(is_colour, (colours.main, colours.second, colours.accent)))


def safe_colours(colours: Colours) -> Colours:
    """The colours of a draft; where they are none, or hard to read, the platform's own take their place."""
    if not are_colours(colours):
        return Colours()
    if contrast(colours.main, PAPER) < SMALLEST_TEXT_CONTRAST:
        return replace(colours, main=Colours().main)
    return colours


def css_of(colours: Colours) -> str:
    """The style sheet that gives this page its colours."""
    return CSS.format(main=colours.main, second=colours.second, accent=colours.accent)


def _address(png: bytes | None) -> str | None:
    return f"data:image/png;base64,{b64encode(png).decode('ascii')}" if png else None
