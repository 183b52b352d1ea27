"""The size at which a text fits its place, estimated from its characters, so that no layout is needed."""

import unicodedata
from collections.abc import Iterator

MM_PER_POINT = 25.4 / 72
LINE_HEIGHT = 1.2
CONTENT_WIDTH_MM = 219.0

_SMALLEST = 3.0
_STEP = 0.92
# Below this share of the largest size it is better to break a word than to make it smaller still.
_WHOLE_WORDS_DOWN_TO = 0.5

# Widths in em, on the generous side: a line may end early, it may never run over.
_NARROW, _USUAL, _BROAD, _BROADEST = 0.36, 0.62, 0.76, 1.02
_NARROW_LETTERS = frozenset("iíìîïıjlrtfI.,:;'’!|()[]-/ ")
_BROADEST_LETTERS = frozenset("MWmw@%ŴŵЖЩШЮжщшюꟿ")
_BROAD_SCRIPTS = range(0x0900, 0x1400)
# Whole Arabic words in one character, and the two long dashes.
_WORDS_IN_ONE, _WORD_WIDTH = frozenset(map(chr, [*range(0xFDF0, 0xFDFE), 0x2E3A, 0x2E3B])), 4.0


def fitted_size(
    text: str,
    *,
    largest: float,
    height_mm: float,
    width_mm: float = CONTENT_WIDTH_MM,
    line_height: float = LINE_HEIGHT,
) -> float:
    """The size in points, at most ``largest``, at which ``text`` fits a box, on as many lines as it takes.

    Words stay whole while that costs no more than half the size.
    """
    words = [sum(_widths(word)) for word in text.split()]
    size = largest
    while size > _SMALLEST:
        em = size * MM_PER_POINT
        is_broken = em * max(words, default=0) > width_mm
        lines = _lines(words, width_mm / em)
        if lines * em * line_height <= height_mm and not (is_broken and size > largest * _WHOLE_WORDS_DOWN_TO):
            break
        size *= _STEP
    return round(size, 1)


def _lines(words: list[float], line: float) -> int:
    """How many lines of ``line`` em the words take; a word that is longer than a line is broken."""
    lines, used = 1, 0.0
    for word in words:
        if used and used + _NARROW + word > line:
            lines, used = lines + 1, 0.0
        used += word + (_NARROW if used else 0)
        if used > line:
            lines += int(used // line)
            used %= line
    return lines


def _widths(text: str) -> Iterator[float]:
    for character in text:
        category = unicodedata.category(character)
        if category in ("Mn", "Me", "Cf"):
            continue
        if character in _WORDS_IN_ONE:
            yield _WORD_WIDTH
        elif character in _NARROW_LETTERS:
            yield _NARROW
        elif character in _BROADEST_LETTERS or unicodedata.east_asian_width(character) in "WF":
            yield _BROADEST
        elif category in ("Lu", "Mc") or ord(character) in _BROAD_SCRIPTS:
            yield _BROAD
        else:
            yield _USUAL
