"""Write down which characters the certificates' fonts hold, for processes that open no font.

    python -m typesetting.coverage_writing

Writes typesetting/coverage.json: once more after a font package changes. A test says when it is out of date.
"""

import json
import sys
from collections.abc import Iterable, Iterator

from fontTools.unicodedata import script, script_name  # type: ignore[import-untyped]

from typesetting.coverage import FILE
from typesetting.fonts import characters_held

SHARED = frozenset({"Zyyy", "Zinh"})
_SCRIPT_NAMES = {"Oriya": "Odia", "Nko": "N’Ko"}


def coverage() -> dict[str, list[list[int | str]]]:
    """Runs of characters that some font holds, and of others with the name of their script; ends included."""
    held = characters_held()
    # Which characters there are is asked of fontTools, and not of Python: each release of that knows others.
    others = (one for one in map(chr, range(0x20, sys.maxunicode + 1)) if one not in held and script(one) != "Zzzz")
    return {
        "held": [[first, last] for first, last, _ in _runs((ord(one), "") for one in sorted(held))],
        "not_held": [list(run) for run in _runs((ord(one), _named(one)) for one in others)],
    }


def _named(character: str) -> str:
    """The English name of the script; nothing for what belongs to no single one, such as a sign or an emoji."""
    found = script(character)
    if found in SHARED:
        return ""
    name = str(script_name(found)).replace("_", " ")
    return _SCRIPT_NAMES.get(name, name)


def _runs(characters: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int, str]]:
    run: tuple[int, int, str] | None = None
    for code, name in characters:
        if run is not None and (run[1] + 1, run[2]) == (code, name):
            run = (run[0], code, name)
            continue
        if run is not None:
            yield run
        run = (code, code, name)
    if run is not None:
        yield run


def as_text() -> str:
    """The file: one run a line, so that a change of fonts can be read."""
    parts = (
        f'"{key}": [\n' + ",\n".join(json.dumps(run, ensure_ascii=False) for run in runs) + "\n]"
        for key, runs in coverage().items()
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(as_text(), encoding="utf-8")
