"""The texts of a drawn certificate: the fixed ones tell the fonts their glyphs, the others are drawn with new words.

WeasyPrint's own functions shape and draw them, one line at a time, so that they look as they do in a whole layout.
"""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from weasyprint.draw.text import draw_first_line
from weasyprint.formatting_structure.boxes import BlockBox
from weasyprint.matrix import Matrix
from weasyprint.text.ffi import FROM_UNITS, pango
from weasyprint.text.line_break import create_layout, line_size

from typesetting.actual_text import boxes_of, texts_in

# The paragraphs whose last text is replaced, by their class.
FIELDS = ("holder", "details", "number")
# A line this much shorter than its place is one line in any case: less than a pixel is never worth a doubt.
_SPARE_PIXELS = 1.0
_SHARE_LEFT_OF_IT = {"start": 0.0, "left": 0.0, "center": 0.5, "right": 1.0, "end": 1.0}
# A matrix, a font and its size, the glyphs: what a line in one font is drawn with.
OPERATORS = (b" Tm", b" Tf", b" TJ")


class CannotFill(Exception):
    """This certificate cannot be filled in and is to be drawn as a whole; the message says why."""


class LineDrawer:
    """Draws single lines in the fonts of a document, on a stream of its page that nobody keeps."""

    def __init__(self, stream: Any, fonts: dict[Any, Any]) -> None:
        self.fonts = fonts
        self._stream = stream

    def draw(self, layout: Any, style: Any, text: str, x: float = 0, y: float = 0) -> list[bytes]:
        """The operators that draw a text. Raises ``CannotFill`` when it needs other fonts."""
        # Restoring a state makes the stream name the font of the next line, whatever that of the last one was.
        self._stream.stream = []
        self._stream.push_state()
        self._stream.pop_state()
        known = set(self.fonts)
        box = SimpleNamespace(text=text, style=style, pango_layout=layout, baseline=0)
        pictures = draw_first_line(self._stream, box, "clip", "none", Matrix(d=-1, e=x, f=y))
        if foreign := self.fonts.keys() - known:
            for key in foreign:
                del self.fonts[key]
            raise CannotFill("It needs another font")
        if pictures or any(font.missing for font in self.fonts.values()):
            raise CannotFill("It has a letter that no font has")
        return list(self._stream.stream)

    def forget_glyphs(self) -> None:
        """Let the fonts start a file without a glyph."""
        for font in self.fonts.values():
            font.to_unicode, font.widths, font.missing = {}, {}, {}


class FixedText:
    """A text that is the same on every certificate."""

    def __init__(self, box: Any, drawer: LineDrawer) -> None:
        # As long as its layout lives, Pango keeps the fonts in it.
        self._layout = create_layout(box.text, box.style, None, None, 0)
        drawer.forget_glyphs()
        drawer.draw(self._layout, box.style, box.text)
        self._glyphs = [
            (font, glyph, letters, font.widths[glyph])
            for font in drawer.fonts.values()
            for glyph, letters in font.to_unicode.items()
        ]

    def add_glyphs(self) -> None:
        """Tell the fonts which glyphs are drawn here. Raises ``CannotFill``."""
        for font, glyph, letters, width in self._glyphs:
            if glyph not in font.to_unicode:
                font.to_unicode[glyph], font.widths[glyph] = letters, width
            elif font.widths[glyph] != width:
                # The distances between letters are drawn as differences from the width first met.
                raise CannotFill("A letter is a little wider in another size")


class ReplaceableText:
    """A text of a line whose words change. ``field`` names its words; ``None`` is a text that only moves."""

    def __init__(self, box: Any, field: str | None) -> None:
        self.box, self.field, self.text = box, field, box.text
        self._layout = create_layout(box.text, box.style, None, None, 0)
        self._y = box.position_y + box.baseline
        self.width, *self._heights = self._measured()
        self.x = box.position_x
        self._font: bytes | None = None

    def set_text(self, text: str) -> None:
        """Shape other words. Raises ``CannotFill`` when they do not stand on the line as the first ones did."""
        if text == self.text:
            return
        self._layout.set_text(text)
        self.text = text
        self.width, *heights = self._measured()
        if heights != self._heights:
            raise CannotFill("Its letters are higher or lower")

    def draw(self, drawer: LineDrawer) -> list[bytes]:
        """Three operators: where, in which font, which glyphs. Raises ``CannotFill``."""
        drawn = drawer.draw(self._layout, self.box.style, self.text, self.x, self._y)
        if len(drawn) != len(OPERATORS) or not all(map(bytes.endswith, drawn, OPERATORS)):
            raise CannotFill("It is not set in one font")
        self._font = self._font or drawn[1]
        if drawn[1] != self._font:
            raise CannotFill("It is set in another font")
        return drawn

    def _measured(self) -> tuple[float, float, float]:
        line, following = self._layout.get_first_line()
        if following is not None:
            raise CannotFill("It has several lines")
        baseline = pango.pango_layout_get_baseline(self._layout.layout) * FROM_UNITS
        return (*line_size(line, self.box.style), baseline)


class ReplaceableLine:
    """A line whose words change: ``texts`` from left to right, the last of which is the field."""

    def __init__(self, block: Any, field: str) -> None:
        texts = list(texts_in(block))
        if len(block.children) != 1 or not texts:
            raise CannotFill("It has several lines, or nothing on one")
        (line,) = block.children
        self._left, self._room = block.content_box_x(), block.width
        last = line.style["text_align_last"]
        aligned = line.style["text_align_all"] if last == "auto" else last
        if line.style["direction"] != "ltr" or aligned not in _SHARE_LEFT_OF_IT:
            raise CannotFill("It is aligned in another way")
        self._share = _SHARE_LEFT_OF_IT[aligned]
        self.texts = [*(ReplaceableText(box, None) for box in texts[:-1]), ReplaceableText(texts[-1], field)]
        self._is_inside = [box not in line.children for box in texts]

    def fill(self, words: Mapping[str, str]) -> None:
        """Set the words and move every text to its place. Raises ``CannotFill``."""
        x = self._left
        for text, is_inside in zip(self.texts, self._is_inside, strict=True):
            if text.field is not None:
                text.set_text(words[text.field])
            text.x, end = x, x + text.width
            # So does WeasyPrint add up the parts of a line, to the last digit.
            x = x + (end - x) if is_inside else end
        spare = self._room - (x - self._left)
        if spare < _SPARE_PIXELS:
            raise CannotFill("It may need another line")
        for text in self.texts:
            text.x += spare * self._share


def field_blocks(page: Any) -> Iterator[tuple[str, Any]]:
    """The paragraphs that hold a field, each with its name."""
    for box in boxes_of(page):
        if box.element_tag == "p" and isinstance(box, BlockBox):
            name = box.element.get("class", "").partition(" ")[0]
            if name in FIELDS:
                yield name, box
