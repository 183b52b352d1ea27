"""Setting up a new installation by hand."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from kernel.audit import AuditFilter, entries_page
from people.accounts import Account
from people.jobs.employment import Employment
from people.organisations import Organisation, Unit
from people.persons import Person
from people.roles import Role
from tests.builders.region import signed_in
from tests.reading import Browser

Run = Callable[..., Result]
PASSWORD = "correct horse battery"
DETAILS = ("--name", "Siân Nguyễn", "--authority", "halton", "--payroll", "P1", "--password", PASSWORD)


@pytest.fixture
def run(app: Flask, connection: Connection) -> Run:
    """Runs ``flask people …``."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["people", *words])


@pytest.fixture
def halton(run: Run) -> None:
    """The authority, added by the command."""
    assert run("add-authority", "halton", "Halton Borough Council").output == "Added Halton Borough Council.\n"


def test_an_hr_lead_added_by_hand_can_sign_in_and_sees_their_authority(
    run: Run, halton: None, browser: Browser
) -> None:
    result = run("add-account", "hr.halton", *DETAILS, "--unit", "People / HR", "--role", "hr-lead")
    assert result.output == "Siân Nguyễn can sign in as hr.halton.\n"
    page = browser.submit("/sign-in", "Sign in", username="hr.halton", password=PASSWORD)
    assert page.heading == "Halton Borough Council"


def test_a_manager_answers_for_the_unit_they_work_in(run: Run, halton: None, session: Session) -> None:
    run("add-account", "boss", *DETAILS, "--unit", "Care / Home Care / Team 1", "--role", "manager")
    assert session.scalars(select(Unit.path).order_by(Unit.path)).all() == [
        "Care",
        "Care / Home Care",
        "Care / Home Care / Team 1",
    ]
    person = signed_in(session, session.scalars(select(Account)).one())
    assert [(scope.role, scope.organisation_slug) for scope in person.scopes] == [(Role.MANAGER, "halton")]


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("add-authority", "halton", "Halton again"), "There is an authority called halton already."),
        (("add-authority", "Not A Slug", "Name"), "cannot stand in an address"),
        (("add-account", "x", *DETAILS, "--unit", "A / B / C / D"), "Name the unit as"),
        (("add-account", "x", *DETAILS[:-1], "short", "--unit", "A"), "at least 12 characters"),
        (("add-account", "x", *DETAILS, "--authority", "nowhere", "--unit", "A"), "There is no organisation nowhere."),
    ],
)
def test_a_mistake_is_named_and_nothing_is_added(
    run: Run, halton: None, session: Session, words: tuple[str, ...], refusal: str
) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert refusal in result.output
    assert session.scalars(select(Account)).all() == []
    assert len(session.scalars(select(Organisation)).all()) == 1


def test_a_username_and_a_payroll_number_belong_to_one_person(run: Run, halton: None) -> None:
    run("add-account", "sian", *DETAILS, "--unit", "Care")
    assert "The username sian is taken" in run("add-account", " SIAN ", *DETAILS, "--unit", "Care").output
    assert "payroll number P1 already" in run("add-account", "other", *DETAILS, "--unit", "Care").output


@pytest.mark.parametrize("typed", ["Care / Home Cair", "Care / Home", "Parks"])
def test_a_unit_is_added_by_a_slip_of_its_name_only_where_it_is_the_first(
    run: Run, halton: None, session: Session, typed: str
) -> None:
    run("add-account", "sian", *DETAILS, "--unit", "Care / Home Care")
    other = ["P2" if word == "P1" else word for word in DETAILS]
    refused = run("add-account", "other", *other, "--unit", typed)
    assert refused.exit_code == 1
    assert f"Halton Borough Council has no unit “{typed}”" in refused.output
    assert ("The nearest is “Care / Home Care”" in refused.output) == typed.startswith("Care")
    assert session.scalars(select(Unit.path).order_by(Unit.path)).all() == ["Care", "Care / Home Care"]
    assert run("add-account", "other", *other, "--unit", "care / HOME care").exit_code == 0
    third = ["P3" if word == "P1" else word for word in DETAILS]
    assert run("add-account", "third", *third, "--unit", typed, "--add-unit").exit_code == 0
    assert typed in session.scalars(select(Unit.path)).all()


def test_what_nobody_sees_is_left_out_of_a_name(run: Run, halton: None, session: Session) -> None:
    given = ["Si\x7fân\x1b Ngu\x7fyễn\u200b" if word == "Siân Nguyễn" else word for word in DETAILS]
    given = ["P\x7f1" if word == "P1" else word for word in given]
    run("add-account", "sian", *given, "--unit", "Ca\x7fre")
    assert session.scalars(select(Employment.payroll_number)).one() == "P1"
    assert session.scalars(select(Person.chosen_name)).one() == "Siân Nguyễn"
    assert session.scalars(select(Unit.name)).one() == "Care"


def test_a_new_password_replaces_the_old_one(run: Run, halton: None, browser: Browser) -> None:
    run("add-account", "sian", *DETAILS, "--unit", "Care")
    assert run("set-password", "sian", "--password", "another long one").output == "sian has a new password.\n"
    assert browser.submit("/sign-in", "Sign in", username="sian", password=PASSWORD).status == 422
    assert browser.submit("/sign-in", "Sign in", username="sian", password="another long one").status == 200


def test_nobody_gets_a_password_by_a_slip_of_the_name(run: Run) -> None:
    assert "There is no account nobody." in run("set-password", "nobody", "--password", PASSWORD).output


def test_a_person_is_found_however_their_name_is_typed(run: Run, halton: None, session: Session) -> None:
    run("add-account", "sian", *DETAILS, "--unit", "Care / Home Care")
    line = "Siân Nguyễn, Care / Home Care, Halton Borough Council, payroll number P1"
    for words in (("nguyen",), ("SIAN", "NGUYỄN"), ("nguyen sia",), ("sian",), ("P1",)):
        assert line in run("find", *words).output, words
    assert run("find", "okafor").output == "Nobody is called so.\n"
    [opened, *_] = entries_page(session, AuditFilter(action="names-listed"), page=1, size=10)
    assert (opened.actor_account_id, opened.detail) == (None, {"count": 0})


def test_what_is_found_comes_as_json_too(run: Run, halton: None, session: Session) -> None:
    run("add-account", "sian", *DETAILS, "--unit", "Care")
    found = json.loads(run("find", "nguyen", "--json").output)
    [person] = session.scalars(select(Account.person_id))
    assert found == {
        "people": [
            {
                "person_id": person,
                "name": "Siân Nguyễn",
                "organisation_name": "Halton Borough Council",
                "unit_path": "Care",
                "payroll_number": "P1",
            }
        ],
        "is_cut": False,
    }
