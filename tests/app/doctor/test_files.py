"""What the doctor says about the nightly check of all files."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.doctor.records import check_nightly
from certificates.file_care.file_checks import CertificateFileCheck
from tests.builders.region import NOON


def looked(session: Session, **found: object) -> None:
    session.add(CertificateFileCheck(asked_at=NOON, finished_at=NOON, **found))
    session.flush()


def test_before_the_first_night_nothing_is_wrong_and_nothing_claimed(session: Session) -> None:
    found = check_nightly(session, now=NOON)
    assert found.is_ok
    assert "have not been looked at yet" in found.message


def test_a_check_that_is_days_old_is_a_problem(session: Session) -> None:
    looked(session, files=3)
    assert check_nightly(session, now=NOON + timedelta(days=1)).message.startswith("3 files were read")
    found = check_nightly(session, now=NOON + timedelta(days=4))
    assert not found.is_ok
    assert "last looked at 4 days ago" in found.message


def test_files_that_nobody_names_are_a_problem_with_a_command(session: Session) -> None:
    looked(session, orphans=2, first_orphans=["certificates/AA/AA/RE-AAAA-AAAA-A.pdf"])
    found = check_nightly(session, now=NOON)
    assert not found.is_ok
    assert "for instance certificates/AA/AA/RE-AAAA-AAAA-A.pdf" in found.message
    assert "remove-orphans --dry-run" in found.message


def test_a_new_check_that_goes_on_does_not_hide_the_last_result(session: Session) -> None:
    looked(session, files=3)
    session.add(CertificateFileCheck(asked_at=NOON + timedelta(hours=1)))
    session.flush()
    assert check_nightly(session, now=NOON + timedelta(hours=1)).message.startswith("3 files were read")
