"""Two versions of a course are told apart in words, and another right answer is named first."""

import pytest
from hypothesis import example as tried_with
from hypothesis import given
from hypothesis import strategies as st

from courses.content.bundle.reading import read_folder
from courses.content.comparing.course_words import right_answer
from courses.content.comparing.version_changes import VersionChanges, version_changes
from courses.content.comparing.word_changes import TextChange
from courses.content.model.course import CourseDocument
from tests.builders.region import COURSE, FIRST, QUESTIONS, a_document
from tests.courses.content.bundles import read_bundle
from tests.courses.library.shipped import shipped
from tests.courses.library.texts import LIBRARY

EXAMPLE = read_folder(LIBRARY.parent / "example")


def example(*changes: tuple[str, str, str]) -> CourseDocument:
    """The example course after changes: a file, what stands there, and what takes its place."""
    files = dict(EXAMPLE)
    for name, old, new in changes:
        assert old.encode() in files[name], (name, old)
        files[name] = files[name].replace(old.encode(), new.encode(), 1)
    document = read_bundle(files).document
    assert document is not None, read_bundle(files).findings
    return document


def changes(*edits: tuple[str, str, str]) -> VersionChanges:
    return version_changes(example(), example(*edits))


ASK, SAY = "    - Ask how the name is said\n", "    - Say it once\n"
NEAR = "text: Write down something near\n"
FIRST_FILE, SECOND_FILE = "questions/01-names.yaml", "questions/02-your-turn.yaml"


@pytest.mark.parametrize(
    ("question_id", "file", "old", "new"),
    [
        ("EX-M1-Q3", FIRST_FILE, 'text: "True"\n      right: true', 'text: "True"'),
        ("EX-M2-Q3", SECOND_FILE, "answer: 6", "answer: 7"),
        ("EX-M2-Q4", SECOND_FILE, "[Equality Act]", "[Equality Act, The Act]"),
        ("EX-M2-X2", SECOND_FILE, "[[explain yourself|*go on]]", "[[*explain yourself|go on]]"),
        ("EX-M2-X1", SECOND_FILE, f"{ASK}{SAY}", f"{SAY}{ASK}"),
        ("EX-M2-Q2", SECOND_FILE, "answer: It asks", "answer: It explains"),
        ("EX-M1-Q1", FIRST_FILE, "      acceptable: true\n", ""),
        ("EX-M2-X3", SECOND_FILE, NEAR, f"{NEAR}          acceptable: true\n"),
    ],
)  # fmt: skip
def test_a_changed_key_is_named_first_for_every_kind_of_question(
    question_id: str, file: str, old: str, new: str
) -> None:
    edits = [(file, old, new)]
    if question_id == "EX-M1-Q3":
        edits.append((file, 'text: "False"', 'text: "False"\n      right: true'))
    if question_id == "EX-M2-Q2":
        edits.append((file, "  extra_choices:\n    - It explains\n", "  extra_choices:\n    - It asks\n"))
    found = changes(*edits)
    assert [part.id for part in found.keys] == [question_id]
    assert found.keys[0].texts[0].label == "Right answer"
    assert found.questions == ()


def test_other_words_are_no_other_key() -> None:
    found = changes((FIRST_FILE, "feedback: Short and kind.", "feedback: Short, and kind."))
    assert found.keys == ()
    [part] = found.questions
    assert (part.id, part.how, [text.label for text in part.texts]) == ("EX-M1-Q2", "changed", ["Feedback on option 1"])


def test_screens_facts_and_settings_say_what_they_said_before() -> None:
    found = changes(
        ("modules/01-names.md", "You read the name before you hear it.", "You have not heard the name yet."),
        ("facts.yaml", "section 9", "section 9(1)"),
        ("course.yaml", "pass_percent: 60", "pass_percent: 70"),
        ("course.yaml", "many people in Liverpool", "lots of people in Liverpool"),
    )
    assert [part.id for part in found.screens] == ["EX-M1-S3"]
    assert [text.before for text in found.facts[0].texts] == ["Equality Act 2010, section 9"]
    assert [text.label for text in found.settings] == ["Per cent to pass", "Token area_count"]


def test_what_came_and_what_went_is_told_apart() -> None:
    added = a_document(first=FIRST + "\n# Goodbye {#TC-M1-S4}\n\nSee you.\n")
    [came] = version_changes(a_document(), added).screens
    [went] = version_changes(added, a_document()).screens
    assert (came.id, came.how, went.id, went.how) == ("TC-M1-S4", "added", "TC-M1-S4", "removed")
    assert came.texts[0].before == ""


def test_two_equal_versions_have_no_changes() -> None:
    assert version_changes(a_document(), a_document()).is_empty
    assert changes().is_empty
    essentials = shipped("race-equality-essentials").document
    assert essentials is not None
    assert version_changes(essentials, essentials).is_empty


def test_every_scored_question_that_ships_has_a_right_answer_in_words() -> None:
    for name in ("race-equality-essentials", "inclusive-recruitment"):
        document = shipped(name).document
        assert document is not None
        assert all(right_answer(question) for question in document.questions.values() if question.scored)


@given(st.text(max_size=80), st.text(max_size=80))
@tried_with("One way", " way")
@tried_with("way ", "way one ")
def test_the_pieces_of_each_side_are_the_whole_text_of_that_side(before: str, after: str) -> None:
    change = TextChange("Text", before, after)
    assert "".join(piece.text for piece in change.pieces_before) == before
    assert "".join(piece.text for piece in change.pieces_after) == after


def test_words_beside_each_other_are_one_piece() -> None:
    change = TextChange("Text", "It is a good day here", "It is one very fine day here")
    assert [piece.text for piece in change.pieces_before if piece.kind == "removed"] == ["a good"]
    assert [piece.text for piece in change.pieces_after if piece.kind == "added"] == ["one very fine"]


def test_a_course_of_other_words_is_compared_too() -> None:
    other = a_document(course=COURSE.replace("minutes: 10", "minutes: 12"), questions=QUESTIONS.replace("One,", "1,"))
    found = version_changes(a_document(), other)
    assert [text.label for text in found.settings] == ["Minutes"]
    assert [part.id for part in found.keys] == ["TC-M2-Q1"]
