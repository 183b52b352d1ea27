"""The texts of a drawn certificate: those that stay tell the fonts their glyphs, those that change are drawn anew.

WeasyPrint's own functions shape and draw them, one line at a time, so that they look as they do in a whole layout.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from weasyprint.draw.text import draw_first_line
from weasyprint.formatting_structure.boxes import BlockBox
from weasyprint.matrix import Matrix
from weasyprint.text.ffi import FROM_UNITS, pango
from weasyprint.text.line_break import create_layout, line_size

from certificates.actual_text import parts_of

# A line this much shorter than its place is one line in any case: less than a pixel is never worth a doubt.
_SPARE_PIXELS = 1.0
_SHARE_LEFT_OF_IT = {"start": 0.0, "left": 0.0, "center": 0.5, "right": 1.0, "end": 1.0}
# A matrix, a font and its size, the glyphs: what a line in one font is drawn with.
OPERATORS = (b" Tm", b" Tf", b" TJ")


class NotAlike(Exception):
    """This certificate cannot be filled in and is to be drawn as a whole; the message says why."""


class StillText:
    """A text that is the same on every certificate."""

    def __init__(self, box: Any, recorder: Any) -> None:
        # As long as its layout lives, Pango keeps the fonts in it.
        self._layout = create_layout(box.text, box.style, None, None, 0)
        forget(recorder._fonts)
        draw_text(recorder, self._layout, box.style, box.text, 0, 0)
        self._glyphs = [
            (font, [(glyph, letters, font.widths[glyph]) for glyph, letters in font.to_unicode.items()])
            for font in recorder._fonts.values()
            if font.to_unicode
        ]

    def learn(self) -> None:
        """Tell the fonts which glyphs are drawn here. Raises ``NotAlike``."""
        for font, glyphs in self._glyphs:
            for glyph, letters, width in glyphs:
                if glyph not in font.to_unicode:
                    font.to_unicode[glyph], font.widths[glyph] = letters, width
                elif font.widths[glyph] != width:
                    # The distances between letters are drawn as differences from the width first met.
                    raise NotAlike("A letter is a little wider in another size")


class NewText:
    """A text of a line that changes. ``blank`` names its words; ``None`` is a text that only moves."""

    def __init__(self, box: Any, blank: str | None) -> None:
        self.box, self.blank, self.text = box, blank, box.text
        self._layout = create_layout(box.text, box.style, None, None, 0)
        self._y = box.position_y + box.baseline
        self.width, *self._heights = self._measured()
        self.x = box.position_x
        self._font: bytes | None = None

    def set_text(self, text: str) -> None:
        """Shape other words. Raises ``NotAlike`` when they do not stand on the line as the first ones did."""
        if text == self.text:
            return
        self._layout.set_text(text)
        self.text = text
        self.width, *heights = self._measured()
        if heights != self._heights:
            raise NotAlike("Its letters are higher or lower")

    def draw(self, recorder: Any) -> list[bytes]:
        """Three operators: where, in which font, which glyphs. Raises ``NotAlike``."""
        drawn = draw_text(recorder, self._layout, self.box.style, self.text, self.x, self._y)
        if len(drawn) != len(OPERATORS) or not all(map(bytes.endswith, drawn, OPERATORS)):
            raise NotAlike("It is not set in one font")
        self._font = self._font or drawn[1]
        if drawn[1] != self._font:
            raise NotAlike("It is set in another font")
        return drawn

    def _measured(self) -> tuple[float, float, float]:
        line, following = self._layout.get_first_line()
        if following is not None:
            raise NotAlike("It has several lines")
        baseline = pango.pango_layout_get_baseline(self._layout.layout) * FROM_UNITS
        return (*line_size(line, self.box.style), baseline)


class Row:
    """A line whose words change: ``texts`` from left to right."""

    def __init__(self, block: Any, blank: str) -> None:
        (line,) = _whole(block.children)
        self._left, self._room = block.content_box_x(), block.width
        last = line.style["text_align_last"]
        aligned = line.style["text_align_all"] if last == "auto" else last
        if line.style["direction"] != "ltr" or aligned not in _SHARE_LEFT_OF_IT:
            raise NotAlike("It is aligned in another way")
        self._share = _SHARE_LEFT_OF_IT[aligned]
        parts = list(parts_of(line))
        self.texts = [*(NewText(part, None) for part in parts[:-1]), NewText(parts[-1], blank)]
        self._is_inside = [part not in line.children for part in parts]

    def fill(self, words: Mapping[str, str]) -> None:
        """Set the words and move every text to its place. Raises ``NotAlike``."""
        x = self._left
        for text, is_inside in zip(self.texts, self._is_inside, strict=True):
            if text.blank is not None:
                text.set_text(words[text.blank])
            text.x, end = x, x + text.width
            # So does WeasyPrint add up the parts of a line, to the last digit.
            x = x + (end - x) if is_inside else end
        spare = self._room - (x - self._left)
        if spare < _SPARE_PIXELS:
            raise NotAlike("It may need another line")
        for text in self.texts:
            text.x += spare * self._share


def rows_of(page: Any, blanks: Sequence[str]) -> Iterator[Row]:
    """The lines of the paragraphs that have these classes. Raises ``NotAlike`` when one has several lines."""
    for box in page._page_box.descendants(placeholders=True):
        if box.element_tag == "p" and isinstance(box, BlockBox):
            name = box.element.get("class", "").partition(" ")[0]
            if name in blanks:
                yield Row(box, name)


def _whole(lines: Sequence[Any]) -> Sequence[Any]:
    if len(lines) != 1:
        raise NotAlike("It has several lines")
    return lines


def draw_text(recorder: Any, layout: Any, style: Any, text: str, x: float, y: float) -> list[bytes]:
    """The operators that draw a text in the fonts that ``recorder`` knows. Raises ``NotAlike`` when it needs others."""
    recorder.stream, recorder._current_font = [], None
    fonts = recorder._fonts
    known = set(fonts)
    box = SimpleNamespace(text=text, style=style, pango_layout=layout, baseline=0)
    pictures = draw_first_line(recorder, box, "clip", "none", Matrix(d=-1, e=x, f=y))
    foreign = fonts.keys() - known
    for key in foreign:
        del fonts[key]
    if foreign:
        raise NotAlike("It needs another font")
    if pictures or any(font.missing for font in fonts.values()):
        raise NotAlike("It has a letter that no font has")
    return list(recorder.stream)


def forget(fonts: Mapping[int, Any]) -> None:
    """Let the fonts start a file without a glyph."""
    for font in fonts.values():
        font.to_unicode, font.widths, font.missing = {}, {}, {}
