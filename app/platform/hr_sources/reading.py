"""One look at a source: what is there, and the file that is to be read. Whatever the other side does, it ends in time.

It runs in a thread of its own: a folder on a server that is away holds whoever asks for ever, and no signal ends that.
"""

import hashlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from time import monotonic
from typing import BinaryIO, Protocol

from people.feed.reading.limits import MOST_BYTES
from people.feed.sources.choosing import Choice, SourceFile, Wanted, choose
from people.feed.sources.problems import SourceProblem

PIECE = 256 * 1024


@dataclass(frozen=True)
class Patience:
    """How many seconds a source gets: to let us in, for each answer, and for everything together."""

    connect: float = 15
    answer: float = 20
    whole: float = 180


class SourceReader(Protocol):
    """A source that is open."""

    def files(self) -> list[SourceFile]:
        """Every file in the folder. Raises ``SourceProblem`` or ``OSError``."""
        ...

    def stand_of(self, file: SourceFile) -> tuple[int, str]:
        """How a file stands now."""
        ...

    def open(self, file: SourceFile) -> AbstractContextManager[BinaryIO]:
        """The bytes of a file."""
        ...


OpenReader = Callable[[], AbstractContextManager[SourceReader]]


@dataclass(frozen=True)
class Looked:
    """What a look brought: what is there with what becomes of it, and the bytes that were taken, by their hash.

    ``is_whole`` is false where somebody wrote to the file while it was read.
    """

    choice: Choice
    sha256: str | None = None
    is_whole: bool = True


def look(open_reader: OpenReader, wanted: Wanted, into: BinaryIO, *, patience: Patience) -> Looked:
    """Look at a source, and copy the file that is to be read ``into`` a file. Raises ``SourceProblem``."""
    ends_at = monotonic() + patience.whole

    def work() -> Looked:
        with open_reader() as reader:
            choice = choose(reader.files(), wanted)
            if choice.taken is None or wanted.is_only_look:
                return Looked(choice)
            return _copied(reader, choice, choice.taken, into, ends_at)

    return within(patience.whole, work)


def within(seconds: float, work: Callable[[], Looked]) -> Looked:
    """What ``work`` returns or raises, if it does so in time. Raises ``SourceProblem`` otherwise, and lets it be."""
    found: list[Looked] = []
    problems: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as problem:  # told to whoever waits for it, in their own thread
            problems.append(problem)

    thread = threading.Thread(target=run, name="hr-source", daemon=True)
    thread.start()
    thread.join(seconds)
    if found:
        return found[0]
    if problems:
        raise problems[0]
    raise too_slow(seconds)


def too_slow(seconds: float) -> SourceProblem:
    """Everything together took too long."""
    return SourceProblem(
        f"It was not done after {seconds:,.0f} seconds, and was broken off. The line may be slow, or the server hangs."
    )


def _copied(reader: SourceReader, choice: Choice, file: SourceFile, into: BinaryIO, ends_at: float) -> Looked:
    digest, size, began = hashlib.sha256(), 0, monotonic()
    if reader.stand_of(file) != file.stand:
        return Looked(choice, is_whole=False)
    with reader.open(file) as source:
        while piece := source.read(PIECE):
            size += len(piece)
            if size > min(file.size_bytes, MOST_BYTES):
                return Looked(choice, is_whole=False)
            into.write(piece)
            digest.update(piece)
            if monotonic() > ends_at:
                raise too_slow(ends_at - began)
    is_whole = size == file.size_bytes and reader.stand_of(file) == file.stand
    return Looked(choice, digest.hexdigest(), is_whole)
