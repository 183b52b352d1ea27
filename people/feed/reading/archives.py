"""Workbooks as the zips that they are: looked through before anybody unpacks them."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from people.feed.reading.limits import MOST_SHARED_BYTES, MOST_UNPACKED_BYTES
from people.feed.reading.unreadable import UnreadableFile

_MOST_MEMBERS = 5_000
_CHUNK = 1024 * 1024
_OVERLAP = 20_000  # a formula has 8,192 characters at the most
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?hidden=\"(?:1|true)\"")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*?hidden=\"(?:1|true)\"")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
# A formula without a result. One whose result is an empty text has it: its cell says that it is a text.
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c(?:\s(?![^>]*\bt=\"str\")[^>]*)?>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)"
)


@dataclass(frozen=True)
class SheetFacts:
    """What a sheet has besides cells, counted."""

    hidden_rows: int
    hidden_columns: int
    merged_cells: int
    formulas: int
    formulas_without_result: int


def check_archive(file: BinaryIO) -> zipfile.ZipFile:
    """The zip that a workbook is. Raises ``UnreadableFile`` for another zip, and for one that would fill the memory.

    The sizes that a zip declares bind whoever reads it: zipfile stops where a member should end.
    """
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as problem:
        raise UnreadableFile("This workbook is damaged or was cut off on its way. Send it again.") from problem
    members = archive.infolist()
    names = {member.filename for member in members}
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableFile("This is an OpenDocument spreadsheet. Save it as .xlsx or as CSV, and send that.")
    if "xl/workbook.xml" not in names:
        kind = "a binary workbook (.xlsb)" if "xl/workbook.bin" in names else "a zip, and no workbook"
        raise UnreadableFile(f"This is {kind}. Save the list as .xlsx or as CSV, and send that.")
    unpacked = sum(member.file_size for member in members)
    shared = sum(member.file_size for member in members if "sharedstrings" in member.filename.casefold())
    if unpacked > MOST_UNPACKED_BYTES or shared > MOST_SHARED_BYTES or len(members) > _MOST_MEMBERS:
        raise UnreadableFile("This workbook is too large once it is unpacked. Send the list as CSV.")
    return archive


def look_through_sheet(archive: zipfile.ZipFile, member: str) -> SheetFacts:
    """What stands in the text of a sheet, read once from beginning to end. Raises ``UnreadableFile``."""
    patterns = (_HIDDEN_ROW, _HIDDEN_COLUMN, _MERGED, _FORMULA, _NO_RESULT)
    counts, kept = [0] * len(patterns), b""
    try:
        with archive.open(member) as sheet:
            while chunk := sheet.read(_CHUNK):
                text = kept + chunk
                # A tag may lie across two chunks: what ends in the overlap is counted with the next one.
                until = len(text) - _OVERLAP if len(chunk) == _CHUNK else len(text)
                for position, pattern in enumerate(patterns):
                    counts[position] += sum(found.start() < until for found in pattern.finditer(text))
                kept = text[until:]
    except (zipfile.BadZipFile, KeyError, EOFError, RuntimeError, OSError, zlib.error) as problem:
        raise UnreadableFile("This workbook is damaged or was cut off on its way. Send it again.") from problem
    return SheetFacts(*counts)
