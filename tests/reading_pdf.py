"""What is read out of a PDF glyph by glyph, as programs do that know nothing of whole words (ActualText)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pikepdf

_MAPPING = re.compile(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]*)>")


@dataclass(frozen=True)
class Shown:
    """One string of a page, the font that draws it (without its subset's letters), and the page's place from 0."""

    page: int
    font: str
    text: str


def shown_in(data: bytes) -> list[Shown]:
    """Every string of a file in the order in which it is drawn."""
    with pikepdf.open(BytesIO(data)) as document:
        return [shown for number, page in enumerate(document.pages) for shown in _strings(number, page)]


def text_by_glyphs(data: bytes) -> str:
    """All strings of a file, one after the other."""
    return "".join(shown.text for shown in shown_in(data))


def _strings(number: int, page: pikepdf.Page) -> Iterator[Shown]:
    fonts = {str(name): font for name, font in page.Resources.Font.items()}
    letters = {name: _letters(font) for name, font in fonts.items()}
    font = ""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = str(operands[0])
        elif str(operator) == "TJ":
            glyphs = b"".join(bytes(item) for item in operands[0] if isinstance(item, pikepdf.String))
            pairs = (glyphs[place : place + 2].hex() for place in range(0, len(glyphs), 2))
            text = "".join(letters[font][pair] for pair in pairs)
            yield Shown(number, str(fonts[font].BaseFont).partition("+")[2], text)


def _letters(font: pikepdf.Object) -> dict[str, str]:
    mapping = _MAPPING.findall(font.ToUnicode.read_bytes().decode("ascii"))
    return {glyph.lower(): bytes.fromhex(text).decode("utf-16-be") for glyph, text in mapping}
