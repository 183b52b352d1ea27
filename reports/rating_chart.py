"""A picture of ratings: for each statement the share who agree, a bar for each moment, as an SVG file.

Words stand above and beside the bars, and each moment has a pattern of its own: colour only helps.
"""

from base64 import b64encode
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from pygal.etree import etree

from courses.content.model.personal import Moment
from reports.chart import BLACK_AND_WHITE, FACE, FAMILY, HATCHING, HEAD_LINE, INK, PAPER, TEAL, head_lines, write_head
from reports.ratings import RatingFigures, StatementFigures

_SIZE, _LINE, _BAR, _GAP, _KEY = 18, 24, 20, 30, 36
_SHARE = 60  # room for “100%” beside a bar
_FILLS = {
    Moment.BEFORE: PAPER,
    Moment.LOOKING_BACK: "url(#dots)",
    Moment.AFTER: TEAL,
    Moment.LATER: "url(#going)",
}
_DOTS = (
    '<pattern id="dots" width="8" height="8" patternUnits="userSpaceOnUse">'
    f'<rect width="8" height="8" fill="{PAPER}"/><circle cx="4" cy="4" r="1.6" fill="{INK}"/></pattern>'
)
_STYLE = f"text {{ font-family: {FAMILY}; font-size: {_SIZE}px; fill: {INK}; }} .bar {{ stroke: {INK}; }}"


def rating_chart(
    figures: RatingFigures,
    *,
    words: dict[Moment, str],
    description: str,
    width: int,
    font: bytes | None = None,
    head: Sequence[str] = (),
) -> bytes:
    """An SVG file with the statements that are rated by agreement and may be shown, below the lines of ``head``.

    ``width`` is in px of the drawing, whose letters have 18. ``words`` name the moments. ``description`` is read to
    people who do not see it. ``font`` (WOFF2) is put into the file: a picture in a page may not load one.
    """
    root = etree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "lang": "en-GB"})
    root.attrib["aria-labelledby"] = "title description"
    _text_element(root, "title", figures.instrument.title, id="title")
    _text_element(root, "desc", description, id="description")
    face = FACE.format(b64encode(font).decode()) if font else ""
    _text_element(root, "style", face + _STYLE + BLACK_AND_WHITE)
    root.append(etree.fromstring(f"<defs>{HATCHING}{_DOTS}</defs>"))
    background = etree.SubElement(root, "rect", {"width": str(width), "fill": PAPER})
    lines = head_lines(head, width)
    write_head(root, lines)
    down = _key(root, figures.moments, words, width, down=_LINE + len(lines) * HEAD_LINE)
    for one in figures.statements:
        if one.statement.is_agreement and one.answers:
            down = _statement(root, one, figures.moments, down, width)
    background.attrib["height"] = str(down)
    root.attrib["viewBox"] = f"0 0 {width} {down}"
    drawing: bytes = etree.tostring(root, encoding="utf-8")
    return drawing


def _key(root: Any, moments: tuple[Moment, ...], words: dict[Moment, str], width: int, *, down: int) -> int:
    across = 0
    for moment in moments:
        room = _BAR + 8 + int(len(words[moment]) * _SIZE * 0.56) + 20
        if across and across + room > width:
            across, down = 0, down + _LINE + 4
        _bar(root, across + 1, down - 16, _BAR, moment)
        _text_element(root, "text", words[moment], x=str(across + _BAR + 8), y=str(down))
        across += room
    return down + _KEY


def _statement(root: Any, one: StatementFigures, moments: tuple[Moment, ...], down: int, width: int) -> int:
    for line in wrap(one.statement.text, int(width / (_SIZE * 0.54))):
        _text_element(root, "text", line, x="0", y=str(down))
        down += _LINE
    down -= 12
    for moment in moments:
        answers = one.answers.get(moment)
        if answers is None:
            continue
        length = max(1, (width - _SHARE) * answers.agree_percent // 100)
        _bar(root, 1, down, length, moment)
        _text_element(root, "text", f"{answers.agree_percent}%", x=str(length + 8), y=str(down + 16))
        down += _BAR + 5
    return down + _GAP


def _bar(root: Any, across: int, down: int, length: int, moment: Moment) -> None:
    place = {"x": str(across), "y": str(down), "width": str(length), "height": str(_BAR)}
    etree.SubElement(root, "rect", {**place, "fill": _FILLS[moment], "class": "bar"})


def _text_element(root: Any, name: str, words: str, **attributes: str) -> None:
    etree.SubElement(root, name, attributes).text = words
