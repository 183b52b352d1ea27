"""Looks at sound and film of a bundle: what they really are, how long they play, and whether browsers can play them."""

import hashlib
import json
import math
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from courses.content.model.course import MediaFile
from courses.content.source.findings import Findings, Place

_MB = 1_000_000
LONGEST_SECONDS = 90
MOST_BYTES = {"sound": 10 * _MB, "film": 45 * _MB}
HEAVY_BYTES = {"sound": 2 * _MB, "film": 10 * _MB}
# What the probe needs beside its own time limit, on a machine that is busy.
_PATIENCE = 60.0

_PROBE = Path(__file__).with_name("recording_probe.py")


@dataclass(frozen=True)
class _Format:
    """One kind of file. ``starts`` are its first bytes by their place; the codecs are those that browsers play."""

    what: str
    name: str
    content_type: str
    container: str
    starts: tuple[tuple[int, bytes], ...]
    sound_codecs: tuple[str, ...]
    film_codecs: tuple[str, ...] = ()


_MP3 = _Format(
    "sound", "MP3", "audio/mpeg", "MPEG Audio",
    ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xfa"), (0, b"\xff\xf3"), (0, b"\xff\xf2")), ("MPEG Audio",),
)  # fmt: skip
_M4A = _Format("sound", "M4A", "audio/mp4", "MPEG-4", ((4, b"ftypM4A"),), ("AAC",))
_OGG = _Format("sound", "Ogg", "audio/ogg", "Ogg", ((0, b"OggS"),), ("Opus", "Vorbis"))
_MP4 = _Format("film", "MP4", "video/mp4", "MPEG-4", ((4, b"ftyp"),), ("AAC", "MPEG Audio"), ("AVC",))
_WEBM = _Format(
    "film", "WebM", "video/webm", "WebM", ((0, b"\x1a\x45\xdf\xa3"),), ("Opus", "Vorbis"), ("VP8", "VP9", "AV1")
)
_FORMATS = {
    ".mp3": _MP3, ".m4a": _M4A, ".ogg": _OGG, ".oga": _OGG, ".opus": _OGG, ".mp4": _MP4, ".webm": _WEBM,
}  # fmt: skip
_CONVERTED = (".wav", ".mov", ".m4v", ".avi", ".mkv", ".wmv", ".wma", ".flac", ".aac", ".ogv", ".3gp")


def is_sound(name: str) -> bool:
    """True for the name of a sound."""
    found = _FORMATS.get(PurePosixPath(name).suffix.lower())
    return found is not None and found.what == "sound"


def is_film(name: str) -> bool:
    """True for the name of a film."""
    found = _FORMATS.get(PurePosixPath(name).suffix.lower())
    return found is not None and found.what == "film"


def is_recording(name: str) -> bool:
    """True for the name of a sound or a film, also of one that no browser plays."""
    ending = PurePosixPath(name).suffix.lower()
    return ending in _FORMATS or ending in _CONVERTED


def read_recording(file: str, data: bytes, findings: Findings) -> MediaFile | None:
    """What is known about a sound or a film, or ``None`` with a finding when it cannot be used."""
    place = Place(file)
    format = _FORMATS.get(PurePosixPath(file).suffix.lower())
    if format is None:
        findings.error(place, "Not every browser plays this kind of file. Save sound as MP3 or M4A, and film as MP4.")
        return None
    if len(data) > MOST_BYTES[format.what]:
        most = MOST_BYTES[format.what] // _MB
        findings.error(place, f"This {format.what} is larger than {most} MB. Save it shorter or smaller.")
        return None
    if not any(data[at:].startswith(start) for at, start in format.starts):
        findings.error(place, f"This is not {format.name}, or it is damaged. Save it again as {format.name}.")
        return None
    tracks = _probe(data)
    trouble = _trouble(format, tracks)
    if trouble is not None:
        findings.error(place, trouble)
        return None
    return _described(place, format, data, tracks, findings)


def _probe(data: bytes) -> list[dict[str, Any]]:
    """The tracks, the whole file first; empty when nobody can tell."""
    try:
        # Isolated mode: neither the folder of the process nor its environment lends the probe any code.
        done = subprocess.run(  # noqa: S603 - our own file
            (sys.executable, "-I", str(_PROBE)), input=data, capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return []
    if done.returncode != 0:
        return []
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _trouble(format: _Format, tracks: list[dict[str, Any]]) -> str | None:
    """Why the file cannot be used, or ``None``."""
    whole: dict[str, Any] = next((track for track in tracks if track["track_type"] == "General"), {})
    sound, film = _of("Audio", tracks), _of("Video", tracks)
    if whole.get("format") != format.container or not (sound or film) or _seconds(tracks) <= 0:
        return f"This is not {format.name}, or it is damaged. Save it again as {format.name}."
    if whole.get("istruncated") == "Yes":
        return "The end of this file is missing. Save it again, and add it to the bundle again."
    if format.what == "sound" and film:
        return f"This holds pictures, not only sound. Save the sound alone as {format.name}, or film as MP4."
    if format.what == "film" and not film:
        return "This holds sound without pictures. Save it as MP3 or M4A."
    codecs = [str(track.get("format")) for track in (*sound, *film)]
    if any(codec not in (*format.sound_codecs, *format.film_codecs) for codec in codecs):
        advice = "Save film with H.264 and AAC." if format.what == "film" else "Save sound as MP3."
        return f"Browsers do not play {format.name} files with {' and '.join(codecs)}. {advice}"
    if any(
        track.get("chroma_subsampling", "4:2:0") != "4:2:0" or _number(track, "bit_depth", 8) != 8 for track in film
    ):
        return "Browsers do not play film with these colours. Save it with 8 bits a colour and 4:2:0."
    return None


def _described(
    place: Place, format: _Format, data: bytes, tracks: list[dict[str, Any]], findings: Findings
) -> MediaFile:
    film = next(iter(_of("Video", tracks)), None)
    seconds = max(1, round(_seconds(tracks)))
    _advise(place, format, len(data), seconds, tracks[0], findings)
    width, height = (int(_number(film, "width", 0)), int(_number(film, "height", 0))) if film else (0, 0)
    if film and _number(film, "rotation", 0) % 180 == 90:
        width, height = height, width
    return MediaFile(
        sha256=hashlib.sha256(data).hexdigest(),
        content_type=format.content_type,
        bytes=len(data),
        width=width or None,
        height=height or None,
        seconds=seconds,
        exact_seconds=_seconds(tracks),
        has_sound=bool(_of("Audio", tracks)),
    )


def _advise(place: Place, format: _Format, size: int, seconds: int, whole: dict[str, Any], findings: Findings) -> None:
    if seconds > LONGEST_SECONDS:
        findings.warning(
            place, f"This {format.what} plays for {seconds} seconds. 90 or fewer are best: cut or split it."
        )
    if size > HEAVY_BYTES[format.what]:
        findings.warning(
            place,
            f"This {format.what} has {size / _MB:.0f} MB. People pay for data: make it smaller than "
            f"{HEAVY_BYTES[format.what] // _MB} MB.",
        )
    if format in (_OGG, _WEBM):
        better = "MP3 or M4A" if format is _OGG else "MP4"
        findings.warning(place, f"Older iPhones do not play {format.name}. {better} plays everywhere.")
    if format is _MP4 and whole.get("isstreamable") == "No":
        findings.warning(
            place, "This film only begins once all of it has arrived. Save it “for the web” or with “fast start”."
        )
    if whole.get("recorded_location"):
        findings.warning(place, "This recording says where it was made. Save it again without location data.")


def _of(kind: str, tracks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [track for track in tracks if track["track_type"] == kind]


def _seconds(tracks: list[dict[str, Any]]) -> float:
    return max((_number(track, "duration", 0) for track in tracks), default=0.0) / 1000


def _number(track: dict[str, Any], key: str, default: float) -> float:
    try:
        number = float(track.get(key, default))
    except (TypeError, ValueError):
        return default
    return number if math.isfinite(number) else default
