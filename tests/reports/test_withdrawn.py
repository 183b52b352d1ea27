"""What a certificate that should not have been says of the figures: they go by the completions that count."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.wiring import ensure_certificate
from certificates.batches.bulk_preview import preview_issue
from certificates.changes.revoking import restore, revoke
from certificates.file_care.consistency import consistency
from certificates.record.audiences import Audience
from certificates.record.history import REASONS, WITHDRAWS_COMPLETION, EventKind, Reason
from certificates.record.issuing import Certificate, certificates_for
from certificates.record.missing_certificates import completions_without_certificate
from courses.catalogue.versions import PublishOutcome, get_course
from courses.records.completion import record_completion
from kernel.unit_of_work import UnitOfWork
from people.accounts import Account
from people.organisations import Organisation
from reports.completion import completion_figures
from reports.groups import Counts
from tests.builders.certificates import issued_to
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_account, an_organisation


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def admin(session: Session) -> Account:
    return an_account(session, a_person(session, name="Ada Admin"))


@pytest.fixture
def certificates(session: Session, course: PublishOutcome, halton: Organisation) -> list[Certificate]:
    """Twelve certificates among twenty people."""
    unit = a_unit(session, halton)
    people = [a_person(session, unit) for _ in range(20)]
    return [issued_to(session, person.id, course) for person in people[:12]]


def counts(session: Session, halton: Organisation) -> Counts | None:
    course = get_course(session, slug="test-course")
    return completion_figures(session, organisation=halton, course=course, on=TODAY, now=NOON).total.counts


def act(session: Session, certificate: Certificate, admin: Account, do, reason: Reason) -> None:  # type: ignore[no-untyped-def]
    words = "It was agreed by telephone" if reason is Reason.OTHER else ""
    do(
        session,
        certificate_number=certificate.number,
        reason=reason,
        words=words,
        account_id=admin.id,
        now=NOON,
    )


@pytest.mark.parametrize("reason", REASONS[EventKind.REVOKED])
def test_a_course_that_was_not_complete_is_not_counted_and_any_other_is(
    session: Session, halton: Organisation, certificates: list[Certificate], admin: Account, reason: Reason
) -> None:
    act(session, certificates[0], admin, revoke, reason)
    found = counts(session, halton)
    assert found is not None
    expected = (11, 55) if reason in WITHDRAWS_COMPLETION else (12, 60)
    assert (found.complete, found.complete_percent) == expected
    preview = preview_issue(session, Audience(None, on=TODAY), takes_imported=True)
    assert (preview.completed, preview.wanted) == (expected[0], 0)
    assert completions_without_certificate(session, limit=10) == []
    assert consistency(session).is_whole


def test_a_restored_certificate_is_counted_again(
    session: Session, halton: Organisation, certificates: list[Certificate], admin: Account
) -> None:
    act(session, certificates[0], admin, revoke, Reason.ISSUED_IN_ERROR)
    act(session, certificates[0], admin, restore, Reason.REVOKED_IN_ERROR)
    assert counts(session, halton) == Counts(20, 12, 0)


def test_a_true_completion_later_is_counted_and_gets_its_certificate(
    session: Session,
    halton: Organisation,
    course: PublishOutcome,
    certificates: list[Certificate],
    admin: Account,
) -> None:
    first = certificates[0]
    act(session, first, admin, revoke, Reason.ISSUED_IN_ERROR)
    (event,) = record_completion(
        session,
        person_id=first.person_id,
        course_id=course.course_id,
        cycle=1,
        course_version_id=course.version_id,
        now=NOON,
    )
    ensure_certificate(event.completion_id, UnitOfWork(session, {}), now=NOON)
    assert counts(session, halton) == Counts(20, 12, 0)
    newest, oldest = certificates_for(session, person_id=first.person_id)
    assert (newest.is_revoked, oldest.is_revoked, oldest.number) == (False, True, first.number)
    assert session.scalars(select(Certificate.id).where(Certificate.person_id == first.person_id)).all() == [
        oldest.id,
        newest.id,
    ]
