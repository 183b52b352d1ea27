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
        return _side(self.before, self.after, but="added")

    @property
    def pieces_after(self) -> tuple[Piece, ...]:
        """The text after, with what came marked."""
        return _side(self.before, self.after, but="removed")


def _side(before: str, after: str, *, but: Kind) -> tuple[Piece, ...]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if not old or not new or max(len(old), len(new)) > MOST_WORDS:
        whole = (Piece("removed", before), Piece("added", after))
        return tuple(piece for piece in whole if piece.text and piece.kind != but)
    return tuple(_joined(piece for piece in _compared(old, new) if piece.kind != but))


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
    """Changed words with a blank between them are one piece, so that nobody hears “removed” at each of them."""
    waiting: list[Piece] = []  # a changed piece, and perhaps the blank after it
    for piece in pieces:
        if waiting and piece.kind != "same":
            waiting = [Piece(piece.kind, "".join(one.text for one in (*waiting, piece)))]
        elif piece.kind != "same" or (len(waiting) == 1 and not piece.text.strip()):
            waiting.append(piece)
        else:
            yield from (*waiting, piece)
            waiting = []
    yield from waiting
