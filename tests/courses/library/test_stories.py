"""The branching stories of the shipped courses: short nodes in every wording, and an end to every way."""

from collections.abc import Iterator

import pytest

from courses.content.model.course import CourseDocument
from courses.marking import Question, mark
from courses.marking.question import BranchingStory, StoryEnding
from courses.marking.story_paths import how_far, place_after
from tests.courses.library.shipped import shipped
from tests.courses.library.texts import all_readings, as_read, nodes_of, words

LONGEST_NODE = 120
STORIES = {"RE-M5-X1": (3, 4), "RE-M6-X1": (2, 2)}  # steps of the best way, and endings


@pytest.fixture(scope="module")
def course() -> CourseDocument:
    document = shipped("race-equality-essentials").document
    assert document is not None
    return as_read(document)


def story_of(question: Question) -> BranchingStory:
    assert question.branching is not None
    return question.branching


def ways(story: BranchingStory, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every way to an ending on which nothing is chosen twice."""
    place = place_after(story, path)
    if isinstance(place, StoryEnding):
        yield path
        return
    for choice in place.choices:
        if choice.id not in path:
            yield from ways(story, (*path, choice.id))


def test_the_stories_that_branch_are_known(course: CourseDocument) -> None:
    found = {question.id: question.branching for question in course.questions.values() if question.branching}
    assert {key: (how_far(story, ())[1], len(story.endings)) for key, story in found.items()} == STORIES


@pytest.mark.parametrize("question_id", STORIES)
def test_every_way_through_a_story_can_be_completed(course: CourseDocument, question_id: str) -> None:
    question = course.questions[question_id]
    results = [mark(question, list(way)) for way in ways(story_of(question))]
    assert any(result.is_right for result in results)
    assert {place_after(story_of(question), way).id for way in ways(story_of(question))} == {
        ending.id for ending in story_of(question).endings
    }


@pytest.mark.parametrize("question_id", STORIES)
def test_a_node_stays_short_for_every_authority_and_example_set(course: CourseDocument, question_id: str) -> None:
    question = course.questions[question_id]
    for node in nodes_of(question):
        whole = "\n\n".join((node.text, node.stem or question.stem, *(choice.text for choice in node.choices)))
        assert max(len(words(reading)) for reading in all_readings(course, whole)) <= LONGEST_NODE, node.id


@pytest.mark.parametrize("question_id", STORIES)
def test_a_story_counts_towards_nothing_and_no_choice_reads_like_another(
    course: CourseDocument, question_id: str
) -> None:
    question = course.questions[question_id]
    assert not question.scored
    for node in nodes_of(question):
        texts = [reading for choice in node.choices for reading in all_readings(course, choice.text)]
        assert len(set(texts)) == len(texts)
