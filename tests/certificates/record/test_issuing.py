"""Issuing once, making the file, failing and trying again, verifying."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.making.rendering import (
    CERTIFICATE_FILES,
    Made,
    facts_of,
    facts_of_claim,
    keep,
    mark_ready,
    render,
    storage_key,
)
from certificates.record.issuing import Certificate, get_certificate, issue_for_completion
from certificates.record.missing_certificates import completions_without_certificate
from courses.records.completion import Completion, CompletionSource
from kernel.errors import NotFound
from kernel.files import StoredFile
from kernel.tasks.claims import Claim
from kernel.tasks.control import is_any_due
from kernel.tasks.kinds import TaskState
from people.persons import Person
from tests.builders.certificates import completed_by
from tests.builders.region import NOON, a_follow_up, a_person
from tests.builders.tasks import in_hand


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


def stored(session: Session, issued: Certificate, store: MemoryStore) -> Made:
    file = render(facts_of(session, issued, address), render_pdf=lambda document: document.html.encode())
    return keep(issued.id, issued.number, file, store)  # type: ignore[arg-type]


def test_what_is_claimed_comes_with_what_is_printed(session: Session, issued: Certificate) -> None:
    claimed = in_hand(session, CERTIFICATE_FILES, issued.id)
    facts = facts_of_claim(session, claimed, verify_url=address)
    assert facts == {issued.id: facts_of(session, issued, address)}
    assert facts[issued.id].verify_url == address(issued.number)


def test_a_made_certificate_is_ready_and_no_longer_due(session: Session, issued: Certificate) -> None:
    claimed, store = in_hand(session, CERTIFICATE_FILES, issued.id), MemoryStore()
    mark_ready(session, claimed, made=[stored(session, issued, store)], now=NOON)
    certificate = refreshed(session, issued)
    assert certificate.state is TaskState.DONE
    assert certificate.storage_key in store.files
    assert not is_any_due(session, CERTIFICATE_FILES, now=NOON + timedelta(days=1))


def test_a_file_that_comes_too_late_leaves_the_row_as_it_is(session: Session, issued: Certificate) -> None:
    late, store = in_hand(session, CERTIFICATE_FILES, issued.id), MemoryStore()
    in_hand(session, CERTIFICATE_FILES, issued.id, now=NOON + timedelta(minutes=2))
    mark_ready(session, late, made=[stored(session, issued, store)], now=NOON)
    assert (refreshed(session, issued).state, issued.storage_key) == (TaskState.WORKING, None)


def test_making_it_twice_leaves_one_file(session: Session, issued: Certificate) -> None:
    store = MemoryStore()
    assert stored(session, issued, store) == stored(session, issued, store)
    assert len(store.files) == 1


def test_files_are_spread_over_two_levels_of_folders() -> None:
    assert storage_key("RE-7K4M-29QX-C") == "certificates/7K/4M/RE-7K4M-29QX-C.pdf"


def test_somebody_elses_certificate_is_not_found(session: Session, issued: Certificate) -> None:
    with pytest.raises(NotFound):
        get_certificate(session, certificate_number=issued.number, person_id=issued.person_id + 1)


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
    mark_ready(session, Claim(CERTIFICATE_FILES, "nobody", ()), made=[], now=NOON)
