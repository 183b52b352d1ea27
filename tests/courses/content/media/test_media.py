"""Pictures: what they really are, and what is refused."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from courses.content.media import inspection
from courses.content.media.inspection import read_media
from courses.content.model.course import MediaFile
from courses.content.source.findings import Findings
from tests.courses.content.bundles import picture


def look(file: str, data: bytes) -> tuple[MediaFile | None, list[tuple[str, str]]]:
    findings = Findings()
    read = read_media(file, data, findings)
    return read, [(finding.severity, finding.message) for finding in findings.in_order()]


@pytest.mark.parametrize(
    ("name", "format", "content_type"),
    [
        ("map.png", "PNG", "image/png"),
        ("MAP.JPG", "JPEG", "image/jpeg"),
        ("map.jpeg", "JPEG", "image/jpeg"),
        ("map.webp", "WEBP", "image/webp"),
        ("map.gif", "GIF", "image/gif"),
    ],
)
def test_pictures_of_four_kinds_are_read_with_their_size(name: str, format: str, content_type: str):
    read, faults = look(f"media/{name}", picture(format=format, size=(40, 30)))
    assert faults == []
    assert read is not None
    assert (read.content_type, read.width, read.height) == (content_type, 40, 30)
    assert len(read.sha256) == 64


def test_a_photograph_that_lies_on_its_side_has_the_size_it_is_shown_at():
    exif = Image.Exif()
    exif[0x0112] = 6
    read, _ = look("media/a.jpg", picture(format="JPEG", size=(40, 30), exif=exif))
    assert read is not None
    assert (read.width, read.height) == (30, 40)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.png", b"<html><script>alert(1)</script>", "This is not a PNG picture, or it is damaged."),
        ("a.png", picture()[:20], "This is not a PNG picture, or it is damaged."),
        ("a.png", b"", "This is not a PNG picture, or it is damaged."),
        ("a.png", picture(format="JPEG"), "The name says PNG, but this is a JPEG picture."),
        ("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is not a JPEG picture"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG pictures can carry programs"),
        ("a.pdf", b"%PDF", "Only pictures (PNG, JPEG, WebP, GIF), sound"),
        ("a.html", b"<p>", "Only pictures (PNG, JPEG, WebP, GIF), sound"),
        ("noending", b"x", "Only pictures (PNG, JPEG, WebP, GIF), sound"),
        ("a.png", b"x" * (inspection.MOST_BYTES + 1), "larger than 10 MB"),
    ],
)
def test_what_cannot_be_shown_is_refused(name: str, data: bytes, words: str):
    read, faults = look(f"media/{name}", data)
    assert read is None
    assert [severity for severity, _ in faults] == ["error"]
    assert words in faults[0][1]


@pytest.mark.parametrize("side", [7_000, 20_000])
def test_a_picture_of_far_too_many_pixels_is_refused_without_unpacking_it(side: int):
    small = bytearray(picture())
    small[16:24] = side.to_bytes(4, "big") * 2
    small[29:33] = __import__("zlib").crc32(small[12:29]).to_bytes(4, "big")
    read, faults = look("media/a.png", bytes(small))
    assert read is None
    assert faults[0][0] == "error"


def test_a_heavy_picture_is_a_warning(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inspection, "HEAVY_BYTES", 10)
    read, faults = look("media/a.png", picture())
    assert read is not None
    assert faults[0][0] == "warning"
    assert "Make it smaller than 500 KB" in faults[0][1]


def test_a_picture_that_moves_is_a_warning():
    stream = io.BytesIO()
    frames = [Image.new("RGB", (4, 3), colour) for colour in ("teal", "plum")]
    frames[0].save(stream, format="GIF", save_all=True, append_images=frames[1:])
    read, faults = look("media/a.gif", stream.getvalue())
    assert read is not None
    assert [(severity, "This picture moves." in words) for severity, words in faults] == [("warning", True)]


def test_a_photograph_that_says_where_it_was_taken_is_a_warning():
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (53.0, 24.0, 0.0)
    _, faults = look("media/a.jpg", picture(format="JPEG", exif=exif))
    assert ["location data" in words for _, words in faults] == [True]


@settings(max_examples=200, deadline=None)
@given(data=st.data(), format=st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]))
def test_no_damage_to_a_picture_raises(data: st.DataObject, format: str):
    spoilt = bytearray(picture(format=format))
    for _ in range(data.draw(st.integers(1, 5))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    look(f"media/a.{format.lower()}", bytes(spoilt[: data.draw(st.integers(1, len(spoilt)))]))
