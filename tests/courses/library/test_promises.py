"""What the content brief asks of every shipped course alike, the essentials, the add-ons and the follow-ups."""

import re

import pytest

from courses.catalogue.fact_register import uses_of
from courses.content.model.course import CourseDocument, FactsBlock
from courses.content.model.facts import fact_ids
from tests.courses.library import rules
from tests.courses.library import texts as library_texts
from tests.courses.library.shipped import shipped
from tests.courses.library.texts import FOLDERS

# Each to-check item of the editors' list, and the course whose register holds it.
WAITING = {
    "race-equality-essentials": {
        *("ALL-F-LAW-READ", "ALL-F-THIRD-PARTIES", "ALL-F-STALE", "ALL-F-WORDING", "ALL-F-CONTACTS"),
        *("RE-F-ORIGIN-CASES", "RE-F-POLICE-RECORDING", "RE-F-HATE-NOW", "RE-F-UNEMPLOYED-NOW", "RE-F-REGION-JOBS"),
        *("RE-F-STOP-SEARCH", "RE-F-300-MILLION", "RE-F-HUB-TODAY", "RE-F-COMMISSION", "RE-F-TRADE-SHARE"),
        *("RE-F-CHINESE-START", "RE-F-COMMUNITIES", "RE-F-WOOTTON", "RE-F-1981-COUNTS", "RE-F-KURDISH"),
        *("RE-F-BYSTANDERS", "RE-F-LOOKING-BACK", "RE-F-FIVE-DS", "RE-F-NAMES", "RE-F-ANTI-MUSLIM"),
    },
    "inclusive-recruitment": {"ALL-F-LAW-READ"},
    "front-line-services": {"ALL-F-LAW-READ", "ALL-F-THIRD-PARTIES", "ALL-F-CONTACTS"},
    "members-and-senior-leaders": {
        *("ALL-F-LAW-READ", "ALL-F-PAY-REPORTING", "ALL-F-WORDING", "EM-F-BRACKING", "EM-F-COUNCILLORS"),
    },
    "leading-change-for-hr": {
        *("ALL-F-LAW-READ", "ALL-F-THIRD-PARTIES", "ALL-F-STALE", "ALL-F-PAY-REPORTING"),
        *("HR-F-STEREOTYPES", "HR-F-PRIVILEGE"),
    },
}


def read(name: str) -> CourseDocument:
    document = shipped(name).document
    assert document is not None
    return document


@pytest.fixture(scope="module", params=[folder.name for folder in FOLDERS])
def document(request: pytest.FixtureRequest) -> CourseDocument:
    return read(request.param)


@pytest.fixture(scope="module")
def course(document: CourseDocument) -> CourseDocument:
    return library_texts.as_read(document)


def test_every_course_has_facts_and_each_checked_one_has_a_source_a_day_and_a_use(document: CourseDocument) -> None:
    uses = uses_of(document)
    assert document.facts
    for key, fact in document.facts.items():
        assert not fact.is_checked or (fact.source and fact.name and fact.checked_on and uses[key]), key
        assert fact.is_checked or fact.note, key


def test_a_screen_that_prints_a_fact_says_where_it_comes_from(document: CourseDocument) -> None:
    for _, screen in document.screens():
        listed = {key for block in screen.blocks if isinstance(block, FactsBlock) for key in block.fact_ids}
        printed = {key for block in screen.blocks for key in fact_ids(block.model_dump_json())}
        sources = {document.facts[key].source for key in listed}
        assert [key for key in printed if document.facts[key].source not in sources] == [], screen.id


@pytest.mark.parametrize(
    ("source", "month"),
    [
        ("Equality Act|Regulations? 2017|Protection Regulation|Sentencing Code|Employment Tribunal", 3),
        ("Ethnicity pay gaps", 3),
        ("Ethnicity facts and figures|Race Disparity Audit", 1),
        ("Hate crime, England and Wales|Home Office figures|MBRRACE", 10),
        ("BBC|National Museums Liverpool|Maritime Museum|Historic England|ITV News", 7),
    ],
)
def test_a_checked_fact_is_reviewed_in_the_month_that_the_calendar_of_the_editors_gives_it(
    document: CourseDocument, source: str, month: int
) -> None:
    of_this_kind = {key: fact for key, fact in document.facts.items() if re.search(source, fact.source)}
    assert [key for key, fact in of_this_kind.items() if fact.is_checked and fact.review_by.month != month] == []


@pytest.mark.parametrize("name", sorted(WAITING))
def test_everything_on_the_editors_list_waits_in_the_course_that_it_concerns(name: str) -> None:
    waiting = {key for key, fact in read(name).facts.items() if not fact.is_checked}
    assert WAITING[name] <= waiting


def test_a_question_with_several_right_answers_says_how_many(course: CourseDocument) -> None:
    assert rules.miscounted_stems(course) == []


def test_every_story_has_one_best_way_and_every_answer_a_reply(course: CourseDocument) -> None:
    assert rules.scenarios_without_one_best_choice(course) == []
    assert rules.one_sided_feedback(course) == []
    assert rules.badly_sized_feedback(course) == []


def test_no_opinion_is_asked_for_and_none_is_scored(course: CourseDocument) -> None:
    assert rules.questions_that_ask_for_an_opinion(course) == []


def test_no_course_names_a_party_or_takes_one_side_about_1981(course: CourseDocument) -> None:
    assert rules.parties_named(course) == []
    assert rules.riots_without_uprising(course) == []


def test_american_spelling_and_typewriter_quotes_are_nowhere(course: CourseDocument) -> None:
    taught = {"RE-M4-S7", "RE-M4-Q3"}
    screens = {screen.id for _, screen in course.screens()} | set(course.questions)
    texts = library_texts.all_texts(course)
    broken = rules.matching(rules.FORBIDDEN, texts)
    assert broken == [] or (taught <= screens and {pattern for pattern, _ in broken} <= rules.TAUGHT_ON_ONE_SCREEN)
