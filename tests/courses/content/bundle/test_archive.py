"""Hostile and broken zips: refused with the entry's name and a true reason, and without filling memory."""

import io
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.content.bundle.archive import ArchiveLimits, ArchiveOutcome, read_archive
from tests.courses.content.bundles import a_bundle, zipped

MIB = 1024 * 1024


def refusals(outcome: ArchiveOutcome) -> dict[str, str]:
    return {finding.file: finding.message for finding in outcome.findings if finding.severity == "error"}


def entry(name: str, *, mode: int = stat.S_IFREG | 0o644, **fields: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def patched(stream: io.BytesIO, change: Callable[[bytearray], None]) -> io.BytesIO:
    data = bytearray(stream.getvalue())
    change(data)
    return io.BytesIO(bytes(data))


def set_in_headers(offset_in_local: int, offset_in_list: int, value: bytes) -> Callable[[bytearray], None]:
    """Overwrite one field in every local header and every entry of the list at the end."""

    def change(data: bytearray) -> None:
        for mark, offset in ((b"PK\x03\x04", offset_in_local), (b"PK\x01\x02", offset_in_list)):
            at = data.find(mark)
            while at >= 0:
                data[at + offset : at + offset + len(value)] = value
                at = data.find(mark, at + 4)

    return change


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.txt", "leads out of the bundle"),
        ("media/../../evil.txt", "leads out of the bundle"),
        ("/etc/passwd", "begins at the root of a disk"),
        ("C:/evil.txt", "begins at the root of a disk"),
        ("media\\evil.png", "holds a backslash"),
        ("..\\evil.txt", "holds a backslash"),
        ("media//evil.png", "has an empty part"),
        ("media/./evil.png", "has an empty part"),
        ("a/b/c/d/e/f/g/h/i/j.txt", "too long or too deep"),
        ("x" * 300, "too long or too deep"),
        ("bad\nname.txt", "characters that cannot be shown"),
        ("bad\u202ename.txt", "characters that cannot be shown"),
        ("inner.zip", "an archive inside the zip"),
    ],
)
def test_an_unsafe_name_is_refused_and_the_rest_is_still_read(name: str, reason: str):
    outcome = read_archive(zipped([("course.yaml", b"x"), (name, b"y")]))
    assert len(outcome.findings) == 1
    assert reason in outcome.findings[0].message
    assert outcome.findings[0].file.startswith(name[:3])
    assert outcome.files == {"course.yaml": b"x"}


def test_a_name_with_a_nul_is_refused():
    stream = patched(
        zipped([("ok.txt", b"x")]),
        lambda data: data.__setitem__(slice(None), data.replace(b"ok.txt", b"ok\0txt")),
    )
    assert "cannot be shown" in read_archive(stream).findings[0].message


@pytest.mark.parametrize(
    ("mode", "reason"),
    [(stat.S_IFLNK, "is a link"), (stat.S_IFIFO, "not an ordinary file"), (stat.S_IFCHR, "not an ordinary")],
)
def test_links_and_devices_are_refused(mode: int, reason: str):
    outcome = read_archive(zipped([(entry("media/map.png", mode=mode | 0o777), b"/etc/passwd")]))
    assert reason in refusals(outcome)["media/map.png"]
    assert outcome.files == {}


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("media/Map.png", "media/map.png", "Only capital letters tell this name from media/Map.png"),
        ("media/STRASSE.png", "media/straße.png", "Only capital letters"),
        ("media/caf\u00e9.png", "media/cafe\u0301.png", "accents stored differently"),
        ("./course.yaml", "course.yaml", "twice"),
    ],
)
def test_names_that_some_disks_cannot_tell_apart_are_refused(first: str, second: str, reason: str):
    outcome = read_archive(zipped([(first, b"1"), (second, b"2")]))
    assert reason in refusals(outcome)[second]
    assert len(outcome.files) == 1


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_there_twice_is_refused():
    outcome = read_archive(zipped([("course.yaml", b"1"), ("course.yaml", b"2")]))
    assert "twice" in refusals(outcome)["course.yaml"]
    assert outcome.files == {"course.yaml": b"1"}


def old_name(stored: bytes) -> io.BytesIO:
    """A zip whose one entry has these bytes as its name and does not say that they are UTF-8."""
    stream = zipped([("x" * len(stored), b"data")])
    return patched(stream, lambda data: data.__setitem__(slice(None), data.replace(b"x" * len(stored), stored)))


def test_a_name_in_an_old_code_page_is_refused():
    outcome = read_archive(old_name("café.png".encode("cp437")))
    assert "stored in an old way" in refusals(outcome)["café.png"]


def test_a_name_in_utf_8_that_does_not_say_so_is_read():
    assert read_archive(old_name("café.png".encode())).files == {"café.png": b"data"}


def test_a_hundred_thousand_files_are_refused_before_the_list_is_read():
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 34_464, 34_464, 5_000_000, 4, 0)
    honest = io.BytesIO(b"PK\x03\x04" + b"\0" * 5_000_000 + end)
    assert "more than 2,000 entries" in refusals(read_archive(honest))["(the zip file)"]


def test_many_small_files_are_refused():
    stream = zipped((f"media/{number}.png", b"") for number in range(2_001))
    assert "more than 2,000 entries" in refusals(read_archive(stream))["(the zip file)"]


def test_a_list_that_is_longer_than_it_says_is_refused():
    stream = zipped((f"{number}", b"") for number in range(30))
    lying = patched(stream, lambda data: data.__setitem__(slice(-14, -10), struct.pack("<HH", 1, 1)))
    assert "more than 20 entries" in refusals(read_archive(lying, ArchiveLimits(most_entries=20)))["(the zip file)"]


def peak(stream: io.BytesIO, limits: ArchiveLimits | None = None) -> tuple[ArchiveOutcome, int]:
    tracemalloc.start()
    try:
        outcome = read_archive(stream, limits)
        return outcome, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_bomb_is_stopped_by_its_ratio():
    outcome, memory = peak(zipped([("media/bomb.png", b"\0" * 40 * MIB)]))
    assert "far more than is usual" in refusals(outcome)["(the zip file)"]
    assert outcome.files == {}
    assert memory < 20 * MIB


def test_a_bomb_whose_headers_lie_about_its_size_is_stopped():
    stream = zipped([("media/bomb.png", b"\0" * 40 * MIB)])
    lying = patched(stream, set_in_headers(22, 24, struct.pack("<L", 100)))
    outcome, memory = peak(lying)
    assert "damaged" in refusals(outcome)["media/bomb.png"]
    assert memory < 5 * MIB


def test_many_files_that_are_each_harmless_are_counted_together():
    limits = ArchiveLimits(most_bytes=3 * MIB)
    stream = zipped((f"{number}.bin", bytes(range(256)) * 4096) for number in range(4))
    lying = patched(stream, set_in_headers(22, 24, struct.pack("<L", 1)))
    assert read_archive(lying, limits).files == {}
    assert "more than 3 MB" in refusals(read_archive(stream, limits))["(the zip file)"]


def test_entries_that_share_their_bytes_are_refused_before_one_is_unpacked():
    stream = zipped((f"{number:03}", b"\0" * MIB) for number in range(150))

    def share(data: bytearray) -> None:
        at = data.find(b"PK\x01\x02")
        while at >= 0:
            data[at + 42 : at + 46] = struct.pack("<L", 0)
            data[at + 46 : at + 49] = b"000"
            at = data.find(b"PK\x01\x02", at + 4)

    outcome, memory = peak(patched(stream, share))
    assert "is damaged" in refusals(outcome)["(the zip file)"]
    assert outcome.files == {}
    assert memory < 2 * MIB


def test_one_file_over_its_limit_is_named():
    stream = zipped([("media/film.png", bytes(range(256)) * 8192)])
    outcome = read_archive(stream, ArchiveLimits(most_bytes_per_file=MIB))
    assert "media/film.png unpacks to more than 1 MB" in refusals(outcome)["(the zip file)"]


def test_an_encrypted_entry_is_refused():
    stream = patched(zipped([("course.yaml", b"secret")]), set_in_headers(6, 8, b"\x01\x00"))
    assert "locked with a password" in refusals(read_archive(stream))["course.yaml"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_way_of_packing_is_refused(method: int):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("course.yaml", b"x" * 100)
    assert "packed in a way that is not usual" in refusals(read_archive(stream))["course.yaml"]


def test_a_zip64_archive_is_refused_with_its_reason():
    stream = zipped([("course.yaml", b"x")])
    data = stream.getvalue()
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    assert "Zip64" in refusals(read_archive(io.BytesIO(data[:-22] + locator + data[-22:])))["(the zip file)"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 and more", b"hello" * 100, b"\x1f\x8b\x08tar"])
def test_something_else_is_not_a_zip(data: bytes):
    assert "not a zip file" in refusals(read_archive(io.BytesIO(data)))["(the zip file)"]


def test_a_zip_that_was_cut_off_is_damaged():
    data = zipped(a_bundle()).getvalue()
    assert "its end is missing" in refusals(read_archive(io.BytesIO(data[: len(data) // 2])))["(the zip file)"]


def test_one_damaged_file_is_named_and_the_others_are_read():
    stream = zipped([("a.txt", b"a" * 50), ("b.txt", b"b" * 50)])

    def damage(data: bytearray) -> None:
        at = data.index(b"b.txt") + len(b"b.txt")
        data[at : at + 4] = b"\xff\xff\xff\xff"

    outcome = read_archive(patched(stream, damage))
    assert "damaged inside the zip" in refusals(outcome)["b.txt"]
    assert outcome.files == {"a.txt": b"a" * 50}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_zip_raises(data: st.DataObject):
    whole = bytearray(zipped({"course.yaml": b"format: 1\n" * 20, "media/é.png": bytes(64)}).getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    read_archive(io.BytesIO(bytes(whole)))
    read_archive(io.BytesIO(bytes(whole[:cut])))


@settings(max_examples=100, deadline=None)
@given(names=st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=5))
def test_no_name_gets_out_of_the_bundle(names: list[str]):
    outcome = read_archive(zipped((name, b"x") for name in names if "\0" not in name and not name.isspace()))
    for name in outcome.files:
        assert not name.startswith("/")
        assert not {"..", "."} & set(name.split("/"))
        assert "\\" not in name
