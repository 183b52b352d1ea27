"""New entries of the audit trail are sealed by a job that housekeeping rings for; the doctor and a command look."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.doctor.trail import check_trail
from app.jobs import audit_seals
from app.jobs.audit_seals import seal_trail
from app.jobs.housekeeping import run_housekeeping
from kernel.audit import record
from kernel.audit_seals.horizon import Horizon
from kernel.audit_seals.sealing import SEAL_TRAIL
from kernel.audit_seals.verifying import verify_trail
from tests.builders.region import NOON
from tests.conftest import ListeningBell
from tests.kernel.audit_seals.test_seals import unprotected


@pytest.fixture(autouse=True)
def in_the_application(app: Flask, bell: ListeningBell) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def entry_ids(session: Session) -> list[int]:
    for number in range(5):
        record(
            session, action="password-set", subject_type="account", subject_id=number, actor_account_id=None, now=NOON
        )
    session.commit()
    ids = list(session.scalars(text("SELECT id FROM audit_entry ORDER BY id")))
    session.commit()
    return ids


def verify(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["audit", "verify", *words])


def test_housekeeping_rings_for_what_is_not_sealed(session: Session, bell: ListeningBell, entry_ids: list[int]) -> None:
    run_housekeeping()
    assert SEAL_TRAIL in bell.rung
    seal_trail()
    bell.rung.clear()
    run_housekeeping()
    assert SEAL_TRAIL not in bell.rung
    assert verify_trail(session).sealed == 5


def test_a_long_trail_is_sealed_in_portions(
    session: Session, entry_ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_seals, "AT_ONCE", 2)
    seal_trail()
    assert verify_trail(session).sealed == 5


def test_somebody_who_writes_for_long_is_left_to_the_next_minute(
    session: Session, entry_ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_seals, "sleep", lambda _: None)
    monkeypatch.setattr(audit_seals, "look_ahead", lambda _: Horizon(entry_ids[-1], frozenset({"9/9"})))
    monkeypatch.setattr(audit_seals, "who_still_writes", lambda _session, horizon: horizon.writers)
    seal_trail()
    assert verify_trail(session).unsealed == 5


def test_the_doctor_names_the_first_broken_link(session: Session, entry_ids: list[int]) -> None:
    assert check_trail(session, now=NOON).is_ok
    late = check_trail(session, now=NOON + timedelta(minutes=11))
    assert not late.is_ok
    assert late.message.startswith("5 entries wait for their seal for more than 10 minutes.")
    seal_trail()
    assert check_trail(session, now=NOON).message == "5 entries are as they were sealed."
    with unprotected(session, "audit_entry"):
        session.execute(text("UPDATE audit_entry SET subject_id = '9' WHERE id = :one"), {"one": entry_ids[1]})
        session.execute(text("DELETE FROM audit_entry WHERE id = :one"), {"one": entry_ids[3]})
    found = check_trail(session, now=NOON)
    assert not found.is_ok
    assert found.message.startswith(
        f"Entry {entry_ids[1]} of 21 November 2026 at 12:00 (New password set: account 9) "
        "was changed after it was sealed."
    )


def test_a_command_says_how_the_chain_is(app: Flask, session: Session, entry_ids: list[int]) -> None:
    seal_trail()
    said = json.loads(verify(app, "--json").output)
    assert (said["is_whole"], said["sealed"], said["last_entry"], said["broken"]) == (True, 5, entry_ids[-1], None)
    assert "5 entries are as they were sealed; 0 wait for their seal." in verify(app).output
    assert verify(app, "--noted", said["last_seal"]).exit_code == 0
    other = verify(app, "--noted", "0" * 64)
    assert other.exit_code == 1
    assert "The seal that was noted is not in the chain" in other.output
    with unprotected(session, "audit_entry"):
        session.execute(text("DELETE FROM audit_entry WHERE id = :one"), {"one": entry_ids[0]})
    session.commit()
    broken = verify(app, "--json")
    assert broken.exit_code == 1
    assert json.loads(broken.output)["broken"]["entry"] == entry_ids[0]
    assert json.loads(broken.output)["broken"]["what"] == "gone"
    assert f"Entry {entry_ids[0]}, sealed on " in verify(app).output
