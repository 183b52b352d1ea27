"""Pictures on certificates: uploads made small and harmless, and the plain pixels that a PDF holds."""

import zlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import segno
from PIL import Image, ImageOps, UnidentifiedImageError

from certificates.document.qr_codes import code_pixels

MOST_BYTES = 5_000_000
MOST_PIXELS_A_SIDE = 4_096
SMALLEST_PIXELS = 40
LOGO_BOX, SIGNATURE_BOX = (540, 180), (480, 160)
_TOO_LARGE = f"must be no more than {MOST_PIXELS_A_SIDE:,} pixels wide and high"
_FORMATS = ("PNG", "JPEG", "WEBP")
_LOGO_COLOURS = 128
_INK = 31


class PictureRefused(Exception):
    """A picture that cannot be used; the message says why, for the person who chose it."""


@dataclass(frozen=True)
class Picture:
    """Pixels as a PDF wants them: ``data`` and ``alpha`` are compressed rows without a filter.

    ``bits`` is per pixel and channel; ``is_grey`` says one channel instead of three.
    """

    identity: str
    width: int
    height: int
    data: bytes
    bits: int = 8
    is_grey: bool = False
    alpha: bytes | None = None


def logo_from(upload: bytes) -> bytes:
    """The logo as a small opaque PNG: whatever was hidden in the upload stays behind. Raises ``PictureRefused``."""
    small = _flat(_opened(upload), LOGO_BOX)
    # Few colours keep a certificate small: the logo is in every one of 22,000 files.
    return _png(small.quantize(_LOGO_COLOURS, dither=Image.Dither.NONE).convert("RGB"))


def signature_from(upload: bytes) -> bytes:
    """The strokes of a signature as dark ink on a transparent ground. Raises ``PictureRefused``."""
    grey = _flat(_opened(upload), SIGNATURE_BOX).convert("L")
    strokes = grey.point([255 - value if value < 235 else 0 for value in range(256)])  # paper is never quite white
    return _png(Image.merge("LA", (Image.new("L", grey.size, _INK), strokes)))


def _opened(upload: bytes) -> Image.Image:
    if len(upload) > MOST_BYTES:
        raise PictureRefused(f"must be smaller than {MOST_BYTES // 1_000_000} MB")
    try:
        # Only the header is read here: a picture that is too large is refused before a single pixel is.
        picture = Image.open(BytesIO(upload), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise PictureRefused(_TOO_LARGE) from problem
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as problem:
        raise PictureRefused("must be a PNG, JPEG or WebP picture") from problem
    if max(picture.size) > MOST_PIXELS_A_SIDE:
        width, height = picture.size
        raise PictureRefused(f"{_TOO_LARGE}. The selected one is {width:,} by {height:,}")
    if max(picture.size) < SMALLEST_PIXELS:
        raise PictureRefused(f"must be at least {SMALLEST_PIXELS} pixels wide or high")
    return picture


def _flat(picture: Image.Image, box: tuple[int, int]) -> Image.Image:
    """The picture on white, no larger than ``box``."""
    try:
        picture.draft("RGB", (box[0] * 2, box[1] * 2))
        colours = ImageOps.exif_transpose(picture).convert("RGBA")  # telephones turn pictures by a note
    except (OSError, ValueError, SyntaxError) as problem:
        raise PictureRefused("could not be read. It may be damaged") from problem
    colours.thumbnail(box, Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", colours.size, "white")
    ground.alpha_composite(colours)
    return ground.convert("RGB")


def _png(picture: Image.Image) -> bytes:
    data = BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()


@lru_cache(maxsize=64)
def picture_from(identity: str, png: bytes) -> Picture:
    """The pixels of a PNG that this module made; ``identity`` tells it from the others of one certificate."""
    with Image.open(BytesIO(png), formats=("PNG",)) as image:
        width, height = image.size
        if image.mode == "LA":
            grey, alpha = image.split()
            packed = zlib.compress(alpha.tobytes(), 9)
            return Picture(identity, width, height, zlib.compress(grey.tobytes(), 9), is_grey=True, alpha=packed)
        return Picture(identity, width, height, zlib.compress(image.convert("RGB").tobytes(), 9))


def qr_picture(address: str) -> Picture:
    """The QR code of an address, one bit per pixel."""
    code = code_pixels(address)
    return Picture("qr", code.side, code.side, code.data, bits=1, is_grey=True)


@lru_cache(maxsize=64)
def qr_png(address: str) -> bytes:
    """The QR code of an address as a PNG, for a page."""
    data = BytesIO()
    segno.make_qr(address, error="m", mask=3).save(data, kind="png", scale=4, border=2)
    return data.getvalue()
