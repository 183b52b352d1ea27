"""Remembers what a step was made from, so that a second start skips every step whose inputs are the same."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stamp:
    """A note of the inputs that a finished step had."""

    path: Path
    fingerprint: str

    def is_fresh(self) -> bool:
        """Whether the step has been finished with these very inputs."""
        try:
            return self.path.read_text(encoding="ascii") == self.fingerprint
        except (FileNotFoundError, NotADirectoryError):
            return False

    def write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.fingerprint, encoding="ascii")


def fingerprint(*, files: Iterable[Path], facts: Iterable[str] = ()) -> str:
    """A digest of the names and contents of files (a missing one counts as missing) and of plain facts."""
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(b"fact\0" + fact.encode() + b"\0")
    for path in files:
        digest.update(b"file\0" + str(path).encode("utf-8", "surrogateescape") + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"missing")
    return digest.hexdigest()


def files_under(*folders: Path) -> list[Path]:
    """Every file in the folders, in a steady order, without what Python and editors leave behind."""
    return sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    )
