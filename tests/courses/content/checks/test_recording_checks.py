"""Where recordings are used: their keys, their files, and what stands for them."""

import pytest

from courses.content.bundle.reading import BundleOutcome, read_bundle
from courses.content.model.course import CourseDocument, MediaFile, RecordingBlock
from courses.marking.question import Option
from tests.courses.content.bundles import MODULE, QUESTIONS, a_bundle, sentences
from tests.courses.content.sample_recordings import CAPTIONS, recorded

FILM = """\
::: video media/film.mp4
title: A short meeting
captions: media/film.vtt
poster: media/map.png
only_seen: Siân waves.

**Siân:** Good morning, {{authority_name}}.

**محمد:** Good morning.
:::
"""
SOUND = """\
::: audio media/tone.mp3
title: How to say Nguyễn

Roughly “ngwin”.
:::
"""
MEDIA = {
    "media/film.mp4": recorded("film.mp4"),
    "media/film.vtt": CAPTIONS.encode(),
    "media/tone.mp3": recorded("tone.mp3"),
    "media/silent.mp4": recorded("silent.mp4"),
}
AT = MODULE.count("\n", 0, MODULE.index("# Check")) + 1
BOTH = f"{FILM}\n{SOUND}"


def read(text: str = BOTH, *, media: tuple[str, ...] = ("film.mp4", "film.vtt", "tone.mp3")) -> BundleOutcome:
    """The small course with ``text`` at the end of its first screen."""
    module = MODULE.replace("# Check", f"{text}\n# Check")
    return read_bundle(a_bundle(module=module) | {f"media/{name}": MEDIA[f"media/{name}"] for name in media})


def document(outcome: BundleOutcome) -> CourseDocument:
    assert outcome.document is not None, outcome.findings
    return outcome.document


def test_film_and_sound_of_a_screen_are_read_with_everything_that_stands_for_them():
    outcome = read()
    assert outcome.findings == ()
    film, sound = (
        block.recording for block in document(outcome).modules[0].screens[0].blocks if isinstance(block, RecordingBlock)
    )
    assert (film.file, film.title, film.captions) == ("media/film.mp4", "A short meeting", "media/film.vtt")
    assert (film.poster, film.only_seen) == ("media/map.png", "Siân waves.")
    assert film.transcript.startswith("**Siân:**")
    assert (sound.title, sound.captions) == ("How to say Nguyễn", "")


def test_a_stored_course_with_recordings_reads_back_as_it_was():
    whole = document(read())
    assert CourseDocument.model_validate(whole.model_dump(mode="json")) == whole


def test_what_holds_no_recording_is_stored_as_before():
    whole = document(read_bundle(a_bundle())).model_dump(mode="json")
    assert set(whole["media"]["media/map.png"]) == {"sha256", "content_type", "bytes", "width", "height"}
    question = whole["questions"]["RE-M1-Q1"]
    assert "media" not in question
    assert set(question["options"][0]) == set(Option.model_fields) - {"media"}
    assert MediaFile.model_validate(whole["media"]["media/map.png"]).seconds is None


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        (" media/film.mp4", "", 0, "Write the file after “::: video”"),
        ("media/film.mp4", "media/lost.mp4", 0, "There is no recording media/lost.mp4"),
        ("media/film.mp4", "media/map.png", 0, "is neither sound nor film"),
        ("::: video", "::: audio", 0, "is a film. Write “::: video”"),
        ("title: A short meeting\n", "", 0, "Add “title”"),
        ("title: A short", "title: A ![A](media/map.png)", 1, "This text is plain"),
        ("captions: media/film.vtt\n", "", 0, "has sound and no captions"),
        ("film.vtt", "lost.vtt", 2, "There is no file media/lost.vtt"),
        ("film.vtt", "film.srt", 2, "must name captions"),
        ("map.png", "lost.png", 3, "There is no file media/lost.png"),
        ("poster: media/map.png", "poster: media/film.mp4", 3, "“poster” must name a picture"),
        ("only_seen: Siân waves.\n", "", 0, "What do those miss who only hear this film?"),
        ("only_seen", "onlyseen", 4, "Did you mean “only_seen”?"),
        ("poster: media/map.png", "poster media/map.png", 4, "cannot be read as YAML"),
        ("\n**Siân:** Good morning, {{authority_name}}.\n\n**محمد:** Good morning.\n", "", 0, "Add “transcript”"),
        ("{{authority_name}}", "{{nobody}}", 6, "is not a known token"),
        ("Good morning.", "<b>Good</b> morning.", 8, "is HTML"),
    ],
)
def test_a_fault_is_named_with_its_line(old: str, new: str, line: int, words: str):
    assert old in FILM
    found = sentences(read(f"{FILM.replace(old, new, 1)}\n{SOUND}"), "modules/01-why.md")
    assert (AT + line, True) in [(at, words in message) for at, message in found], found


def test_words_without_keys_say_how_to_begin():
    found = sentences(read(f"::: audio media/tone.mp3\nRoughly “ngwin”.\n:::\n{FILM}"), "modules/01-why.md")
    assert any("Write “title: …” on the line below" in message for _, message in found)


def test_everything_that_is_missing_is_said_at_once():
    bare = "::: video media/film.mp4\ntitle: A meeting\n\nGood morning.\n:::\n"
    found = sentences(read(bare), "modules/01-why.md")
    assert len([message for _, message in found if "captions" in message or "only hear" in message]) == 2


def test_nothing_is_an_answer_to_what_is_only_seen():
    blocks = document(read(BOTH.replace("Siân waves.", "Nothing."))).modules[0].screens[0].blocks
    assert [block.recording.only_seen for block in blocks if isinstance(block, RecordingBlock)] == ["", ""]


def test_a_film_without_sound_needs_a_transcript_and_no_captions():
    silent = "::: video media/silent.mp4\ntitle: A bar that moves\n\nA bar moves to the right.\n:::\n"
    assert read(f"{silent}\n{BOTH}", media=("film.mp4", "film.vtt", "tone.mp3", "silent.mp4")).findings == ()


def test_sound_has_no_captions_poster_or_things_seen():
    found = sentences(read(f"{FILM}\n{SOUND.replace('title:', 'captions: media/film.vtt' + chr(10) + 'title:')}"))
    assert any("“captions” belongs to film" in message for _, message in found)


def test_captions_that_outlast_the_film_are_a_warning():
    long = CAPTIONS.replace("00:00:01.900", "00:00:09.900").encode()
    outcome = read_bundle(
        a_bundle(module=MODULE.replace("# Check", f"{BOTH}\n# Check")) | MEDIA | {"media/film.vtt": long}
    )
    assert [f.message for f in outcome.findings if "Check that they belong together" in f.message]
    assert outcome.is_publishable


def test_a_film_is_no_picture():
    found = sentences(read(f"{BOTH}\n![A meeting](media/film.mp4)\n"), "modules/01-why.md")
    assert [message for _, message in found] == ["media/film.mp4 is no picture. Put it between “::: video” and “:::”."]


def test_a_recording_that_nothing_plays_is_a_warning():
    outcome = read("", media=("film.mp4",))
    assert sentences(outcome) == [(None, "No screen shows this file. Use it, or remove it.")]


IN_QUESTION = """\
  media:
    file: media/tone.mp3
    title: How to say Nguyễn
    transcript: |
      Roughly “ngwin”.
"""


def test_questions_and_options_may_have_recordings():
    in_option = "\n".join(f"    {line}" if line else line for line in IN_QUESTION.split("\n"))
    questions = QUESTIONS.replace("  stem:", f"{IN_QUESTION}  stem:").replace(
        "      feedback: Too low.\n", f"      feedback: Too low.\n{in_option}"
    )
    outcome = read_bundle(a_bundle(questions=questions) | {"media/tone.mp3": MEDIA["media/tone.mp3"]})
    assert outcome.findings == ()
    question = document(outcome).questions["RE-M1-Q1"]
    assert question.media is not None
    assert question.options[0].media == question.media
    assert question.options[1].media is None


def test_a_recording_of_a_question_is_checked_where_it_stands():
    broken = IN_QUESTION.replace("tone.mp3", "lost.mp3").replace("Roughly", "{{nobody}} roughly")
    found = sentences(read_bundle(a_bundle(questions=QUESTIONS.replace("  stem:", f"{broken}  stem:"))))
    assert found == [
        (5, "There is no recording media/lost.mp3 in the bundle. Add it, or correct its name."),
        (8, "“{{nobody}}” is not a known token. Correct it, or add it to course.yaml."),
    ]


def test_a_film_may_come_with_a_voice_that_says_what_is_seen():
    described = FILM.replace("only_seen: Siân waves.", "described: media/spoken.mp4")
    module = MODULE.replace("# Check", f"{described}\n{SOUND}\n# Check")
    outcome = read_bundle(
        a_bundle(module=module)
        | {key: MEDIA[key] for key in MEDIA if "silent" not in key}
        | {"media/spoken.mp4": recorded("film.mp4")}
    )
    assert outcome.findings == ()


@pytest.mark.parametrize(
    ("end", "words"),
    [("00:00:02.999", None), ("00:00:03.049", None), ("00:00:03.100", "go on for 3.1 seconds, and the film for 2.0")],
)
def test_captions_that_go_on_for_more_than_a_second_after_the_film_are_noticed(end: str, words: str | None):
    captions = f"WEBVTT\n\n00:00:00.100 --> {end}\nGood morning.\n".encode()
    module = MODULE.replace("# Check", f"{FILM}\n# Check")
    files = {"media/film.mp4": MEDIA["media/film.mp4"], "media/film.vtt": captions}
    messages = [finding.message for finding in read_bundle(a_bundle(module=module) | files).findings]
    assert [words in message for message in messages if words] == ([True] if words else [])
    assert bool(messages) is (words is not None)
