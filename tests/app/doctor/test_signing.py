"""What the doctor says of signatures: off, in order, about to end, for tests, or not to be had."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.doctor.signing import check_signing
from certificates.signing.trial_keys import new_test_key
from config import BadSettings, Environment, Settings, load_settings
from kernel.clock import utc_now
from tests.certificates.signing.keys_for_tests import NOON, pem_file, stamp_server


def settings_with(app: Flask, **changes: object) -> Settings:
    found: Settings = app.config["SETTINGS"].model_copy(update=changes)
    return found


def test_without_a_key_it_says_that_certificates_are_not_signed(app: Flask) -> None:
    (found,) = check_signing(app.config["SETTINGS"], now=NOON)
    assert found.is_ok
    assert "certificates are not signed" in found.message


def test_a_good_key_is_fine_until_60_days_before_its_end(app: Flask, tmp_path: Path) -> None:
    path = pem_file(tmp_path)
    path.chmod(0o600)
    settings, ends_at = settings_with(app, signing_key_file=str(path)), NOON + timedelta(days=700)
    for days, words in ((61, "By Siân Ọláyínká"), (59, "Have a new one made"), (0, "Certificates wait")):
        (found,) = check_signing(settings, now=ends_at - timedelta(days=days))
        assert words in found.message
        assert found.is_ok == (days > 60)
    path.chmod(0o644)
    assert "chmod 600" in next(check_signing(settings, now=NOON)).message


def test_a_key_for_tests_is_refused_in_production_alone(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text(new_test_key(now=utc_now()))
    path.chmod(0o600)
    assert next(check_signing(settings_with(app, signing_key_file=str(path)), now=utc_now())).is_ok
    found = next(
        check_signing(settings_with(app, signing_key_file=str(path), env=Environment.PRODUCTION), now=utc_now())
    )
    assert "is for tests" in found.message


def test_a_key_that_cannot_be_opened_is_a_problem(app: Flask, tmp_path: Path) -> None:
    (found,) = check_signing(settings_with(app, signing_key_file=str(tmp_path / "none.pem")), now=NOON)
    assert not found.is_ok
    assert "none.pem could not be read" in found.message


def test_the_time_stamp_server_is_asked(app: Flask, tmp_path: Path) -> None:
    with stamp_server() as (address, server):
        settings = settings_with(app, signing_key_file=str(pem_file(tmp_path)), signing_time_stamp_url=address)
        assert list(check_signing(settings, now=NOON))[1].is_ok
        server.is_silent = True
        found = list(check_signing(settings, now=NOON))[1]
    assert not found.is_ok
    assert "Certificates wait until it answers" in found.message


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"KEY_FILE": "a.pem", "PKCS11_MODULE": "b.so"}, "cannot both be set"),
        ({"PKCS11_MODULE": "b.so"}, "needs"),
        ({"TIME_STAMP_URL": "ftp://time.example.org"}, "must start with https://"),
    ],
)
def test_settings_that_contradict_each_other_stop_the_start(
    app: Flask, monkeypatch: pytest.MonkeyPatch, values: dict, words: str
) -> None:
    settings: Settings = app.config["SETTINGS"]
    for name in ("env", "database_url", "redis_url", "storage_url", "public_url"):
        monkeypatch.setenv(f"COMMON_GROUND_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("COMMON_GROUND_SECRET_KEY", settings.secret_key.get_secret_value())
    for name, value in values.items():
        monkeypatch.setenv(f"COMMON_GROUND_SIGNING_{name}", value)
    with pytest.raises(BadSettings, match=words):
        load_settings()


def test_the_command_makes_a_key_once_and_never_in_production(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "var" / "key.pem"

    def run(env: Environment = Environment.TEST) -> Result:
        monkeypatch.setitem(app.config, "SETTINGS", settings_with(app, signing_key_file=str(path), env=env))
        return app.test_cli_runner().invoke(args=["signing-test-key"])

    assert run(env=Environment.PRODUCTION).exit_code == 1
    assert not path.exists()
    assert run().exit_code == 0
    before = path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert "is there already" in run().output
    assert path.read_text() == before
