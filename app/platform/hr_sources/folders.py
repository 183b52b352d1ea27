"""A folder on this machine, or one that is mounted here. Only inside the folders that whoever runs the site allows."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from people.feed.sources.choosing import LONGEST_NAME, SourceFile
from people.feed.sources.problems import NeedsSomebody, SourceProblem


def why_not_allowed(folder: str, allowed: Sequence[str]) -> str | None:
    """Why files may not be read from a folder; ``None`` where they may. A link that leads elsewhere leads nowhere."""
    if not allowed:
        return "Whoever runs Common Ground has allowed no folder. Use an SFTP server, or ask them"
    if not Path(folder).is_absolute():
        return "Enter the whole path, such as /srv/hr-files/sefton"
    wanted = Path(folder).resolve()
    if any(wanted.is_relative_to(Path(one).resolve()) for one in allowed):
        return None
    return f"Enter a folder inside {' or '.join(allowed)}: whoever runs Common Ground allows no other"


class FolderReader:
    """The files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> list[SourceFile]:
        """Every file; links, folders and whatever else is there are none."""
        with os.scandir(self.folder) as found:
            return [_listed(entry) for entry in found if entry.is_file(follow_symlinks=False)]

    def stand_of(self, file: SourceFile) -> tuple[int, str]:
        """How a file stands now."""
        state = os.stat(file.path, follow_symlinks=False)
        return SourceFile(file.name, file.path, state.st_size, _moment(state.st_mtime)).stand

    @contextmanager
    def open(self, file: SourceFile) -> Iterator[BinaryIO]:
        """The bytes of a file. Not those of another one to which a link leads that stands in its place by now."""
        with os.fdopen(os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as source:
            yield source


@contextmanager
def opened_folder(folder: str, *, allowed: Sequence[str]) -> Iterator[FolderReader]:
    """A folder, ready to be read. Raises ``SourceProblem`` for one that is not there or may not be read."""
    if (refusal := why_not_allowed(folder, allowed)) is not None:
        raise NeedsSomebody(f"{refusal}.")
    try:
        yield FolderReader(Path(folder))
    except FileNotFoundError as problem:
        raise SourceProblem(f"There is no “{problem.filename}”. If it is mounted, its server may be away.") from problem
    except NotADirectoryError as problem:
        raise SourceProblem(f"“{folder}” is a file. Enter the folder that it is in.") from problem
    except PermissionError as problem:
        raise SourceProblem(f"“{problem.filename}” may not be read by the user that runs the worker.") from problem
    except OSError as problem:
        raise SourceProblem(f"“{folder}” could not be read: {problem.strerror or problem}.") from problem


def _listed(entry: "os.DirEntry[str]") -> SourceFile:
    state = entry.stat(follow_symlinks=False)
    return SourceFile(showable(entry.name), entry.path, state.st_size, _moment(state.st_mtime))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def showable(name: str) -> str:
    """A name that a page can show and a database can store: bytes that are no letters become question marks."""
    whole = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in whole)[-LONGEST_NAME:]
