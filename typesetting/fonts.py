"""Which fonts draw a text: one legible face for most names, one more for each further script in it.

The faces are npm packages, so a machine without a single installed font draws every name the same way.
"""

import base64
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools import unicodedata  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from typesetting.font_outlines import FontsMissing, Outline, font_of, outline_of

DEFAULT_FOLDER = Path(os.environ.get("CERTIFICATE_FONTS", Path(__file__).resolve().parents[1] / "node_modules"))

TEXT_FAMILY = "Certificate Text"
WIDE_FAMILY = "Certificate Wide"

REGULAR, BOLD = 400, 700
_TEXT_PACKAGE = "@expo-google-fonts/atkinson-hyperlegible-next"
_WIDE_PACKAGE = "@expo-google-fonts/noto-sans"  # Latin, Greek, Cyrillic and Devanagari
_PACKAGE_OF_FAMILY = {TEXT_FAMILY: _TEXT_PACKAGE, WIDE_FAMILY: _WIDE_PACKAGE}
_PACKAGE_OF_SCRIPT = {
    "Adlm": "noto-sans-adlam",
    # Not Noto: it builds letters from skeletons and dots, and then no reader can copy a name out of the file.
    "Arab": "ibm-plex-sans-arabic",
    "Armn": "noto-sans-armenian",
    "Beng": "noto-sans-bengali",
    "Ethi": "noto-sans-ethiopic",
    "Geor": "noto-sans-georgian",
    "Gujr": "noto-sans-gujarati",
    "Guru": "noto-sans-gurmukhi",
    "Hebr": "noto-sans-hebrew",
    "Khmr": "noto-sans-khmer",
    "Knda": "noto-sans-kannada",
    "Laoo": "noto-sans-lao",
    "Mlym": "noto-sans-malayalam",
    "Mymr": "noto-sans-myanmar",
    "Nkoo": "noto-sans-nko",
    "Sinh": "noto-sans-sinhala",
    "Syrc": "noto-sans-syriac",
    "Taml": "noto-sans-tamil",
    "Telu": "noto-sans-telugu",
    "Tfng": "noto-sans-tifinagh",
    "Thaa": "noto-sans-thaana",
    "Thai": "noto-sans-thai",
}
# Letters that Latin words are written with, and the marks that stand on them.
_LATIN = {"Latn", "Zinh", "Zyyy"}
_ALPHABETS = _LATIN | {"Grek", "Cyrl"}
_REGIONS = ("sc", "tc", "jp", "kr")
_EAST_ASIAN_SCRIPTS = {"Bopo", "Hang", "Hani", "Hira", "Kana"}
# CJK punctuation, the middle dot and long-vowel mark of kana, full-width forms: they belong to no one script.
_EAST_ASIAN_COMMON = (range(0x2E80, 0x3400), range(0xFE30, 0xFE50), range(0xFF00, 0xFFF0))


@dataclass(frozen=True)
class Face:
    """One font under the name that the style sheet calls it by. ``address`` is a file: or data: address."""

    family: str
    weight: int
    address: str


def faces_for(text: str, folder: Path | None = None, *, weights: tuple[int, ...] = (BOLD,)) -> tuple[Face, ...]:
    """The faces that draw every character of ``text``, those to try first in front.

    ``folder`` is the node_modules folder (``CERTIFICATE_FONTS`` or the project's own by default). ``weights`` are those
    of the letters that the first face lacks: on a certificate all of them stand in bold words. A character that no face
    holds is drawn as an empty box. Raises ``FontsMissing``.
    """
    folder = folder or DEFAULT_FOLDER
    faces, held = _text_faces(folder)
    missing = _printed(set(text) - held)
    if not missing:
        return faces
    return (*faces, *_more_faces(missing, folder, weights))


def is_drawn_in_parts(text: str) -> bool:
    """Whether ``text`` has marks, or characters of another than the first face, so that a glyph may not be a letter.

    Raises ``FontsMissing``.
    """
    marked = any(unicodedata.category(character).startswith("M") for character in set(text))
    return marked or bool(_printed(set(text) - _text_faces(DEFAULT_FOLDER)[1]))


def has_borrowed_letters(text: str) -> bool:
    """Whether a word in Latin letters has one that only the wide face holds.

    Set the whole text in that face then: one borrowed letter looks like a mistake, and readers of a PDF may see a gap
    before and behind it. Raises ``FontsMissing``.
    """
    borrowed = set(text) - _text_faces(DEFAULT_FOLDER)[1]
    if not borrowed:
        return False
    held = _characters_of(_font_file(DEFAULT_FOLDER / _WIDE_PACKAGE, REGULAR))
    return any(
        unicodedata.script(letter) in _LATIN and unicodedata.category(letter)[0] in "LM" for letter in borrowed & held
    )


@lru_cache(maxsize=4)
def _text_faces(folder: Path) -> tuple[tuple[Face, ...], frozenset[str]]:
    """The faces of most names, and the characters that they hold."""
    files = [(weight, _font_file(folder / _TEXT_PACKAGE, weight)) for weight in (REGULAR, BOLD)]
    return tuple(Face(TEXT_FAMILY, weight, file.as_uri()) for weight, file in files), _characters_of(files[-1][1])


def _more_faces(missing: frozenset[str], folder: Path, weights: tuple[int, ...]) -> tuple[Face, ...]:
    wide = folder / _WIDE_PACKAGE
    faces = list(_faces_of(WIDE_FAMILY, wide, weights))
    missing -= _characters_of(_font_file(wide, BOLD))
    for script in sorted({unicodedata.script(character) for character in missing} & _PACKAGE_OF_SCRIPT.keys()):
        package = folder / "@expo-google-fonts" / _PACKAGE_OF_SCRIPT[script]
        faces += _faces_of(f"Certificate {script}", package, weights)
    return (*faces, *_east_asian_faces(missing, folder, weights))


def _faces_of(family: str, package: Path, weights: tuple[int, ...]) -> Iterator[Face]:
    return (Face(family, weight, _font_file(package, weight).as_uri()) for weight in weights)


def characters_held(folder: Path | None = None) -> frozenset[str]:
    """Every character that some face would draw, as ``faces_for`` chooses them. Raises ``FontsMissing``."""
    folder = folder or DEFAULT_FOLDER
    held = set(_text_faces(folder)[1] | _characters_of(_font_file(folder / _WIDE_PACKAGE, BOLD)))
    for script, package in _PACKAGE_OF_SCRIPT.items():
        file = _font_file(folder / "@expo-google-fonts" / package, BOLD)
        held |= {character for character in _characters_of(file) if unicodedata.script(character) == script}
    for region in _REGIONS:
        for _, part in _parts_of(folder / "@fontsource-variable" / f"noto-sans-{region}"):
            held |= set(filter(_is_east_asian, part))
    return frozenset(held)


def _printed(characters: Iterable[str]) -> frozenset[str]:
    return frozenset(character for character in characters if character.isprintable() and not character.isspace())


@lru_cache(maxsize=64)
def _font_file(package: Path, weight: int) -> Path:
    # Two small packages have no bold: the regular is drawn then.
    for folder in (f"{weight}*", f"{REGULAR}*"):
        found = [path for path in package.glob(f"{folder}/*.ttf") if "Italic" not in path.name]
        if found:
            return min(found)
    raise FontsMissing(f"The font package {package.name} is not installed: run `npm ci`")


@lru_cache(maxsize=64)
def _characters_of(file: Path) -> frozenset[str]:
    with TTFont(file) as font:
        return frozenset(map(chr, font.getBestCmap()))


@lru_cache(maxsize=64)
def _east_asian_faces(characters: frozenset[str], folder: Path, weights: tuple[int, ...]) -> tuple[Face, ...]:
    """One small face, in each weight, of the East Asian characters asked for, out of fonts of 100 files each."""
    wanted = {character for character in characters if _is_east_asian(character)}
    return tuple(face for weight in weights for face in _east_asian_face(wanted, folder, weight))


def _east_asian_face(wanted: set[str], folder: Path, weight: int) -> Iterator[Face]:
    outlines = dict(_outlines(wanted, folder, weight)) if wanted else {}
    if outlines:
        encoded = base64.b64encode(font_of(outlines, is_bold=weight == BOLD)).decode("ascii")
        yield Face("Certificate East Asian", weight, f"data:font/ttf;base64,{encoded}")


def _outlines(wanted: set[str], folder: Path, weight: int) -> Iterator[tuple[str, Outline]]:
    """The characters that the fonts hold, in order, and then the space: layout takes it from the letters around it."""
    regions, found = _regions(wanted), False
    for character in sorted(wanted):
        outline = _outline(character, regions, folder, weight)
        if outline is not None:
            yield character, outline
            found = True
    space = _outline(" ", regions, folder, weight) if found else None
    if space is not None:
        yield " ", space


def _outline(character: str, regions: Iterable[str], folder: Path, weight: int) -> Outline | None:
    for region in regions:
        for file, held in _parts_of(folder / "@fontsource-variable" / f"noto-sans-{region}"):
            if character in held and (outline := outline_of(file, character, weight)):
                return outline
    return None


@lru_cache(maxsize=4)
def letters_by_glyph(family: str, weight: int) -> Mapping[int, str]:
    """The letters that words in Europe and most of Africa are written with, by their glyph; none of other families."""
    package = _PACKAGE_OF_FAMILY.get(family)
    if package is None:
        return {}
    with TTFont(_font_file(DEFAULT_FOLDER / package, weight)) as font:
        letters = ((chr(code), font.getGlyphID(name)) for code, name in sorted(font.getBestCmap().items()))
        return {glyph: letter for letter, glyph in letters if unicodedata.script(letter) in _ALPHABETS}


def _is_east_asian(character: str) -> bool:
    if unicodedata.script(character) in _EAST_ASIAN_SCRIPTS:
        return True
    return any(ord(character) in block for block in _EAST_ASIAN_COMMON)


def _regions(characters: Iterable[str]) -> tuple[str, ...]:
    scripts = {unicodedata.script(character) for character in characters}
    # Japan and Korea draw some Chinese characters their own way: the other letters tell where we are.
    if scripts & {"Hira", "Kana"}:
        return ("jp", "kr", "sc", "tc")
    if "Hang" in scripts:
        return ("kr", "jp", "sc", "tc")
    return _REGIONS


@lru_cache(maxsize=4)
def _parts_of(package: Path) -> tuple[tuple[Path, frozenset[str]], ...]:
    try:
        ranges: dict[str, str] = json.loads((package / "unicode.json").read_text("utf-8"))
    except FileNotFoundError as error:
        raise FontsMissing(f"The font package {package.name} is not installed: run `npm ci`") from error
    file = "files/{package}-{part}-wght-normal.woff2"
    return tuple(
        (package / file.format(package=package.name, part=part.strip("[]")), frozenset(_expanded(held)))
        for part, held in ranges.items()
    )


def _expanded(ranges: str) -> Iterable[str]:
    for item in ranges.split(","):
        first, _, last = item.strip().removeprefix("U+").partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))
