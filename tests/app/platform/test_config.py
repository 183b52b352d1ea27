"""Settings that are missing, unusable or unsafe stop the start, each with its name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT, BadSettings, Environment, load_settings

PRODUCTION = {
    "COMMON_GROUND_SECRET_KEY": "Zk3vQ8mX2rT7wB5nL9cH4jF6gD1sA0pYuEiO",
    "COMMON_GROUND_DATABASE_URL": "postgresql+psycopg://app@db.example.org/common_ground?sslmode=require",
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
        ("COMMON_GROUND_SECRET_KEY", "k" * 48),
        ("COMMON_GROUND_SECRET_KEY", "0123456789" * 5),
        ("COMMON_GROUND_SECRET_KEY", "change-me-change-me-change-me-1234567890"),
        ("COMMON_GROUND_SECRET_KEY", "Your_Secret_Key_that_nobody_should_use_9X"),
        ("COMMON_GROUND_SECRET_KEY", "Tr0ub4dor&3-horse" * 3),
        ("COMMON_GROUND_SECRET_KEY", "abcdefghijklmnopqrstuvwxyz0123456789"),
        ("COMMON_GROUND_SECRET_KEY", "9876543210zyxwvutsrqponmlkjihgfedcba"),
        ("COMMON_GROUND_DATABASE_URL", "sqlite:///var/demo.sqlite3"),
        ("COMMON_GROUND_DATABASE_URL", "mysql://db.example.org/common_ground"),
        ("COMMON_GROUND_DATABASE_URL", "postgresql+psycopg://db.example.org/common_ground"),
        ("COMMON_GROUND_DATABASE_URL", "postgresql+psycopg://db.example.org/common_ground?sslmode=prefer"),
        ("COMMON_GROUND_DATABASE_URL", "postgresql+psycopg://10.0.0.7/common_ground?sslmode=disable"),
        ("COMMON_GROUND_DATABASE_URL", "postgresql+psycopg://localhost:5432,db2.example.org:5432/common_ground"),
        ("COMMON_GROUND_DATABASE_URL", "postgresql+psycopg:///common_ground?host=db.example.org"),
        ("COMMON_GROUND_REDIS_URL", "queue.example.org"),
        ("COMMON_GROUND_REDIS_URL", "redis://queue.example.org:6379/0"),
        ("COMMON_GROUND_REDIS_URL", "redis://:secret-word@10.0.0.8"),
        ("COMMON_GROUND_PUBLIC_URL", "http://learn.example.org"),
        ("COMMON_GROUND_PUBLIC_URL", "https://"),
        ("COMMON_GROUND_PUBLIC_URL", "https:///learning"),
        ("COMMON_GROUND_PUBLIC_URL", "https://learn.example.org/learning"),
        ("COMMON_GROUND_PUBLIC_URL", "https://learn.example.org:many"),
        ("COMMON_GROUND_PUBLIC_URL", "https://somebody@learn.example.org"),
        ("COMMON_GROUND_STORAGE_URL", "var/files"),
        ("COMMON_GROUND_STORAGE_URL", "file://var/files"),
        ("COMMON_GROUND_STORAGE_URL", "s3://"),
        ("COMMON_GROUND_STORAGE_URL", str(ROOT / "app" / "static" / "files")),
        ("COMMON_GROUND_STORAGE_URL", str(ROOT / "var" / ".." / "app" / "static")),
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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COMMON_GROUND_DATABASE_URL", "postgresql+psycopg:///common_ground"),
        ("COMMON_GROUND_DATABASE_URL", "postgresql+psycopg:///common_ground?host=/var/run/postgresql"),
        ("COMMON_GROUND_DATABASE_URL", "postgresql+psycopg://app:word@127.0.0.1:5432/common_ground"),
        ("COMMON_GROUND_DATABASE_URL", "postgresql+psycopg://app@[::1]:5432/common_ground"),
        ("COMMON_GROUND_DATABASE_URL", "postgresql+psycopg://db.example.org/common_ground?sslmode=verify-full"),
        ("COMMON_GROUND_REDIS_URL", "redis://localhost:6379"),
        ("COMMON_GROUND_REDIS_URL", "redis://127.0.0.2/3"),
        ("COMMON_GROUND_REDIS_URL", "unix:///run/redis/redis.sock"),
        ("COMMON_GROUND_STORAGE_URL", "/srv/common-ground/files"),
        ("COMMON_GROUND_STORAGE_URL", "file:///srv/common-ground/files"),
        ("COMMON_GROUND_PUBLIC_URL", "https://learn.example.org:8443/"),
        ("COMMON_GROUND_SECRET_KEY", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    ],
)
def test_production_takes_what_is_safe(production: pytest.MonkeyPatch, name: str, value: str) -> None:
    production.setenv(name, value)
    assert load_settings().env is Environment.PRODUCTION


def test_a_line_that_nobody_can_read_is_allowed_by_name(production: pytest.MonkeyPatch) -> None:
    production.setenv("COMMON_GROUND_DATABASE_URL", "postgresql+psycopg://10.0.0.7/common_ground")
    production.setenv("COMMON_GROUND_REDIS_URL", "redis://10.0.0.8")
    assert [problem.split()[0] for problem in problems()] == ["COMMON_GROUND_DATABASE_URL", "COMMON_GROUND_REDIS_URL"]
    production.setenv("COMMON_GROUND_DATABASE_WITHOUT_TLS", "yes")
    production.setenv("COMMON_GROUND_REDIS_WITHOUT_TLS", "yes")
    assert load_settings().redis_without_tls


def test_libpq_may_be_told_of_tls_by_its_own_variable(production: pytest.MonkeyPatch) -> None:
    production.setenv("COMMON_GROUND_DATABASE_URL", "postgresql+psycopg://db.example.org/common_ground")
    production.setenv("PGSSLMODE", "verify-full")
    assert load_settings().database_url.endswith("common_ground")


def test_a_misspelt_setting_is_named_with_the_nearest_right_one(production: pytest.MonkeyPatch) -> None:
    production.setenv("COMMON_GROUND_SESION_HOURS", "8")
    production.setenv("COMMON_GROUND_XQZ", "1")
    production.setenv("COMMON_GROUND_WORKERS", "4")  # read by `make run`
    assert problems() == [
        "COMMON_GROUND_SESION_HOURS is no setting; did you mean COMMON_GROUND_SESSION_HOURS?",
        "COMMON_GROUND_XQZ is no setting",
    ]


def test_a_missing_setting_and_the_misspelling_of_it_are_told_together(production: pytest.MonkeyPatch) -> None:
    production.delenv("COMMON_GROUND_SECRET_KEY")
    production.setenv("COMMON_GROUND_SECRETKEY", "Zk3vQ8mX2rT7wB5nL9cH4jF6gD1sA0pYuEiO")
    found = problems()
    assert "COMMON_GROUND_SECRETKEY is no setting; did you mean COMMON_GROUND_SECRET_KEY?" in found
    assert found[0].startswith("COMMON_GROUND_SECRET_KEY")


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
    root = Path(__file__).resolve().parents[3]
    ran = subprocess.run([sys.executable, "-c", "import wsgi"], cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "Common Ground cannot start" in ran.stderr
    assert "COMMON_GROUND_PUBLIC_URL" in ran.stderr
    assert "Traceback" not in ran.stderr
