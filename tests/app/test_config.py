"""Settings that are missing, unusable or unsafe stop the start, each with its name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import BadSettings, Environment, load_settings

PRODUCTION = {
    "COMMON_GROUND_SECRET_KEY": "k" * 48,
    "COMMON_GROUND_DATABASE_URL": "postgresql+psycopg://app@db.example.org/common_ground",
    "COMMON_GROUND_REDIS_URL": "rediss://queue.example.org",
    "COMMON_GROUND_STORAGE_URL": "s3://bucket/prefix",
    "COMMON_GROUND_PUBLIC_URL": "https://learn.example.org",
}
REQUIRED = sorted(PRODUCTION)


@pytest.fixture(autouse=True)
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a production site and nothing else of ours."""
    for name in [name for name in os.environ if name.startswith("COMMON_GROUND_")]:
        monkeypatch.delenv(name)
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def problems() -> list[str]:
    with pytest.raises(BadSettings) as refused:
        load_settings()
    return str(refused.value).splitlines()


def test_a_site_is_in_production_unless_it_says_otherwise() -> None:
    assert load_settings().env is Environment.PRODUCTION


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_setting_is_named(production: pytest.MonkeyPatch, name: str) -> None:
    production.delenv(name)
    assert [problem.split(":")[0] for problem in problems()] == [name]


def test_all_missing_settings_are_named_at_once(production: pytest.MonkeyPatch) -> None:
    for name in REQUIRED:
        production.delenv(name)
    assert sorted(problem.split(":")[0] for problem in problems()) == REQUIRED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COMMON_GROUND_SECRET_KEY", "short"),
        ("COMMON_GROUND_SECRET_KEY", "demo-" + "k" * 48),
        ("COMMON_GROUND_DATABASE_URL", "sqlite:///var/demo.sqlite3"),
        ("COMMON_GROUND_DATABASE_URL", "mysql://db.example.org/common_ground"),
        ("COMMON_GROUND_REDIS_URL", "queue.example.org"),
        ("COMMON_GROUND_PUBLIC_URL", "http://learn.example.org"),
        ("COMMON_GROUND_SIGN_IN_LIMIT", "many"),
        ("COMMON_GROUND_VERIFY_LIMIT", "0 per minute"),
        ("COMMON_GROUND_MAX_UPLOAD_MB", "0"),
        ("COMMON_GROUND_MAX_UPLOAD_MB", "much"),
        ("COMMON_GROUND_SESSION_HOURS", "1000"),
        ("COMMON_GROUND_SMALLEST_GROUP", "3"),
        ("COMMON_GROUND_ENV", "staging"),
    ],
)
def test_production_refuses_a_bad_value_and_names_the_setting(
    production: pytest.MonkeyPatch, name: str, value: str
) -> None:
    production.setenv(name, value)
    found = problems()
    assert found
    assert all(problem.startswith(name) for problem in found)


FROM = "Common Ground <learning@example.org>"


@pytest.mark.parametrize(
    "url", ["smtp://mail.example.org", "smtps://mail.example.org:465", "smtp-plain://localhost:25"]
)
def test_mail_may_leave_through_a_server(production: pytest.MonkeyPatch, url: str) -> None:
    production.setenv("COMMON_GROUND_MAIL_URL", url)
    production.setenv("COMMON_GROUND_MAIL_FROM", FROM)
    assert load_settings().mail_per_minute == 60


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "mail.example.org"),
        ("URL", "https://mail.example.org"),
        ("URL", "/srv/mail"),
        ("URL", "smtp://user:secret-word@mail.example.org"),
        ("URL", "smtp://"),
        ("URL", "smtp://mail.example.org/path"),
        ("URL", "smtp://mail.example.org:many"),
        ("URL", "smtp-plain://mail.example.org"),
        ("FROM", ""),
        ("FROM", "Common Ground"),
        ("FROM", "Common Ground <learning@example.org>\nBcc: x@example.org"),
        ("FROM", "a@example.org, b@example.org"),
        ("USER", "somebody"),
        ("PASSWORD", "secret-word"),
        ("PER_MINUTE", "0"),
    ],
)
def test_mail_that_could_not_leave_safely_is_refused_by_name(
    production: pytest.MonkeyPatch, name: str, value: str
) -> None:
    production.setenv("COMMON_GROUND_MAIL_URL", "smtp://mail.example.org:587")
    production.setenv("COMMON_GROUND_MAIL_FROM", FROM)
    production.setenv(f"COMMON_GROUND_MAIL_{name}", value)
    found = problems()
    assert found
    assert all(f"COMMON_GROUND_MAIL_{name}" in problem for problem in found)
    assert "secret-word" not in "".join(found)


def test_every_unsafe_setting_is_named_at_once(production: pytest.MonkeyPatch) -> None:
    production.setenv("COMMON_GROUND_SECRET_KEY", "demo-" + "k" * 48)
    production.setenv("COMMON_GROUND_DATABASE_URL", "sqlite:///var/demo.sqlite3")
    production.setenv("COMMON_GROUND_PUBLIC_URL", "http://127.0.0.1:8000")
    assert [problem.split()[0] for problem in problems()] == [
        "COMMON_GROUND_SECRET_KEY",
        "COMMON_GROUND_DATABASE_URL",
        "COMMON_GROUND_PUBLIC_URL",
    ]


def test_a_demo_may_do_what_production_may_not(production: pytest.MonkeyPatch) -> None:
    production.setenv("COMMON_GROUND_ENV", "demo")
    production.setenv("COMMON_GROUND_SECRET_KEY", "demo-" + "k" * 48)
    production.setenv("COMMON_GROUND_DATABASE_URL", "sqlite:///var/demo.sqlite3")
    production.setenv("COMMON_GROUND_PUBLIC_URL", "http://127.0.0.1:8000")
    assert load_settings().is_sqlite


def test_no_refusal_repeats_the_secret(production: pytest.MonkeyPatch) -> None:
    production.setenv("COMMON_GROUND_SECRET_KEY", "demo-and-nobody-may-read-this-in-a-log")
    assert "nobody-may-read-this" not in "".join(problems())


def test_the_server_says_so_and_does_not_start(production: pytest.MonkeyPatch) -> None:
    production.setenv("COMMON_GROUND_PUBLIC_URL", "http://learn.example.org")
    root = Path(__file__).resolve().parents[2]
    ran = subprocess.run([sys.executable, "-c", "import wsgi"], cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "Common Ground cannot start" in ran.stderr
    assert "COMMON_GROUND_PUBLIC_URL" in ran.stderr
    assert "Traceback" not in ran.stderr
