"""docs/adding-a-question-kind.md, walked through: its package is installed, and each place that it names looked at."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.learn.place.answer_reading import READERS
from courses.catalogue.versions import PublishOutcome
from courses.content.bundle.reading import read_bundle
from courses.marking import InvalidResponse, Question, Shape, installed_kinds, mark
from courses.records.answers import Answer
from people.roles import Role
from reports.items import choices
from reports.items.snapshots import store_figures
from tests.architecture.documents import files_shown_in, rows, section
from tests.architecture.source import ROOT
from tests.builders.region import (
    FIRST,
    QUESTIONS,
    a_course,
    a_document,
    a_person,
    a_unit,
    an_account,
    an_organisation,
    bundle_files,
)
from tests.documents.packages import install
from tests.reading import Browser
from tests.reports.items.answering import counted, people_answer

PAGE = ROOT / "docs" / "adding-a-question-kind.md"
SHOWN = files_shown_in(PAGE)
ESTIMATE = SHOWN["questions/estimates.yaml"]
ID = "TC-M1-Q9"
WITH_ESTIMATE = {
    "first": FIRST.replace("# A first", f"# A guess {{#TC-M1-S9}}\n\n::: question {ID}\n:::\n\n# A first"),
    "questions": QUESTIONS + ESTIMATE,
}
SCREEN = "/courses/test-course/first-steps/2"


@pytest.fixture(autouse=True)
def installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    install(SHOWN, tmp_path, monkeypatch)
    installed_kinds.cache_clear()
    yield
    installed_kinds.cache_clear()


def estimate() -> Question:
    return a_document(**WITH_ESTIMATE).questions[ID]


def findings(questions: str) -> list[str]:
    outcome = read_bundle(bundle_files(**{**WITH_ESTIMATE, "questions": QUESTIONS + questions}))
    return [finding.message for finding in outcome.findings]


def test_the_kind_is_there_beside_those_that_ship_with_the_platform() -> None:
    assert [*installed_kinds()][-2:] == ["branching", "estimate"]


def test_its_keys_are_read_and_others_are_refused_by_name() -> None:
    assert findings(ESTIMATE) == []
    assert estimate().number is not None
    refused = findings(ESTIMATE + "  accepted: [Many]\n")
    assert refused == ["A “estimate” question does not use “accepted”. Remove it."]


def test_what_the_kind_checks_is_said_to_the_author() -> None:
    lines = ESTIMATE.splitlines(keepends=True)
    without = "".join(line for line in lines if "tolerance" not in line)
    assert findings(without) == ["Add “tolerance”: how far from the answer is still right."]


def test_an_author_who_misspells_a_kind_is_told_of_this_one_too() -> None:
    assert findings(ESTIMATE.replace("kind: estimate", "kind: estimat"))[0].endswith("cloze, branching or estimate.")


@pytest.mark.parametrize(
    ("typed", "points"), [("22,000", 1), ("22.5 thousand", None), ("23 000 people", 1), ("20500", 0.5), ("9", 0)]
)
def test_a_response_is_marked_however_it_was_typed(typed: str, points: float | None) -> None:
    if points is None:
        with pytest.raises(InvalidResponse, match="Type a number in figures"):
            mark(estimate(), typed)
    else:
        assert mark(estimate(), typed).points == points


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    published = a_course(session, **WITH_ESTIMATE)
    session.commit()
    return published


@pytest.fixture
def learner(session: Session, browser: Browser, course: PublishOutcome) -> Browser:
    browser.enter_as(an_account(session, a_person(session, a_unit(session, an_organisation(session)))))
    session.commit()
    browser.submit("/courses/test-course", "Start this course")
    browser.submit("/courses/test-course/first-steps/1", "Continue")
    return browser


@pytest.fixture
def author(session: Session, browser: Browser, course: PublishOutcome) -> Browser:
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    return browser.enter_as(account)


def test_a_learner_meets_the_question_answers_it_and_reads_the_feedback(learner: Browser, session: Session) -> None:
    page = learner.open(SCREEN)
    assert "Type a number in figures. The unit is people." in page.text
    refused = learner.submit(SCREEN, "Check my answer", answer="many")
    assert refused.errors == ["Type a number in figures, such as 12"]
    close = learner.submit(SCREEN, "Check my answer", answer="20,500")
    assert "A fair choice. There are about 22,000 of them." in close.text
    right = learner.submit(SCREEN, "Try another answer", answer="22000")
    assert "Right. There are about 22,000 of them." in right.text
    assert session.execute(select(Answer.points, Answer.is_right)).all() == [(0.5, False), (1, True)]


def test_on_paper_there_is_a_line_and_the_answer_at_the_end(learner: Browser) -> None:
    before, answers = learner.open("/courses/test-course/first-steps/print").text.split(" Answers ")
    assert "About how many people work for the seven authorities?" in before
    assert "Answer: 22000 people" in answers


def test_the_preview_shows_the_right_answer_and_all_feedback(author: Browser) -> None:
    text = author.open("/manage/courses/test-course/versions/1/preview/first-steps/2").text
    assert "An estimate" in text
    assert "Right: 21000 people to 23000 people." in text
    assert "There are about 22,000 of them." in text
    assert "Think of one large hospital" in text


def test_item_figures_say_who_was_right_too_low_or_too_high(
    author: Browser, session: Session, course: PublishOutcome
) -> None:
    people_answer(session, course, ID, ["22000"] * 11 + ["20500"] * 4 + ["9"] * 3 + ["90000"] * 2)
    store_figures(session, version_id=course.version_id, figures=counted(session, course))
    session.commit()
    page = author.open(f"/manage/courses/test-course/items/{ID}")
    assert [(row["Choice"], row["People"]) for row in page.table("What people choose first")] == [
        ("21000 to 23000 people", "11"),
        ("A smaller number", "7"),
        ("A larger number", "2"),
    ]


def test_after_the_package_is_gone_pages_open_and_marks_stay(
    learner: Browser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.submit(SCREEN, "Check my answer", answer="22000")
    monkeypatch.undo()
    installed_kinds.cache_clear()
    assert "estimate" not in installed_kinds()
    assert "This question cannot be shown at the moment." in learner.open(SCREEN).text
    assert session.scalars(select(Answer.points)).all() == [1]


def test_every_place_that_the_page_promises_is_looked_at_here() -> None:
    promised = [row[0] for row in rows(section(PAGE, "What you get"))]
    assert promised == [
        "the check of a course",
        "marking",
        "the learner’s page",
        "a page on paper",
        "the author’s preview",
        "item figures",
        "after the package is gone",
    ]


def test_every_shape_can_be_read_from_a_form_and_counted() -> None:
    shapes = {*get_args(Shape)}
    assert [{*table} for table in (READERS, choices._PARTS, choices._CHOSEN)] == [shapes] * 3
