"""The doctor: each check says what is wrong and what to do, and none of them stops the others."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.orm import Session

from app import create_app
from app.doctor import database, examine, installation, mail, pdf, records
from app.doctor.check import Check, run_check
from app.platform.mail.transport import MailFolder, MailUnavailable
from app.platform.storage import FolderStore
from app.wiring import ensure_certificate
from certificates.making.rendering import CERTIFICATE_FILES
from certificates.record.issuing import Certificate
from config import Environment
from demo.flag import flag_as_demo
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.files import StoredFile
from kernel.tasks.kinds import TaskState
from kernel.unit_of_work import UnitOfWork
from messages.ledger import note_message
from messages.sending import claim_next
from messages.sending import mark_failed as mark_unsent
from tests.builders.certificates import completed_by, issued_to
from tests.builders.region import NOON, a_person, a_unit, an_organisation
from tests.builders.tasks import failed
from tests.conftest import settings_for

MINUTE = timedelta(minutes=1)
RANDOM_SECRET = "Zk3vQ8mX2rT7wB5nL9cH4jF6gD1sA0pYuEiO"


def production(**changes: object) -> Any:
    values = {
        "env": "production",
        "secret_key": RANDOM_SECRET,
        "public_url": "https://learn.example.org",
        **changes,
    }
    return settings_for("postgresql+psycopg://127.0.0.1:1/none", Path("/srv/files"), **values)


def test_a_random_secret_is_fine_and_one_that_repeats_itself_is_not() -> None:
    assert installation.check_secret(production()).is_ok
    guessed = production().model_copy(update={"secret_key": SecretStr("abc" * 20)})
    found = installation.check_secret(guessed)
    assert not found.is_ok
    assert "has fewer than 12 different characters" in found.message
    assert "openssl rand -base64 48" in found.message


def test_an_address_that_only_this_machine_knows_is_no_public_address() -> None:
    assert installation.check_public_url(production()).is_ok
    assert not installation.check_public_url(production(public_url="https://localhost:8000")).is_ok


def test_a_front_end_that_was_not_built_or_lost_a_file_is_noticed(tmp_path: Path) -> None:
    assert "not built" in installation.check_front_end(tmp_path).message
    build = tmp_path / "build"
    build.mkdir()
    (build / "manifest.json").write_text(json.dumps({"a.css": "a.1.css", "b.js": "b.1.js"}), encoding="utf-8")
    (build / "a.1.css").touch()
    assert "b.1.js" in installation.check_front_end(tmp_path).message
    (build / "b.1.js").touch()
    assert installation.check_front_end(tmp_path).is_ok
    (build / "manifest.json").write_text("{", encoding="utf-8")
    assert "damaged" in installation.check_front_end(tmp_path).message


def test_the_file_store_is_tried_and_left_clean(tmp_path: Path) -> None:
    assert installation.check_storage(FolderStore(tmp_path)).is_ok
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_store_that_cannot_be_written_or_forgets_is_a_problem(tmp_path: Path) -> None:
    class Full(FolderStore):
        def put(self, key: str, data: bytes) -> StoredFile:  # noqa: ARG002
            raise StorageError("No space left on device")

    class Forgetful(FolderStore):
        def put(self, key: str, data: bytes) -> StoredFile:
            return super().put(key, data[:-1])

    assert "No space left" in installation.check_storage(Full(tmp_path)).message
    assert "had changed" in installation.check_storage(Forgetful(tmp_path)).message


@pytest.mark.parametrize(("mode", "is_closed"), [(0o700, True), (0o750, True), (0o755, False), (0o701, False)])
def test_a_folder_of_files_that_everybody_may_open_is_a_problem(tmp_path: Path, mode: int, is_closed: bool) -> None:
    folder = tmp_path / "my files"
    folder.mkdir()
    folder.chmod(mode)
    found = installation.check_privacy_of_files(str(folder))
    assert found.is_ok is is_closed
    assert is_closed or found.message.endswith(f"Run: chmod o-rwx '{folder}'")


def test_a_bucket_and_a_folder_that_is_not_made_yet_are_closed(tmp_path: Path) -> None:
    assert installation.check_privacy_of_files("s3://bucket/files").is_ok
    assert installation.check_privacy_of_files(str(tmp_path / "later")).is_ok


def test_a_full_disk_is_a_problem_and_a_bucket_has_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10**6))
    found = installation.check_disk_space(str(tmp_path / "not" / "made" / "yet"))
    assert not found.is_ok
    assert str(tmp_path) in found.message
    assert installation.check_disk_space("s3://bucket/files").is_ok


class MailAway:
    place = "mail.example.org:587"

    def check(self) -> None:
        raise MailUnavailable("mail.example.org:587: Connection refused")


def test_a_site_without_mail_is_in_order_and_one_whose_server_is_away_is_not(tmp_path: Path) -> None:
    assert "COMMON_GROUND_MAIL_URL is not set" in mail.check_mail(None).message
    assert mail.check_mail(None).is_ok
    assert mail.check_mail(MailFolder(tmp_path)).is_ok
    found = mail.check_mail(MailAway())  # type: ignore[arg-type]
    assert not found.is_ok
    assert "Connection refused" in found.message


def test_messages_that_could_not_be_sent_are_counted(session: Session) -> None:
    assert mail.check_messages(session).is_ok
    note_message(session, person_id=a_person(session).id, kind="own-plan", subject_id=1, now=NOON, due_at=NOON)
    claimed = claim_next(session, now=NOON, per_minute=5)
    mark_unsent(session, claimed, reason="550", is_permanent=True, now=NOON)
    assert "1 parked" in mail.check_messages(session).message


def test_the_city_regions_clock_is_known() -> None:
    assert installation.check_time_zone().is_ok


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    engine = create_engine("postgresql+psycopg://somebody:hidden-words@127.0.0.1:1/none")
    found = database.check_database(engine)
    assert not found.is_ok
    assert "COMMON_GROUND_DATABASE_URL" in found.message
    assert "hidden-words" not in found.message


def test_sqlite_is_for_the_demo_only() -> None:
    engine = create_engine("sqlite://")
    assert database.check_kind(engine, env=Environment.DEMO).is_ok
    assert not database.check_kind(engine, env=Environment.PRODUCTION).is_ok


def test_tables_that_are_missing_or_of_another_version_are_noticed(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/own.db")
    assert "none yet" in database.check_tables(engine).message
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('older')"))
    assert "They are at older" in database.check_tables(engine).message
    engine.dispose()


def test_the_migrated_test_database_is_in_order(connection: Connection) -> None:
    assert database.check_tables(connection.engine).is_ok
    assert database.check_kind(connection.engine, env=Environment.TEST).is_ok


def test_demo_data_in_production_is_a_problem(session: Session) -> None:
    assert database.check_demo(session, env=Environment.PRODUCTION).is_ok
    flag_as_demo(session, seed=1, people=200, now=NOON)
    session.flush()
    assert database.check_demo(session, env=Environment.DEMO).is_ok
    assert not database.check_demo(session, env=Environment.PRODUCTION).is_ok


@pytest.fixture
def completion_id(session: Session) -> int:
    """A course that was finished here, without any consequence yet."""
    person = a_person(session, a_unit(session, an_organisation(session)))
    return completed_by(session, person.id)


def test_promises_that_wait_too_long_are_counted(session: Session) -> None:
    issued_to(session, a_person(session, a_unit(session, an_organisation(session))).id)
    assert records.check_promises(session, now=NOON + 9 * MINUTE).is_ok
    found = records.check_promises(session, now=NOON + 25 * MINUTE)
    assert not found.is_ok
    assert "1 waiting for more than 10 minutes, the oldest for 25" in found.message


def test_a_finished_course_without_certificate_is_noticed(session: Session, completion_id: int) -> None:
    assert not records.check_issued(session).is_ok
    ensure_certificate(completion_id, UnitOfWork(session, {}), now=NOON)
    assert records.check_issued(session).is_ok


def test_names_that_no_font_holds_are_told_by_their_script(session: Session) -> None:
    a_person(session, name="Ọláyínká Nguyễn")
    assert records.check_names(session).is_ok
    for name in ("ଓଡ଼ିଆ Das", "ଓଡ଼ିଆ Patnaik", "བསྟན་འཛིན"):
        a_person(session, name=name)
    found = records.check_names(session)
    assert not found.is_ok
    assert "Odia (2), Tibetan (1)" in found.message


def test_failed_certificates_are_counted_with_the_last_reason(session: Session, completion_id: int) -> None:
    ensure_certificate(completion_id, UnitOfWork(session, {}), now=NOON)
    assert records.check_failed(session).is_ok
    certificate = session.scalars(select(Certificate)).one()
    failed(session, CERTIFICATE_FILES, certificate.id, "The disk is full", now=utc_now())
    found = records.check_failed(session)
    assert not found.is_ok
    assert certificate.number in found.message
    assert "The disk is full" in found.message


def test_a_certificate_that_is_ready_must_have_its_file(session: Session, completion_id: int, tmp_path: Path) -> None:
    ensure_certificate(completion_id, UnitOfWork(session, {}), now=NOON)
    certificate = session.scalars(select(Certificate)).one()
    certificate.state, certificate.ready_at = TaskState.DONE, NOON
    certificate.storage_key, certificate.sha256 = "certificates/a.pdf", "0" * 64
    session.flush()
    store = FolderStore(tmp_path)
    assert certificate.number in records.check_files(session, store).message
    store.put("certificates/a.pdf", b"%PDF-")
    assert records.check_files(session, store).is_ok


def test_what_keeps_certificates_from_being_drawn_is_told_apart() -> None:
    def names(**found: str) -> list[str]:
        checks = pdf.checks_of({"fonts": None, "libraries": None, "pdf": None, **found})
        return [check.name for check in checks if not check.is_ok]

    assert names() == []
    assert names(fonts="The font package x is not installed") == ["fonts"]
    assert names(libraries="cannot load library", pdf="cannot load library") == ["pdf libraries"]
    assert names(pdf="boom") == ["test certificate"]


def test_a_probe_that_dies_is_reported_with_its_last_words(tmp_path: Path) -> None:
    script = tmp_path / "probe.py"
    script.write_text("raise RuntimeError('no ink left')", encoding="utf-8")
    assert pdf.probe(script)["pdf"] == "RuntimeError: no ink left"


@pytest.mark.slow
@pytest.mark.parametrize("is_whole", [False, True])
def test_a_certificate_can_be_drawn_on_this_machine_in_both_ways(is_whole: bool) -> None:
    assert all(check.is_ok for check in pdf.checks_of(pdf.probe(is_whole=is_whole)))


def test_a_check_that_breaks_is_a_finding_and_not_the_end() -> None:
    def break_down() -> Check:
        raise ZeroDivisionError("division by zero")

    found = run_check("sums", break_down)
    assert found == Check("sums", False, "This could not be checked: ZeroDivisionError: division by zero.")


def test_the_command_goes_on_after_a_problem_and_exits_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine.pdf, "probe", lambda **_: dict.fromkeys(("fonts", "libraries", "pdf")))
    settings = settings_for(f"sqlite:///{tmp_path}/none.db", tmp_path, redis_url="redis://127.0.0.1:1")
    result = create_app(settings).test_cli_runner().invoke(args=["doctor"])
    lines = [line.split(maxsplit=1) for line in result.output.splitlines() if line]
    problems = [line[1].split("  ")[0] for line in lines if line[0] == "problem"]
    assert result.exit_code == 1
    assert {"tables", "redis"} <= set(problems)
    assert any(line == ["ok", "test certificate     A test certificate can be drawn."] for line in lines)
    assert result.output.splitlines()[-1].endswith("to put right.")


def test_clocks_that_differ_are_noticed(connection: Connection) -> None:
    engine = connection.engine
    if engine.dialect.name == "sqlite":
        assert database.check_clock(engine, now=NOON).is_ok
    else:
        assert not database.check_clock(engine, now=datetime(2020, 1, 1, tzinfo=NOON.tzinfo)).is_ok
