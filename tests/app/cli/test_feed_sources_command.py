"""Sources of HR files at the command line: listed, and the newest file fetched and planned."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from app.cli.feed import sources as command
from app.platform.hr_sources.sealing import seal_password
from kernel.clock import utc_now
from people.feed.mapping.stored import keep_mapping
from people.feed.mapping.suggesting import suggest_mapping
from people.feed.reading.opening import open_table
from people.feed.sources import looks
from people.feed.sources.record import FeedSource, SourceKind
from people.feed.sources.setting_up import SourceSettings, add_source, confirm_host_key
from people.organisations import Organisation
from tests.builders.hr_files import HEADINGS
from tests.builders.region import an_organisation
from tests.builders.sftp_server import PASSWORD, USER, sftp_server

ROWS = "00001,Siân Nguyễn,Libraries,Librarian\n00002,王芳,Libraries,Librarian\n"
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    def run_it(*words: str) -> Result:
        session.commit()
        return app.test_cli_runner().invoke(args=["feed", *words])

    return run_it


@pytest.fixture
def halton(session: Session) -> Organisation:
    halton = an_organisation(session)
    mapping = suggest_mapping(open_table(BytesIO(f"{HEADINGS}\n{ROWS}".encode()))).mapping
    keep_mapping(session, organisation_id=halton.id, name="Staff", mapping=mapping, by=None, now=utc_now())
    return halton


def a_source(app: Flask, session: Session, halton: Organisation, *, port: int, host_key: str | None) -> FeedSource:
    settings = SourceSettings(
        "iTrent",
        SourceKind.SFTP,
        "/",
        "staff*.csv",
        "Staff",
        host="127.0.0.1",
        port=port,
        username=USER,
        has_marker=True,
    )
    with app.app_context():
        secret = seal_password(PASSWORD)
    source = add_source(session, organisation_id=halton.id, settings=settings, secret=secret, by=None, now=utc_now())
    if host_key is not None:
        source.offered_host_key = host_key
        confirm_host_key(session, source, host_key=host_key, by=None, now=utc_now())
    return source


def test_a_file_is_fetched_planned_and_fetched_once(
    app: Flask, session: Session, run: Run, halton: Organisation, tmp_path: Path
) -> None:
    with sftp_server(tmp_path) as server:
        a_source(app, session, halton, port=server.port, host_key=server.host_key)
        (tmp_path / "staff.csv").write_text(f"{HEADINGS}\n{ROWS}")
        (tmp_path / "staff.csv.done").touch()
        found = run("fetch", "halton")
        assert "iTrent: staff.csv was fetched." in found.output
        assert "Adds 2 people" in found.output
        assert found.exit_code == 0
        again = run("fetch", "halton", "--json")
        assert again.exit_code == 1
        (said,) = json.loads(again.stdout)
        assert said["problem"] == "No new file has come. The newest, “staff.csv”, was read before."


def test_without_a_marker_it_waits_until_the_file_stands_still(
    app: Flask, session: Session, run: Run, halton: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "sleep", lambda _seconds: None)
    monkeypatch.setattr(looks, "SETTLE", looks.SETTLE * 0)
    with sftp_server(tmp_path) as server:
        a_source(app, session, halton, port=server.port, host_key=server.host_key).has_marker = False
        (tmp_path / "staff.csv").write_text(f"{HEADINGS}\n{ROWS}")
        found = run("fetch", "halton", "--json")
    assert found.exit_code == 0
    (said,) = json.loads(found.stdout)
    assert (said["file"], said["is_stopped"]) == ("staff.csv", False)


def test_a_file_that_cannot_be_read_ends_with_2(
    app: Flask, session: Session, run: Run, halton: Organisation, tmp_path: Path
) -> None:
    with sftp_server(tmp_path) as server:
        a_source(app, session, halton, port=server.port, host_key=server.host_key)
        (tmp_path / "staff.csv").write_text(f"{HEADINGS},New\n{ROWS}")
        (tmp_path / "staff.csv.done").touch()
        found = run("fetch", "halton")
    assert found.exit_code == 2
    assert "staff.csv cannot be read. The column “New” is new" in found.output


def test_sources_are_listed_with_what_is_wrong(
    app: Flask, session: Session, run: Run, halton: Organisation, tmp_path: Path
) -> None:
    with sftp_server(tmp_path) as server:
        a_source(app, session, halton, port=server.port, host_key=None)
        found = run("fetch", "halton")
    assert found.exit_code == 1
    assert "This server has answered for the first time." in found.output
    listed = run("sources", "halton")
    assert "halton: iTrent, hr-drop@127.0.0.1" in listed.output
    assert "The key of its server has to be confirmed" in listed.output
    (said,) = json.loads(run("sources", "--json").stdout)
    assert (said["authority"], said["name"], said["waits_for_host_key"]) == ("halton", "iTrent", True)
    assert PASSWORD not in listed.output


def test_what_is_not_there_is_said(run: Run, halton: Organisation) -> None:
    assert "There is no source." in run("sources", "halton").output
    assert run("sources", "nowhere").exit_code == 1
    refused = run("fetch", "halton")
    assert (refused.exit_code, "No source is switched on." in refused.output) == (1, True)
    assert "There is no source of that name." in run("fetch", "halton", "--source", "x").output
