"""``flask demo`` and ``flask prepare``, on an empty database of their own."""

import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from app.platform.extensions import db
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from courses.catalogue.shipped import publish_library
from courses.catalogue.versions import publish
from courses.content.bundle.reading import read_bundle
from kernel.clock import utc_now
from people.accounts import sign_in
from tests.builders.region import bundle_files
from tests.conftest import ListeningBell, settings_for

SMALL = ("--people", "200", "--accounts-file")


class Installation:
    """A fresh application with its own database and files."""

    def __init__(self, folder: Path) -> None:
        self.accounts = folder / "var" / "demo-accounts.json"
        self.app = application(folder)

    def run(self, command: str) -> Result:
        return self.app.test_cli_runner().invoke(args=[command, *SMALL, str(self.accounts)])

    def passwords(self) -> dict[str, str]:
        listed = json.loads(self.accounts.read_text(encoding="utf-8"))
        return {entry["username"]: entry["password"] for entry in listed}

    def opens(self, username: str, password: str) -> bool:
        with self.app.app_context():
            return sign_in(db.session(), username=username, password=password, now=utc_now()) is not None


def application(folder: Path) -> Flask:
    made = create_app(settings_for(f"sqlite:///{folder}/own.db", folder / "files", env="demo"))
    made.extensions["common-ground-bell"] = ListeningBell()
    return made


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    yield made
    with made.app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def prepared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation after ``flask prepare``, to be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    made = Installation(folder)
    assert made.run("prepare").exit_code == 0
    with made.app.app_context():
        db.engine.dispose()
    return folder


@pytest.fixture
def prepared(prepared_folder: Path, tmp_path: Path) -> Iterator[Installation]:
    """An installation after ``flask prepare``."""
    shutil.copytree(prepared_folder, tmp_path / "prepared")
    made = Installation(tmp_path / "prepared")
    yield made
    with made.app.app_context():
        db.engine.dispose()


def test_prepare_makes_everything_once_and_then_says_nothing(installation: Installation) -> None:
    first = installation.run("prepare")
    assert first.exit_code == 0, first.output
    assert "Published Race equality essentials, version 1." in first.output
    assert "200 people" in first.output
    again = installation.run("prepare")
    assert (again.exit_code, again.output) == (0, "")


def test_prepare_prints_no_password_and_keeps_them_in_a_private_file(installation: Installation) -> None:
    output = installation.run("prepare").output
    listed = json.loads(installation.accounts.read_text(encoding="utf-8"))
    assert stat.S_IMODE(installation.accounts.stat().st_mode) == 0o600
    assert [set(entry) for entry in listed] == [{"role", "organisation", "username", "password"}] * 17
    assert all(len(entry["password"]) >= 12 and entry["password"] not in output for entry in listed)


def test_demo_prints_the_same_working_passwords_every_time(prepared: Installation) -> None:
    passwords = prepared.passwords()
    output = prepared.run("demo").output
    assert prepared.passwords() == passwords
    assert all(username in output and password in output for username, password in passwords.items())
    assert prepared.opens("hr.halton", passwords["hr.halton"])
    assert not prepared.opens("hr.halton", passwords["hr.sefton"])


def test_lost_passwords_are_drawn_anew_and_the_old_ones_stop_working(prepared: Installation) -> None:
    old = prepared.passwords()
    prepared.accounts.unlink()
    result = prepared.run("demo")
    assert "there are new passwords" in result.output
    assert prepared.opens("admin", prepared.passwords()["admin"])
    assert not prepared.opens("admin", old["admin"])


def test_the_passwords_of_another_demo_are_replaced(prepared: Installation) -> None:
    listed = json.loads(prepared.accounts.read_text(encoding="utf-8"))
    others = [{**entry, "password": "another-demo-altogether-10"} for entry in listed]
    prepared.accounts.write_text(json.dumps(others), encoding="utf-8")
    prepared.run("demo")
    assert prepared.opens("staff.sefton", prepared.passwords()["staff.sefton"])


def test_demo_asks_for_prepare_on_a_database_without_tables(installation: Installation) -> None:
    result = installation.run("demo")
    assert result.exit_code == 1
    assert "flask --app wsgi prepare" in result.output
    assert not installation.accounts.exists()


def test_demo_refuses_production_with_one_sentence(tmp_path: Path) -> None:
    settings = settings_for(
        "postgresql+psycopg://127.0.0.1:1/none",
        tmp_path,
        env="production",
        secret_key="Zk3vQ8mX2rT7wB5nL9cH4jF6gD1sA0pYuEiO",
        public_url="https://learn.example.org",
    )
    made = create_app(settings)
    result = made.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert result.output.strip() == (
        "Error: The demo is never built in production: its people are made up, and so would be every figure."
    )


def test_a_version_that_somebody_published_is_not_overtaken_by_the_shipped_one(
    prepared: Installation,
) -> None:
    own = read_bundle(bundle_files()).document
    assert own is not None
    own = own.model_copy(update={"id": "RE", "slug": "race-equality-essentials"})
    with prepared.app.app_context(), unit_of_work() as work:
        publish(work.session, document=own, account_id=None, now=utc_now())
    result = prepared.run("prepare")
    assert "somebody has published version 2, so the shipped one waits" in result.output
    with prepared.app.app_context():
        shipped = publish_library(db.session(), store=file_store(), now=utc_now())
    numbers = {course.document.slug: course.number for course in shipped}
    assert numbers["race-equality-essentials"] == 2
