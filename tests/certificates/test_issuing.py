"""Issuing once, making the file, failing and trying again, verifying."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.issuing import (
    Certificate,
    CertificateState,
    get_certificate,
    issue_for_completion,
)
from certificates.owing import completions_without_certificate
from certificates.rendering import (
    LEASE,
    Failure,
    Made,
    claim_batch,
    is_any_due,
    keep,
    mark_failed,
    mark_ready,
    render,
    retry,
    storage_key,
)
from courses.completion import Completion, CompletionSource
from kernel.errors import NotFound
from kernel.files import StoredFile
from people.persons import Person
from tests.builders import NOON, a_follow_up, a_person
from tests.certified import completed_by


def address(number: str) -> str:
    return f"https://learn.example.org/verify/{number}"


class MemoryStore:
    """A store that keeps files in a dictionary."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, key: str, data: bytes) -> StoredFile:
        self.files[key] = data
        return StoredFile(key, "0" * 64, len(data))


def refreshed(session: Session, certificate: Certificate) -> Certificate:
    session.expire_all()
    return session.get_one(Certificate, certificate.id)


def test_a_completion_earns_one_certificate_however_often_it_is_asked_for(session: Session, completion: int) -> None:
    first = issue_for_completion(session, completion_id=completion, now=NOON)
    second = issue_for_completion(session, completion_id=completion, now=NOON)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.number == second.number
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1


def test_a_certificate_keeps_the_name_as_it_was(session: Session, issued: Certificate) -> None:
    session.get_one(Person, issued.person_id).chosen_name = "Another Name"
    session.flush()
    assert refreshed(session, issued).holder_name == "Ọláyínká Nguyễn-Siân"


def test_a_claimed_certificate_is_not_claimed_again_until_its_lease_ends(session: Session, issued: Certificate) -> None:
    def claim(when: timedelta) -> list[int]:
        found = claim_batch(session, limit=10, now=NOON + when, verify_url=address)
        return [item.certificate_id for item in found]

    assert claim(timedelta()) == [issued.id]
    assert claim(timedelta(seconds=5)) == []
    assert claim(LEASE + timedelta(seconds=5)) == [issued.id]


def test_a_made_certificate_is_ready_and_no_longer_due(session: Session, issued: Certificate) -> None:
    (claimed,) = claim_batch(session, limit=10, now=NOON, verify_url=address)
    store = MemoryStore()
    made = keep(claimed, render(claimed, render_pdf=lambda document: document.html.encode()), store)  # type: ignore[arg-type]
    mark_ready(session, made=[made], now=NOON)
    certificate = refreshed(session, issued)
    assert certificate.state is CertificateState.READY
    assert certificate.storage_key in store.files
    assert not is_any_due(session, now=NOON + timedelta(days=1))


def test_making_it_twice_leaves_one_file(session: Session, issued: Certificate) -> None:
    store = MemoryStore()
    (claimed,) = claim_batch(session, limit=10, now=NOON, verify_url=address)
    for _ in range(2):
        keep(claimed, render(claimed, render_pdf=lambda document: document.html.encode()), store)  # type: ignore[arg-type]
    assert len(store.files) == 1


def test_a_failure_keeps_its_reason_and_is_tried_again_later(session: Session, issued: Certificate) -> None:
    (claimed,) = claim_batch(session, limit=10, now=NOON, verify_url=address)
    mark_failed(session, failure=Failure(claimed.certificate_id, "No space left on device"), now=NOON)
    certificate = refreshed(session, issued)
    assert certificate.state is CertificateState.FAILED
    assert certificate.failure_reason == "No space left on device"
    assert not is_any_due(session, now=NOON + timedelta(seconds=30))
    assert is_any_due(session, now=NOON + timedelta(minutes=2))


def test_each_failure_waits_longer(session: Session, issued: Certificate) -> None:
    waits = []
    for _ in range(5):
        mark_failed(session, failure=Failure(issued.id, "Disk full", is_passing=True), now=NOON)
        retry_at = refreshed(session, issued).retry_at
        assert retry_at is not None
        waits.append(retry_at - NOON)
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)


def test_a_failed_certificate_can_be_tried_at_once(session: Session, issued: Certificate) -> None:
    mark_failed(session, failure=Failure(issued.id, "Disk full"), now=NOON)
    retry(session, number=issued.number, now=NOON)
    assert is_any_due(session, now=NOON)


def test_only_a_failed_certificate_can_be_tried_again(session: Session, issued: Certificate) -> None:
    with pytest.raises(NotFound):
        retry(session, number=issued.number, now=NOON)


def test_files_are_spread_over_two_levels_of_folders() -> None:
    assert storage_key("RE-7K4M-29QX-C") == "certificates/7K/4M/RE-7K4M-29QX-C.pdf"


def test_somebody_elses_certificate_is_not_found(session: Session, issued: Certificate) -> None:
    with pytest.raises(NotFound):
        get_certificate(session, number=issued.number, person_id=issued.person_id + 1)


def test_a_completion_without_certificate_is_noticed(session: Session, completion: int) -> None:
    assert completions_without_certificate(session, limit=10) == [completion]


def test_imported_history_earns_no_certificate(session: Session, completion: int) -> None:
    made = session.get_one(Completion, completion)
    session.add(
        Completion(
            person_id=a_person(session).id,
            course_id=made.course_id,
            cycle=1,
            course_version_id=made.course_version_id,
            organisation_id=made.organisation_id,
            unit_path=made.unit_path,
            grade=made.grade,
            completed_at=NOON,
            source=CompletionSource.IMPORTED,
        )
    )
    session.flush()
    assert completions_without_certificate(session, limit=10) == [completion]


def test_a_version_that_gives_no_certificate_is_owed_none(session: Session, completion: int) -> None:
    follow_up = a_follow_up(session)
    completion_id = completed_by(session, session.get_one(Completion, completion).person_id, follow_up)
    assert issue_for_completion(session, completion_id=completion_id, now=NOON) is None
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0
    assert completions_without_certificate(session, limit=10) == [completion]


def test_nothing_made_marks_nothing(session: Session) -> None:
    made: list[Made] = []
    mark_ready(session, made=made, now=NOON)
