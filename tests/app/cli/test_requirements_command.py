"""The commands about what is asked: explain, and requirements list and evaluate."""

import json
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.requirements import require_course
from people.organisations import Organisation
from tests.builders.programmes import a_programme, another_course, ask_for
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_account, an_organisation

pytestmark = pytest.mark.usefixtures("connection")
DUE = TODAY + timedelta(days=9)


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def username(session: Session) -> str:
    halton = an_organisation(session)
    person = a_person(session, a_unit(session, halton), "Bo Li", payroll_number="A1")
    require_course(
        session,
        course_id=a_course(session).course_id,
        organisation_ids=[halton.id],
        account_id=None,
        now=NOON,
        due_on=DUE,
    )
    name = an_account(session, person).username
    session.commit()
    return name


def test_somebody_is_explained_by_username_and_by_payroll_number(app: Flask, username: str) -> None:
    for who in (username, "A1"):
        result = run(app, "explain", who, "test-course", "--on", str(DUE))
        assert result.exit_code == 0
        assert result.output.startswith("Bo Li has until 30 November 2026 to complete Test course.")


def test_a_program_gets_the_same_as_json(app: Flask, username: str) -> None:
    found = json.loads(run(app, "explain", username, "test-course", "--on", "2026-12-01", "--json").output)
    assert (found["state"], found["due_on"]) == ("late", "2026-11-30")
    assert found["missing"] == "Test course is not completed"
    assert {one["what"] for one in found["events"]} >= {"Halton Borough Council asked for Test course"}


@pytest.mark.parametrize("words", [("nobody", "test-course"), ("A1", "no-course")])
def test_what_is_not_there_is_said(app: Flask, username: str, words: tuple[str, str]) -> None:
    assert username
    result = run(app, "explain", *words)
    assert result.exit_code == 1
    assert result.output.startswith("Error: There is no ")


def test_a_payroll_number_of_two_authorities_asks_for_a_username(app: Flask, session: Session, username: str) -> None:
    assert username
    wirral = an_organisation(session, "wirral", "Wirral Council")
    a_person(session, a_unit(session, wirral), payroll_number="A1")
    session.commit()
    assert "2 authorities have the payroll number A1" in run(app, "explain", "A1", "test-course").output


def test_requirements_are_listed_and_counted(app: Flask, username: str) -> None:
    assert username
    listed = run(app, "requirements", "list", "--on", str(DUE)).output
    assert listed == "Halton Borough Council asks everybody to finish Test course by 30 November 2026.\n"
    found = json.loads(run(app, "requirements", "evaluate", "--on", "2026-12-01", "--json").output)["requirements"]
    assert [(one["asked"], one["finished"], one["late"]) for one in found] == [(1, 0, 1)]
    assert run(app, "requirements", "list", "--authority", "nowhere").exit_code == 1


def test_a_programme_is_explained_by_its_address_and_by_its_name(app: Flask, session: Session, username: str) -> None:
    halton = session.scalars(select(Organisation)).one()
    key = a_programme(session, halton, (a_course(session).course_id,), (another_course(session, "LA", "Law"),))
    ask_for(session, halton, key)
    session.commit()
    for course in (f"programme.{key}", "first weeks"):
        said = run(app, "explain", username, course, "--on", str(DUE)).output
        assert "Next is step 1 of 2: Test course." in said
        assert "Step 2: Law. Not open yet: step 1 comes first." in said
    found = json.loads(run(app, "explain", username, f"programme.{key}", "--on", str(DUE), "--json").output)
    assert (found["missing"], found["steps"][1]["is_done"]) == ("step 1 of 2, Test course", False)
    listed = json.loads(run(app, "requirements", "evaluate", "--on", str(DUE), "--json").output)
    assert {one["course"]: one["finished"] for one in listed["requirements"]} == {"Test course": 0, "First weeks": 0}
