"""New certificates in place of old ones for many people at once, after a fault of the document."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from certificates.batches.bulk_issuing import start_issue
from certificates.batches.bulk_preview import preview_issue
from certificates.batches.bulk_reissuing import count_reissuable, start_reissue
from certificates.changes.reissuing import reissue
from certificates.changes.revoking import revoke
from certificates.file_care.consistency import consistency
from certificates.record.audiences import Audience
from certificates.record.history import Explanation, Reason
from certificates.record.issuing import Certificate
from certificates.record.runs import CertificateRun, RunMail
from certificates.record.validity_status import ValidityStatus, edition_history
from courses.records.completion import CompletionSource
from kernel.audit import entries_for
from kernel.errors import RuleBroken
from tests.app.platform.test_query_counts import counted
from tests.builders.certificate_batches import completed, one_batch
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_account, an_organisation

LATER = NOON + timedelta(days=1)


@pytest.fixture
def account_id(session: Session) -> int:
    return an_account(session, a_person(session)).id


@pytest.fixture
def audience(session: Session, account_id: int) -> Audience:
    """Forty people with certificates, all from one run over imported history."""
    course, unit = a_course(session), a_unit(session, an_organisation(session))
    completed(session, course, unit, 40, source=CompletionSource.IMPORTED)
    audience = Audience(course.course_id, unit.organisation_id, on=TODAY)
    seen = preview_issue(session, audience, takes_imported=True).stamp
    about = {"takes_imported": True, "mail": RunMail.NONE, "account_id": account_id}
    run = start_issue(session, audience, seen=seen, now=NOON, **about)
    one_batch(session, run.id, limit=100)
    return audience


def start(session: Session, audience: Audience, account_id: int, **changes: object) -> CertificateRun:
    stamp = count_reissuable(session, audience).stamp
    why = Explanation(Reason.TEMPLATE_FAULT, "The logo was the wrong one")
    usual = {"why": why, "mail": RunMail.NONE}
    return start_reissue(session, audience, account_id=account_id, now=LATER, **{**usual, "seen": stamp, **changes})


def first_editions(session: Session) -> list[Certificate]:
    return list(session.scalars(select(Certificate).where(Certificate.edition == 1).order_by(Certificate.id)))


def test_each_is_replaced_once_with_the_reason_and_on_record(
    session: Session, audience: Audience, account_id: int
) -> None:
    run = start(session, audience, account_id)
    while one_batch(session, run.id, limit=7, now=LATER):
        pass
    assert (run.issued, count_reissuable(session, audience).count) == (40, 40)
    old = first_editions(session)[3]
    history = edition_history(session, old, today=TODAY)
    assert [one.validity for one in history.editions] == [ValidityStatus.SUPERSEDED, ValidityStatus.VALID]
    assert history.this.ending is not None
    assert (history.this.ending.reason_words, history.this.ending.words) == (
        "The document had a fault",
        "The logo was the wrong one",
    )
    (entry,) = entries_for(session, subject_type="certificate", subject_id=old.number)
    assert (entry.action, entry.detail["new_number"]) == ("certificate-reissued", history.newest.number)
    assert consistency(session).is_whole


def test_revoked_and_replaced_ones_are_left_as_they_are(session: Session, audience: Audience, account_id: int) -> None:
    run = start(session, audience, account_id)
    first, second, *_ = first_editions(session)
    wrong, fault = Reason.WRONG_PERSON, Reason.TEMPLATE_FAULT
    revoke(session, certificate_number=first.number, reason=wrong, words="", account_id=account_id, now=LATER)
    reissue(session, certificate_number=second.number, reason=fault, words="", account_id=account_id, now=LATER)
    batch = one_batch(session, run.id, limit=100, now=LATER)
    assert batch is not None
    assert batch.issued == 38


def test_a_larger_batch_costs_no_more_statements(
    session: Session, audience: Audience, account_id: int, connection: Connection
) -> None:
    run = start(session, audience, account_id)
    costs = []
    for limit in (5, 5, 25):
        with counted(connection) as seen:
            one_batch(session, run.id, limit=limit, now=LATER)
        costs.append(len(seen))
    assert costs[1] == costs[2] <= 14


def test_a_run_corrects_no_names_and_explains_another_reason(
    session: Session, audience: Audience, account_id: int
) -> None:
    with pytest.raises(RuleBroken, match="Select a reason"):
        start(session, audience, account_id, why=Explanation(Reason.NAME_CORRECTED))
    with pytest.raises(RuleBroken, match="Say what the reason is"):
        start(session, audience, account_id, why=Explanation(Reason.OTHER, " "))
    with pytest.raises(RuleBroken, match="numbers have changed"):
        start(session, audience, account_id, seen="39-1-1")
