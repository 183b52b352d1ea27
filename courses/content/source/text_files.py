"""Turns the bytes of a text file into text, or says why it cannot be read."""

import codecs

from courses.content.source.findings import Findings, Place

MOST_BYTES = 256 * 1024

_ALLOWED_CONTROLS = "\n\t"


def decode(file: str, data: bytes, findings: Findings) -> str | None:
    """The text with plain line ends, or ``None`` with a finding. A byte-order mark and Windows line ends are
    fine."""
    if len(data) > MOST_BYTES:
        findings.error(Place(file), "This text file is larger than 256 KB. Split it into smaller files.")
        return None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _looks_like_utf16(data):
        findings.error(Place(file), "This file is saved as UTF-16. Save it again as UTF-8.")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        findings.error(
            Place(file, line), "This line holds characters that are not UTF-8. Save the file again as UTF-8."
        )
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if _is_clean(file, text, findings) else None


def _looks_like_utf16(data: bytes) -> bool:
    # UTF-16 without a mark: every other byte of ordinary English is zero.
    start = data[:200]
    return len(start) >= 4 and max(start[::2].count(0), start[1::2].count(0)) * 3 > len(start)


def _is_clean(file: str, text: str, findings: Findings) -> bool:
    for number, line in enumerate(text.split("\n"), start=1):
        for character in line:
            if (character < " " and character not in _ALLOWED_CONTROLS) or character == "\x7f":
                name = "a NUL character" if character == "\0" else "a control character"
                findings.error(Place(file, number), f"This line holds {name}. Delete it and save the file again.")
                return False
    return True
