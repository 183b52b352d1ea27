"""Outlines taken one by one out of large variable fonts, and small fonts put together from them.

Names in East Asian scripts need a few of 30,000 characters, which lie in fonts of 100 files each. Opening one takes
longer than drawing a certificate, so what was taken out is kept: 20 names of the demo region took a fourteenth of the
time that cutting and merging whole files took. `python -m bench.certificate_cpu` says what it costs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.recordingPen import DecomposingRecordingPen  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

_EMPTY_BOX = ".notdef"
# A glyph takes about three kilobytes, an opened file one or two megabytes. The files go by how common letters are.
_MOST_OUTLINES, _MOST_FILES = 2048, 6
_IS_BOLD, _IS_REGULAR = 0x20, 0x40


class FontsMissing(Exception):
    """A font file is not where it should be: the npm packages are not installed."""


@dataclass(frozen=True)
class Metrics:
    """The heights that decide how lines are laid out, in units of which ``per_em`` are one em."""

    per_em: int
    header: tuple[tuple[str, int], ...]
    os2: tuple[tuple[str, int], ...]


@dataclass(frozen=True, eq=False)
class Outline:
    """One glyph: its contours, how far it moves the pen, the box for what is missing, the heights of its font."""

    glyph: Any
    advance: int
    empty_box: tuple[Any, int]
    metrics: Metrics


@lru_cache(maxsize=_MOST_OUTLINES)
def outline_of(file: Path, character: str, weight: int) -> Outline | None:
    """The outline of a character at ``weight``, or ``None`` when the font lacks it. Raises ``FontsMissing``."""
    font = _opened(file)
    name = font.getBestCmap().get(ord(character))
    if name is None:
        return None
    return Outline(*_drawn(font, name, weight), _drawn(font, _EMPTY_BOX, weight), _metrics_of(font))


def font_of(outlines: Mapping[str, Outline], *, is_bold: bool) -> bytes:
    """A static font of these characters as TrueType; the same ones give the same bytes. At least one."""
    first = next(iter(outlines.values()))
    named = {f"uni{ord(character):04X}": outline for character, outline in outlines.items()}
    glyphs = {_EMPTY_BOX: first.empty_box} | {name: (one.glyph, one.advance) for name, one in named.items()}
    builder = FontBuilder(first.metrics.per_em, isTTF=True)
    builder.setupHead(unitsPerEm=first.metrics.per_em, created=0, modified=0, macStyle=int(is_bold))
    builder.font.recalcTimestamp = False  # the same name gives the same bytes tomorrow
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(character): f"uni{ord(character):04X}" for character in outlines})
    builder.setupGlyf({name: glyph for name, (glyph, _) in glyphs.items()})
    builder.setupHorizontalMetrics({name: (advance, _left(glyph)) for name, (glyph, advance) in glyphs.items()})
    builder.setupHorizontalHeader(**dict(first.metrics.header))
    style, selection = ("Bold", _IS_BOLD) if is_bold else ("Regular", _IS_REGULAR)
    builder.setupNameTable({"familyName": "Certificate East Asian", "styleName": style})
    builder.setupOS2(**dict(first.metrics.os2), usWeightClass=700 if is_bold else 400, fsSelection=selection)
    builder.setupPost(keepGlyphNames=False)
    data = BytesIO()
    builder.save(data)
    return data.getvalue()


@lru_cache(maxsize=_MOST_FILES)
def _opened(file: Path) -> Any:
    try:
        return TTFont(file, recalcTimestamp=False)
    except FileNotFoundError as error:
        raise FontsMissing(f"The font file {file.name} is not installed: run `npm ci`") from error


def _drawn(font: Any, name: str, weight: int) -> tuple[Any, int]:
    """A glyph of a variable font at one weight, with whole numbers and without parts that lie elsewhere."""
    glyphs = font.getGlyphSet(location={"wght": weight})
    parts, pen = DecomposingRecordingPen(glyphs), TTGlyphPen(None)
    glyphs[name].draw(parts)
    parts.replay(pen)
    return pen.glyph(), round(glyphs[name].width)


def _left(glyph: Any) -> int:
    return glyph.xMin if glyph.numberOfContours else 0


def _metrics_of(font: Any) -> Metrics:
    header, os2 = font["hhea"], font["OS/2"]
    names = ("sTypoAscender", "sTypoDescender", "sTypoLineGap", "usWinAscent", "usWinDescent")
    return Metrics(
        font["head"].unitsPerEm,
        tuple((name, getattr(header, name)) for name in ("ascent", "descent", "lineGap")),
        tuple((name, getattr(os2, name)) for name in names),
    )
