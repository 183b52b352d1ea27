"""The race equality essentials are written as their content brief asks: how long, in which words, in which tone."""

import re

import pytest

from courses.content.model.course import CourseDocument
from tests.courses.library.rules import (
    FEEDBACK_WORDS,
    FORBIDDEN,
    TAUGHT_ON_ONE_SCREEN,
    matching,
    small_letters,
    titles_with_full_stop,
    verdicts,
)
from tests.courses.library.shipped import shipped
from tests.courses.library.texts import (
    all_readings,
    all_texts,
    as_read,
    core_words,
    feedback_of,
    filled,
    is_text,
    module_of,
    question_texts,
    questions_of,
    screen_of,
    screen_texts,
    sentences,
    words,
)

TAUGHT = ("RE-M1", "RE-M2", "RE-M3", "RE-M4", "RE-M5", "RE-M6")
SCREEN_WORDS = range(60, 121)
MODULE_WORDS = range(550, 701)
LONGEST_SENTENCE = 25
LONGEST_AVERAGE = 10
# One screen teaches which words to leave behind, and one question practises it.
WHERE_THEY_ARE_TAUGHT = ("RE-M4-S7", "RE-M4-Q3")

# Facts that nobody has confirmed yet, and details that are never shown.
UNCONFIRMED = [
    r"£300", r"\b1860s?\b", r"\bKurdish\b", r"\bGehlen\b", r"\bMandla\b", r"Employment Rights Act",
    r"\bWotten\b", r"\bWotton\b", r"Wootton,? (aged|\d)", r"\b470\b", r"\babout 500\b", r"\b1,000 police",
    r"police vehicle", r"\bdisabled man\b", r"\bSomali\b", r"\bYemeni\b", r"Anthony Walker Foundation",
    r"\b0800\b", r"\b0300\b", r"\b116 ?123\b", r"% of (the|all)[\w ]* slav", r"one in ten", r"\bmissiles?\b",
    r"\binjur", r"\bblood", r"\bbruise", r"Stop Hate", r"Crimestoppers", r"Victim Care", r"\b0808\b",
    r"\b85258\b", r"Race and Ethnic Disparities", r"\b5 Ds\b", r"\boh-loo", r"Islamophobia",
    # What is for writers and facilitators
    r"\[check", r"[✔✘]", r"\bfacilitator", r"\bdistractor", r"\bgo to (node|part)", r"\bnode \d", r"\bTODO\b",
    # What the platform does not do yet
    r"\byou will hear from us\b", r"\bwe will (send|write|remind|email)", r"\breminder\b", r"\bpledge\b",
]  # fmt: skip


@pytest.fixture(scope="module")
def course() -> CourseDocument:
    document = shipped("race-equality-essentials").document
    assert document is not None
    return as_read(document)


def test_a_screen_of_text_has_60_to_120_words(course: CourseDocument) -> None:
    sizes = {screen.id: core_words(screen) for _, screen in course.screens() if is_text(screen)}
    assert {key: size for key, size in sizes.items() if size not in SCREEN_WORDS} == {}


@pytest.mark.parametrize("module_id", TAUGHT)
def test_a_taught_module_keeps_to_its_length(course: CourseDocument, module_id: str) -> None:
    module = module_of(course, module_id)
    assert sum(core_words(screen) for screen in module.screens if is_text(screen)) in MODULE_WORDS
    assert 12 <= len(module.screens) <= 16


def test_a_screen_holds_either_text_or_one_question_with_a_short_lead_in(course: CourseDocument) -> None:
    for _, screen in course.screens():
        asked = len(screen.question_ids) + len(screen.reflection_ids) + len(screen.personal)
        assert asked <= 1, screen.id
        assert not asked or core_words(screen) <= 30, screen.id


def test_every_sentence_has_at_most_25_words_in_every_wording(course: CourseDocument) -> None:
    readings = {reading for text in all_texts(course) for reading in all_readings(course, text)}
    found = {sentence for reading in readings for sentence in sentences(reading)}
    assert [sentence for sentence in found if len(words(sentence)) > LONGEST_SENTENCE] == []


@pytest.mark.parametrize("module_id", TAUGHT)
def test_sentences_of_a_module_are_short_on_average(course: CourseDocument, module_id: str) -> None:
    module = module_of(course, module_id)
    texts = [text for screen in module.screens for text in screen_texts(screen)]
    texts += [text for question in questions_of(course, module) for text in question_texts(question)]
    lengths = [len(words(found)) for text in texts for found in sentences(filled(course, text, None))]
    assert sum(lengths) / len(lengths) <= LONGEST_AVERAGE


def test_every_answer_gets_feedback_of_a_readable_length_everywhere(course: CourseDocument) -> None:
    for question in course.questions.values():
        assert feedback_of(question)
        for feedback in feedback_of(question):
            sizes = {len(words(reading)) for reading in all_readings(course, feedback)}
            assert sizes <= set(FEEDBACK_WORDS), (question.id, feedback)


def test_feedback_gives_reasons_and_no_verdicts(course: CourseDocument) -> None:
    assert verdicts(course) == []


@pytest.mark.parametrize("pattern", [*FORBIDDEN, r"\byou must\b"])
def test_no_text_uses_words_that_the_style_rules_leave_out(course: CourseDocument, pattern: str) -> None:
    without = WHERE_THEY_ARE_TAUGHT if pattern in TAUGHT_ON_ONE_SCREEN else ()
    assert matching([pattern], all_texts(course, without=without)) == []


def test_names_of_ethnic_groups_have_capital_letters(course: CourseDocument) -> None:
    assert small_letters(course) == []


@pytest.mark.parametrize("pattern", UNCONFIRMED)
def test_no_text_states_what_nobody_has_confirmed_or_describes_an_injury(course: CourseDocument, pattern: str) -> None:
    assert matching([pattern], all_texts(course)) == []


def test_headings_have_no_full_stop(course: CourseDocument) -> None:
    assert titles_with_full_stop(course) == []


def test_words_to_leave_behind_are_named_on_one_screen_and_never_as_a_right_answer(
    course: CourseDocument,
) -> None:
    right = [option.text for question in course.questions.values() for option in question.options if option.is_right]
    assert matching(sorted(TAUGHT_ON_ONE_SCREEN), right) == []
    text = "\n".join(screen_texts(screen_of(course, "RE-M4-S7")))
    assert len(re.findall(r"“coloured”|half-caste", text, re.IGNORECASE)) == 2
