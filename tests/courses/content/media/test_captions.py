"""Captions: read strictly, because a browser leaves out in silence what it cannot read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.content.media.captions import read_captions
from courses.content.model.course import MediaFile
from courses.content.source.findings import Findings
from tests.courses.content.sample_recordings import CAPTIONS

ONE = "00:00:01.000 --> 00:00:02.000\nHello\n"


def look(text: str | bytes) -> tuple[MediaFile | None, list[tuple[int | None, str]]]:
    findings = Findings()
    data = text if isinstance(text, bytes) else text.encode()
    read = read_captions("media/a.vtt", data, findings)
    return read, [(finding.line, finding.message) for finding in findings.in_order()]


@pytest.mark.parametrize(
    "text",
    [
        CAPTIONS,
        "\ufeffWEBVTT\r\n\r\n00:01.000 --> 00:02.000 line:10%\r\n王芳\r\n",
        f"WEBVTT - A title\n\nNOTE\nby hand\n\nSTYLE\n::cue {{ color: white }}\n\nname\n{ONE}",
    ],
)
def test_captions_are_read(text: str):
    read, faults = look(text)
    assert faults == []
    assert read is not None
    assert read.content_type == "text/vtt"


def test_where_the_last_caption_ends_is_known():
    read, _ = look("WEBVTT\n\n00:00:01.000 --> 00:01:02.000\nHello\n")
    assert read is not None
    assert (read.seconds, read.exact_seconds) == (62, 62.0)


@pytest.mark.parametrize(
    ("end", "seconds", "exact"), [("00:01:01.900", 62, 61.9), ("00:00:00.900", 1, 0.9), ("01:00:00.040", 3600, 3600.04)]
)
def test_where_captions_end_is_known_to_the_thousandth(end: str, seconds: int, exact: float):
    read, _ = look(f"WEBVTT\n\n00:00:00.100 --> {end}\nHello\n")
    assert read is not None
    assert (read.seconds, read.exact_seconds) == (seconds, exact)
    assert "exact_seconds" not in read.model_dump(mode="json")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "begin with a line “WEBVTT”"),
        ("1\n" + ONE, 1, "begin with a line “WEBVTT”"),
        ("WEBVTT\n", None, "There is no caption"),
        ("WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nHello\n", 3, "Browsers cannot read these times."),
        ("WEBVTT\n\n0:01 --> 0:02\nHello\n", 3, "Browsers cannot read these times."),
        ("WEBVTT\n\n00:00:01.000 --> 00:99:02.000\nHello\n", 3, "Browsers cannot read these times."),
        (f"WEBVTT\n\n{ONE}\n00:00:04.000 --> 00:00:03.000\nHello\n", 6, "ends before it begins"),
        (f"WEBVTT\n\n{ONE}\n00:00:04.000 --> 00:00:05.000\n\n", 6, "has no words"),
        ("WEBVTT\n\n00:00:01.000 --> 00:00:02.000 colour:red\nHello\n", None, "cannot be read"),
        (b"WEBVTT\n\n\xff", 3, "not UTF-8"),
        (b"WEBVTT\n\n\x00", 3, "NUL"),
        (b"x" * 300_000, None, "larger than 256 KB"),
    ],
)
def test_captions_that_would_not_be_shown_are_refused_with_their_line(text: str | bytes, line: int | None, words: str):
    read, faults = look(text)
    assert read is None
    assert [fault[0] for fault in faults] == [line]
    assert words in faults[0][1]


def test_all_times_that_are_wrong_are_named_at_once():
    _, faults = look("WEBVTT\n\n1 --> 2\na\n\n2 --> 3\nb\n")
    assert [line for line, _ in faults] == [3, 6]


@given(text=st.text(alphabet=st.sampled_from("WEBVT\n-> :.0123456789<v>STYLENOTE{}"), max_size=200))
def test_no_captions_raise(text: str):
    look("WEBVTT\n\n" + text)
