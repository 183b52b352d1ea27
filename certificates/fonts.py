"""Which fonts draw a text: one legible face for most names, one more for each further script in it.

The faces are npm packages, so a machine without a single installed font draws every name the same way.
"""

import base64
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools import unicodedata  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from certificates.font_outlines import FontsMissing, Outline, font_of, outline_of

DEFAULT_FOLDER = Path(os.environ.get("CERTIFICATE_FONTS", Path(__file__).resolve().parents[1] / "node_modules"))

TEXT_FAMILY = "Certificate Text"
WIDE_FAMILY = "Certificate Wide"

_REGULAR, _BOLD = 400, 700
_TEXT_PACKAGE = "@expo-google-fonts/atkinson-hyperlegible-next"
_WIDE_PACKAGE = "@expo-google-fonts/noto-sans"  # Latin, Greek, Cyrillic and Devanagari
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
_EAST_ASIAN_SCRIPTS = {"Bopo", "Hang", "Hani", "Hira", "Kana"}
# CJK punctuation, the middle dot and long-vowel mark of kana, full-width forms: they belong to no one script.
_EAST_ASIAN_COMMON = (range(0x2E80, 0x3400), range(0xFE30, 0xFE50), range(0xFF00, 0xFFF0))


@dataclass(frozen=True)
class Face:
    """One font under the name that the style sheet calls it by. ``address`` is a file: or data: address."""

    family: str
    weight: int
    address: str


def faces_for(text: str, folder: Path | None = None) -> tuple[Face, ...]:
    """The faces that draw every character of ``text``, those to try first in front.

    ``folder`` is the node_modules folder (``CERTIFICATE_FONTS`` or the project's own by default). A character
    that no face holds is drawn as an empty box. Raises ``FontsMissing``.
    """
    folder = folder or DEFAULT_FOLDER
    faces, held = _text_faces(folder)
    missing = _printed(set(text) - held)
    if not missing:
        return faces
    return (*faces, *_more_faces(missing, folder))


@lru_cache(maxsize=4)
def _text_faces(folder: Path) -> tuple[tuple[Face, ...], frozenset[str]]:
    """The faces of most names, and the characters that they hold."""
    files = [(weight, _font_file(folder / _TEXT_PACKAGE, weight)) for weight in (_REGULAR, _BOLD)]
    return tuple(Face(TEXT_FAMILY, weight, file.as_uri()) for weight, file in files), _characters_of(files[-1][1])


def _more_faces(missing: frozenset[str], folder: Path) -> tuple[Face, ...]:
    wide_file = _font_file(folder / _WIDE_PACKAGE, _BOLD)
    faces = [Face(WIDE_FAMILY, _BOLD, wide_file.as_uri())]
    missing -= _characters_of(wide_file)
    for script in sorted({unicodedata.script(character) for character in missing} & _PACKAGE_OF_SCRIPT.keys()):
        file = _font_file(folder / "@expo-google-fonts" / _PACKAGE_OF_SCRIPT[script], _BOLD)
        faces.append(Face(f"Certificate {script}", _BOLD, file.as_uri()))
    return (*faces, *_east_asian_faces(missing, folder))


def _printed(characters: Iterable[str]) -> frozenset[str]:
    return frozenset(character for character in characters if character.isprintable() and not character.isspace())


@lru_cache(maxsize=64)
def _font_file(package: Path, weight: int) -> Path:
    # Two small packages have no bold: the regular is drawn then.
    for folder in (f"{weight}*", f"{_REGULAR}*"):
        found = [path for path in package.glob(f"{folder}/*.ttf") if "Italic" not in path.name]
        if found:
            return min(found)
    raise FontsMissing(f"The font package {package.name} is not installed: run `npm ci`")


@lru_cache(maxsize=64)
def _characters_of(file: Path) -> frozenset[str]:
    with TTFont(file) as font:
        return frozenset(map(chr, font.getBestCmap()))


@lru_cache(maxsize=64)
def _east_asian_faces(characters: frozenset[str], folder: Path) -> tuple[Face, ...]:
    """One small bold face of the East Asian characters asked for, put together from fonts of 100 files each."""
    wanted = {character for character in characters if _is_east_asian(character)}
    outlines = dict(_outlines(wanted, folder)) if wanted else {}
    if not outlines:
        return ()
    encoded = base64.b64encode(font_of(outlines)).decode("ascii")
    return (Face("Certificate East Asian", _BOLD, f"data:font/ttf;base64,{encoded}"),)


def _outlines(wanted: set[str], folder: Path) -> Iterator[tuple[str, Outline]]:
    """The characters that the fonts hold, in order, and then the space: layout takes it from the letters around it."""
    regions, found = _regions(wanted), False
    for character in sorted(wanted):
        outline = _outline(character, regions, folder)
        if outline is not None:
            yield character, outline
            found = True
    space = _outline(" ", regions, folder) if found else None
    if space is not None:
        yield " ", space


def _outline(character: str, regions: Iterable[str], folder: Path) -> Outline | None:
    for region in regions:
        for file, held in _parts_of(folder / "@fontsource-variable" / f"noto-sans-{region}"):
            if character in held and (outline := outline_of(file, character, _BOLD)):
                return outline
    return None


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
    return ("sc", "tc", "jp", "kr")


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
