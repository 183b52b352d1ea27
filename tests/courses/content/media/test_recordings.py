"""Sound and film: what they really are, and what is refused."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.content.media import recordings
from courses.content.media.inspection import read_media
from courses.content.model.course import MediaFile
from courses.content.source.findings import Findings
from tests.courses.content.bundles import picture
from tests.courses.content.sample_recordings import recorded, silence


def look(file: str, data: bytes) -> tuple[MediaFile | None, list[tuple[str, str]]]:
    findings = Findings()
    read = read_media(f"media/{file}", data, findings)
    return read, [(finding.severity, finding.message) for finding in findings.in_order()]


def test_a_film_is_read_with_its_size_and_length():
    read, faults = look("film.mp4", recorded("film.mp4"))
    assert faults == []
    assert read is not None
    assert (read.content_type, read.width, read.height, read.seconds) == ("video/mp4", 64, 36, 2)
    assert read.has_sound is True


def test_a_film_without_sound_is_told_from_one_with_sound():
    read, _ = look("film.mp4", recorded("silent.mp4"))
    assert read is not None
    assert read.has_sound is False


@pytest.mark.parametrize(
    ("name", "content_type", "seconds"), [("tone.mp3", "audio/mpeg", 2), ("TONE.M4A", "audio/mp4", 2)]
)
def test_sound_that_every_browser_plays_is_read_with_its_length(name: str, content_type: str, seconds: int):
    read, faults = look(name, recorded(name.lower()))
    assert faults == []
    assert read is not None
    assert (read.content_type, read.seconds, read.width) == (content_type, seconds, None)


@pytest.mark.parametrize(("name", "content_type"), [("tone.ogg", "audio/ogg"), ("film.webm", "video/webm")])
def test_what_older_iphones_do_not_play_is_a_warning(name: str, content_type: str):
    read, faults = look(name, recorded(name))
    assert read is not None
    assert read.content_type == content_type
    assert [(severity, "Older iPhones" in words) for severity, words in faults] == [("warning", True)]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.mp4", b"x", "This is not MP4, or it is damaged."),
        ("a.mp4", b"", "This is not MP4, or it is damaged."),
        ("a.mp4", recorded("film.webm"), "This is not MP4, or it is damaged."),
        ("a.webm", recorded("film.mkv"), "This is not WebM, or it is damaged."),
        ("a.mp3", b"<html><script>alert(1)</script>", "This is not MP3, or it is damaged."),
        ("a.mp3", b"ID3" + b"<script>alert(1)</script>" * 20, "This is not MP3, or it is damaged."),
        ("a.mp3", picture(), "This is not MP3, or it is damaged."),
        ("a.mp3", recorded("film.mp4"), "This is not MP3, or it is damaged."),
        ("a.m4a", recorded("film.mp4"), "This is not M4A, or it is damaged."),
        ("a.mp4", recorded("tone.m4a"), "This holds sound without pictures."),
        ("a.mp4", recorded("old.mp4"), "Browsers do not play MP4 files with MPEG-4 Visual."),
        ("a.mp4", recorded("film.mp4")[:5_000], "The end of this file is missing."),
        ("a.mp3", recorded("tone.mp3")[:3_000], "The end of this file is missing."),
        ("a.mkv", recorded("film.mkv"), "Not every browser plays this kind of file."),
        ("a.wav", b"RIFF", "Not every browser plays this kind of file."),
        ("a.mov", recorded("film.mp4"), "Not every browser plays this kind of file."),
        ("a.mp3", b"ID3" + bytes(recordings.MOST_BYTES["sound"]), "larger than 10 MB"),
        ("a.mp4", b"0000ftyp" + bytes(recordings.MOST_BYTES["film"]), "larger than 45 MB"),
    ],
)
def test_what_browsers_cannot_play_is_refused(name: str, data: bytes, words: str):
    read, faults = look(name, data)
    assert read is None
    assert [severity for severity, _ in faults] == ["error"]
    assert words in faults[0][1]


def test_a_name_that_is_hostile_is_shown_and_never_used():
    read, _ = look("$(touch pwned);`id`.mp3", recorded("tone.mp3"))
    assert read is not None


def test_more_than_ninety_seconds_is_a_warning():
    assert look("a.mp3", silence(89))[1] == []
    read, faults = look("a.mp3", silence(95))
    assert read is not None
    assert [(severity, "plays for" in words) for severity, words in faults] == [("warning", True)]


def test_a_film_that_begins_late_is_a_warning():
    _, faults = look("a.mp4", recorded("slow-start.mp4"))
    assert [(severity, "fast start" in words) for severity, words in faults] == [("warning", True)]


def test_a_heavy_recording_is_a_warning(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recordings, "HEAVY_BYTES", {"sound": 1_000, "film": 1_000})
    _, faults = look("a.mp3", recorded("tone.mp3"))
    assert [(severity, "People pay for data" in words) for severity, words in faults] == [("warning", True)]


def test_a_probe_that_takes_too_long_is_a_damaged_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recordings, "_PATIENCE", 0.001)
    read, faults = look("a.mp3", recorded("tone.mp3"))
    assert read is None
    assert "or it is damaged" in faults[0][1]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), name=st.sampled_from(["tone.mp3", "film.mp4", "film.webm", "tone.ogg"]))
def test_no_damage_to_a_recording_raises(data: st.DataObject, name: str):
    spoilt = bytearray(recorded(name))
    for _ in range(data.draw(st.integers(1, 5))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    look(name, bytes(spoilt[: data.draw(st.integers(1, len(spoilt)))]))
