"""The command that says which reminders are owed."""

import json
from datetime import date

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from assignments.requirements import require_course
from messages.ledger import Message
from tests.builders.mail_transport import RememberingTransport, give_address
from tests.builders.region import NOON, a_course, a_person, a_unit, an_organisation

pytestmark = pytest.mark.usefixtures("connection")


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["reminders", "due", *words])


@pytest.fixture
def two_people(session: Session) -> None:
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    give_address(session, a_person(session, unit, "Bo Li", payroll_number="A1"))
    a_person(session, unit, "Siân Nguyễn", payroll_number="A2")
    require_course(
        session,
        course_id=a_course(session).course_id,
        organisation_ids=[halton.id],
        account_id=None,
        now=NOON,
        due_on=date(2026, 12, 9),
    )
    session.commit()


@pytest.fixture
def mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "common-ground-mail", RememberingTransport())


@pytest.mark.usefixtures("two_people", "mail")
def test_what_is_owed_on_a_day_is_printed_and_nothing_is_noted(app: Flask, session: Session) -> None:
    result = run(app, "--on", "2026-12-02")
    assert result.output.splitlines() == [
        "Halton Borough Council, A1: Test course, due 2026-12-09, step 7-before, by email",
        "Halton Borough Council, A2: Test course, due 2026-12-09, step 7-before, "
        "on their page and the printed list alone",
        "2 reminders are owed on 2026-12-02.",
    ]
    assert session.query(Message).count() == 0


@pytest.mark.usefixtures("two_people")
def test_a_program_gets_it_as_json(app: Flask) -> None:
    found = json.loads(run(app, "--on", "2026-12-02", "--authority", "halton", "--json").output)
    assert found["on"] == "2026-12-02"
    assert [(one["payroll_number"], one["step"], one["has_address"]) for one in found["reminders"]] == [
        ("A1", "7-before", True),
        ("A2", "7-before", False),
    ]


@pytest.mark.usefixtures("two_people")
@pytest.mark.parametrize("words", [("--authority", "nowhere"), ("--on", "soon")])
def test_what_cannot_be_is_refused(app: Flask, words: tuple[str, str]) -> None:
    assert run(app, *words).exit_code != 0
