"""What a file was made with: what decides its bytes beside the facts. Written down with each file."""

import ctypes
import hashlib
import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from certificates.fonts import DEFAULT_FOLDER

ADDRESS = "address"
_ROOM = Path(__file__).parent
_LIBRARIES = ("weasyprint", "pydyf", "fonttools", "tinycss2", "cssselect2", "pillow", "segno", "jinja2", "pyhanko")
_SHOWN = 12
_WORDS = {
    ADDRESS: "public address",
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


def made_with(address: str) -> dict[str, str]:
    """Names and versions of everything that decides the bytes; ``address`` is the site's, which the file names."""
    return {ADDRESS: address, **_versions()}


def differences(then: Mapping[str, str] | None, now: Mapping[str, str]) -> tuple[str, ...]:
    """What differs between two, each in words such as "WeasyPrint was 69.0 and is 70.0 now"."""
    before = then or {}
    return tuple(
        f"{_WORDS.get(name, name)} was {before.get(name, 'not there')} and is {now.get(name, 'not there')} now"
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
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
    """One word for all that draws: templates, style sheets, drawings, and the code of this room."""
    found = hashlib.sha256()
    for path in sorted((*_ROOM.glob("*.py"), *_ROOM.glob("signing/*.py"), *(_ROOM / "templates").iterdir())):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:_SHOWN]


def _fonts() -> str:
    found = hashlib.sha256()
    for scope in ("@expo-google-fonts/*", "@fontsource-variable/*"):
        for path in sorted(DEFAULT_FOLDER.glob(f"{scope}/package.json")):
            package = json.loads(path.read_text(encoding="utf-8"))
            found.update(f"{package['name']} {package['version']}\n".encode())
    return found.hexdigest()[:_SHOWN]
