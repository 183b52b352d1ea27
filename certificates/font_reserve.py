"""Letters that a file's fonts hold in reserve: those that others of its kind show in the same places.

Without them nearly every certificate has fonts of its own, and cutting and packing those takes two fifths of the time
of filling a mould. With them, certificates of a kind share theirs unless a name has rarer letters. A file grows by
three kilobytes. `python -m bench.certificate_cpu` measures the time.
"""

import string
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint import DEFAULT_OPTIONS
from weasyprint.formatting_structure.boxes import BlockBox
from weasyprint.pdf.fonts import build_fonts_dictionary
from weasyprint.text.line_break import create_layout

from certificates.actual_text import mapped, parts_of
from certificates.mould_lines import NotAlike, draw_text, forget
from certificates.numbers import ALPHABET
from certificates.words import MONTHS

PDF_OPTIONS = {**DEFAULT_OPTIONS, "pdf_version": "1.7"}
_OBJECTS_OF_A_FONT = 4
_IN_RESERVE = {
    "holder": f"{string.ascii_uppercase} {string.ascii_lowercase}'’.-",
    "details": f"{string.digits}, {' '.join(MONTHS)}.",
    "number": f"{ALPHABET}-",
}


def first_font(fonts: Mapping[int, Any], dictionary: pydyf.Dictionary) -> int:
    """The number of the first object that belongs to the fonts; ``dictionary`` follows the last of them."""
    files = len({font.hash for font in fonts.values()})
    return int(dictionary.number) - _OBJECTS_OF_A_FONT * len(fonts) - files


def font_objects(fonts: Mapping[int, Any], first: int, *, has_letters: bool) -> list[pydyf.Object]:
    """The objects of fonts with the glyphs that they know now, whatever their order. They count from ``first``."""
    for font in fonts.values():
        font.to_unicode = dict(sorted(font.to_unicode.items()))
    file = pydyf.PDF()
    file.objects = [None] * first  # what is added gets the numbers that it has in the file
    build_fonts_dictionary(file, fonts, True, True, PDF_OPTIONS)
    objects: list[pydyf.Object] = file.objects[first:]
    for item in objects:
        if has_letters and isinstance(item, pydyf.Stream):
            item.stream[:] = map(mapped, item.stream)
    return objects


class Reserve:
    """The letters for the fonts of one page. ``recorder`` is a stream of that page on which nothing is kept."""

    def __init__(self, page: Any, fonts: Mapping[int, Any], recorder: Any) -> None:
        known = [(font, font.to_unicode, font.widths, font.missing) for font in fonts.values()]
        self._glyphs: list[tuple[Any, int, str, int]] = []
        for box, letters in _places(page):
            with suppress(NotAlike):  # a name in another script needs none
                forget(fonts)
                draw_text(recorder, create_layout(letters, box.style, None, None, 0), box.style, letters, 0, 0)
                self._glyphs += [
                    (font, glyph, said, font.widths[glyph])
                    for font in fonts.values()
                    for glyph, said in font.to_unicode.items()
                ]
        for font, *glyphs in known:
            font.to_unicode, font.widths, font.missing = glyphs

    def add(self) -> None:
        """Let the fonts hold them."""
        for font, glyph, said, width in self._glyphs:
            font.to_unicode.setdefault(glyph, said)
            font.widths.setdefault(glyph, width)


def keep_in_reserve(page: Any, fonts: Mapping[int, Any], file: pydyf.PDF, stream: Any, *, has_letters: bool) -> None:
    """Put fonts with their reserve into a finished file in place of those that WeasyPrint cut."""
    if any(font.missing or font.bitmap for font in fonts.values()):
        return
    Reserve(page, fonts, stream.clone()).add()
    (dictionary,) = (
        item for item in file.objects if isinstance(item, pydyf.Dictionary) and is_dictionary_of(fonts, item)
    )
    for item in font_objects(fonts, first_font(fonts, dictionary), has_letters=has_letters):
        file.objects[item.number] = item


def is_dictionary_of(fonts: Mapping[int, Any], item: pydyf.Dictionary) -> bool:
    """Whether this object says where each of the fonts is."""
    return set(item) == {font.hash for font in fonts.values()}


def _places(page: Any) -> Iterator[tuple[Any, str]]:
    """A box with the style of each text that changes, and the letters that may stand there."""
    for box in page._page_box.descendants(placeholders=True):
        if box.element_tag == "p" and isinstance(box, BlockBox):
            name, _, face = box.element.get("class", "").partition(" ")
            if name in _IN_RESERVE and face != "wide":
                yield list(parts_of(box))[-1], _IN_RESERVE[name]
