"""A zip of certificates, written piece by piece: the PDFs by number, an index for a spreadsheet, and a note."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from certificates.zips.contents import Entry
from kernel.clock import LOCAL
from kernel.errors import FileChanged, FileMissing
from kernel.files import FileStore, read_unchanged
from kernel.spreadsheets import Cell, csv_line, csv_lines

COLUMNS = (
    "number", "name", "authority", "unit", "course", "version", "completed on", "valid until", "issued on", "file",
    "note",
)  # fmt: skip
# Plain zips hold up to 4 GB, and so does a person's patience.
MOST_BYTES = 4_000_000_000
INDEX, README = "index.csv", "README.txt"
_IN_MEMORY = 1_000_000


class ArchiveTooLarge(Exception):
    """The zip would be larger than a zip of certificates may be."""


@dataclass(frozen=True)
class ArchiveCounts:
    """How many certificates are in the zip, and how many are listed because their file is missing or changed."""

    included: int
    missing: int


def write_archive(
    target: BinaryIO,
    batches: Iterable[Sequence[Entry]],
    store: FileStore,
    *,
    title: str,
    now: datetime,
    note_progress: Callable[[int], None],
) -> ArchiveCounts:
    """Write the zip of ``batches``; one certificate is held in memory at a time.

    ``note_progress`` hears after each batch how many are behind it. A file that is missing or changed is listed as
    such. Raises ``StorageError`` when the store does not answer, and ``ArchiveTooLarge``.
    """
    included = missing = seen = 0
    with ZipFile(target, "w", ZIP_STORED) as archive, SpooledTemporaryFile(_IN_MEMORY) as listed:
        listed.writelines(line.encode() for line in csv_lines([COLUMNS]))
        for entries in batches:
            for entry in entries:
                data, note = _file_of(entry, store)
                name = f"certificates/{entry.number}.pdf" if data is not None else ""
                if data is not None:
                    archive.writestr(_info(name, entry.issued_at), data)
                    included += 1
                elif entry.storage_key is not None:
                    missing += 1
                listed.write(csv_line(_row(entry, name, note)).encode())
                if target.tell() > MOST_BYTES:
                    raise ArchiveTooLarge("The zip would be larger than 4 GB. Choose a part of the authority")
            seen += len(entries)
            note_progress(seen)
        listed.seek(0)
        with archive.open(_info(INDEX, now, is_packed=True), "w") as place:
            while piece := listed.read(_IN_MEMORY):
                place.write(piece)
        note_text = _readme(title, now, ArchiveCounts(included, missing), seen)
        archive.writestr(_info(README, now, is_packed=True), note_text.encode())
    return ArchiveCounts(included, missing)


def _file_of(entry: Entry, store: FileStore) -> tuple[bytes | None, str]:
    if entry.is_revoked:
        return None, "Revoked: left out"
    if entry.storage_key is None or entry.sha256 is None:
        return None, "Not made yet: left out"
    try:
        return read_unchanged(store, key=entry.storage_key, sha256=entry.sha256), ""
    except FileMissing:
        return None, "The file is missing from the store: left out"
    except FileChanged:
        return None, "The file in the store is not the one that was issued: left out"


def _row(entry: Entry, name: str, note: str) -> tuple[Cell, ...]:
    return (
        entry.number,
        entry.holder_name,
        entry.organisation_name,
        entry.unit_path,
        entry.course_title,
        entry.course_version,
        entry.completed_on,
        entry.valid_until,
        entry.issued_at.astimezone(LOCAL).date(),
        name,
        note,
    )


def _info(name: str, at: datetime, *, is_packed: bool = False) -> ZipInfo:
    local = at.astimezone(LOCAL)
    info = ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    # A PDF is packed already.
    info.compress_type = ZIP_DEFLATED if is_packed else ZIP_STORED
    info.external_attr = 0o600 << 16
    return info


def _readme(title: str, now: datetime, counts: ArchiveCounts, listed: int) -> str:
    local = now.astimezone(LOCAL)
    lines = (
        f"Certificates: {title}",
        f"Made on {local:%d %B %Y at %H:%M}.",
        "",
        f"{counts.included} certificates are in the folder “certificates”, each named by its number.",
        f"{listed - counts.included} more are listed in {INDEX} and left out; the last column says why.",
        "",
        f"{INDEX} opens in a spreadsheet. Words that it would take for a formula, a number or a day have an apostrophe",
        "before them there.",
        "Certificates that a newer one replaced are neither here nor listed.",
        "",
        "This zip holds names of people. Keep it where only those can read it who need it, and delete it afterwards.",
        "",
    )
    return "\r\n".join(lines)
