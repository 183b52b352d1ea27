"""Fonts with the letters of all certificates of a kind: those that others show where one shows its own.

Without them nearly every certificate has fonts of its own, and cutting and packing those takes two fifths of the time
of filling a template. With them, certificates of a kind share theirs unless a name has rarer letters. A file grows by
three kilobytes. `python -m bench.certificate_cpu` measures the time.
"""

import string
from collections.abc import Hashable
from contextlib import suppress
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint import DEFAULT_OPTIONS
from weasyprint.pdf.fonts import build_fonts_dictionary
from weasyprint.text.line_break import create_layout

from certificates.document.words import MONTHS
from certificates.drawing.reuse.replaceable_text import CannotFill, LineDrawer, field_blocks
from certificates.record.numbers import ALPHABET
from typesetting.actual_text import map_every_glyph, texts_in

_OPTIONS = {**DEFAULT_OPTIONS, "pdf_version": "1.7"}
_OBJECTS_OF_A_FONT = 4
_LETTERS = {
    "holder": f"{string.ascii_uppercase} {string.ascii_lowercase}'’.-",
    "details": f"{string.digits}, {' '.join(MONTHS)}.",
    "number": f"{ALPHABET}-",
}


class FontSuperset:
    """The fonts of a finished file, and the glyphs that they hold for others of its kind.

    ``numbers`` are those of the objects that belong to the fonts.
    """

    def __init__(self, page: Any, file: pydyf.PDF, drawer: LineDrawer, *, with_actual_text: bool) -> None:
        self._fonts, self._with_actual_text = drawer.fonts, with_actual_text
        names = {font.hash for font in self._fonts.values()}
        (dictionary,) = (item for item in file.objects if isinstance(item, pydyf.Dictionary) and set(item) == names)
        first = dictionary.number - _OBJECTS_OF_A_FONT * len(self._fonts) - len(names)
        self.numbers = range(first, dictionary.number)
        drawn = [(font, font.to_unicode, font.widths, font.missing) for font in self._fonts.values()]
        self._glyphs: list[tuple[Any, dict[int, str], dict[int, int]]] = [
            (font, {}, {}) for font in self._fonts.values()
        ]
        for name, block in field_blocks(page):
            if "wide" not in block.element.get("class").split():
                self._add_letters(block, _LETTERS[name], drawer)
        for font, *glyphs in drawn:
            font.to_unicode, font.widths, font.missing = glyphs

    def _add_letters(self, block: Any, letters: str, drawer: LineDrawer) -> None:
        drawer.forget_glyphs()
        for box in list(texts_in(block))[-1:]:
            with suppress(CannotFill):  # a name in another script needs none
                drawer.draw(create_layout(letters, box.style, None, None, 0), box.style, letters)
                for font, to_unicode, widths in self._glyphs:
                    to_unicode.update(font.to_unicode | to_unicode)
                    widths.update(font.widths | widths)

    def rare_glyphs(self) -> Hashable:
        """What the fonts have drawn beside the letters that all of the kind hold; the same makes the same fonts."""
        return tuple(
            (frozenset(font.to_unicode.items() - to_unicode.items()), frozenset(font.widths.items() - widths.items()))
            for font, to_unicode, widths in self._glyphs
        )

    def objects(self) -> list[pydyf.Object]:
        """The objects of the fonts with all these glyphs, in whatever order they were drawn."""
        for font, to_unicode, widths in self._glyphs:
            font.to_unicode = dict(sorted((to_unicode | font.to_unicode).items()))
            font.widths = widths | font.widths
        file = pydyf.PDF()
        file.objects = [None] * self.numbers.start  # what is added gets the numbers that it has in the file
        build_fonts_dictionary(file, self._fonts, True, True, _OPTIONS)
        objects: list[pydyf.Object] = file.objects[self.numbers.start :]
        if self._with_actual_text:
            map_every_glyph(objects)
        return objects

    def replace_in(self, file: pydyf.PDF) -> None:
        """Put these fonts in place of those that WeasyPrint made for the one certificate."""
        if any(font.missing or font.bitmap for font in self._fonts.values()):
            return
        for item in self.objects():
            file.objects[item.number] = item
