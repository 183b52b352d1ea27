"""Authors see how the questions of a course work; nobody else does, and nobody sees an answer of a person."""

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.jobs import item_counts
from app.jobs.housekeeping import run_housekeeping
from courses import marking
from courses.catalogue.versions import PublishOutcome, get_version
from courses.records.quiz_records import Certainty
from kernel.clock import utc_now
from kernel.tasks.background import open_subjects
from people.roles import Role
from reports.items.snapshots import COUNT_ITEMS, ITEM_COUNTS, ItemSnapshot, ask_for_due_counts, store_figures
from tests.app.platform.test_query_counts import counted as statements
from tests.builders.quizzes import a_quiz_course
from tests.builders.region import QUESTIONS, a_course, a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.reading import Browser
from tests.reports.items.answering import an_attempt, counted, people_answer, sit
from tests.reports.items.test_tallies import WITHOUT_THE_FIRST

ITEMS = "/manage/courses/test-course/items"
ONE = "TC-M1-Q1"
LIST, ALL = "Questions, to look at first", "Questions, as in the course"
SAYS = "What people choose first"


@pytest.fixture
def author(session: Session, browser: Browser) -> Browser:
    return browser.enter_as(an_account(session, a_person(session), Role.AUTHOR))


def store(session: Session, course: PublishOutcome) -> None:
    store_figures(session, version_id=course.version_id, figures=counted(session, course))
    session.commit()


def test_the_list_shows_each_question_with_its_figures(session: Session, author: Browser) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "aaaabbbbbb", seconds=30)
    store(session, course)
    page = author.open(f"{ITEMS}?order=course")
    assert page.heading == "How the questions work"
    first, second = page.table(ALL)
    assert first["Question"] == "Which answer is right? TC-M1-Q1"
    assert (first["People"], first["Right at first"], first["Time, median"]) == ("10", "40%", "30 seconds")
    assert first["What to look at"] == "A wrong answer leads"
    assert (second["People"], second["Right at first"]) == ("fewer than 10", "not shown")


def test_only_what_stands_out_is_there_to_look_at_first(session: Session, author: Browser) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "aaaaaaabbb")
    store(session, course)
    assert "Nothing stands out." in author.open(ITEMS).text
    people_answer(session, course, ONE, "b" * 20)
    store(session, course)
    assert [row["Question"].split()[-1] for row in author.open(ITEMS).table(LIST)] == [ONE]


def test_the_page_of_a_question_says_what_people_choose_in_words_first(session: Session, author: Browser) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "aaaaaabbbb")
    store(session, course)
    page = author.open(f"{ITEMS}/{ONE}")
    assert "4 in 10 choose “ The second ” at first" in page.text
    assert "6 in 10 get it right at the first try (60% of 10 people)." in page.text
    assert [(row["Choice"], row["Mark"], row["Share"], row["People"]) for row in page.table(SAYS)] == [
        ("The first", "Right", "60%", "6"),
        ("The second", "", "40%", "4"),
    ]


def test_the_place_of_a_step_is_said_as_a_place(session: Session, author: Browser) -> None:
    order = """
  kind: order
  about: behaviour
  stem: Put the steps in order.
  items: [Listen, Ask, Act]
  feedback: {right: "That is the order.", wrong: "Not yet. Begin with what you hear."}
"""
    course = a_course(session, questions=f"- id: {ONE}{order}" + WITHOUT_THE_FIRST["questions"])
    document = get_version(session, course_id=course.course_id, version_number=1).document
    listen, ask, act = (one["id"] for one in document["questions"][ONE]["items"])
    people_answer(session, course, ONE, [[ask, listen, act]] * 4 + [[listen, ask, act]] * 6)
    store(session, course)
    page = author.open(f"{ITEMS}/{ONE}")
    assert "4 in 10 give “ Listen ” place 2 at first , which is not right." in page.text
    assert "Nobody chose “ Place 3 ”." in page.text
    assert [row["Choice"] for row in page.table("Act")] == ["Place 3"]


def test_the_two_most_confident_mistakes_stand_at_the_top(session: Session, author: Browser) -> None:
    course = a_quiz_course(session, "  certainty: true\n")
    for place in range(30):
        given = "b" if place < 12 else "a"
        sit(session, course, an_attempt(session, course), {"TC-B1": (given, Certainty.VERY_SURE)})
    store(session, course)
    text = author.open(ITEMS).text
    assert "Statement 1 is so." in text
    assert "4 in 10 are very sure and wrong (40% of 30 people). Most of them choose “ False ”." in text


@pytest.mark.parametrize(
    "address", [ITEMS, f"{ITEMS}/{ONE}", f"{ITEMS}.csv", "/manage/courses/test-course/items-status"]
)
@pytest.mark.parametrize("role", [None, Role.HR_LEAD, Role.MANAGER])
def test_nobody_but_authors_and_admins_may_look(
    session: Session, browser: Browser, role: Role | None, address: str
) -> None:
    store(session, a_course(session))
    unit = a_unit(session, an_organisation(session))
    browser.enter_as(an_account(session, a_person(session, unit), *([role] if role else []), unit=unit))
    session.commit()
    assert browser.open(address).status in (403, 404)


def test_an_admin_may_look(session: Session, browser: Browser) -> None:
    store(session, a_course(session))
    browser.enter_as(an_account(session, a_person(session), Role.ADMIN))
    session.commit()
    assert browser.open(ITEMS).status == 200


def test_a_course_that_nobody_began_says_so(session: Session, author: Browser) -> None:
    a_course(session)
    session.commit()
    page = author.open(ITEMS)
    assert "Nobody has begun this course." in page.text
    assert "Count the answers" not in page.buttons


def test_nine_people_show_nothing(session: Session, author: Browser) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "b" * 9)
    store(session, course)
    assert "Fewer than 10 people have answered each question" in author.open(ITEMS).text
    page = author.open(f"{ITEMS}/{ONE}")
    assert "Fewer than 10 people have answered it here" in page.text
    assert "%" not in page.text


@pytest.mark.parametrize("address", [f"{ITEMS}?version=9", f"{ITEMS}?version=x", f"{ITEMS}/TC-NOBODY", f"{ITEMS}.csv"])
def test_what_is_not_there_is_not_found(session: Session, author: Browser, address: str) -> None:
    a_course(session)
    session.commit()
    assert author.open(address).status == 404


def test_the_newest_version_with_figures_comes_first_and_others_can_be_chosen(
    session: Session, author: Browser
) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "ab" * 5)
    store(session, course)
    newer = a_course(session, **WITHOUT_THE_FIRST)
    people_answer(session, newer, "TC-M2-Q1", [["a"]])
    store(session, newer)
    page = author.open(f"{ITEMS}?order=course")
    assert [row["Question"].split()[-1] for row in page.table(ALL)] == [ONE, "TC-M2-Q1"]
    assert author.open(page.links["Version 2"]).text.count("Fewer than 10 people") == 1
    # Dropped in the newer version: there is nothing to say about it there, and all that was said before here.
    assert author.open(f"{ITEMS}/{ONE}?version=2").status == 404
    assert "5 in 10 choose" in author.open(f"{ITEMS}/{ONE}?version=1").text


def test_a_kind_that_is_not_installed_keeps_its_marks(
    session: Session, author: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "aaaaaabbbb")
    session.commit()
    kept = {kind.key: kind for kind in marking.BUILT_IN if kind.key != "single"}
    monkeypatch.setattr(marking, "installed_kinds", lambda: kept)
    store(session, course)
    page = author.open(f"{ITEMS}/{ONE}")
    assert "of a kind that is not installed here" in page.text
    assert "60% of 10 people" in page.text
    assert author.open(f"{ITEMS}?order=right").table("Questions, hardest first")[0]["Right at first"] == "60%"


def test_other_scripts_and_signs_survive(session: Session, author: Browser) -> None:
    words = QUESTIONS.replace("The first", "محمد و Siân").replace("The second", "王芳 👩🏾‍🦽 *Ọláyínká*")
    course = a_course(session, questions=words)
    people_answer(session, course, ONE, "aaaaaabbbb")
    store(session, course)
    page = author.open(f"{ITEMS}/{ONE}")
    assert [row["Choice"] for row in page.table(SAYS)] == ["محمد و Siân", "王芳 👩🏾‍🦽 Ọláyínká"]
    lines = author.client.get(f"{ITEMS}.csv").get_data(as_text=True)
    assert "王芳 👩🏾‍🦽 Ọláyínká" in lines


def test_the_table_to_download_holds_the_figures_of_the_page_and_hides_what_it_hides(
    session: Session, author: Browser
) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "aaaaaabbbb")
    people_answer(session, course, "TC-M2-Q1", [["c"]] * 9)
    store(session, course)
    response = author.client.get(f"{ITEMS}.csv")
    assert "test-course-version-1-questions-" in response.headers["Content-Disposition"]
    header, *lines = response.get_data(as_text=True).splitlines()
    assert header.startswith("\ufeffquestion,kind,asked in,people")
    assert [line.split(",")[-4:] for line in lines[:2]] == [
        ["The first", "yes", "6", "10"],
        ["The second", "no", "4", "10"],
    ]
    assert lines[2].split(",")[3:12] == ["not shown"] * 9
    assert len(lines) == 3


def test_a_count_is_asked_for_made_by_a_worker_and_shown_with_its_time(
    app: Flask, session: Session, author: Browser, bell: ListeningBell
) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "aaaaaabbbb")
    session.commit()
    assert "have not been counted yet" in author.open(ITEMS).text
    page = author.submit(ITEMS, "Count the answers")
    assert "We are counting the answers." in page.text
    assert author.client.get("/manage/courses/test-course/items-status?version=1").status_code == 202
    author.post("/manage/courses/test-course/count-items", {"csrf_token": ""})
    assert bell.rung == [COUNT_ITEMS]
    with app.app_context():
        item_counts.count_waiting()
    page = author.open(f"{ITEMS}?order=course")
    assert "Counted on " in page.text
    assert page.table(ALL)[0]["Right at first"] == "60%"


def test_housekeeping_counts_what_is_a_day_old_and_was_worked_on_since(
    app: Flask, session: Session, bell: ListeningBell
) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "aaaaaabbbb")
    session.commit()
    with app.app_context():
        run_housekeeping()
        assert COUNT_ITEMS in bell.rung
        item_counts.count_waiting()
    session.expire_all()
    assert session.scalars(select(ItemSnapshot.has_figures)).all() == [True]
    assert open_subjects(session, ITEM_COUNTS) == []
    assert ask_for_due_counts(session, now=utc_now()) == 0


def test_the_pages_cost_the_same_few_queries_however_many_answered(
    session: Session, author: Browser, connection: Connection
) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "ab" * 5)
    store(session, course)

    def cost(address: str) -> int:
        author.open(address)
        with statements(connection) as seen:
            assert author.open(address).status == 200
        return len(seen)

    before = [cost(ITEMS), cost(f"{ITEMS}/{ONE}")]
    people_answer(session, course, ONE, "ab" * 20)
    store(session, course)
    assert [cost(ITEMS), cost(f"{ITEMS}/{ONE}")] == before
    assert max(before) <= 8
