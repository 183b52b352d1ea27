"""How an authority's certificates look and what they say around the facts: plain values, never template code."""

from dataclasses import dataclass
from enum import StrEnum

INK = "#1f1d2b"
PAPER = "#ffffff"
SMALLEST_TEXT_CONTRAST = 4.5
MOST_SIGNATORIES = 3


class Design(StrEnum):
    """The three drawings that a certificate can have."""

    WEAVE = "weave"
    FRAME = "frame"
    HORIZON = "horizon"


@dataclass(frozen=True)
class Colours:
    """Three colours as ``#rrggbb``. Words are set in ``main`` only; the other two are for shapes."""

    main: str = "#12524f"
    second: str = "#6d2150"
    accent: str = "#f3b229"


@dataclass(frozen=True)
class Wording:
    """The words around the facts, in one language; ``statement`` may be empty.

    ``certifies`` stands before the name and ``completed`` after the authority's name: "of Sefton Council completed".
    """

    title: str = "Certificate of completion"
    certifies: str = "This certifies that"
    completed: str = "completed"
    statement: str = ""


@dataclass(frozen=True)
class Signatory:
    """Who signs. ``signature`` is a PNG with a transparent ground, made by ``certificates.document.pictures``."""

    name: str
    title: str
    signature: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Branding:
    """One version of an authority's certificates.

    ``second_language`` is the BCP 47 tag of ``second_wording``; both are set or neither is. ``logo`` is an opaque
    PNG made by ``certificates.document.pictures``.
    """

    design: Design = Design.WEAVE
    colours: Colours = Colours()
    wording: Wording = Wording()
    second_language: str | None = None
    second_wording: Wording | None = None
    signatories: tuple[Signatory, ...] = ()
    logo: bytes | None = None


DEFAULT_BRANDING = Branding()


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two ``#rrggbb`` colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def mixed(first: str, second: str, share: float) -> str:
    """``first`` with ``share`` (0 to 1) of ``second`` in it."""
    pairs = ((int(first[at : at + 2], 16), int(second[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one + (other - one) * share):02x}" for one, other in pairs)
