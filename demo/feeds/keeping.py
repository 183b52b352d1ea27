"""The files in their folder. One that somebody has edited is never lost: it gets another name, and that is said."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from demo.feeds.making import MadeFile, file_names

_MADE = ".made.json"  # what we wrote last, so that an edited file can be told from one of ours


def missing_files(folder: Path) -> tuple[str, ...]:
    """The names of those files that are not there."""
    return tuple(name for name in file_names() if not (folder / name).exists())


def keep_files(folder: Path, made: Iterable[MadeFile]) -> tuple[str, ...]:
    """Write files, and return a sentence for each that somebody had edited and that has another name now."""
    folder.mkdir(parents=True, exist_ok=True)
    written = _written(folder)
    said = []
    for one in made:
        path = folder / one.name
        if path.exists() and _sum(path.read_bytes()) not in (written.get(one.name), _sum(one.content)):
            kept = path.rename(next(_free_names(path)))
            said.append(f"You had edited {path.name}. It is kept as {kept.name}.")
        path.write_bytes(one.content)
        written[one.name] = _sum(one.content)
    (folder / _MADE).write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    return tuple(said)


def _written(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / _MADE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _free_names(path: Path) -> Iterator[Path]:
    number = 1
    while True:
        tail = "-edited" if number == 1 else f"-edited-{number}"
        candidate = path.with_name(f"{path.stem}{tail}{path.suffix}")
        if not candidate.exists():
            yield candidate
        number += 1
