"""Units and reorganisations at the command line."""

import json

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.clock import local_day, utc_now
from people.organisations import Organisation
from tests.builders.region import a_person, a_unit, an_organisation

NEXT_YEAR = f"{local_day(utc_now()).year + 1}-04-01"
STEPS = "- rename: Care\n  to: Adults\n- merge: Parks\n  into: Care\n"


@pytest.fixture
def halton(session: Session) -> Organisation:
    organisation = an_organisation(session)
    a_unit(session, organisation, "Care")
    a_unit(session, organisation, "Parks")
    session.commit()
    return organisation


def run(app: Flask, *words: str, code: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=["units", *words])
    assert result.exit_code == code, result.output
    return result.output


def test_a_reorganisation_is_seen_decided_listed_and_undone(app: Flask, halton: Organisation, tmp_path) -> None:
    path = tmp_path / "steps.yaml"
    path.write_text(STEPS, encoding="utf-8")
    what = ("halton", str(path), "--on", NEXT_YEAR, "--title", "One of two")
    assert "Nothing has been changed" in run(app, "plan", *what)
    seen = json.loads(run(app, "plan", *what, "--json"))
    assert seen["findings"] == []
    assert "“Parks” ends, and “Care” takes it in" in " ".join(seen["sentences"])
    number = json.loads(run(app, "apply", *what, "--preview", seen["preview"], "--json"))["number"]
    assert run(app, "list", "halton").split() == ["Care", "Parks"]
    found = json.loads(run(app, "list", "halton", "--on", NEXT_YEAR, "--json"))
    assert [one["path"] for one in found["units"]] == ["Adults"]
    assert "planned  One of two" in run(app, "history", "halton")
    assert "“One of two” is undone." in run(app, "undo", str(number))
    assert json.loads(run(app, "history", "halton", "--json"))[0]["state"] == "undone"
    assert run(app, "list", "halton", "--on", NEXT_YEAR).split() == ["Care", "Parks"]


def test_what_is_wrong_is_said_and_nothing_is_done(app: Flask, halton: Organisation, tmp_path) -> None:
    path = tmp_path / "steps.yaml"
    what = ("halton", str(path), "--on", NEXT_YEAR, "--title", "One of two")
    path.write_bytes(b"- rename: Caf\xe9\n")
    assert "not UTF-8" in run(app, "plan", *what, code=2)
    path.write_text("- rename: Caer\n  to: A\n- rename: Care\n  to: Parks\n", encoding="utf-8")
    assert "there is no unit “Caer”" in run(app, "plan", *what, code=2)
    assert "there is no unit “Caer”" in run(app, "apply", *what, "--preview", "0", code=1)
    path.write_text("- rename: Care\n  to: Parks\n", encoding="utf-8")
    assert json.loads(run(app, "plan", *what, "--json", code=2))["findings"]
    path.write_text("- rename: Care\n  to: Adults\n", encoding="utf-8")
    assert "has changed since" in run(app, "apply", *what, "--preview", "0", code=1)
    assert "There is no authority called hull" in run(app, "list", "hull", code=1)
    assert "There is no reorganisation 7" in run(app, "undo", "7", code=1)
    assert run(app, "history", "halton") == "None yet.\n"


def test_a_day_before_the_first_job_or_far_ahead_is_refused(
    app: Flask, session: Session, halton: Organisation, tmp_path
) -> None:
    a_person(session, a_unit(session, halton, "Libraries"))
    session.commit()
    path = tmp_path / "steps.yaml"
    path.write_text("- rename: Care\n  to: Adults\n", encoding="utf-8")
    early = "The day must not be before 1 April 2020: the record of Halton Borough Council begins there"
    far = "The day must not be more than two years ahead"
    for day, words in (("0001-01-01", early), ("2020-03-31", early), ("9999-12-31", far)):
        what = ("halton", str(path), "--on", day, "--title", "Too far")
        assert words in run(app, "plan", *what, code=2)
        assert words in run(app, "apply", *what, "--preview", "0", code=1)
    assert run(app, "history", "halton") == "None yet.\n"


def test_a_day_that_is_far_away_is_refused(app: Flask, halton: Organisation) -> None:
    assert "must not be more than two years ahead" in run(app, "list", "halton", "--on", "2999-01-01", code=1)
    assert "must not be more than a hundred years ago" in run(app, "list", "halton", "--on", "0001-01-01", code=1)
