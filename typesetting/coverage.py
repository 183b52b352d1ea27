"""Which characters the certificates' fonts hold, without opening one: read from what a script wrote down.

``python -m typesetting.coverage_writing`` writes ``coverage.json``.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("coverage.json")
SIGNS = "emoji and signs"
NEWER = "letters newer than our list"


def undrawn_scripts(texts: Iterable[str]) -> tuple[str, ...]:
    """The scripts, by name, of characters in these texts that no font holds: each is printed as an empty box."""
    characters = set().union(*texts)
    return tuple(sorted({script for one in characters if (script := _undrawn_script(one)) is not None}))


def _undrawn_script(character: str) -> str | None:
    """The name of the script, where no font holds the character; what leaves no ink needs no font."""
    if not character.isprintable() or character.isspace():
        return None
    held, not_held = _runs()
    code = ord(character)
    if _run_with(code, held) is not None:
        return None
    run = _run_with(code, not_held)
    return NEWER if run is None else run[2] or SIGNS


def _run_with(code: int, runs: tuple[tuple[int, int, str], ...]) -> tuple[int, int, str] | None:
    place = bisect_right(runs, code, key=lambda run: run[0]) - 1
    return runs[place] if place >= 0 and code <= runs[place][1] else None


@cache
def _runs() -> tuple[tuple[tuple[int, int, str], ...], tuple[tuple[int, int, str], ...]]:
    found = json.loads(FILE.read_text("utf-8"))
    return tuple((*run, "") for run in found["held"]), tuple(
        (first, last, name) for first, last, name in found["not_held"]
    )
