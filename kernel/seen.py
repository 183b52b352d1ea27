"""What a page held when it was opened, so that whoever posts it replaces nothing newer unseen.

A form carries a mark of each thing that it may replace: a digest, never the words. Whoever stores it compares, with the
row locked, so that of two posts at the same moment the database lets one be first and the other find out.
"""

import hashlib
import json
from collections.abc import Collection, Mapping

from kernel.errors import RuleBroken

FIELD = "seen"  # the hidden field that carries the marks
CHANGED = (
    "This was changed in another tab, or on another device, after you opened this page. "
    "Nothing is lost: look at both, and choose what to keep"
)


class ChangedMeanwhile(RuleBroken):
    """Something newer is stored than the page held, so nothing was replaced. ``names`` says which things."""

    def __init__(self, names: Collection[str], field: str | None = None) -> None:
        super().__init__(CHANGED, field)
        self.names = tuple(names)


def marks_of(values: Mapping[str, object]) -> str:
    """What a form carries for these things; one that is empty or not there has no mark."""
    return " ".join(f"{name}={_mark(value)}" for name, value in values.items() if value)


def names_to_write(
    seen: str | None, *, stored: Mapping[str, object], typed: Mapping[str, object], field: str | None = None
) -> list[str]:
    """Which of the things that were typed to write down.

    What nobody touched on the page stays as it is stored by now. Raises ``ChangedMeanwhile`` for what was changed
    both on the page and elsewhere. ``seen`` of ``None``: nobody had a page before them, and everything is written.
    """
    if seen is None:
        return list(typed)
    marks = _marks_in(seen)
    names, clashes = [], []
    for name, value in typed.items():
        loaded, now, wanted = marks.get(name, ""), _mark(stored.get(name)), _mark(value)
        if wanted == now or loaded == now:
            names.append(name)
        elif wanted != loaded:
            clashes.append(name)
    if clashes:
        raise ChangedMeanwhile(clashes, field)
    return names


def marks_after(seen: str, *, stored: Mapping[str, object], typed: Mapping[str, object]) -> str:
    """What a page carries that stays open after it saved: of what it did not touch, it still holds the old."""
    saved = {name: _mark(value) for name, value in typed.items() if _mark(value) == _mark(stored.get(name))}
    return " ".join(f"{name}={mark}" for name, mark in {**_marks_in(seen), **saved}.items() if mark)


def _marks_in(seen: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in seen.split() if "=" in part)


def _mark(value: object) -> str:
    written = json.dumps(value, default=str, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16] if value else ""
