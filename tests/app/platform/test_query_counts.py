"""How many statements a page costs: few, and no more when there is more to show."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Select, event
from sqlalchemy.orm import Session

from assignments.requirements import require_course
from courses.catalogue import versions
from kernel.audit import record
from people.accounts import Account
from people.roles import Role
from tests.builders import region
from tests.builders.own_words import a_course_about_oneself
from tests.builders.quizzes import a_quiz_course
from tests.builders.region import NOON, a_course, a_follow_up, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

COURSE = "/courses/test-course"
BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
Count = Callable[[str], int]


@contextmanager
def counted(connection: Connection) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(BOOKKEEPING):
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)


@pytest.fixture
def account(session: Session) -> Account:
    """A member of staff who is also an admin, whose authority asks for the test course."""
    organisation = an_organisation(session)
    account = an_account(session, a_person(session, a_unit(session, organisation)), Role.ADMIN)
    course = a_course(session)
    require_course(session, course_id=course.course_id, organisation_ids=[organisation.id], account_id=None, now=NOON)
    session.commit()
    return account


@pytest.fixture
def statements(browser: Browser, account: Account, connection: Connection) -> Count:
    """How many statements it takes to open an address, once the process is warm."""
    browser.enter_as(account)

    def count(address: str) -> int:
        browser.open(address)
        with counted(connection) as seen:
            assert browser.open(address, follow=False).status == 200
        return len(seen)

    return count


def begin(browser: Browser) -> None:
    browser.submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/first-steps/1", "Continue")


def more_courses(session: Session, number: int) -> None:
    """Further courses, each begun by nobody."""
    for place in range(number):
        course = region.COURSE.replace("id: TC", f"id: C{place}").replace("test-course", f"course-{place}")
        parts = {
            "first": region.FIRST.replace("TC-", f"C{place}-"),
            "second": region.SECOND.replace("TC-", f"C{place}-"),
            "questions": region.QUESTIONS.replace("TC-", f"C{place}-"),
        }
        a_course(session, course=course, **parts)
    session.commit()


@pytest.mark.parametrize(("screen", "most"), [(1, 2), (2, 3)], ids=["text", "question"])
def test_a_screen_asks_who_reads_where_they_are_and_what_they_answered(
    browser: Browser, statements: Count, screen: int, most: int
) -> None:
    begin(browser)
    assert statements(f"{COURSE}/first-steps/{screen}") <= most


def test_a_screen_with_a_reflection_costs_at_most_five_statements(browser: Browser, statements: Count) -> None:
    begin(browser)
    browser.submit(f"{COURSE}/first-steps/2", "Check my answer", answer="a")
    assert statements(f"{COURSE}/first-steps/3") <= 5


def test_the_course_page_costs_at_most_six_statements(browser: Browser, statements: Count) -> None:
    assert statements(COURSE) <= 6
    begin(browser)
    assert statements(COURSE) <= 6


def test_my_learning_costs_the_same_with_more_courses(browser: Browser, statements: Count, session: Session) -> None:
    begin(browser)
    before = statements("/learning")
    assert before <= 8
    more_courses(session, 5)
    a_follow_up(session)
    a_follow_up(session, weeks=12, code="FV")
    session.commit()
    assert statements("/learning") == before


def test_the_page_of_a_follow_up_costs_at_most_ten_statements(statements: Count, session: Session) -> None:
    a_follow_up(session)
    session.commit()
    assert statements("/courses/look-back-fu") <= 10


@pytest.mark.parametrize("address", ["/learning", COURSE, f"{COURSE}/first-steps/1", f"{COURSE}/first-steps/2"])
def test_pages_that_everybody_opens_build_no_statement(
    browser: Browser, statements: Count, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    begin(browser)
    statements(address)
    built: list[Select[Any]] = []
    monkeypatch.setattr(Select, "__init__", lambda self, *_: built.append(self))
    assert browser.open(address).status == 200
    assert built == []


def test_my_certificates_cost_at_most_three_statements(statements: Count) -> None:
    assert statements("/certificates") <= 3


def test_the_list_of_courses_costs_the_same_with_more_courses(statements: Count, session: Session) -> None:
    before = statements("/manage/courses")
    more_courses(session, 5)
    assert statements("/manage/courses") == before


def test_an_answer_costs_at_most_six_statements(browser: Browser, statements: Count, connection: Connection) -> None:
    begin(browser)
    statements(f"{COURSE}/first-steps/2")
    target, values = browser.open(f"{COURSE}/first-steps/2").form("Check my answer")
    with counted(connection) as seen:
        browser.post(target, {**values, "answer": "a"}, follow=False)
    assert len(seen) <= 6, "\n".join(seen)


def test_the_last_answer_of_a_course_costs_at_most_fourteen_statements(
    browser: Browser, statements: Count, connection: Connection
) -> None:
    begin(browser)
    browser.submit(f"{COURSE}/first-steps/2", "Check my answer", answer="a")
    browser.submit(f"{COURSE}/first-steps/2", "Continue")
    browser.submit(f"{COURSE}/first-steps/3", "Finish this module")
    target, values = browser.open(f"{COURSE}/second-steps/1").form("Check my answer")
    with counted(connection) as seen:
        browser.post(target, {**values, "answer": ["a", "b"]}, follow=False)
    assert len(seen) <= 14, "\n".join(seen)


def begin_quiz(browser: Browser, session: Session) -> str:
    """The small course's next version has a quiz; the first question of a sitting of it."""
    a_quiz_course(session, "  certainty: true\n  attempts: 3\n")
    session.commit()
    browser.submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/look-back/1", "Continue")
    browser.submit(f"{COURSE}/look-back/2", "Start the quiz")
    return f"{COURSE}/look-back/2/quiz/1/1"


def test_a_question_of_a_quiz_costs_at_most_four_statements(
    browser: Browser, statements: Count, session: Session
) -> None:
    assert statements(begin_quiz(browser, session)) <= 4


def test_the_screen_of_a_quiz_costs_at_most_six_statements(
    browser: Browser, statements: Count, session: Session
) -> None:
    begin_quiz(browser, session)
    assert statements(f"{COURSE}/look-back/2") <= 6


def test_saving_an_answer_of_a_quiz_costs_no_more_than_an_answer_on_a_screen(
    browser: Browser, account: Account, session: Session, connection: Connection
) -> None:
    browser.enter_as(account)
    first = begin_quiz(browser, session)
    browser.submit(f"{COURSE}/first-steps/1", "Continue")

    def cost(url: str, button: str) -> int:
        page = browser.open(url)
        target, values = page.form(button)
        is_many = page.soup.find("input", {"name": "answer", "type": "checkbox"}) is not None
        with counted(connection) as seen:
            given = {"answer": ["a", "b"] if is_many else "a", "certainty": "not-sure"}
            assert browser.post(target, {**values, **given}, follow=False).is_redirect
        return len(seen)

    inline = cost(f"{COURSE}/first-steps/2", "Check my answer")
    assert cost(first, "Save and go on") <= min(inline, 6)
    assert cost(first, "Save and go on") <= min(inline, 6)


@pytest.mark.parametrize("address", ["/healthz", "/sign-in", "/accessibility", "/privacy", "/support"])
def test_a_page_for_anybody_asks_the_database_nothing(
    browser: Browser, connection: Connection, app: Flask, address: str
) -> None:
    with counted(connection) as seen:
        assert browser.open(address).status == 200
    assert seen == []


def test_the_register_of_facts_costs_the_same_for_more_courses_even_when_nobody_has_read_them(
    statements: Count, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "_cache", OrderedDict())
    monkeypatch.setattr(versions, "_CACHE_SIZE", 0)
    before = statements("/manage/facts")
    more_courses(session, 5)
    assert statements("/manage/facts") == before


def test_a_screen_with_role_questions_costs_one_statement_more(
    browser: Browser, statements: Count, session: Session
) -> None:
    begin(browser)
    before = statements(f"{COURSE}/first-steps/2")
    roles = region.FIRST.replace(
        "Q1\n:::", "Q1 for=another-course,others\n:::\n\n::: question XC-M1-Q2 for=third-course\n:::"
    )
    more = region.QUESTIONS + region.QUESTIONS.split("- id: TC-M2-Q1")[0].replace("M1-Q1", "M1-Q2")
    parts = {"first": roles, "second": region.SECOND, "questions": more}
    course = region.COURSE.replace("id: TC", "id: XC").replace("test-course", "role-course")
    a_course(session, course=course, **{name: text.replace("TC-", "XC-") for name, text in parts.items()})
    session.commit()
    browser.submit("/courses/role-course", "Start this course")
    browser.submit("/courses/role-course/first-steps/1", "Continue")
    assert statements("/courses/role-course/first-steps/2") == before + 1


@pytest.mark.parametrize("screen", [1, 2, 3, 4])
def test_a_screen_about_oneself_costs_at_most_eight_statements(
    browser: Browser, statements: Count, session: Session, screen: int
) -> None:
    a_course_about_oneself(session)
    session.commit()
    browser.submit(COURSE, "Start this course")
    for number in range(1, screen):
        browser.submit(f"{COURSE}/first-steps/{number}", "Continue")
    assert statements(f"{COURSE}/first-steps/{screen}") <= 8


@pytest.mark.parametrize("address", ["/learning/ratings", "/learning/plan"])
def test_my_own_words_cost_at_most_six_statements(statements: Count, address: str) -> None:
    assert statements(address) <= 6


def test_the_audit_trail_costs_the_same_with_more_entries_and_more_people(
    statements: Count, session: Session, account: Account
) -> None:
    note_acts(session, account, 1)
    before = statements("/manage/audit")
    note_acts(session, account, 20)
    assert statements("/manage/audit") == before
    assert before <= 10


def note_acts(session: Session, account: Account, number: int) -> None:
    """Something that was done to so many accounts."""
    for _ in range(number):
        other = an_account(session, a_person(session))
        record(
            session,
            action="password-set",
            subject_type="account",
            subject_id=other.id,
            actor_account_id=account.id,
            now=NOON,
        )
    session.commit()


def test_finding_people_costs_the_same_however_many_are_found(statements: Count, session: Session) -> None:
    unit = a_unit(session, an_organisation(session, "sefton", "Sefton Council"))
    a_person(session, unit, "Kim One")
    session.commit()
    before = statements("/people?name=kim")
    for number in range(20):
        a_person(session, unit, f"Kim {number}")
    session.commit()
    assert statements("/people?name=kim") == before
    assert before <= 11
