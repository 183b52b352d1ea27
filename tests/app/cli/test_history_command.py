"""``flask history``: plan, apply, undo and show, in sentences and as JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from courses.records.completion import Completion, is_standing
from tests.builders.region import a_course, a_person, a_unit, an_organisation

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, connection: Connection) -> Run:
    """Runs ``flask history …``."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["history", *words])


@pytest.fixture
def path(session: Session, tmp_path: Path) -> str:
    """A file with a row of each outcome but one."""
    care = a_unit(session, an_organisation(session))
    a_course(session)
    a_person(session, care, payroll_number="0001")
    session.commit()
    file = tmp_path / "records.csv"
    rows = ["0001,TC,31/03/2024", "0001,tc,31/03/2024", "0002,TC,31/03/2024", "0001,TC,soon", "0001,EDI,01/04/2024"]
    file.write_text("\n".join(["Payroll number,Course,Date completed", *rows, ""]), "utf-8")
    return str(file)


def standing(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Completion).where(is_standing())) or 0


def test_a_file_is_planned_applied_undone_and_applied_again(run: Run, path: str, session: Session) -> None:
    planned = json.loads(run("plan", "halton", path, "--json").output)
    keys = ("matched", "already_there", "repeated", "unmatched", "unusable", "stage")
    assert [planned[key] for key in keys] == [1, 0, 1, 2, 1, "planned"]
    assert planned["sentences"][0] == "1 completion is added to somebody’s record. Test course: 1."
    assert standing(session) == 0
    number = str(planned["run"])
    for word, stage, count in (("apply", "applied", 1), ("undo", "undone", 0), ("apply", "applied", 1)):
        done = json.loads(run(word, number, "--json").output)
        assert (done["stage"], done["done"], standing(session)) == (stage, 1, count)
    assert json.loads(run("show", number, "--json").output)["stage"] == "applied"
    again = json.loads(run("plan", "halton", path, "--json").output)
    assert (again["matched"], again["already_there"], again["unmatched"]) == (0, 3, 0)


def test_the_plan_is_read_as_sentences_and_says_how_to_go_on(run: Run, path: str) -> None:
    output = run("plan", "halton", path).output
    assert "1 row cannot be used, and changes nothing." in output
    assert "flask --app wsgi history apply" in output


def test_a_course_of_another_name_is_named(run: Run, path: str) -> None:
    planned = json.loads(run("plan", "halton", path, "--course", "EDI=test-course", "--json").output)
    assert (planned["matched"], planned["unmatched"]) == (2, 1)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("plan", "nowhere", "{path}"), "There is no organisation nowhere."),
        (("plan", "halton", "{path}", "--course", "EDI=nothing"), "There is no course nothing."),
        (("plan", "halton", "{path}", "--course", "EDI"), "The name in the file=the-course"),
        (("apply", "4711"), "There is no run 4711 of past learning."),
        (("undo", "4711"), "There is no run 4711 of past learning."),
        (("show", "4711"), "There is no run 4711 of past learning."),
    ],
)
def test_what_is_not_there_is_said(run: Run, path: str, words: tuple[str, ...], refusal: str) -> None:
    result = run(*(word.replace("{path}", path) for word in words))
    assert result.exit_code != 0
    assert refusal in result.output


def test_what_was_not_applied_cannot_be_undone(run: Run, path: str) -> None:
    number = str(json.loads(run("plan", "halton", path, "--json").output)["run"])
    result = run("undo", number)
    assert (result.exit_code, "cannot be undone now" in result.output) == (1, True)


def test_an_empty_file_is_refused(run: Run, path: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    result = run("plan", "halton", str(empty))
    assert (result.exit_code, "The file is empty." in result.output) == (1, True)
