"""The certificate as a document: words in their places, pictures, sizes. Nothing here makes a PDF."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined

from certificates.document.facts import CertificateFacts
from certificates.document.font_sizing import fitted_size
from certificates.document.pictures import Picture, picture_from, qr_picture
from certificates.document.words import CertificateWords, words_of
from certificates.looks.branding import Branding, Colours, Design, mixed
from certificates.looks.designs import LAYOUTS, Layout, TextBox

# Letters of the Latin alphabet, up to U+017F, that the text face lacks, and those above that it has.
_LACKED = frozenset("ĈĉĔĕĜĝĤĥĨĩĬĭĴĵĸĿŀŉŊŋŌōŎŏŖŗŜŝŦŧŨũŬŭſ")
_HELD = frozenset("ȘșȚțẀẁẂẃẄẅẞỲỳ")
_MOST_SIZES_KEPT = 4096
_MOST_PATTERNS_KEPT = 256
_PLACEHOLDERS = {
    name: chr(0xE000 + place)
    for place, name in enumerate(("title", "holder", "details", "number", "verify_url", "day"))
}

# Autoescape for style sheets and drawings too: whatever an author typed is a value in them, never a part of them.
_environment = Environment(
    loader=PackageLoader("certificates.document"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Look:
    """What certificates share that are drawn alike: the design (``None`` is the large print) and its colours."""

    design: Design | None
    colours: Colours
    signatories: int = 0
    has_logo: bool = False


@dataclass(frozen=True)
class Fields:
    """The words in which certificates differ that are otherwise alike; ``day`` is as in ``2026-11-21``."""

    title: str
    holder: str
    details: str
    number: str
    verify_url: str
    day: str


@dataclass(frozen=True)
class CertificateDocument:
    """The HTML, the look to draw it in, and the pictures that its ``picture:`` addresses mean.

    ``pattern`` is the HTML without the words in ``fields``; a document that is one of a kind has neither.
    ``issued_at`` is the time that a signature of it states; without one it is not signed.
    """

    html: str
    look: Look
    pictures: tuple[Picture, ...]
    pattern: str = ""
    fields: Fields | None = None
    issued_at: datetime | None = None


def certificate_document(facts: CertificateFacts, *, is_large: bool = False) -> CertificateDocument:
    """The whole certificate: the same facts always give the same document.

    ``is_large`` gives the large print: at least 18 points, on as many upright pages as it takes.
    """
    branding = facts.branding
    words = words_of(facts)
    look = Look(
        design=None if is_large else branding.design,
        colours=branding.colours,
        signatories=len(branding.signatories),
        has_logo=branding.logo is not None,
    )
    fields = Fields(
        title=f"{words.wording.title} {words.number}: {words.holder}, {words.course}",
        holder=words.holder,
        details=words.details,
        number=words.number,
        verify_url=words.verify_url,
        day=facts.completed_on.isoformat(),
    )
    sizes = None if is_large else _sizes(words, LAYOUTS[branding.design])
    pattern = _pattern(
        words=replace(words, holder="", details="", number="", verify_url=""),
        verify_address=words.verify_address,
        holder_face=face_of(words.holder),
        has_logo=look.has_logo,
        has_link=not facts.is_sample,
        sizes=tuple(sizes.items()) if sizes else None,
        is_airy=sizes is not None and _is_airy(sizes, LAYOUTS[branding.design]),
    )
    pictures = tuple(_pictures(branding, facts.verify_url))
    html = _filled(pattern, fields)
    if is_large:
        return CertificateDocument(html, look, pictures, issued_at=facts.issued_at)
    return CertificateDocument(html, look, pictures, pattern, fields, facts.issued_at)


@lru_cache(maxsize=_MOST_PATTERNS_KEPT)
def _pattern(
    *,
    words: CertificateWords,
    verify_address: str,
    holder_face: str,
    has_logo: bool,
    has_link: bool,
    sizes: tuple[tuple[str, object], ...] | None,
    is_airy: bool,
) -> str:
    """The HTML with a character of no meaning, which no text has (see ``printable``), in place of each field."""
    return _environment.get_template("certificate.html").render(
        words=words,
        placeholder=_PLACEHOLDERS,
        verify_address=verify_address,
        holder_face=holder_face,
        has_logo=has_logo,
        has_link=has_link,
        size=sizes and dict(sizes),
        is_airy=is_airy,
        face_of=face_of,
    )


def _filled(pattern: str, fields: Fields) -> str:
    for name, mark in _PLACEHOLDERS.items():
        pattern = pattern.replace(mark, escape(getattr(fields, name)))
    return pattern


def sheet_css(look: Look) -> str:
    """The style sheet of a look, without its fonts."""
    layout = LAYOUTS[look.design] if look.design else None
    width = layout.signatory_widths_mm[max(look.signatories, 1) - 1] if layout else None
    name = f"{look.design}.css" if look.design else "large-print.css"
    return _environment.get_template(name).render(colours=look.colours, signatory_mm=width)


def backdrop_svg(look: Look) -> str | None:
    """The drawing under the words; the large print has none."""
    if look.design is None:
        return None
    layout = LAYOUTS[look.design]
    return _environment.get_template(f"{look.design}.svg").render(
        colours=look.colours,
        mixed=mixed,
        has_logo=look.has_logo,
        signatories=max(look.signatories, 1),
        signatory_mm=layout.signatory_widths_mm[max(look.signatories, 1) - 1],
    )


def face_of(text: str) -> str:
    """``wide`` when a letter of ``text`` is missing from the text face, else ``text``; the class of its element.

    The whole text is then set in the wide face: one borrowed letter in a name looks like a mistake. Latin, Greek and
    Cyrillic words are ``alphabetic`` too.
    """
    is_wide = any(
        letter in _LACKED or (letter > "\u017f" and letter.isalpha() and letter not in _HELD) for letter in text
    )
    if not is_wide:
        return "text"
    return "wide alphabetic" if all(_is_alphabetic(letter) for letter in text) else "wide"


def _is_alphabetic(letter: str) -> bool:
    return letter < "\u0530" or "\u1d00" <= letter < "\u2c00"


def _pictures(branding: Branding, verify_url: str) -> list[Picture]:
    found = [qr_picture(verify_url)]
    if branding.logo:
        found.append(picture_from("logo", branding.logo))
    for place, signatory in enumerate(branding.signatories, start=1):
        if signatory.signature:
            found.append(picture_from(f"signature-{place}", signatory.signature))
    return found


def _sizes(words: CertificateWords, layout: Layout) -> dict[str, object]:
    """The size in points of every text that may be long."""
    second = words.second
    signed = layout.signatory_widths_mm[max(len(words.signatories), 1) - 1]
    sizes: dict[str, object] = {
        "title": _shared(words.wording.title, layout.title),
        "second_title": _shared(second.title, layout.second_title) if second else 0,
        "certifies": _shared(_pair(words.wording.certifies, second.certifies if second else None), layout.certifies),
        "holder": _fitted(words.holder, layout.holder),
        "completed": _shared(
            _pair(f"of {words.organisation} {words.wording.completed}", second.completed if second else None),
            layout.completed,
        ),
        "course": _shared(words.course, layout.course),
        "details": _shared(words.details, layout.details),
        "statement": _shared(_pair(words.wording.statement, second.statement if second else None), layout.statement),
        "number": _fitted(f"Number {words.number}", layout.number),
        "verify": _shared(f"Check it at {words.verify_address}", layout.verify),
        "signed": _shared(f"For {words.organisation}", TextBox(10.5, signed, 14)),
        "signatories": tuple(
            (_shared(one.name, TextBox(10.5, signed, 5)), _shared(one.title, TextBox(9, signed, 9)))
            for one in words.signatories
        ),
    }
    return sizes


def _is_airy(sizes: dict[str, object], layout: Layout) -> bool:
    """Whether everything is as large as can be, and so on one line: the lines may then stand further apart."""
    boxes = {"holder": layout.holder, "completed": layout.completed, "course": layout.course}
    return all(sizes[name] == box.largest for name, box in boxes.items())


def _pair(first: str, second: str | None) -> str:
    return f"{first} · {second}" if second else first


def _fitted(text: str, box: TextBox) -> float:
    return fitted_size(text, largest=box.largest, width_mm=box.width_mm, height_mm=box.height_mm)


# The same words stand on every certificate of a course or an authority: measure them once.
_shared = lru_cache(maxsize=_MOST_SIZES_KEPT)(_fitted)
