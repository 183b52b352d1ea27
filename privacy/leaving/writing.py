"""The archive of an export, written piece by piece: tables, courses, certificates, what they mean, and their hashes."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from kernel.clock import LOCAL
from kernel.errors import FileChanged, FileMissing
from kernel.files import FileStore, read_unchanged
from kernel.spreadsheets import BYTE_ORDER_MARK, Cell, exact_csv_line

MANIFEST = "manifest.json"
SAID_AFTER = 1000
Row = Sequence[Any]


@dataclass
class ArchiveWriter:
    """A zip whose files are written one after the other, each with its hash; nothing is held but one line or one file.

    ``note_alive`` is called now and then while it goes on.
    """

    archive: ZipFile
    at: datetime
    note_alive: Callable[[], None]
    files: list[Mapping[str, Any]] = field(default_factory=list)
    rows: int = 0

    def text(self, name: str, words: str) -> None:
        """A file of words."""
        with self._file(name) as write:
            write(words.encode())

    def json(self, name: str, value: object) -> None:
        """A file of JSON, as people read it too."""
        self.text(name, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

    def table(self, name: str, columns: Sequence[str], kinds: Sequence[str], rows: Iterable[Row]) -> int:
        """A table as CSV, from which every value can be had back; how many rows it has."""
        count = 0
        with self._file(f"tables/{name}.csv") as write:
            write((BYTE_ORDER_MARK + exact_csv_line(columns)).encode())
            for count, row in enumerate(rows, start=1):
                write(exact_csv_line([_cell(value, kind) for value, kind in zip(row, kinds, strict=True)]).encode())
                if count % SAID_AFTER == 0:
                    self.note_alive()
        self.files[-1] = {**self.files[-1], "rows": count}
        self.rows += count
        self.note_alive()
        return count

    def certificates(self, listed: Iterable[tuple[str, str, str]], store: FileStore) -> int:
        """The PDFs of certificates, each by its number, from the place and the hash of its file; how many are missing.

        Raises ``StorageError`` when the store does not answer.
        """
        missing = 0
        for certificate_number, key, sha256 in listed:
            try:
                data = read_unchanged(store, key=key, sha256=sha256)
            except (FileMissing, FileChanged):
                missing += 1
                continue
            with self._file(f"certificates/{certificate_number}.pdf", is_packed=False) as write:
                write(data)
            self.note_alive()
        return missing

    def manifest(self, facts: Mapping[str, Any]) -> None:
        """The last file: what is in the archive, with the SHA-256 of each file but itself."""
        files = sorted(self.files, key=lambda one: str(one["name"]))
        self.json(MANIFEST, {**facts, "files": files})

    @contextmanager
    def _file(self, name: str, *, is_packed: bool = True) -> Iterator[Callable[[bytes], None]]:
        local = self.at.astimezone(LOCAL)
        info = ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
        info.compress_type = ZIP_DEFLATED if is_packed else ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self.archive.open(info, "w", force_zip64=True) as place:

            def write(data: bytes) -> None:
                nonlocal size
                digest.update(data)
                size += len(data)
                place.write(data)

            yield write
        self.files.append({"name": name, "sha256": digest.hexdigest(), "bytes": size})


@contextmanager
def open_archive(
    target: BinaryIO | IO[bytes], *, at: datetime, note_alive: Callable[[], None]
) -> Iterator[ArchiveWriter]:
    """An archive that is being written into a file."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        yield ArchiveWriter(archive, at, note_alive)


def _cell(value: Any, kind: str) -> Cell:
    """A value as it stands in the CSV: moments in UTC and days as ISO 8601, yes and no as 1 and 0, the rest as JSON."""
    if value is None:
        return None
    if isinstance(value, Enum):
        return str(value.value)
    if kind == "boolean":
        return int(value)
    if kind == "json":
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, date | int | float):
        return value
    return str(value)
