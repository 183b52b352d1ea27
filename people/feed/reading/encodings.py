"""Which letters the bytes of a text file stand for, and how we know."""

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

from people.feed.reading.unreadable import UnreadableFile, shown

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte-order mark",
    "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)",
    "cp1252": "Windows-1252",
}
_CHUNK = 256 * 1024
# How UTF-8 looks where somebody took it for Windows-1252 and saved it again: Siân for Siân.
_TWICE = re.compile("(?:[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[™œ“”])")
_WORD = re.compile(rb"[^\s,;\t|\"]{0,30}[\x80-\xff][^\s,;\t|\"]{0,30}")


@dataclass(frozen=True)
class EncodingTaken:
    """The encoding under Python's name, and the sentence that says why."""

    encoding: str
    grounds: str


def take_encoding(file: BinaryIO, chosen: str | None) -> EncodingTaken:
    """The encoding of a text file from its beginning to its end; ``chosen`` is what the mapping says.

    Raises ``UnreadableFile`` where no encoding, or not the chosen one, fits every byte.
    """
    file.seek(0)
    beginning = file.read(4096)
    # A mark in the file is surer than a mapping: whoever sends rows again may have saved them otherwise.
    for mark, encoding in _MARKS:
        if beginning.startswith(mark):
            _hold_to(file, encoding)
            return EncodingTaken(encoding, f"The letters are {NAMES[encoding]}, as the file’s first bytes say.")
    if chosen is not None:
        return _as_chosen(file, chosen)
    if (without_mark := _utf_16_without_mark(beginning)) is not None:
        _hold_to(file, without_mark)
        return EncodingTaken(
            without_mark,
            f"The letters are {NAMES[without_mark]}: the file does not say so, but every other byte is zero.",
        )
    return _utf_8_or_windows(file)


def looks_saved_twice(text: str) -> str | None:
    """The first word that was UTF-8 once and saved as something else, such as “Siân”; ``None`` if there is none."""
    found = _TWICE.search(text)
    if found is None:
        return None
    start, end = text.rfind(" ", 0, found.start()) + 1, text.find(" ", found.end())
    return shown(text[start : end if end > 0 else len(text)], most=40)


def _as_chosen(file: BinaryIO, chosen: str) -> EncodingTaken:
    if chosen not in NAMES:
        raise UnreadableFile(f"The mapping asks for the encoding “{shown(chosen)}”, which is not one of ours.")
    _hold_to(file, chosen)
    return EncodingTaken(chosen, f"The letters are {NAMES[chosen]}, as the mapping says.")


def _hold_to(file: BinaryIO, encoding: str) -> None:
    problem = _first_problem(file, encoding)
    if problem is not None:
        row, _ = problem
        raise UnreadableFile(
            f"Line {row:,} holds bytes that are not {NAMES[encoding]}. The file may have been cut off or put together"
            " from two; export it again, or choose another encoding."
        )


def _utf_8_or_windows(file: BinaryIO) -> EncodingTaken:
    problem = _first_problem(file, "utf-8")
    if problem is None:
        if _is_plain(file):
            return EncodingTaken("utf-8", "Every letter is plain English, which every usual encoding writes alike.")
        return EncodingTaken("utf-8", "The letters are UTF-8: all of them fit, and that does not happen by chance.")
    line, word = problem
    if _has_utf_8_letters(file):
        raise UnreadableFile(
            f"Line {line:,} is not UTF-8, although others are. The file may have been cut off or put together from two;"
            " export it again as UTF-8."
        )
    if _first_problem(file, "cp1252") is not None:
        raise UnreadableFile(
            f"Line {line:,} holds bytes that are neither UTF-8 nor Windows-1252. Export the file again as UTF-8."
        )
    example = shown(word.decode("cp1252"), most=40)
    return EncodingTaken(
        "cp1252",
        f"The letters are Windows-1252, because line {line:,} holds bytes that UTF-8 does not know. Read so it says"
        f" “{example}”: look whether that is right.",
    )


def _first_problem(file: BinaryIO, encoding: str) -> tuple[int, bytes] | None:
    """The line, counted from 1, of the first byte that does not fit, and the word that it stands in."""
    file.seek(0)
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    while True:
        chunk = file.read(_CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as problem:
            # The decoder names the place in these bytes: what it held back of the chunk before, then the chunk.
            looked_at, at = problem.object, problem.start
            word = _WORD.search(looked_at, max(0, at - 30))
            return line + looked_at.count(b"\n", 0, at), word.group() if word else b""
        if not chunk:
            return None
        line += chunk.count(b"\n")


def _is_plain(file: BinaryIO) -> bool:
    file.seek(0)
    return all(chunk.isascii() for chunk in iter(lambda: file.read(_CHUNK), b""))


def _has_utf_8_letters(file: BinaryIO) -> bool:
    # Two bytes or more that make one letter of UTF-8 and hardly ever two of Windows-1252 that stand side by side.
    letter = re.compile(
        rb"[\xc3-\xc5][\x80-\xbf](?=[A-Za-z\s,;\"'])|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
    )
    file.seek(0)
    return any(letter.search(chunk) for chunk in iter(lambda: file.read(_CHUNK), b""))


def _utf_16_without_mark(beginning: bytes) -> str | None:
    if len(beginning) < 8:
        return None
    even, odd = beginning[::2], beginning[1::2]
    if odd.count(0) * 2 > len(odd) and even.count(0) * 10 < len(even):
        return "utf-16-le"
    if even.count(0) * 2 > len(even) and odd.count(0) * 10 < len(odd):
        return "utf-16-be"
    return None
