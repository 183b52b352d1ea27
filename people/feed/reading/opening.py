"""What a file really is, whatever it is called, and the reader that takes it."""

import io
from typing import BinaryIO

from people.feed.reading.delimited import open_delimited
from people.feed.reading.limits import MOST_BYTES
from people.feed.reading.tables import ReadingChoice, Table
from people.feed.reading.unreadable import UnreadableFile
from people.feed.reading.workbooks import open_workbook

_AS_FOUND = ReadingChoice()
_ZIP = b"PK\x03\x04"
_PICTURE = "This is not a list but a picture, whatever its name says. Export the list itself, as CSV or .xlsx."
_OTHERS = (
    (b"%PDF", "This is a PDF. Export the list itself, as CSV or .xlsx."),
    (
        b"\xd0\xcf\x11\xe0",
        "This is an old workbook (.xls), or one with a password. Save it as .xlsx without a password, or as CSV.",
    ),
    *((magic, _PICTURE) for magic in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")),
    (b"\x1f\x8b", "This file is packed (gzip). Unpack it, and send what is inside."),
)
_MARKUP = ("<!doctype", "<html", "<table", "<?xml", "<head", "<body")
_SAMPLE = 2048
_PIECE = 1024 * 1024


def is_workbook(beginning: bytes) -> bool:
    """Whether a file that begins like this is packed as workbooks are."""
    return beginning.startswith(_ZIP)


def open_table(file: BinaryIO, *, choice: ReadingChoice = _AS_FOUND) -> Table:
    """The table in a file, which can be sought in and stays open as long as the table is read.

    Raises ``UnreadableFile`` with everything that was found; ``SheetNeeded`` where a workbook has several sheets.
    """
    size = file.seek(0, io.SEEK_END)
    if size == 0:
        raise UnreadableFile("The file is empty. Nothing is changed by it.")
    if size > MOST_BYTES:
        raise UnreadableFile(
            f"The file has {size / 1024**2:,.0f} MB, and can have {MOST_BYTES / 1024**2:,.0f}. Send it in parts."
        )
    file.seek(0)
    beginning = file.read(_SAMPLE)
    if is_workbook(beginning):
        return open_workbook(file, choice)
    for magic, sentence in _OTHERS:
        if beginning.startswith(magic):
            raise UnreadableFile(sentence)
    if _text(beginning).lstrip("\ufeff \t\r\n").casefold().startswith(_MARKUP):
        raise UnreadableFile(
            "This is a web page or XML, whatever its name says: the HR system may have sent a sign-in page or a report"
            " to look at. Export the list as CSV or .xlsx."
        )
    if not beginning.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise UnreadableFile("The file holds nothing but blanks. Nothing is changed by it.")
    if is_no_text(beginning):
        raise UnreadableFile("This is not a list: no program writes such bytes in a table. Send CSV or .xlsx.")
    return open_delimited(file, choice)


def is_no_text(beginning: bytes) -> bool:
    """Whether several of these bytes are signs that no text has, in any encoding that we read."""
    without_zeros = beginning.replace(b"\x00", b"")
    return sum(byte < 32 and byte not in b"\t\n\v\f\r\x1a\x1b\x1c\x1d\x1e\x1f" for byte in without_zeros) > 8


def lines_in(file: BinaryIO) -> int:
    """About how many rows a file has, headings included, without reading it as a table; 0 for a workbook."""
    file.seek(0)
    if file.read(len(_ZIP)) == _ZIP:
        return 0
    file.seek(0)
    lines, last = 0, b""
    while piece := file.read(_PIECE):
        lines, last = lines + piece.count(b"\n"), piece
    return lines + (1 if last and not last.rstrip(b"\x00").endswith(b"\n") else 0)


def _text(beginning: bytes) -> str:
    # Only to look at: every encoding that we read writes these signs as themselves, with a zero beside them or not.
    return (
        beginning.replace(b"\x00", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").decode("utf-8", "replace")
    )
