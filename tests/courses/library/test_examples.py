"""The example sets of the essentials: six kinds of work, in which everything that matters is the same."""

import re

import pytest

from courses.content.model.course import CourseDocument, DetailBlock
from courses.content.model.local_wording import token_names
from tests.courses.library.shipped import shipped
from tests.courses.library.texts import as_read, filled, question_texts, sentences, words

SETS = {
    "libraries": "Customer service and libraries",
    "office": "Office and planning",
    "care": "Care and social work",
    "depots": "Streets, parks and depots",
    "schools": "Schools and early years",
    "managers": "Managers",
}
# Names and places matter in the first story of each module, and in these questions.
STORIES = ["RE-M1-X1", "RE-M2-X1", "RE-M2-X2", "RE-M2-Q4", "RE-M3-X1", "RE-M3-X4", "RE-M4-X1", "RE-M4-X2", "RE-M4-X3"]
STORIES += ["RE-M5-Q4", "RE-M5-X1", "RE-M6-Q4", "RE-M6-X1"]
PEOPLE = ["m1_colleague", "m2_name", "m2_leader", "m3_colleague", "m3_name", "m4_name", "m4_speaker", "m5_speaker"]
PEOPLE += ["m5_colleague", "m6_name"]
MOST_WORDS = 25
LONGEST_AVERAGE = 10


@pytest.fixture(scope="module")
def course() -> CourseDocument:
    document = shipped("race-equality-essentials").document
    assert document is not None
    return as_read(document)


def test_there_is_a_set_for_each_kind_of_work(course: CourseDocument) -> None:
    assert {one.id: one.name for one in course.examples} == SETS
    assert course.example_set(None) == "libraries"


@pytest.mark.parametrize("question_id", STORIES)
def test_a_story_reads_differently_in_most_sets(course: CourseDocument, question_id: str) -> None:
    texts = "\n".join(question_texts(course.questions[question_id]))
    readings = {filled(course, texts, None, one) for one in SETS}
    assert len(readings) >= 5
    assert not any("{{" in reading for reading in readings)


@pytest.mark.parametrize("one", SETS)
def test_nobody_in_a_set_shares_a_name(course: CourseDocument, one: str) -> None:
    names = [course.tokens[name].sets[one] for name in PEOPLE]
    assert len(set(names)) == len(names)


def test_no_name_has_the_same_part_in_two_sets(course: CourseDocument) -> None:
    for name in PEOPLE:
        texts = list(course.tokens[name].sets.values())
        assert len(set(texts)) == len(texts), name


def test_figures_and_routes_never_differ_between_sets(course: CourseDocument) -> None:
    texts = [text for token in course.tokens.values() for text in token.sets.values()]
    assert [text for text in texts if re.search(r"\d|polic", text)] == []
    assert [name for name, token in course.tokens.items() if token.sets and token.authorities] == []


@pytest.mark.parametrize("one", SETS)
def test_sentences_of_the_stories_stay_short(course: CourseDocument, one: str) -> None:
    texts = [text for key in STORIES for text in question_texts(course.questions[key])]
    sizes = [len(words(sentence)) for text in texts for sentence in sentences(filled(course, text, None, one))]
    assert max(sizes) <= MOST_WORDS
    assert sum(sizes) / len(sizes) <= LONGEST_AVERAGE


def test_every_text_of_a_set_is_read_in_a_question_or_beside_one(course: CourseDocument) -> None:
    in_questions = {name for q in course.questions.values() for text in question_texts(q) for name in token_names(text)}
    assert [name for name, token in course.tokens.items() if token.sets and name not in in_questions] == []


def test_what_is_asked_about_hard_detail_can_be_answered_without_it(course: CourseDocument) -> None:
    """The lessons of the hard screen stand on the next one; the words to leave behind in the short version."""
    module = course.module("why-race-equality-matters-here")
    lessons = "\n".join(str(getattr(block, "text", "")) for block in module.screen("RE-M1-S7").blocks)
    events = course.questions["RE-M1-Q5"]
    assert [row.item for row in events.rows if row.item.split(":")[0] not in lessons] == []
    assert [choice.text for choice in events.choices if choice.text.lower() not in lessons.lower()] == []
    short = course.module("everyday-words-and-actions").screen("RE-M4-S7").blocks[0]
    assert isinstance(short, DetailBlock)
    wrong = [option.text for option in course.questions["RE-M4-Q3"].options if not option.is_right]
    assert [text for text in wrong if not any(word in text for word in ("BAME", "Non-White"))] == []
    assert "BAME" in short.short
    assert "non-White" in short.short
