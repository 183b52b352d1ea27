"""The shipped courses keep the promises of their content brief."""

import re

import pytest

from courses.catalogue.fact_register import uses_of
from courses.content.bundle.reading import BundleOutcome
from courses.content.model.course import CourseDocument, DetailBlock, MoreBlock, NoteBlock, TableBlock
from courses.content.model.tables import find_table
from tests.courses.library.rules import besides_facts_to_check
from tests.courses.library.shipped import shipped
from tests.courses.library.texts import (
    AUTHORITIES,
    LIBRARY,
    as_read,
    filled,
    module_of,
    question_texts,
    questions_of,
    screen_of,
)

# Each module: the screens of facts that say where the facts come from.
SOURCED = {
    "RE-M1": ("RE-M1-S1", "RE-M1-S2", "RE-M1-S3", "RE-M1-S4", "RE-M1-S5"),
    "RE-M2": ("RE-M2-S1", "RE-M2-S2", "RE-M2-S3", "RE-M2-S4", "RE-M2-S6"),
    "RE-M3": ("RE-M3-S2", "RE-M3-S6"),
    "RE-M4": ("RE-M4-S1", "RE-M4-S3"),
    "RE-M5": ("RE-M5-S1", "RE-M5-S3"),
    "RE-M6": ("RE-M6-S2", "RE-M6-S4"),
}
# Each taught module: how many questions are scored, and how many steps its stories have.
SCORED = {"RE-M1": 5, "RE-M2": 6, "RE-M3": 5, "RE-M4": 5, "RE-M5": 5, "RE-M6": 6}
STORIES = {"RE-M1": 1, "RE-M2": 2, "RE-M3": 4, "RE-M4": 3, "RE-M5": 1, "RE-M6": 3}
TAUGHT = sorted(SCORED)


@pytest.fixture(scope="module")
def outcome() -> BundleOutcome:
    return shipped("race-equality-essentials")


@pytest.fixture(scope="module")
def course(outcome: BundleOutcome) -> CourseDocument:
    assert outcome.document is not None, outcome.findings
    return as_read(outcome.document)


def test_the_shipped_course_has_nothing_to_put_right(outcome: BundleOutcome) -> None:
    assert besides_facts_to_check(outcome.findings) == []


def test_what_nobody_has_confirmed_is_kept_for_authors_with_the_thing_to_do(outcome: BundleOutcome) -> None:
    assert outcome.document is not None
    waiting = [key for key, fact in outcome.document.facts.items() if not fact.is_checked]
    assert all(outcome.document.facts[key].note for key in waiting)
    assert [(finding.severity, finding.message.split()[2]) for finding in outcome.findings] == [
        ("warning", key) for key in waiting
    ]
    assert {"RE-F-KURDISH", "ALL-F-THIRD-PARTIES", "RE-F-REGION-JOBS", "RE-F-WOOTTON"} <= set(waiting)


def test_every_checked_fact_has_a_source_and_two_days_and_is_used(outcome: BundleOutcome) -> None:
    document = outcome.document
    assert document is not None
    checked = {key: fact for key, fact in document.facts.items() if fact.is_checked}
    assert len(checked) > 50
    assert [key for key, fact in checked.items() if not (fact.source and fact.name and fact.checked_on)] == []
    assert [key for key in checked if not uses_of(document)[key]] == []


def test_every_shipped_folder_with_a_course_can_be_published() -> None:
    folders = sorted(path.parent for path in LIBRARY.glob("*/course.yaml"))
    assert folders
    assert [folder.name for folder in folders if not shipped(folder.name).is_publishable] == []


def test_the_minutes_of_the_modules_add_up_to_the_minutes_of_the_course(course: CourseDocument) -> None:
    assert [module.minutes for module in course.modules] == [3, 9, 9, 9, 9, 9, 9, 3]
    assert sum(module.minutes for module in course.modules) == course.minutes


def test_every_module_has_one_thing_to_know_to_notice_and_to_do(course: CourseDocument) -> None:
    assert all(module.know and module.notice and module.do and module.outcomes for module in course.modules)


def test_between_the_welcome_and_the_close_stand_the_six_taught_modules(course: CourseDocument) -> None:
    assert [module.id for module in course.modules] == ["RE-M0", *TAUGHT, "RE-M7"]
    assert len(course.outcomes) == 6


@pytest.mark.parametrize("module_id", TAUGHT)
def test_a_taught_module_has_its_questions_in_its_own_name(course: CourseDocument, module_id: str) -> None:
    questions = questions_of(course, module_of(course, module_id))
    scored = {f"{module_id}-Q{number + 1}" for number in range(SCORED[module_id])}
    practice = {f"{module_id}-X{number + 1}" for number in range(STORIES[module_id])}
    assert {question.id for question in questions if question.scored} == scored
    assert {question.id for question in questions if not question.scored} == practice
    assert all(question.story or question.branching for question in questions if question.id in practice)


def test_nothing_is_scored_outside_the_taught_modules(course: CourseDocument) -> None:
    assert len(course.scored_question_ids) == sum(SCORED.values())
    assert [questions_of(course, module) for module in (course.modules[0], course.modules[-1])] == [[], []]


def test_the_course_closes_with_a_plan_that_is_private(course: CourseDocument) -> None:
    asked = [key for _, screen in course.screens() for key in screen.reflection_ids]
    assert asked == ["RE-M1-R1", "RE-M2-R1", "RE-M3-R1", "RE-M4-R1", "RE-M5-R1"]
    assert [block.key for block in screen_of(course, "RE-M7-S2").personal] == ["RE-PLAN"]


@pytest.mark.parametrize("screen_id", ["RE-M1-S4", "RE-M4-S7"])
def test_what_is_hard_to_read_is_announced_and_a_short_version_stands_beside_it(
    course: CourseDocument, screen_id: str
) -> None:
    screen = screen_of(course, screen_id)
    detail = screen.blocks[0]
    assert screen.title.startswith("Detail:")
    assert isinstance(detail, DetailBlock)
    assert detail.mentions
    assert detail.short.count(".") == 1


@pytest.mark.parametrize(
    ("screen_id", "words"),
    [("RE-M5-S21", "nothing that you choose counts"), ("RE-M6-S21", "you can choose any answer and go on")],
)
def test_a_hard_story_is_announced_and_asks_nothing_of_those_who_pass(
    course: CourseDocument, screen_id: str, words: str
) -> None:
    screen = screen_of(course, screen_id)
    note = screen.blocks[0]
    assert isinstance(note, NoteBlock)
    assert "Short version" in note.text
    assert words in note.text
    assert not any(course.questions[key].scored for key in screen.question_ids)


@pytest.mark.parametrize("module_id", sorted(SOURCED))
def test_every_screen_of_facts_says_where_they_come_from(course: CourseDocument, module_id: str) -> None:
    for screen_id in SOURCED[module_id]:
        titles = [block.title for block in screen_of(course, screen_id).blocks if isinstance(block, MoreBlock)]
        assert [title for title in titles if re.match(r"Where th(is|ese)\b", title)], screen_id


@pytest.mark.parametrize("slug", AUTHORITIES)
def test_the_story_of_module_6_stands_in_the_area_of_its_police_force(course: CourseDocument, slug: str | None) -> None:
    story = filled(course, " ".join(question_texts(course.questions["RE-M6-X1"])), slug)
    assert ("one-stop shop in Widnes" in story) == (slug == "halton") == ("Cheshire Constabulary" in story)
    assert ("Merseyside Police" in story) == (slug != "halton")
    assert "{{" not in story


def test_the_table_of_areas_has_a_row_for_each_council_and_the_city_region(course: CourseDocument) -> None:
    screen = course.module("why-race-equality-matters-here").screen("RE-M1-S1")
    block = next(block for block in screen.blocks if isinstance(block, TableBlock))
    table = find_table(block.text)
    assert table is not None
    areas = [row[0] for row in table.rows]
    assert areas == ["Halton", "Knowsley", "Liverpool", "Sefton", "St Helens", "Wirral", "City region"]
    assert table.rows[-1][2:] == ("12.2% (189,140)", "7.9% (122,991)")
    assert [table.own_row(slug) for slug in AUTHORITIES] == [None, 6, 0, 1, 2, 3, 4, 5]
    assert block.is_own_first
    assert block.is_sortable


@pytest.mark.parametrize("slug", AUTHORITIES)
def test_every_authority_reads_its_own_figures_in_the_story(course: CourseDocument, slug: str | None) -> None:
    story = filled(course, " ".join(question_texts(course.questions["RE-M1-X1"])), slug)
    expected = {
        "combined-authority": "over 120,000 people across the city region", "knowsley": "over 7,000 people",
        "liverpool": "over 77,000 people", "sefton": "over 11,000 people", "st-helens": "over 6,000 people",
        "wirral": "over 15,000 people",
    }  # fmt: skip
    assert f"We serve {expected.get(slug or '', 'over 4,000 people')} from Asian" in story
    assert ("We already have a diverse city, so we must be fine." in story) == (slug == "liverpool")
    assert "{{" not in story


def test_no_question_asks_for_an_opinion(course: CourseDocument) -> None:
    assert [question.id for question in course.questions.values() if question.about == "reflection"] == []
