"""A picture of completion: a bar for each part of a group, as an SVG file that runs and loads nothing.

The same layout serves every width, because each bar's words stand above it: a narrow drawing has letters that
a phone shows at their full size. Patterns and words carry the meaning; colour only helps.
"""

import sys
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Any

from pygal import HorizontalStackedBar
from pygal.etree import etree
from pygal.style import Style

from reports.groups import Counts, Group

# pygal 3.1.3 leaves an import hook of the kind that Python 3.12 dropped: other tools' imports trip over it.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "PluginImportFixer"]

_FONT_SIZE, _BAR, _ROW, _KEY = 18, 24, 72, 44
HEAD_LINE = 26
INK, PAPER, TEAL, TEAL_MID, TEAL_PALE = "#1f1d2b", "#ffffff", "#12524f", "#8fb3b1", "#d5e4e3"
FAMILY = '"Atkinson Hyperlegible Next", system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif'
_STATES = ("finished", "in progress", "not started")
_WITHOUT_STARTED = ("finished", "", "not finished yet")
HATCHING = (
    '<pattern id="going" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="8" height="8" fill="{TEAL_PALE}"/><rect width="4" height="8" fill="{TEAL_MID}"/>'
    "</pattern>"
)
_STYLE = f"""
text {{ font-family: {FAMILY}; font-size: {_FONT_SIZE}px; fill: {INK}; }}
.legend text {{ font-size: 16px; }}
.background {{ fill: {PAPER}; }}
.graph .color-0 .reactive, .legend .color-0 {{ fill: {TEAL}; }}
.graph .color-1 .reactive, .legend .color-1 {{ fill: url(#going); }}
.graph .color-2 .reactive, .legend .color-2 {{ fill: {PAPER}; }}
.graph .series .reactive, .legend rect.reactive {{ stroke: {INK}; stroke-width: 1; fill-opacity: 1; }}
"""
# A picture is not recoloured where people choose their own colours: black and white stay, and the page turns them
# around on a dark ground (app/assets/_adapt.scss).
BLACK_AND_WHITE = f"""
@media (forced-colors: active) {{
  text, circle {{ fill: #000000; }}
  rect {{ stroke: #000000; }}
  rect[fill="{TEAL}"], .graph .color-0 .reactive, .legend .color-0 {{ fill: #000000; }}
  #going rect:first-child {{ fill: #ffffff; stroke: none; }}
  #going rect:last-child {{ fill: #000000; stroke: none; }}
}}
"""
_NOT_FINISHED = f".graph .color-1 .reactive, .legend .color-1 {{ fill: {PAPER}; }}"
FACE = "@font-face {{ font-family: 'Atkinson Hyperlegible Next'; src: url(data:font/woff2;base64,{}); }}"


class _Bars(HorizontalStackedBar):  # type: ignore[misc]
    _series_margin = (_ROW - _BAR) / _ROW / 2

    def _compute(self) -> None:
        super()._compute()
        self._box.margin = 0  # else bars stop short of both edges, where the text beside the picture begins


def completion_chart(
    group: Group,
    *,
    description: str,
    width: int,
    font: bytes | None = None,
    head: Sequence[str] = (),
    shows_started: bool = True,
) -> bytes:
    """An SVG file with a bar for each part of ``group``, in its order; those not shown are named below.

    The lines of ``head`` stand above: whose figures these are, of what and when. It goes into other people's reports.

    ``width`` is in px of the drawing, whose letters have 18. ``description`` is read to people who do not see
    it. ``font`` (WOFF2) is put into the file: a picture in a page may not load one.
    """
    parts = _drawn(group.children or (group,))
    lines = head_lines(head, width)
    top = 1 + len(lines) * HEAD_LINE
    height = top + len(parts) * _ROW + _KEY
    chart = _Bars(
        width=width, height=height, margin=1, margin_top=top, margin_bottom=12, spacing=0, range=(0, 100),
        style=Style(legend_font_size=16, font_family="sans-serif"), css=[], js=[], defs=[HATCHING],
        show_x_labels=False, show_y_labels=False, show_x_guides=False, show_y_guides=False,
        legend_at_bottom=True, legend_at_bottom_columns=3, legend_box_size=16, truncate_legend=-1,
        print_values=False, no_prefix=True, disable_xml_declaration=True,
    )  # fmt: skip
    states = _STATES if shows_started else _WITHOUT_STARTED
    for state, shares in zip(states, _shares(parts), strict=True):
        if state:
            chart.add(state, shares)
    labels = [_label(part, width) for part in parts]
    chart.add_xml_filter(lambda root: _tidy(root, font, _STYLE if shows_started else _STYLE + _NOT_FINISHED))
    chart.add_xml_filter(lambda root: _describe(root, group.name, description, (width, height)))
    chart.add_xml_filter(lambda root: _write_labels(root, labels))
    chart.add_xml_filter(lambda root: write_head(root, lines))
    drawing: str = chart.render()
    return drawing.encode()


def _drawn(parts: tuple[Group, ...]) -> tuple[Group, ...]:
    hidden = [part for part in parts if not _has_bar(part)]
    if not hidden:
        return parts
    names = ", ".join(part.name for part in hidden)
    return (*(part for part in parts if _has_bar(part)), replace(hidden[0], name=names, counts=None))


def _has_bar(part: Group) -> bool:
    """On an earlier day, a group may be shown and its share not."""
    return part.counts is not None and (not part.counts.people or part.counts.complete_percent is not None)


def _shares(parts: tuple[Group, ...]) -> tuple[list[float], list[float], list[float]]:
    """Exact shares in per cent, last part first: pygal draws from the bottom up."""
    counts = [part.counts or Counts() for part in reversed(parts)]
    return (
        [100 * c.complete / max(1, c.people) for c in counts],
        [100 * c.in_progress / max(1, c.people) for c in counts],
        [100 * c.not_started / max(1, c.people) for c in counts],
    )


def _label(part: Group, width: int) -> str:
    """ "71%  Adult Social Care", cut to the width; the table has the full name."""
    share = "Not shown:" if part.counts is None else "Nobody counts:"
    if part.counts and part.counts.complete_percent is not None:
        share = f"{part.counts.complete_percent}%"
    room = _letters_in(width) - len(share) - 2
    return f"{share} {_shortened(part.name, room)}"


def _tidy(root: Any, font: bytes | None, style: str) -> Any:
    """Take out what serves scripts and pointers, and pygal's style, for ours."""
    _prune(root)
    face = FACE.format(b64encode(font).decode()) if font else ""
    root.find(".//style").text = face + style + BLACK_AND_WHITE
    return root


def _prune(node: Any) -> None:
    for child in list(node):
        is_comment = not isinstance(child.tag, str)
        is_pointer = "tooltip-overlay" in child.attrib.get("class", "")
        is_empty = child.tag == "rect" and not ("width" in child.attrib and "height" in child.attrib)
        if is_comment or is_pointer or child.tag in {"script", "desc"}:
            node.remove(child)
        elif is_empty:
            child.attrib["visibility"] = "hidden"  # its place is still needed for the words
        else:
            _prune(child)


def _describe(root: Any, title: str, description: str, size: tuple[int, int]) -> Any:
    for name in ("id", "class"):
        root.attrib.pop(name, None)
    width, height = size
    # Without a width of its own, a picture fills the place that the page gives it.
    root.attrib["viewBox"] = f"0 0 {width} {height}"
    root.attrib.update({"role": "img", "aria-labelledby": "title description", "lang": "en-GB"})
    heading = root.find("title")
    heading.text, heading.attrib["id"] = f"Completion: {title}", "title"
    words = etree.Element("desc", {"id": "description"})
    words.text = description
    root.insert(list(root).index(heading) + 1, words)
    return root


def _letters_in(width: int) -> int:
    return int(width / (_FONT_SIZE * 0.54))


def _shortened(words: str, room: int) -> str:
    words = " ".join(words.split())
    return words if len(words) <= room else words[: room - 1].rstrip() + "…"


def head_lines(head: Sequence[str], width: int) -> list[str]:
    """Whose figures a picture shows, of what and when, in lines that fit: a date that is cut off says nothing."""
    return [line for words in head for line in wrap(words, _letters_in(width))]


def write_head(root: Any, lines: Sequence[str]) -> Any:
    """Write them above a picture: each line is ``HEAD_LINE`` high."""
    for place, line in enumerate(lines):
        etree.SubElement(root, "text", {"x": "1", "y": str(20 + HEAD_LINE * place)}).text = line
    return root


def _write_labels(root: Any, labels: list[str]) -> Any:
    """Put the words above the bars; the first series has a rectangle, if only an empty one, for each."""
    plot = root.find(".//g[@class='plot']")
    rects = plot.findall("g[@class='series serie-0 color-0']/g/g/rect")
    for rect, label in zip(reversed(rects), labels, strict=True):
        place = {"x": "0", "y": str(round(float(rect.attrib["y"]) - 8, 2))}
        etree.SubElement(plot, "text", place).text = label
    return root
