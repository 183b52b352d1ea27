"""Recordings for tests: small real files, and what is built by hand."""

from pathlib import Path

import tests

FOLDER = Path(next(iter(tests.__path__))) / "recordings"

CAPTIONS = """\
WEBVTT

00:00:00.000 --> 00:00:00.800
<v Siân>Good morning.</v>

00:00:00.900 --> 00:00:01.900
<v محمد>Good morning, Siân.</v>
"""


def recorded(name: str) -> bytes:
    """The bytes of a file in tests/recordings."""
    return (FOLDER / name).read_bytes()


def silence(seconds: int) -> bytes:
    """An MP3 of so many seconds and no sound: frames of zeros, each with the header of 32 kbit/s at 44.1 kHz."""
    frame = bytes.fromhex("fffb10c4") + bytes(100)
    return frame * (seconds * 44_100 // 1_152)
