"""A logo and a signature, drawn for the tests."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from certificates.document.pictures import logo_from, signature_from


def a_picture(width: int = 1200, height: int = 400, kind: str = "PNG") -> bytes:
    """A picture of so many pixels, as somebody would upload it."""
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((width * 0.02, height * 0.1, width * 0.3, height * 0.9), fill="#00aa55")
    pen.rectangle((width * 0.35, height * 0.3, width * 0.98, height * 0.7), fill="#003355")
    data = BytesIO()
    image.save(data, kind)
    return data.getvalue()


@cache
def a_logo() -> bytes:
    """A logo as it is stored."""
    return logo_from(a_picture())


@cache
def a_signature() -> bytes:
    """A signature as it is stored."""
    return signature_from(a_picture(900, 300, "JPEG"))
