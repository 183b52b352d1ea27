"""Looks at the media of a bundle: pictures here, captions and recordings in modules of their own."""

import hashlib
import io
from pathlib import PurePosixPath
from typing import NamedTuple

from PIL import ExifTags, Image

from courses.content.media.captions import ENDING as CAPTIONS
from courses.content.media.captions import read_captions
from courses.content.media.recordings import is_recording, read_recording
from courses.content.model.course import MediaFile
from courses.content.source.findings import Findings, Place

MOST_BYTES = 10 * 1024 * 1024
HEAVY_BYTES = 500 * 1024
MOST_PIXELS = 40_000_000

_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".gif": "GIF"}
_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
_SIDEWAYS = (5, 6, 7, 8)


class _Seen(NamedTuple):
    format: str
    width: int
    height: int
    moves: bool
    has_position: bool


def read_media(file: str, data: bytes, findings: Findings) -> MediaFile | None:
    """What is known about a file of the folder media, or ``None`` with a finding when it cannot be used."""
    if is_recording(file):
        return read_recording(file, data, findings)
    if file.lower().endswith(CAPTIONS):
        return read_captions(file, data, findings)
    return _read_picture(Place(file), data, findings)


def _read_picture(place: Place, data: bytes, findings: Findings) -> MediaFile | None:
    expected = _expected_format(place, findings)
    if expected is None:
        return None
    if len(data) > MOST_BYTES:
        findings.error(place, "This picture is larger than 10 MB. Save it smaller: 500 KB is plenty for a screen.")
        return None
    seen = _look(data)
    if seen is None:
        findings.error(place, f"This is not a {expected} picture, or it is damaged. Save the picture again.")
        return None
    if seen.format != expected:
        findings.error(
            place, f"The name says {expected}, but this is a {seen.format} picture. Rename or save it again."
        )
        return None
    if seen.width * seen.height > MOST_PIXELS:
        findings.error(
            place, f"This picture is {seen.width} by {seen.height} pixels. Make it 2,000 pixels wide or less."
        )
        return None
    _advise(place, data, seen, findings)
    return MediaFile(
        sha256=hashlib.sha256(data).hexdigest(),
        content_type=_TYPES[seen.format],
        bytes=len(data),
        width=seen.width,
        height=seen.height,
    )


def _expected_format(place: Place, findings: Findings) -> str | None:
    ending = PurePosixPath(place.file).suffix.lower()
    if ending in (".svg", ".svgz"):
        findings.error(place, "SVG pictures can carry programs, so they are not accepted. Save it as PNG or WebP.")
    elif ending not in _FORMATS:
        findings.error(
            place,
            "Only pictures (PNG, JPEG, WebP, GIF), sound (MP3, M4A, Ogg), film (MP4, WebM) and captions (VTT) belong "
            "in media. Remove or convert this file.",
        )
    return _FORMATS.get(ending)


def _advise(place: Place, data: bytes, seen: _Seen, findings: Findings) -> None:
    if len(data) > HEAVY_BYTES:
        findings.warning(
            place,
            f"This picture has {len(data) // 1024:,} KB. Make it smaller than 500 KB: phones will thank you.",
        )
    if seen.moves:
        findings.warning(place, "This picture moves. Use a still one: movement distracts, and nobody can stop it.")
    if seen.has_position:
        findings.warning(place, "This photograph says where it was taken. Save it again without location data.")


def _look(data: bytes) -> _Seen | None:
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_TYPES)) as image:
            exif = image.getexif()
            width, height = image.size
            if exif.get(ExifTags.Base.Orientation) in _SIDEWAYS:
                width, height = height, width
            return _Seen(
                str(image.format), width, height, getattr(image, "is_animated", False),
                bool(exif.get_ifd(ExifTags.IFD.GPSInfo)),
            )  # fmt: skip
    except Exception:  # Pillow's readers raise whatever a damaged file makes them raise: SyntaxError, struct.error, …
        return None
