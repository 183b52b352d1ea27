"""The role add-ons and the follow-ups keep the promises of their content brief."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from courses.content.files.role_questions import as_given_to
from courses.content.model.course import CourseDocument, Follows, MarkdownBlock, MoreBlock, ReflectionBlock, Screen
from courses.content.model.local_wording import token_names
from tests.courses.library import rules
from tests.courses.library import texts as library_texts
from tests.courses.library.rules import Budget
from tests.courses.library.shipped import shipped
from tests.courses.library.texts import FOLDERS

# The essentials have a test of their own.
WRITTEN_ELSEWHERE = {"race-equality-essentials"}
FOLLOW_UP = Budget(minutes=(2,), scored=4, screen_words=range(20, 101), words_a_minute=range(40, 101))
LAST_FOLLOW_UP = replace(FOLLOW_UP, minutes=(4,))  # it has the ten statements, too
BUDGETS = {
    "inclusive-recruitment": Budget(minutes=(10, 10, 10), scored=6, practice=frozenset({"IR-X1"})),
    "front-line-services": Budget(
        minutes=(5, 5, 5, 5),
        scored=6,
        practice=frozenset({"FL-X1", "FL-X2"}),
        screen_words=range(30, 61),
        words_a_minute=range(25, 71),
        longest_sentence=16,
        average_sentence=8,
    ),
    "members-and-senior-leaders": Budget(minutes=(10, 10), scored=6, practice=frozenset({"EM-X1"})),
    "leading-change-for-hr": Budget(minutes=(7, 8, 9, 6, 10), scored=6, practice=frozenset({"HR-X1", "HR-X2"})),
    "follow-up-two-weeks": FOLLOW_UP,
    "follow-up-six-weeks": FOLLOW_UP,
    "follow-up-twelve-weeks": LAST_FOLLOW_UP,
}
ROLE_COURSES = {name: budget for name, budget in BUDGETS.items() if not name.startswith("follow-up")}
FOLLOW_UPS = [name for name in BUDGETS if name.startswith("follow-up")]
WEEKS = {"follow-up-two-weeks": 2, "follow-up-six-weeks": 6, "follow-up-twelve-weeks": 12}
HARD_SCREENS = {
    "front-line-services": ["FL-S2", "FL-S3"],
    "members-and-senior-leaders": ["EM-S4"],
}
SCREENS_WITH_SOURCES = {
    "inclusive-recruitment": ["IR-S1", "IR-S1C", "IR-S5"],
    "members-and-senior-leaders": ["EM-S1B", "EM-S4"],
    "leading-change-for-hr": ["HR-S1", "HR-S1B", "HR-S2D", "HR-S4C"],
}


@pytest.fixture(scope="module", params=sorted(BUDGETS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def budget(name: str) -> Budget:
    return BUDGETS[name]


@pytest.fixture(scope="module")
def course(name: str) -> CourseDocument:
    return read(name)


def read(name: str) -> CourseDocument:
    outcome = shipped(name)
    assert rules.besides_facts_to_check(outcome.findings) == []
    assert outcome.document is not None
    return library_texts.as_read(outcome.document)


def screens_of(course: CourseDocument) -> dict[str, Screen]:
    return {screen.id: screen for _, screen in course.screens()}


def text_of(screen: Screen) -> str:
    return "\n".join(block.text for block in screen.blocks if isinstance(block, MarkdownBlock))


def test_every_folder_of_the_library_is_held_to_some_rules() -> None:
    assert {folder.name for folder in FOLDERS} == {*BUDGETS, *WRITTEN_ELSEWHERE}


def test_ids_and_addresses_of_the_courses_differ_and_an_address_is_its_folder() -> None:
    courses = {name: read(name) for name in BUDGETS}
    assert {name: course.slug for name, course in courses.items()} == {name: name for name in BUDGETS}
    assert {course.id for course in courses.values()} == {"IR", "FL", "EM", "HR", "FU2", "FU6", "FU12"}


def test_the_minutes_are_those_of_the_brief(course: CourseDocument, budget: Budget) -> None:
    assert tuple(module.minutes for module in course.modules) == budget.minutes
    assert course.minutes == sum(budget.minutes)


def test_every_module_has_one_thing_to_know_to_notice_and_to_do(course: CourseDocument) -> None:
    assert all(module.know and module.notice and module.do for module in course.modules)


def test_screens_and_modules_are_as_long_as_they_should_be(course: CourseDocument, budget: Budget) -> None:
    assert rules.badly_sized_screens(course, budget.screen_words) == {}
    assert rules.badly_sized_modules(course, budget.words_a_minute) == {}
    assert rules.crowded_screens(course) == []


def test_sentences_are_short(course: CourseDocument, budget: Budget) -> None:
    assert rules.long_sentences(course, budget.longest_sentence) == []
    assert rules.average_sentence(course) <= budget.average_sentence


def test_every_answer_gets_feedback_of_a_readable_length_and_a_reason(course: CourseDocument) -> None:
    assert rules.badly_sized_feedback(course) == []
    assert rules.verdicts(course) == []


def test_no_text_uses_words_that_the_style_rules_leave_out(course: CourseDocument) -> None:
    texts = library_texts.all_texts(course)
    assert rules.matching(rules.FORBIDDEN, texts) == []
    assert rules.small_letters(course) == []
    assert rules.titles_with_full_stop(course) == []


def test_no_text_states_what_nobody_has_confirmed_or_what_is_meant_for_authors(
    course: CourseDocument,
) -> None:
    texts = library_texts.all_texts(course)
    assert rules.matching(rules.UNCONFIRMED, texts) == []
    assert rules.matching(rules.INTERNAL, texts) == []


def test_the_stories_are_practice_and_every_other_question_is_scored(course: CourseDocument, budget: Budget) -> None:
    assert {key for key, question in course.questions.items() if not question.scored} == budget.practice
    assert len(as_given_to(course, ()).scored_question_ids) == budget.scored


def test_no_question_asks_for_an_opinion(course: CourseDocument) -> None:
    assert rules.questions_that_ask_for_an_opinion(course) == []


def test_everybody_reads_whole_sentences_where_tokens_stand(course: CourseDocument) -> None:
    for slug in library_texts.AUTHORITIES:
        texts = [library_texts.filled(course, text, slug) for text in library_texts.all_texts(course)]
        assert [text for text in texts if token_names(text)] == []
        assert rules.matching([r"\b(the|your|our|a) (your|our|the)\b", r"\.\.", r" \."], texts) == []


@pytest.mark.parametrize("name", sorted(ROLE_COURSES))
def test_a_role_course_ends_with_a_plan(name: str) -> None:
    course = read(name)
    prompts = [
        block.prompt
        for screen in course.modules[-1].screens
        for block in screen.blocks
        if isinstance(block, ReflectionBlock)
    ]
    assert prompts[-1] == "If … happens, then I will …, from …"


@pytest.mark.parametrize("name", sorted(ROLE_COURSES))
def test_a_role_course_has_six_questions_and_says_how_many_have_to_be_right(name: str) -> None:
    course = read(name)
    assert course.pass_percent == 80
    assert {key.split("-")[1] for key in course.scored_question_ids} == {f"Q{number}" for number in range(1, 7)}
    assert "5 of the 6 scored ones right" in text_of(screens_of(course)[f"{course.id}-S0"])


@pytest.mark.parametrize("name", FOLLOW_UPS)
def test_a_follow_up_recalls_four_things_and_asks_for_one(name: str) -> None:
    course = read(name)
    assert course.pass_percent == 0
    assert course.follows == Follows(course="race-equality-essentials", weeks=WEEKS[name])
    assert course.certificate is False
    assert len(as_given_to(course, ()).question_ids) == 4
    texts = [text_of(screen) for screen in screens_of(course).values()]
    assert sum("**One thing to do:**" in text for text in texts) == 1
    assert any(screen.reflection_ids for screen in screens_of(course).values())


@pytest.mark.parametrize("name", FOLLOW_UPS)
@pytest.mark.parametrize("completed", sorted(ROLE_COURSES))
def test_a_follow_up_has_a_question_for_each_role(name: str, completed: str) -> None:
    course = read(name)
    general = set(as_given_to(course, ()).question_ids)
    given = as_given_to(course, {completed, "race-equality-essentials"}).question_ids
    assert len(given) == 4
    assert (set(given) == general) == (completed == "front-line-services")
    assert as_given_to(course, set(ROLE_COURSES)).question_ids == course.question_ids
    own = course.questions[next(iter(set(given) - general), f"{course.id}-Q4")]
    assert own.kind == "single"
    assert len(own.options) == 3


@pytest.mark.parametrize("name", sorted(HARD_SCREENS))
def test_hard_screens_are_announced_and_a_short_version_stands_beside_them(name: str) -> None:
    assert rules.screens_without_short_version(read(name), HARD_SCREENS[name]) == []


@pytest.mark.parametrize("name", sorted(SCREENS_WITH_SOURCES))
def test_screens_of_facts_and_law_say_where_they_come_from(name: str) -> None:
    screens = screens_of(read(name))
    for screen_id in SCREENS_WITH_SOURCES[name]:
        titles = [block.title for block in screens[screen_id].blocks if isinstance(block, MoreBlock)]
        assert [title for title in titles if re.match("Where th|What the studies", title)], screen_id


def test_the_talk_for_crews_takes_ten_minutes() -> None:
    screen = screens_of(read("front-line-services"))["FL-TT"]
    talk = next(block.text for block in screen.blocks if isinstance(block, MoreBlock))
    assert sum(int(minutes) for minutes in re.findall(r"\*\*(\d+) minutes?\.\*\*", talk)) == 10


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_file_of_a_course_names_a_place_on_somebodys_computer(folder: Path) -> None:
    for file in (*folder.rglob("*.yaml"), *folder.rglob("*.md")):
        assert not re.search(r"(?<![\w/.:])/[a-z]+/", file.read_text(encoding="utf-8")), file
