"""``feed plan``, ``apply``, ``undo`` and ``show``, as somebody at a terminal meets them."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel.clock import utc_now
from kernel.tasks.claims import claim
from kernel.tasks.kinds import TaskState
from people.feed.mapping.stored import keep_mapping
from people.feed.mapping.suggesting import suggest_mapping
from people.feed.reading.opening import open_table
from people.feed.runs.deciding import decide
from people.feed.runs.record import FEED_RUNS, Choice, FeedRun
from people.feed.runs.undoing import ask_to_undo
from people.organisations import Organisation
from people.persons import Person
from people.roles import Role
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation

HEADINGS = "Employee Number,Full Name,Department,Job Title\n"
NAMES = ("Siân Nguyễn", "محمد", "王芳", "Ọláyínká", "Pat O’Brien", "Bo Li", "Ann Wu", "Jo Roe", "Kim Poe", "Al Moe")
Feed = Callable[..., Result]


@pytest.fixture
def sefton(session: Session) -> Organisation:
    found = an_organisation(session, "sefton", "Sefton")
    session.commit()
    return found


@pytest.fixture
def feed(app: Flask, session: Session) -> Feed:
    def run(*words: str) -> Result:
        session.commit()
        result = app.test_cli_runner().invoke(args=["feed", *words])
        session.expire_all()
        return result

    return run


def a_csv(folder: Path, rows: list[str], name: str = "staff.csv", headings: str = HEADINGS) -> str:
    path = folder / name
    path.write_text(headings + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return str(path)


def staff(count: int = len(NAMES), title: str = "Carer") -> list[str]:
    return [f"{place:05},{NAMES[place]},Adult Social Care,{title}" for place in range(count)]


def applied(feed: Feed, path: str, *options: str) -> int:
    number = json.loads(feed("plan", "sefton", path, "--json", *options).output)["run"]
    result = feed("apply", str(number))
    assert result.exit_code == 0, result.output
    return number


def test_a_first_file_is_planned_in_sentences_and_applied(
    feed: Feed, session: Session, sefton: Organisation, tmp_path: Path
) -> None:
    result = feed("plan", "sefton", a_csv(tmp_path, staff()))
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "No mapping is saved: this one is taken from the headings."
    assert "Adds 10 people." in lines
    assert "  10 people join." in lines
    assert session.scalars(select(Person)).all() == []
    number = session.scalars(select(FeedRun.id)).one()
    assert f"Run {number} waits for a decision." in lines
    assert f"Run {number} is applied." in feed("apply", str(number)).output
    assert {one.chosen_name for one in session.scalars(select(Person))} == set(NAMES)


def test_the_plan_as_json_counts_and_names_what_it_does(feed: Feed, sefton: Organisation, tmp_path: Path) -> None:
    applied(feed, a_csv(tmp_path, staff()))
    rows = [*staff(8), "00008,Kim Poe,Public Health,Carer", "00010,New One,Adult Social Care,Carer", "00011,,Adult,x"]
    result = feed("plan", "sefton", a_csv(tmp_path, rows), "--everybody", "--json")
    plan = json.loads(result.output)
    counts = {key: len(plan[key]) for key in ("adds", "moves", "ends", "changes", "unusable")}
    assert counts == {"adds": 1, "moves": 1, "ends": 1, "changes": 0, "unusable": 1}
    assert plan["ends"][0]["name"] == "Al Moe"
    assert plan["moves"][0]["values"]["unit"] == ["Adult Social Care", "Public Health"]
    assert "1 job ends. Its record is kept." in plan["sentences"]
    assert plan["unusable"][0]["row"] == 12


def test_a_brake_ends_with_3_and_only_a_second_person_lets_it_go_on(
    feed: Feed, session: Session, sefton: Organisation, tmp_path: Path
) -> None:
    applied(feed, a_csv(tmp_path, staff()))
    unit = a_unit(session, sefton, "Human Resources")
    leads = an_account(session, a_person(session, name="Mei Lin"), Role.HR_LEAD, unit=unit).username
    learner = an_account(session, a_person(session, name="A learner")).username
    half = a_csv(tmp_path, staff(5))
    result = feed("plan", "sefton", half, "--everybody")
    assert result.exit_code == 3
    assert result.output.splitlines()[-1].startswith("Run ")
    assert "Stopped: nothing has changed yet. The file would end 5 of the 10 jobs in Sefton." in result.output
    number = str(session.scalars(select(FeedRun.id).order_by(FeedRun.id.desc())).first())
    refused = feed("apply", number)
    assert (refused.exit_code, "second person must agree" in refused.output) == (3, True)
    assert "neither an HR lead" in feed("apply", number, "--agreed-by", learner).output
    assert feed("apply", number, "--agreed-by", leads).exit_code == 0
    undone = feed("undo", number).output.splitlines()
    assert undone == [
        "The record becomes what it would be without this file:",
        "  5 jobs that ended go on, and their accounts open again.",
        f"Run {number} is undone by somebody at the command line.",
    ]
    assert feed("show", number).output.splitlines() == [
        "It had ended 5 jobs. All of that is undone.",
        f"Run {number} is undone by somebody at the command line.",
    ]
    assert json.loads(feed("show", number, "--json").output)["state"] == "expired"
    assert feed("plan", "sefton", a_csv(tmp_path, staff()), "--everybody").output.count("Changes nothing.") == 1


def test_everything_but_the_leavers_needs_nobody_else(
    feed: Feed, session: Session, sefton: Organisation, tmp_path: Path
) -> None:
    applied(feed, a_csv(tmp_path, staff()))
    plan = json.loads(feed("plan", "sefton", a_csv(tmp_path, staff(5)), "--everybody", "--json").output)
    assert plan["is_stopped"]
    assert feed("apply", str(plan["run"]), "--without-leavers").exit_code == 0


def test_the_record_is_exported_in_the_shape_of_the_mapping_and_comes_in_again(
    feed: Feed, session: Session, sefton: Organisation, tmp_path: Path
) -> None:
    path = a_csv(tmp_path, staff())
    applied(feed, path)
    assert feed("export", "sefton").exit_code == 2
    with Path(path).open("rb") as file:
        mapping = suggest_mapping(open_table(file)).mapping
    keep_mapping(session, organisation_id=sefton.id, name="main", mapping=mapping, by=None, now=NOON)
    exported = tmp_path / "exported.csv"
    exported.write_text(feed("export", "sefton").output, encoding="utf-8")
    assert "Changes nothing." in feed("plan", "sefton", str(exported), "--everybody").output
    exported.write_text(
        exported.read_text("utf-8").replace("O’Brien,Adult Social Care", "O’Brien,Public Health"), "utf-8"
    )
    assert "Moves 1 person." in feed("plan", "sefton", str(exported), "--everybody").output


def test_an_authority_chooses_its_limits(feed: Feed, sefton: Organisation, tmp_path: Path) -> None:
    assert "leavers: 5 in 100" in feed("limits", "sefton").output
    assert "leavers: 60 in 100" in feed("limits", "sefton", "--leavers", "60").output
    applied(feed, a_csv(tmp_path, staff()))
    assert feed("plan", "sefton", a_csv(tmp_path, staff(5)), "--everybody").exit_code == 0


def test_headings_that_say_too_little_are_named(feed: Feed, sefton: Organisation, tmp_path: Path) -> None:
    path = a_csv(tmp_path, ["1,2"], headings="Foo,Bar\n")
    result = feed("plan", "sefton", path)
    assert result.exit_code == 2
    assert "No heading promises this" in result.output
    assert "findings" in json.loads(feed("plan", "sefton", path, "--json").output)


def test_a_file_that_cannot_be_read_leaves_nothing(
    feed: Feed, session: Session, sefton: Organisation, tmp_path: Path
) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    assert feed("plan", "sefton", str(tmp_path / "empty.csv"), "--everybody").exit_code == 2
    path = a_csv(tmp_path, [])
    assert "Nothing is changed by it." in feed("plan", "sefton", path, "--everybody").output
    assert session.scalars(select(FeedRun)).all() == []


def test_what_is_not_there_is_said(feed: Feed, sefton: Organisation, tmp_path: Path) -> None:
    path = a_csv(tmp_path, staff())
    assert "There is no organisation atlantis." in feed("plan", "atlantis", path).output
    assert "There is no mapping of that name: itrent" in feed("plan", "sefton", path, "--mapping", "itrent").output
    assert feed("apply", "4711").exit_code != 0


def test_a_record_that_has_moved_is_planned_again_and_shown(
    feed: Feed, session: Session, sefton: Organisation, tmp_path: Path
) -> None:
    applied(feed, a_csv(tmp_path, staff()))
    first = json.loads(feed("plan", "sefton", a_csv(tmp_path, staff(1, "Driver")), "--json").output)["run"]
    applied(feed, a_csv(tmp_path, staff(1, "Manager"), "other.csv"))
    result = feed("apply", str(first))
    assert result.exit_code == 3
    assert f"Run {first} was not applied: the record has changed" in result.output


def test_a_run_that_another_process_has_in_hand_ends_with_3(
    feed: Feed, session: Session, sefton: Organisation, tmp_path: Path
) -> None:
    number = json.loads(feed("plan", "sefton", a_csv(tmp_path, staff()), "--json").output)["run"]
    decide(session, run_id=number, choice=Choice.ALL, by=None, now=utc_now())
    [claimed] = claim(session, FEED_RUNS, now=utc_now(), only=[number]).rows  # type: ignore[union-attr]
    result = feed("apply", str(number))
    assert (claimed.id, result.exit_code) == (number, 3)
    assert f"Nothing was done here: another process has run {number} in hand" in result.output
    assert session.scalars(select(Person)).all() == []
    session.execute(update(FeedRun).values(claimed_at=utc_now() - timedelta(hours=1), state=TaskState.PENDING))
    assert feed("apply", str(number)).exit_code == 0
    ask_to_undo(session, run_id=number, by=None, now=utc_now())
    claim(session, FEED_RUNS, now=utc_now(), only=[number])
    result = feed("undo", str(number))
    assert (result.exit_code, "another process" in result.output) == (3, True)


def test_a_file_of_which_no_column_fits_may_be_another_file(
    feed: Feed, session: Session, sefton: Organisation, tmp_path: Path
) -> None:
    path = a_csv(tmp_path, staff())
    with Path(path).open("rb") as file:
        mapping = suggest_mapping(open_table(file)).mapping
    keep_mapping(session, organisation_id=sefton.id, name="main", mapping=mapping, by=None, now=NOON)
    lines = feed("plan", "sefton", a_csv(tmp_path, ["1,2"], headings="Foo,Bar\n")).output.splitlines()
    assert lines[0] == (
        "None of the columns that the mapping names is in this file: it may be another file, or needs another mapping."
    )
    assert lines[1] == "The column “Employee Number” is missing."
    lines = feed("plan", "sefton", a_csv(tmp_path, ["1,2"], headings="Employee Number,Bar\n")).output.splitlines()
    assert lines[0] == "The column “Full Name” is missing."
