"""Reads the captions of a film: WebVTT, the form that browsers understand."""

import hashlib
import re
from collections.abc import Sequence

from webvtt import Caption, WebVTT
from webvtt.errors import MalformedCaptionError, MalformedFileError

from courses.content.model.course import MediaFile
from courses.content.source.findings import Findings, Place
from courses.content.source.text_files import decode
from kernel.rounding import rounded

ENDING = ".vtt"

_TIMES = re.compile(r"^\s*(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}\s+-->\s+(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}(?:\s|$)")


def read_captions(file: str, data: bytes, findings: Findings) -> MediaFile | None:
    """What is known about captions; ``seconds`` is where the last one ends. ``None`` with findings when a browser
    would leave some of them out."""
    text = decode(file, data, findings)
    if text is None or not _has_good_times(file, text, findings):
        return None
    try:
        captions = WebVTT.from_string(text, strict=True).captions
    except MalformedFileError:
        findings.error(Place(file, 1), "Captions begin with a line “WEBVTT”. Save them as WebVTT.")
        return None
    except MalformedCaptionError as problem:
        findings.error(Place(file), f"These captions cannot be read: {problem}. Put that right, or save them again.")
        return None
    if not captions:
        findings.error(Place(file), "There is no caption in this file. Save the captions again as WebVTT.")
        return None
    if not _are_usable(file, text, captions, findings):
        return None
    end = max(map(_end_of, captions))
    return MediaFile(
        sha256=hashlib.sha256(data).hexdigest(),
        content_type="text/vtt",
        bytes=len(data),
        seconds=rounded(end),
        exact_seconds=end,
    )


def _end_of(caption: Caption) -> float:
    """Where a caption ends, in seconds; the library's own ``end_in_seconds`` leaves out what is less than a second."""
    hours, minutes, seconds, thousandths = caption.end_time.to_tuple()
    return float(hours * 3600 + minutes * 60 + seconds + thousandths / 1000)


def _has_good_times(file: str, text: str, findings: Findings) -> bool:
    """Note each line of times that a browser would not understand: it would leave the caption out in silence."""
    bad = [number for number, line in enumerate(text.split("\n"), 1) if "-->" in line and not _TIMES.match(line)]
    for number in bad:
        findings.error(
            Place(file, number), "Browsers cannot read these times. Write them as 00:00:01.000 --> 00:00:04.500."
        )
    return not bad


def _are_usable(file: str, text: str, captions: Sequence[Caption], findings: Findings) -> bool:
    lines = [number for number, line in enumerate(text.split("\n"), 1) if "-->" in line]
    is_good = True
    for caption, line in zip(captions, lines, strict=False):
        if caption.end_time.to_tuple() <= caption.start_time.to_tuple():
            findings.error(Place(file, line), "This caption ends before it begins. Put its times right.")
            is_good = False
        elif not caption.text.strip():
            findings.error(Place(file, line), "This caption has no words. Write them below its times, or remove it.")
            is_good = False
    return is_good
