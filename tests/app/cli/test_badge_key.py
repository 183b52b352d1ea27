"""The key that signs badges: made by a command, never overwritten, looked at by the doctor. A demo has its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.cli.demo import ensure_badge_key
from app.doctor.badges import check_badge_key, check_badge_lists
from app.platform.badge_settings import write_key
from certificates.badges.keys import checked_key, is_demo_key, new_key
from certificates.badges.status import GOOD_FOR, store_list
from tests.builders.region import NOON
from tests.conftest import settings_for

PRODUCTION = {
    "env": "production",
    "secret_key": "Zk3vQ8mX2rT7wB5nL9cH4jF6gD1sA0pYuEiO",
    "public_url": "https://learn.example.org",
}


@pytest.fixture
def path(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """Where the key shall be; it is not there yet."""
    found, before = tmp_path / "keys" / "badges.pem", app.config["SETTINGS"]
    app.config["SETTINGS"] = before.model_copy(update={"badge_key_file": str(found)})
    yield found
    app.config["SETTINGS"] = before


def examined(path: Path | None, **changes: str) -> tuple[bool, str]:
    values = {**PRODUCTION, **changes, "badge_key_file": str(path) if path else None}
    check = check_badge_key(settings_for("postgresql+psycopg://127.0.0.1:1/none", Path("/srv/files"), **values))
    return check.is_ok, check.message


def test_the_command_makes_a_key_once_that_only_its_user_reads(app: Flask, path: Path) -> None:
    made = app.test_cli_runner().invoke(args=["badge-key"])
    assert (made.exit_code, path.stat().st_mode & 0o777) == (0, 0o600)
    text = path.read_text()
    assert checked_key(text)
    again = app.test_cli_runner().invoke(args=["badge-key"])
    assert again.exit_code == 1
    assert "Nothing was changed" in again.output
    assert path.read_text() == text


def test_the_command_says_what_to_set(app: Flask) -> None:
    made = app.test_cli_runner().invoke(args=["badge-key"])
    assert (made.exit_code, "COMMON_GROUND_BADGE_KEY_FILE" in made.output) == (1, True)


def test_a_folder_that_cannot_be_written_is_named(app: Flask, path: Path) -> None:
    path.parent.write_text("a file")
    made = app.test_cli_runner().invoke(args=["badge-key"])
    assert made.exit_code == 1
    assert "could not be written" in made.output


def test_the_demo_has_a_test_key_of_its_own_and_keeps_it(app: Flask, path: Path) -> None:
    with app.app_context():
        ensure_badge_key()
        text = path.read_text()
        ensure_badge_key()
    assert is_demo_key(text)
    assert path.read_text() == text


def test_the_doctor_says_that_badges_are_off_and_how_to_switch_them_on() -> None:
    is_ok, message = examined(None)
    assert is_ok
    assert message.startswith("Off")
    assert "badge-key" in message


def test_the_doctor_says_when_a_list_has_run_out(session: Session) -> None:
    assert check_badge_lists(session, now=NOON).is_ok
    store_list(session, number=1, credential="{}", jwt="a.b.c", good_until=NOON, now=NOON - GOOD_FOR)
    found = check_badge_lists(session, now=NOON)
    assert (found.is_ok, "List 1 has run out" in found.message) == (False, True)


def test_the_doctor_looks_at_the_key(path: Path) -> None:
    assert "could not be read" in examined(path)[1]
    write_key(path, new_key())
    assert examined(path) == (True, "There is a key to sign them with.")
    path.chmod(0o644)
    assert "chmod 600" in examined(path)[1]
    path.write_text("nonsense")
    path.chmod(0o600)
    assert "not a private key" in examined(path)[1]
    path.write_text(new_key(is_demo=True))
    assert "the demo's" in examined(path)[1]
    assert examined(path, env="test")[0]
