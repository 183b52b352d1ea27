"""When people midway can be moved to another version, and what stands in the way: all of it at once."""

import pytest

from courses.content.bundle.reading import read_bundle
from courses.corrections.correspondence import changed_questions, obstacles
from tests.builders.quizzes import a_quiz_document
from tests.builders.region import COURSE, FIRST, QUESTIONS, SECOND, a_document, bundle_files
from tests.builders.stories import IN_COURSE, WITH_STORY

THOUGHT = "::: reflection TC-M1-R1\nWhat would you like to change?\n:::\n"
RIGHT_KEY = QUESTIONS.replace("The first, right: true", "The first").replace("The second,", "The second, right: true,")


@pytest.mark.parametrize(
    "changes",
    [
        {"questions": RIGHT_KEY},
        {"questions": QUESTIONS.replace("Which answer is right?", "Which one is right?")},
        {"questions": QUESTIONS.replace("The first,", "The very first,")},
        {"first": FIRST.replace("Welcome to", "You are welcome at")},
        {"first": FIRST + "\n::: note\nOne more thing.\n:::\n"},
        {"course": COURSE.replace("pass_percent: 80", "pass_percent: 50")},
        {"course": COURSE.replace("order: in-order", "order: any-order")},
    ],
)
def test_words_keys_and_kinder_rules_keep_nobody_from_being_moved(changes: dict[str, str]) -> None:
    assert obstacles(a_document(), a_document(**changes)) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first": FIRST + "\n# One more {#TC-M1-S4}\n\nText.\n"}, "The screens of TC-M1 are others"),
        ({"first": FIRST.replace("{#TC-M1-S3}", "{#TC-M1-S8}")}, "The screens of TC-M1 are others"),
        ({"course": COURSE.replace("first.md, modules/second", "second.md, modules/first")}, "Its modules are others"),
        ({"first": FIRST.replace("slug: first-steps", "slug: other-steps")}, "Its modules are others"),
        ({"course": COURSE.replace("pass_percent: 80", "pass_percent: 90")}, "It takes 90% to finish, and took 80%"),
        ({"first": FIRST.replace(THOUGHT, "Text.\n")}, "Screen TC-M1-S3 has no place any more"),
        (
            {"questions": QUESTIONS.replace("The first,", "The x,").replace("The second,", "The first,")},
            "Question TC-M1-Q1 has “The first” in another place",
        ),
    ],
)
def test_what_would_cost_somebody_a_place_or_an_answer_stands_in_the_way(changes: dict[str, str], words: str) -> None:
    (found,) = obstacles(a_document(), a_document(**changes))
    assert found.startswith(words)


def test_everything_that_stands_in_the_way_is_said_at_once() -> None:
    after = a_document(
        course=COURSE.replace("pass_percent: 80", "pass_percent: 90"),
        first=FIRST.replace(THOUGHT, "Text.\n"),
        questions=QUESTIONS.replace("The first,", "The x,").replace("The second,", "The first,"),
    )
    assert len(obstacles(a_document(), after)) == 3


def test_a_stricter_quiz_or_a_choice_of_a_story_that_is_gone_stands_in_the_way() -> None:
    strict = obstacles(a_quiz_document("  pass_percent: 60\n"), a_quiz_document("  pass_percent: 90\n"))
    assert strict == ("Quiz TC-QUIZ-1 takes 90% to pass, and took 60%",)
    assert obstacles(a_quiz_document(), a_quiz_document("  mode: check\n")) == ("Quiz TC-QUIZ-1 has other rules",)
    shorter = WITH_STORY.replace(
        '        - {text: Message her later, acceptable: true, feedback: "She is glad.", next: farida}\n', ""
    )
    after = a_document(first=IN_COURSE["first"], questions=shorter)
    assert obstacles(a_document(**IN_COURSE), after) == ("Question TC-M1-X1 has no “Message her later” any more",)


def test_only_questions_that_differ_can_be_marked_otherwise() -> None:
    assert changed_questions(a_document(), a_document(questions=RIGHT_KEY)) == {"TC-M1-Q1"}
    assert read_bundle(bundle_files(second=SECOND)).document is not None
