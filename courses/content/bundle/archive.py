"""Reads an uploaded zip without trusting a word of it. Nothing is written to disk."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import IO

from courses.content.bundle.archive_names import Names, is_junk, shown, unwrapped
from courses.content.source.findings import Finding, Findings, Place

_MIB = 1024 * 1024
_PIECE = 64 * 1024
_HARMLESS = 1 * _MIB
# What findings about the upload as a whole name instead of a file in it.
THE_ZIP = Place("(the zip file)")

_END = b"PK\x05\x06"
_ZIP64 = b"PK\x06\x07"
_FURTHEST_END = 65_536 + 22
_MOST_PER_ENTRY = 1_024
_LOCAL_HEADER = 30  # bytes before an entry's name

# What the standard library raises on a zip that is damaged or lies about itself.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
    IndexError, KeyError, OverflowError, AttributeError, TypeError, struct.error,
)  # fmt: skip


@dataclass(frozen=True)
class ArchiveLimits:
    """How much an upload may hold. Sizes are bytes; a ratio is unpacked to packed bytes."""

    most_entries: int = 2_000
    most_bytes: int = 200 * _MIB
    most_bytes_per_file: int = 50 * _MIB
    highest_ratio: int = 200


@dataclass(frozen=True)
class ArchiveOutcome:
    """The files of the archive by name, without a folder wrapped around them, and what was wrong."""

    files: dict[str, bytes] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class _TooMuch(Exception):
    """Unpacking went over a limit; the text says which."""


def read_archive(stream: IO[bytes], limits: ArchiveLimits | None = None) -> ArchiveOutcome:
    """The files of an uploaded zip. Entries that cannot be accepted are findings under the name of the entry.

    ``stream`` is a seekable file. Memory is bounded by ``limits``: real bytes are counted while they are
    unpacked, whatever the headers say, and unpacking stops at the first limit.
    """
    limits = limits or ArchiveLimits()
    findings = Findings()
    refusal = _refusal(stream, limits)
    if refusal is not None:
        findings.error(THE_ZIP, refusal)
        return ArchiveOutcome({}, findings.in_order())
    try:
        with zipfile.ZipFile(stream) as archive:
            files = _read_entries(archive, limits, findings)
    except _TooMuch as problem:
        findings.error(THE_ZIP, str(problem))
        return ArchiveOutcome({}, findings.in_order())
    except _DAMAGE:
        findings.error(THE_ZIP, "This zip file is damaged and cannot be read. Make it again, and upload it again.")
        return ArchiveOutcome({}, findings.in_order())
    if not files and not findings.in_order():
        findings.error(THE_ZIP, "This zip file is empty. Put the course’s files in it.")
    return ArchiveOutcome(unwrapped(files), findings.in_order())


def _refusal(stream: IO[bytes], limits: ArchiveLimits) -> str | None:
    """Why the archive should not even be opened: the library reads the whole list of entries into memory."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _FURTHEST_END))
    tail = stream.read()
    stream.seek(0)
    start = stream.read(4)
    stream.seek(0)
    end = len(tail) - 22
    if tail[end : end + 4] != _END or tail[-2:] != b"\0\0":
        end = tail.rfind(_END)
    if end < 0 or len(tail) - end < 22:
        if start == b"PK\x03\x04":
            return "This zip file is damaged: its end is missing. Upload it again, or make it again."
        return "This is not a zip file. Zip the folder of the course and upload that."
    entries, list_size = struct.unpack("<HL", tail[end + 10 : end + 16])
    if entries > limits.most_entries or list_size > limits.most_entries * _MOST_PER_ENTRY:
        return _too_many(limits)
    if tail[max(0, end - 20) : end].startswith(_ZIP64):
        return "This zip file is in the format for very large archives (Zip64). Make an ordinary zip."
    return None


def _read_entries(archive: zipfile.ZipFile, limits: ArchiveLimits, findings: Findings) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > limits.most_entries:
        raise _TooMuch(_too_many(limits))
    if sum(entry.file_size for entry in entries) > limits.most_bytes:
        raise _TooMuch(_too_large(limits))
    if _share_bytes(entries):
        raise zipfile.BadZipFile
    names = Names(findings)
    files: dict[str, bytes] = {}
    left = min(limits.most_bytes, max(_HARMLESS, _size(archive) * limits.highest_ratio))
    for entry in entries:
        if is_junk(entry.filename):
            continue
        name = names.accept(entry)
        if name is None or entry.is_dir() or not _is_plain_file(entry, findings):
            continue
        data = _unpacked(archive, entry, min(left, limits.most_bytes_per_file), limits, findings)
        if data is not None:
            files[name] = data
            left -= len(data)
    return files


def _share_bytes(entries: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether two entries lie on each other, as no tool writes them: a small zip unpacks to as much as it likes then.

    Some releases of Python refuse such a zip, some warn, some say nothing.
    """
    ends = ((entry.header_offset, entry.header_offset + _LOCAL_HEADER + entry.compress_size) for entry in entries)
    return any(end > start for (_, end), (start, _) in pairwise(sorted(ends)))


def _is_plain_file(entry: zipfile.ZipInfo, findings: Findings) -> bool:
    place = Place(shown(entry.filename))
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode == stat.S_IFLNK:
        findings.error(place, "This entry is a link, not a file. Put the file itself in the zip.")
    elif mode not in (0, stat.S_IFREG):
        findings.error(place, "This entry is not an ordinary file. Remove it and make the zip again.")
    elif entry.flag_bits & 1:
        findings.error(place, "This file is locked with a password. Make the zip again without one.")
    elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        findings.error(place, "This file is packed in a way that is not usual. Make the zip again as an ordinary zip.")
    elif entry.filename.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar")):
        findings.error(
            place, "This is an archive inside the zip, which is not opened. Put its files in the zip instead."
        )
    else:
        return True
    return False


def _unpacked(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int, limits: ArchiveLimits, findings: Findings
) -> bytes | None:
    """The bytes of one entry, counted while they come; ``None`` with a finding when the entry is damaged."""
    data = bytearray()
    try:
        with archive.open(entry) as source:
            while piece := source.read(_PIECE):
                data += piece
                if len(data) > most:
                    break
    except _DAMAGE:
        findings.error(
            Place(shown(entry.filename)),
            "This file is damaged inside the zip. Make the zip again, and upload it again.",
        )
        return None
    if len(data) > limits.most_bytes_per_file:
        most_mib = limits.most_bytes_per_file // _MIB
        raise _TooMuch(f"{shown(entry.filename)} unpacks to more than {most_mib} MB. Make it smaller.")
    if len(data) > most:
        raise _TooMuch(_too_large(limits))
    return bytes(data)


def _size(archive: zipfile.ZipFile) -> int:
    stream = archive.fp
    return 0 if stream is None else stream.seek(0, 2)


def _too_large(limits: ArchiveLimits) -> str:
    return (
        f"This zip file unpacks to more than {limits.most_bytes // _MIB} MB, or to far more than is usual. "
        "Leave out what the course does not use."
    )


def _too_many(limits: ArchiveLimits) -> str:
    return f"This zip file has more than {limits.most_entries:,} entries. Leave out what is not used."
