"""What a file was made with: what decides its bytes beside the facts. Written down with each file."""

import ctypes
import hashlib
import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from typesetting.fonts import DEFAULT_FOLDER

ADDRESS, DRAWN = "address", "drawn"
_ROOT = Path(__file__).resolve().parents[2]
# What decides how a certificate looks: its words and their places, what draws and signs it, and its letters.
_DRAWN_BY = (
    "certificates/document",
    "certificates/drawing",
    "certificates/looks/designs.py",
    "certificates/pdf.py",
    "certificates/signing",
    "typesetting",
)
_LIBRARIES = ("weasyprint", "pydyf", "fonttools", "tinycss2", "cssselect2", "pillow", "segno", "jinja2", "pyhanko")
_SHOWN = 12
_WORDS = {
    "design": "design version",
    "fonts": "version of the fonts",
    "weasyprint": "WeasyPrint",
    "pydyf": "pydyf",
    "fonttools": "fontTools",
    "pillow": "Pillow",
    "segno": "Segno",
    "jinja2": "Jinja",
    "pyhanko": "pyHanko",
    "pango": "Pango",
}


class Drawn(StrEnum):
    """The way in which a file was drawn. Each way gives the same document the same bytes, and each way its own."""

    WHOLE = "whole"
    FILLED_IN = "filled-in"


def made_with(address: str, drawn: Drawn) -> dict[str, str]:
    """Names and versions of everything that decides the bytes; ``address`` is the site's, which the file names."""
    return {ADDRESS: address, DRAWN: drawn, **_versions()}


def drawn_in(then: Mapping[str, str] | None) -> Drawn:
    """The way in which a file was drawn; those from before this was written down were all filled in."""
    return Drawn((then or {}).get(DRAWN, Drawn.FILLED_IN))


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """What differs between two, each in words such as "WeasyPrint was 69.0 and is 70.0 now".

    A file that is made again gets the address and the way of drawing that it had, so these are not looked at.
    """
    return tuple(
        f"{_WORDS.get(name, name)} was {then.get(name, 'not there')} and is {now.get(name, 'not there')} now"
        for name in sorted({*then, *now} - {ADDRESS, DRAWN})
        if then.get(name) != now.get(name)
    )


@lru_cache(maxsize=1)
def _versions() -> dict[str, str]:
    found = {"design": _design(), "fonts": _fonts(), "zlib": zlib.ZLIB_RUNTIME_VERSION}
    for library in _LIBRARIES:
        with suppress(PackageNotFoundError):
            found[library] = version(library)
    with suppress(OSError, AttributeError):
        # Pango cuts and places the letters; it belongs to the machine, not to our packages.
        say = ctypes.CDLL("libpango-1.0.so.0").pango_version_string
        say.restype = ctypes.c_char_p
        found["pango"] = say().decode()
    return found


def _design() -> str:
    """One word for all that draws: templates, style sheets, drawings, and the code that turns them into a file."""
    found = hashlib.sha256()
    for path in _files_that_draw():
        found.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:_SHOWN]


def _files_that_draw() -> list[Path]:
    places = [_ROOT / place for place in _DRAWN_BY]
    below = [path for place in places if place.is_dir() for path in place.rglob("*")]
    found = [*below, *(place for place in places if place.is_file())]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def _fonts() -> str:
    found = hashlib.sha256()
    for scope in ("@expo-google-fonts/*", "@fontsource-variable/*"):
        for path in sorted(DEFAULT_FOLDER.glob(f"{scope}/package.json")):
            package = json.loads(path.read_text(encoding="utf-8"))
            found.update(f"{package['name']} {package['version']}\n".encode())
    return found.hexdigest()[:_SHOWN]
