"""What the checker says about branching stories: each fault with its line, in words that an author understands."""

import pytest

from courses.content.bundle.reading import read_bundle
from courses.content.model.quiz import Draw
from courses.marking import kind_of
from tests.builders.region import QUESTIONS, a_document, bundle_files
from tests.builders.stories import IN_COURSE, ON_SCREEN, STORY, WITH_STORY, faults_after, line_of, the_story
from tests.courses.content.bundles import picture


def test_a_whole_story_is_read_without_a_fault() -> None:
    assert read_bundle(bundle_files(**IN_COURSE)).findings == ()
    question = the_story()
    assert question.branching is not None
    assert [node.id for node in question.branching.nodes] == ["meeting", "afterwards", "farida"]
    kind = kind_of("branching")
    assert kind is not None
    assert kind.check(question) == []


def test_a_course_without_a_story_is_stored_as_before() -> None:
    assert "branching" not in a_document().questions["TC-M1-Q1"].model_dump(mode="json")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("next: left}", "next: nowhere}", "{text: Let us", "This leads to “nowhere”, which is no node or ending"),
        (", next: good", "", "{text: Respect", "Add “next”: the id of the node or the ending that follows"),
        ("next: afterwards}\n        - {text: Say", "next: farida}\n        - {text: Say", "- id: afterwards",
         "No choice leads to “afterwards”."),
        ("next: left", "next: good", "{id: left", "No choice leads to “left”."),
        ("best: true, feedback: \"She is", "feedback: \"She is", "choices:\n        - {text: Ring",
         "The node “afterwards” has no best choice."),
        ("text: Hope that she forgot", "text: ring  farida", "{text: Hope",
         "Two choices of the node “afterwards” have the same words."),
        ("text: You feel bad about it.", "text: Nothing changed.", "{id: left",
         "Two parts of this story have the same words."),
        ("heading: A call", "heading: In the meeting", "heading: A call", "the same heading"),
        ("id: left", "id: good", "{id: left", "There are two parts of this story with the id “good”."),
        ("acceptable: true", "acceptable: true, best: true", "{text: Message", "either best or acceptable."),
        ("stem: What do you do?", "stem: What do you do?\n  options: []\n  story: Once.", None,
         "Move this one into the first node."),
        ("kind: branching", "kind: scenario", "nodes:", "A “scenario” question does not use “nodes”. Remove it."),
        ("text: Say something", "test: Say something", "{text: Say", "“test” is not a key that is used here."),
        ("id: meeting", "id: The Meeting", "- id: meeting", "must be small letters, digits and single hyphens"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(old: str, new: str, line: str | None, message: str) -> None:
    found = faults_after(old, new)
    matching = [at for at, words in found if message in words]
    assert matching, found
    if line is not None:
        assert line_of(line) in matching, (found, line_of(line))


def test_people_are_never_led_round_and_round() -> None:
    found = faults_after(
        'feedback: "She is surprised.", next: farida', 'feedback: "She is surprised.", next: afterwards'
    )
    assert found == [
        (
            line_of("- id: afterwards"),
            "From “afterwards” no choice leads on to an ending: people would go round and round. "
            "Let a choice lead to an ending.",
        )
    ]


def test_the_best_choices_lead_to_an_end() -> None:
    found = faults_after('feedback: "She keeps control.", next: good', 'feedback: "She keeps control.", next: meeting')
    assert (
        line_of("- id: farida"),
        "From “farida” the best choices alone never lead to an ending. Change a “next” or a “best”.",
    ) in found


def test_a_node_has_at_least_two_choices_and_a_story_an_ending() -> None:
    single = '        - {text: Hope that she forgot, feedback: "She has not.", next: afterwards}\n'
    assert any("“afterwards” has one choice only" in words for _, words in faults_after(single, ""))
    endings = STORY[STORY.index("  endings:") :]
    found = faults_after(endings, "")
    assert any("A branching story has “endings”" in words for _, words in found)
    nodes = STORY[STORY.index("  nodes:") :]
    assert any("A branching story has “nodes”" in words for _, words in faults_after(nodes, ""))


def test_a_node_that_is_too_long_to_read_is_a_warning_with_its_words() -> None:
    found = faults_after("You feel bad about it.", "word " * 130)
    assert found == [
        (
            line_of("- id: afterwards"),
            "People read 138 words at the node “afterwards” before they choose. Shorten it: 60 to 120 are best.",
        )
    ]


def test_texts_of_a_story_are_checked_like_all_others() -> None:
    assert any("is not a known token" in words for _, words in faults_after("{{authority_name}}", "{{nobody}}"))
    assert any("is HTML" in words for _, words in faults_after("He does it again.", "He <b>does</b> it."))
    found = faults_after("You feel bad about it.", "'![A map](media/x.png)'")
    assert any("There is no picture" in words for _, words in found)


def test_a_picture_of_a_story_counts_as_used() -> None:
    story = STORY.replace("You feel bad about it.", "'![A map of six areas](media/map.png)'")
    files = bundle_files(first=ON_SCREEN, questions=QUESTIONS + story) | {"media/map.png": picture()}
    assert read_bundle(files).findings == ()


def test_no_quiz_draws_a_branching_story() -> None:
    scored = the_story().model_copy(update={"scored": True})
    draw = Draw(tag=None, outcome=None, count=1)
    assert not draw.takes(scored)
    assert draw.takes(scored.model_copy(update={"branching": None}))


def test_no_quiz_asks_a_branching_story() -> None:
    quizzes = """
- id: TC-QUIZ-1
  title: A quiz
  questions: [TC-M1-X1, TC-M1-Q1]
"""
    story = WITH_STORY.replace("scored: false", "scored: true")
    first = ON_SCREEN.replace("# Hello", "# Quiz {#TC-M1-S9}\n\n::: quiz TC-QUIZ-1\n:::\n\n# Hello")
    files = bundle_files(first=first, questions=story) | {"quizzes/all.yaml": quizzes.encode()}
    found = [(one.file, one.line, one.message) for one in read_bundle(files).findings]
    assert (
        "quizzes/all.yaml",
        4,
        "TC-M1-X1 is a branching story, which is taken step by step on a screen. Remove it.",
    ) in found
