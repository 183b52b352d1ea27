"""Reads where a recording is used: a directive of a screen, or ``media`` in a question or an option.

Both have the same keys. In a directive they stand at its top, and the transcript comes after an empty line.
"""

from collections.abc import Sequence

from courses.content.format.authoring import AuthoredRecording
from courses.content.format.draft import Passage, RecordingDraft
from courses.content.format.explaining import validated
from courses.content.model.markdown_parser import picture_name
from courses.content.source.findings import Findings, Place
from courses.content.source.yaml_reading import Path, Reading, read_yaml
from courses.marking.question import Recording

NAMES = ("audio", "video")
# What an author writes for "somebody who only listens misses nothing".
NOTHING = "nothing"


def read_directive(
    place: Place, name: str, argument: str, lines: Sequence[str], findings: Findings
) -> tuple[RecordingDraft, list[Passage]] | None:
    """The recording of ``::: video media/meeting.mp4``, or ``None`` with findings. ``lines`` are those after it."""
    if not argument:
        findings.error(place, f"Write the file after “::: {name}”, such as “::: {name} {_example(name)}”.")
        return None
    end = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    start = 1 if place.line is None else place.line + 1
    reading = read_yaml(place.file, "\n".join(lines[:end]), findings, first_line=start)
    if reading is None:
        return None
    if not isinstance(reading.value, dict):
        findings.error(
            place, f"Write “title: …” on the line below “::: {name}”, then an empty line, then the transcript."
        )
        return None
    given = {**reading.value, "file": argument}
    reading.lines[()] = reading.lines[("file",)] = start - 1
    if transcript := "\n".join(lines[end:]).strip():
        first = next(number for number, line in enumerate(lines) if number >= end and line.strip())
        given["transcript"] = transcript
        reading.lines[("transcript",)] = reading.text_lines[("transcript",)] = start + first
    authored = validated(AuthoredRecording, reading, findings, value=given)
    if authored is None:
        return None
    return recording_draft(authored, reading, (), asked_for=name), recording_passages(authored, reading, ())


def recording_draft(authored: AuthoredRecording, reading: Reading, at: Path, *, asked_for: str = "") -> RecordingDraft:
    """The recording whose keys stand at ``at``, with the place of each."""
    given = [name for name in AuthoredRecording.model_fields if (*at, name) in reading.lines]
    return RecordingDraft(
        as_recording(authored), reading.place(at), {name: reading.place((*at, name)) for name in given}, asked_for
    )


def as_recording(authored: AuthoredRecording) -> Recording:
    """The recording as it is stored: files by their names in the bundle; “nothing” becomes no words."""
    only_seen = "" if authored.only_seen.strip(" .").lower() == NOTHING else authored.only_seen
    files = {key: _name(getattr(authored, key)) for key in ("file", "captions", "poster", "described")}
    return Recording(title=authored.title, transcript=authored.transcript, only_seen=only_seen, **files)


def recording_passages(authored: AuthoredRecording, reading: Reading, at: Path) -> list[Passage]:
    """The texts of a recording that somebody reads. None counts towards the words of its screen."""
    return [
        Passage(reading.text_place((*at, "title")), authored.title, "plain"),
        Passage(reading.text_place((*at, "only_seen")), authored.only_seen, "plain"),
        Passage(reading.text_place((*at, "transcript")), authored.transcript, "blocks"),
    ]


def _name(written: str) -> str:
    # What names nothing in the bundle stays as it is, so that the finding can quote it.
    return picture_name(written) or written


def _example(name: str) -> str:
    return "media/meeting.mp4" if name == "video" else "media/greeting.mp3"
