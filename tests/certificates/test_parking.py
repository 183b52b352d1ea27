"""What cannot be made is parked after three tries, and takes nobody with it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from certificates.issuing import Certificate, CertificateState
from certificates.rendering import (
    ALONE_AFTER,
    LEASE,
    MOST_CLAIMS,
    Failure,
    claim_batch,
    is_any_due,
    mark_failed,
    park_deadly,
    retry,
    retry_all,
)
from kernel.errors import NotFound
from tests.builders import NOON

LONG_AFTER = NOON + timedelta(days=30)


def claimed(session: Session, now: datetime, limit: int = 10) -> int:
    found = claim_batch(session, limit=limit, now=now, verify_url=str)
    session.expire_all()
    return len(found)


def fail(session: Session, certificate: Certificate, *, is_passing: bool = False) -> None:
    mark_failed(session, failure=Failure(certificate.id, "No such font", is_passing), now=NOON)


def test_the_third_failure_parks_it_with_its_reason(session: Session, issued: Certificate) -> None:
    states = []
    for _ in range(3):
        fail(session, issued)
        states.append(issued.state)
    assert states == [CertificateState.FAILED, CertificateState.FAILED, CertificateState.PARKED]
    assert issued.failure_reason == "No such font"
    assert not is_any_due(session, now=LONG_AFTER)


def test_a_full_disk_parks_nothing(session: Session, issued: Certificate) -> None:
    for _ in range(9):
        fail(session, issued, is_passing=True)
    assert issued.state is CertificateState.FAILED
    assert is_any_due(session, now=LONG_AFTER)


def test_somebody_can_have_it_tried_three_times_more(session: Session, issued: Certificate) -> None:
    for _ in range(3):
        fail(session, issued)
    retry(session, number=issued.number, now=NOON)
    session.expire_all()
    assert claimed(session, NOON) == 1
    fail(session, issued)
    assert issued.state is CertificateState.FAILED


def test_all_that_failed_can_be_tried_at_once(session: Session, issued: Certificate) -> None:
    assert retry_all(session, now=NOON) == 0
    fail(session, issued)
    assert retry_all(session, now=NOON) == 1
    assert is_any_due(session, now=NOON)
    with pytest.raises(NotFound):
        retry(session, number="RE-0000-0000-0", now=NOON)


def test_one_whose_workers_die_is_taken_alone_and_parked_in_the_end(session: Session, issued: Certificate) -> None:
    now, sizes = NOON, []
    for _ in range(MOST_CLAIMS):
        sizes.append(claimed(session, now, limit=1 if issued.claims >= ALONE_AFTER else 10))
        now += LEASE + timedelta(seconds=1)
    assert sizes == [1] * MOST_CLAIMS
    assert claimed(session, now) == 0
    assert not is_any_due(session, now=now)
    assert park_deadly(session, now=now) == 1
    session.expire_all()
    assert issued.state is CertificateState.PARKED
    assert issued.failure_reason == "The worker died each of the 5 times that it was made"
    assert park_deadly(session, now=now) == 0


def test_others_come_before_one_that_kills_its_workers(session: Session, issued: Certificate) -> None:
    issued.claims = ALONE_AFTER
    other = Certificate(
        **{
            column.key: getattr(issued, column.key)
            for column in Certificate.__table__.columns
            if column.key not in {"id", "number", "edition", "claims", "supersedes_number"}
        },
        number="TC-OTHER",
        edition=2,
        supersedes_number=issued.number,
        claims=0,
    )
    session.add(other)
    session.flush()
    first = claim_batch(session, limit=10, now=NOON, verify_url=str)
    second = claim_batch(session, limit=10, now=NOON, verify_url=str)
    assert [item.certificate_id for item in first] == [other.id]
    assert [item.certificate_id for item in second] == [issued.id]
