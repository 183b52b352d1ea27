"""What is wrong with hard detail, tables, role questions and example sets is said with its place."""

import pytest

from courses.content.bundle.reading import read_bundle
from courses.content.model.course import CourseDocument
from courses.content.model.local_wording import token_values
from tests.courses.content.bundles import COURSE, MODULE, QUESTIONS, a_bundle, found

SCREEN = "# Who lives here {#RE-M1-S1}\n"
PICTURE = "![A map of six areas](media/map.png)"
TABLE = "| Area | People |\n| --- | --- |\n| Halton | 12 |\n| Wirral | 9 |"
SETS = """\
examples:
  - id: libraries
    name: Libraries
    default: true
  - id: parks
    name: Parks
tokens:
  helper:
    sets:
      libraries: Rukhsana
      parks: Derek
modules:
"""
PICK = "::: examples\nPick one.\n:::\n\nAsk {{helper}}.\n\n"


def with_part(part: str) -> dict[str, bytes]:
    """The good bundle, its first screen beginning with ``part``."""
    return a_bundle(module=MODULE.replace(SCREEN, f"{SCREEN}\n{part}\n"))


def with_sets(old: str = "", new: str = "", *, part: str = PICK, questions: str = QUESTIONS) -> dict[str, bytes]:
    course = COURSE.replace("modules:\n", SETS)
    assert old in course
    module = MODULE.replace(SCREEN, f"{SCREEN}\n{part}\n")
    return a_bundle(course=course.replace(old, new, 1), module=module, questions=questions)


def document(files: dict[str, bytes]) -> CourseDocument:
    outcome = read_bundle(files)
    assert outcome.findings == ()
    assert outcome.document is not None
    return outcome.document


@pytest.mark.parametrize(
    "part",
    [
        f"::: table People\n{TABLE}\n:::",
        f"::: table own-first sortable People\n{TABLE}\n\nIn [1] live [2].\n:::",
    ],
)
def test_what_is_right_is_not_found_fault_with(part: str) -> None:
    assert found(with_part(part)) == []


def test_below_a_short_version_stand_words() -> None:
    part = "::: detail racist violence\nThe short version.\n:::\n\nAll of it.\n\n# Seen {#RE-M1-S9}"
    assert found(with_part(part)) == []


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("::: detail\nShort.\n:::", "Write what the screen mentions"),
        ("::: detail violence\n:::", "“::: detail” is empty"),
        ("::: detail violence\nOne.\n\nTwo.\n:::", "The short version is one paragraph"),
        ("Text.\n\n::: detail violence\nShort.\n:::", "stands once, before everything else"),
        ("::: detail violence\nShort.\n:::\n\n::: reflection RE-M1-R1\nWhat?\n:::", "would miss the question"),
        (f"::: detail violence\nShort.\n:::\n\n{PICTURE}", "a log could show who read on"),
        (f"::: detail violence\nShort.\n:::\n\n::: more More\n{PICTURE}\n:::", "a log could show who read on"),
        (
            f"::: detail violence\nShort.\n:::\n\n::: table sortable People\n{TABLE}\n:::",
            "a log could show who read on",
        ),
        (f"::: table\n{TABLE}\n:::", "Write what the table shows"),
        (f"::: table own-first own-first People\n{TABLE}\n:::", "once each"),
        (f"::: table People sortable\n{TABLE}\n:::", "before the caption"),
        (f"::: table People\n{TABLE}\n\nOne [1].\n\nTwo.\n:::", "one sentence below it"),
        ("::: table People\nNo table.\n:::", "has no table with two columns"),
        (f"::: table People\n{TABLE}\n\nNothing named.\n:::", "names no cell"),
        (f"::: table People\n{TABLE}\n\nIn [3].\n:::", "has 2 columns, and its sentence names another"),
        (f"::: table own-first People\n{TABLE.replace('Halton', 'A').replace('Wirral', 'B')}\n:::", "has no row that"),
        ("::: comment RE-C\n:::", "“::: comment” is empty"),
        ("::: comment\nWhat now?\n:::", "Write the id after “::: comment”"),
        ("::: meeting\nBring a form.\n:::", "Write what the meeting is about"),
        ("::: meeting Who?\n:::", "“::: meeting” is empty"),
        ("::: meeting Who?\nA.\n:::\n\n::: meeting Who?\nB.\n:::", "The same stands on line"),
        ("::: examples\nPick one.\n:::", "There are no example sets"),
        ("::: examples care\nPick one.\n:::", "“::: examples” stands alone"),
    ],
)
def test_a_fault_is_named(part: str, words: str) -> None:
    assert [message for _, _, message in found(with_part(part)) if words in message]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("for=", "can stand for="),
        ("since=other", "can stand for="),
        ("for=Some Course", "can stand for="),
        ("for=others", "is everybody"),
        ("for=another-course", "would see nothing here"),
    ],
)
def test_a_question_for_nobody_or_everybody_is_a_fault(condition: str, words: str) -> None:
    module = MODULE.replace("::: question RE-M1-Q1", f"::: question RE-M1-Q1 {condition}")
    assert [message for _, _, message in found(a_bundle(module=module)) if words in message]


def test_a_course_with_sets_reads_differently_in_each() -> None:
    course = document(with_sets())
    assert [one.name for one in course.examples] == ["Libraries", "Parks"]
    assert [course.example_set(chosen) for chosen in (None, "parks", "gone")] == ["libraries", "parks", "libraries"]
    texts = {
        chosen: token_values(course.tokens, organisation_slug=None, local_wording={}, example_set=chosen)["helper"]
        for chosen in (None, "libraries", "parks")
    }
    assert texts == {None: "Rukhsana", "libraries": "Rukhsana", "parks": "Derek"}


def test_the_words_of_an_authority_win_over_those_of_a_set() -> None:
    course = document(with_sets("      parks: Derek\n", "      parks: Derek\n    authorities: {wirral: Siân}\n"))
    values = token_values(course.tokens, organisation_slug="wirral", local_wording={}, example_set="parks")
    assert values["helper"] == "Siân"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("      parks: Derek\n", "", "has no text for the example set parks"),
        ("parks: Derek", "parking: Derek", "for “parking”, which is no example set"),
        ("    sets:\n", "    default: Sam\n    sets:\n", "Nobody would read the default"),
        ("    default: true\n", "", "Write “default: true” for one"),
        ("    name: Parks\n", "    name: Parks\n    default: true\n", "Write “default: true” for one"),
        ("  - id: parks\n", "  - id: libraries\n", "There are two example sets libraries"),
        ("  - id: parks\n    name: Parks\n", "", "nothing to pick from"),
        (
            "  - id: parks\n",
            "  - id: depots\n    name: Depots\n  - id: parks\n",
            "No token has a text for the example set",
        ),
        ("    sets:\n      libraries: Rukhsana\n      parks: Derek\n", "    authorities: {}\n", "Add “default”"),
    ],
)
def test_a_fault_in_the_sets_is_named(old: str, new: str, words: str) -> None:
    assert [message for file, _, message in found(with_sets(old, new)) if file == "course.yaml" and words in message]


def test_sets_that_nobody_can_pick_are_a_warning_and_two_places_are_an_error() -> None:
    nowhere = found(with_sets(part="Ask {{helper}}.\n\n"))
    assert [message for _, _, message in nowhere if "No screen lets learners pick a set" in message]
    twice = found(with_sets(part=f"{PICK}::: examples\nAgain.\n:::\n"))
    assert [message for _, _, message in twice if "on one screen only" in message]


def test_options_that_read_the_same_in_one_set_are_an_error() -> None:
    questions = QUESTIONS.replace("text: 3%", 'text: "{{helper}}"').replace("text: 12%", "text: derek")
    messages = [message for _, _, message in found(with_sets(questions=questions))]
    assert messages == ["Two answers of RE-M1-Q1 read the same with the example set parks. Change a text of a token."]


def test_a_screen_that_is_too_long_in_one_set_is_a_warning() -> None:
    messages = [message for _, _, message in found(with_sets("parks: Derek", f"parks: {'word ' * 160}"))]
    assert len(messages) == 1
    assert "words with the example set parks" in messages[0]


def test_a_course_without_these_parts_is_stored_as_it_always_was() -> None:
    stored = document(a_bundle()).model_dump(mode="json")
    assert "examples" not in stored
    assert stored["modules"][0]["screens"][1]["blocks"] == [{"type": "question", "question_id": "RE-M1-Q1"}]
    assert document(with_sets()) == CourseDocument.model_validate(document(with_sets()).model_dump(mode="json"))
