"""One text before and after, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# Comparing costs the product of both lengths: longer texts are shown whole, as one taken out and one put in.
MOST_WORDS = 600
_WORDS = re.compile(r"\s+|[^\s]+")

Kind = Literal["same", "removed", "added"]


@dataclass(frozen=True)
class Piece:
    """Some words of a text, and whether they stand in both, only before, or only after."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class TextChange:
    """One text: what it is called, and its words before and after. An empty one was not there."""

    label: str
    before: str
    after: str

    @property
    def pieces_before(self) -> tuple[Piece, ...]:
        """The text before, with what went marked."""
        return tuple(piece for piece in _pieces(self.before, self.after) if piece.kind != "added")

    @property
    def pieces_after(self) -> tuple[Piece, ...]:
        """The text after, with what came marked."""
        return tuple(piece for piece in _pieces(self.before, self.after) if piece.kind != "removed")


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if not old or not new or max(len(old), len(new)) > MOST_WORDS:
        whole = (Piece("removed", before), Piece("added", after))
        return tuple(piece for piece in whole if piece.text)
    return tuple(_joined(_compared(old, new)))


def _compared(old: list[str], new: list[str]) -> Iterator[Piece]:
    for what, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(old[start:end]))
            continue
        if start < end:
            yield Piece("removed", "".join(old[start:end]))
        if begin < stop:
            yield Piece("added", "".join(new[begin:stop]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Words with a blank between them are one piece, so that nobody hears “removed” at each of them."""
    waiting: dict[Kind, str] = {}
    for piece in pieces:
        if piece.kind == "same" and piece.text.strip():
            yield from _let_go(waiting)
            yield piece
        elif piece.kind == "same" and not waiting:
            yield piece
        elif piece.kind == "same":
            waiting = {kind: text + piece.text for kind, text in waiting.items()}
        else:
            waiting[piece.kind] = waiting.get(piece.kind, "") + piece.text
    yield from _let_go(waiting)


def _let_go(waiting: dict[Kind, str]) -> Iterator[Piece]:
    yield from (Piece(kind, waiting[kind]) for kind in ("removed", "added") if kind in waiting)
    waiting.clear()
