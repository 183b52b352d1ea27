"""Handouts as tagged PDF/UA-1 files. Imports WeasyPrint, so no web process may import it."""

import warnings
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from string import Template
from xml.etree.ElementTree import Element

from typesetting.actual_text import describe_lines
from typesetting.font_fetcher import FaceFetcher, font_face_rule
from typesetting.font_outlines import FontsMissing
from typesetting.fonts import (
    BOLD,
    REGULAR,
    TEXT_FAMILY,
    Face,
    faces_for,
    has_borrowed_letters,
    is_drawn_in_parts,
)

with warnings.catch_warnings():
    # A machine without a single installed font is warned about at import; every face is our own.
    warnings.filterwarnings("ignore", message=".*FontConfig.*", category=UserWarning)
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

_INSIDE_LINES = {"a", "abbr", "b", "br", "cite", "code", "em", "i", "q", "small", "span", "strong", "sub", "sup"}
_STYLES = Path(__file__).parent / "templates"


class HandoutError(Exception):
    """The PDF could not be made; the message says why, for an operator to read."""


def render_handout(html: str, *, running: str, style: str = "pack") -> bytes:
    """A PDF/UA-1 file of a whole HTML document. ``running`` stands at the foot of every page, ``style`` is the
    name of its style sheet.

    Only the product's own fonts are read, from whatever address the document names. A name in any script has one
    weight, and is copied as it is written. Raises ``HandoutError``.
    """
    try:
        faces = faces_for(html + running, weights=(REGULAR, BOLD))
        fetcher = FaceFetcher(faces)
        fonts = FontConfiguration()
        sheet = CSS(string=_style(style, faces, running), font_config=fonts, url_fetcher=fetcher)
        document = HTML(string=html, url_fetcher=fetcher)
        _set_borrowed_letters_wide(document.etree_element)
        return bytes(
            document.write_pdf(
                font_config=fonts,
                stylesheets=[sheet],
                pdf_variant="pdf/ua-1",
                finisher=partial(describe_lines, is_hard=is_drawn_in_parts),
            )
        )
    except FontsMissing as error:
        raise HandoutError(str(error)) from error
    except FatalURLFetchingError as error:
        raise HandoutError(f"The handout refers to an address that may not be read: {error}") from error
    except Exception as error:
        raise HandoutError(f"The handout could not be drawn: {error!r}") from error


def _style(style: str, faces: tuple[Face, ...], running: str) -> str:
    families = list(dict.fromkeys((TEXT_FAMILY, *(face.family for face in faces))))
    return Template((_STYLES / f"{style}.css").read_text("utf-8")).substitute(
        faces="\n".join(map(font_face_rule, faces)),
        family=_names(families),
        wide=_names([*families[1:], TEXT_FAMILY]),
        running=running.replace('"', "”"),
    )


def _names(families: Iterable[str]) -> str:
    return ", ".join(f'"{family}"' for family in families)


def _set_borrowed_letters_wide(root: Element) -> None:
    """Mark the paragraphs, cells and headings with a letter that the text face lacks."""
    parents = {child: parent for parent in root.iter() for child in parent}
    for element in root.iter():
        if has_borrowed_letters(element.text or ""):
            _mark(element, parents)
        if has_borrowed_letters(element.tail or ""):
            _mark(parents[element], parents)


def _mark(element: Element, parents: Mapping[Element, Element]) -> None:
    while element.tag in _INSIDE_LINES and element in parents:
        element = parents[element]
    element.set("class", f"{element.get('class', '')} wide".strip())
