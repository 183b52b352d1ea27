"""``flask earlier-training``: show, preview and set, in sentences and as JSON."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tests.builders.region import a_course, a_unit, an_organisation

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, connection: Connection, session: Session) -> Run:
    """Runs ``flask earlier-training …``."""
    a_unit(session, an_organisation(session))
    a_course(session)
    session.commit()
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["earlier-training", *words])


def test_a_rule_is_previewed_set_and_shown(run: Run) -> None:
    seen = json.loads(run("preview", "halton", "36", "--json").output)
    assert (seen["is_set"], seen["people"], seen["asked_again_then"]) == (False, 0, 0)
    assert "The rule holds from" in run("set", "halton", "36").output
    assert json.loads(run("set", "halton", "none", "--course", "test-course", "--json").output)["is_set"] is True
    shown = json.loads(run("show", "halton", "--json").output)
    assert shown["every_course"] == {"accepts": "no-older-than", "months": 36}
    assert shown["courses"] == {"test-course": {"accepts": "none", "months": None}}
    before = json.loads(run("show", "halton", "--on", "2020-01-01", "--json").output)
    assert before["every_course"]["accepts"] == "all"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("set", "nowhere", "all"), "There is no organisation nowhere."),
        (("set", "halton", "some"), "Write all, none, as-for-all or a number of months"),
        (("set", "halton", "0"), "Enter a whole number of months from 1 to 600."),
        (("set", "halton", "none", "--from", "2020-01-01"), "The first day must be today or later"),
        (("preview", "halton", "none", "--course", "nothing"), "There is no course nothing."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(run: Run, words: tuple[str, ...], told: str) -> None:
    outcome = run(*words)
    assert outcome.exit_code != 0
    assert told in outcome.output
