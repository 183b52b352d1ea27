"""Logos and signatures: what is accepted, what is refused in words, and that nothing hidden comes along."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageFile

from certificates.document.pictures import LOGO_BOX, PictureRefused, logo_from, picture_from, signature_from
from tests.certificates.pictures_for_tests import a_logo, a_picture, a_signature


def a_png_header(width: int, height: int) -> bytes:
    """The start of a PNG of so many pixels, without any."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 9) + b"IDAT"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_usual_kinds_become_a_small_png(kind: str) -> None:
    with Image.open(BytesIO(logo_from(a_picture(2000, 800, kind)))) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        assert image.width <= LOGO_BOX[0]
        assert image.height <= LOGO_BOX[1]
    assert len(a_logo()) < 20_000


def test_the_same_upload_gives_the_same_bytes() -> None:
    assert logo_from(a_picture()) == a_logo()


def test_a_signature_is_ink_on_nothing() -> None:
    with Image.open(BytesIO(a_signature())) as image:
        assert image.mode == "LA"
        assert image.getpixel((0, 0))[1] == 0
        assert image.getchannel("A").getextrema()[1] > 150


def test_what_a_telephone_noted_about_the_way_up_is_obeyed() -> None:
    image = Image.new("RGB", (300, 100), "navy")
    notes = Image.Exif()
    notes[0x0112] = 6
    data = BytesIO()
    image.save(data, "JPEG", exif=notes)
    with Image.open(BytesIO(logo_from(data.getvalue()))) as turned:
        assert turned.height > turned.width
        assert not turned.getexif()


def test_a_picture_of_20_000_pixels_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(PictureRefused, match="no more than 4,096 pixels wide and high"):
        logo_from(a_png_header(20_000, 20_000))
    with pytest.raises(PictureRefused, match="The selected one is 5,000 by 5,000"):
        logo_from(a_png_header(5_000, 5_000))


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"%PDF-1.7",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b"GIF89a" + b"\0" * 40,
        b"OTTO" + b"\0" * 100,
    ],
)
def test_anything_else_is_refused(upload: bytes) -> None:
    with pytest.raises(PictureRefused, match="must be a PNG, JPEG or WebP picture"):
        logo_from(upload)


def test_a_damaged_picture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # WeasyPrint, which other tests load and web processes never do, makes Pillow guess what is missing.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
    with pytest.raises(PictureRefused, match="could not be read"):
        logo_from(a_png_header(100, 100) + b"\0" * 20)
    with pytest.raises(PictureRefused):
        signature_from(a_picture(kind="JPEG")[:600])


def test_a_picture_of_a_few_pixels_or_many_megabytes_is_refused() -> None:
    with pytest.raises(PictureRefused, match="at least 40 pixels"):
        logo_from(a_picture(20, 20))
    with pytest.raises(PictureRefused, match="smaller than 5 MB"):
        logo_from(b"\0" * 5_000_001)


def test_pictures_become_plain_pixels() -> None:
    logo = picture_from("logo", a_logo())
    assert len(zlib.decompress(logo.data)) == logo.width * logo.height * 3
    signature = picture_from("signature-1", a_signature())
    assert signature.alpha is not None
    assert len(zlib.decompress(signature.alpha)) == signature.width * signature.height
