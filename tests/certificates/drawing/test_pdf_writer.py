"""How the bytes of a file are put together."""

import re
from io import BytesIO

import pikepdf
import pydyf

from certificates.drawing.pdf_writer import write_file

# A stream that is as long as it says, and then one line end (ISO 19005-2, 6.1.7.1).
STREAM = re.compile(rb"\n<<([^\n]*)/Length (\d+)[^\n]*>>\nstream\n")
HOW_MANY = 500  # one packed stream in 256 ends with a carriage return


def files_with_many_endings() -> list[bytes]:
    found = []
    for number in range(HOW_MANY):
        file = pydyf.PDF()
        file.add_object(pydyf.Stream(["%" + "a" * number], compress=True))
        file.add_object(pydyf.String(f"{number}"))
        found.append(write_file(file))
    return found


def test_every_stream_is_as_long_as_it_says_whatever_it_ends_with():
    ends = set()
    for data in files_with_many_endings():
        for found in STREAM.finditer(data):
            end = found.end() + int(found[2])
            assert data[end:].startswith(b"\r\nendstream\nendobj\n")
            ends.add(data[end - 1 : end])
    assert b"\r" in ends


def test_a_written_file_can_be_read_and_its_own_objects_stand_last():
    file = pydyf.PDF()
    for word in ("shared", "own", "shared too"):
        file.add_object(pydyf.Stream([f"% {word}"]))
    own = file.objects[-2].number
    data = write_file(file, [own])
    assert [data.index(f"% {word}".encode()) for word in ("shared", "shared too", "own")] == sorted(
        data.index(f"% {word}".encode()) for word in ("shared", "shared too", "own")
    )
    with pikepdf.open(BytesIO(data)) as read:
        assert read.get_object(own, 0).read_bytes() == b"% own"
