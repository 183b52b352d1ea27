"""New certificates in place of old ones by the thousand, after a fault of the document."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from certificates.audiences import Audience
from certificates.bulk_issuing import issue_batch, start_issue
from certificates.bulk_preview import preview_issue
from certificates.bulk_reissuing import count_reissuable, reissue_batch, start_reissue
from certificates.consistency import consistency
from certificates.history import Reason
from certificates.issuing import Certificate
from certificates.reissuing import reissue
from certificates.revoking import revoke
from certificates.runs import CertificateRun, RunMail
from certificates.standing import Standing, chain_of
from courses.completion import CompletionSource
from kernel.audit import entries_for
from kernel.errors import RuleBroken
from tests.app.test_query_counts import counted
from tests.builders import NOON, TODAY, a_course, a_person, a_unit, an_account, an_organisation
from tests.thousands import completed

LATER = NOON + timedelta(days=1)


@pytest.fixture
def account_id(session: Session) -> int:
    return an_account(session, a_person(session)).id


@pytest.fixture
def audience(session: Session, account_id: int) -> Audience:
    """Forty people with certificates, all from one run over imported history."""
    course, unit = a_course(session), a_unit(session, an_organisation(session))
    completed(session, course, unit, 40, source=CompletionSource.IMPORTED)
    audience = Audience(course.course_id, unit.organisation_id)
    seen = preview_issue(session, audience, takes_imported=True).stamp
    about = {"takes_imported": True, "mail": RunMail.NONE, "account_id": account_id}
    run = start_issue(session, audience, seen=seen, now=NOON, **about)
    issue_batch(session, run_id=run.id, limit=100, now=NOON)
    return audience


def start(session: Session, audience: Audience, account_id: int, **changes: object) -> CertificateRun:
    stamp = count_reissuable(session, audience).stamp
    usual = {"reason": Reason.TEMPLATE_FAULT, "words": "The logo was the wrong one", "mail": RunMail.NONE}
    return start_reissue(session, audience, account_id=account_id, now=LATER, **{**usual, "seen": stamp, **changes})


def first_editions(session: Session) -> list[Certificate]:
    return list(session.scalars(select(Certificate).where(Certificate.edition == 1).order_by(Certificate.id)))


def test_each_is_replaced_once_with_the_reason_and_on_record(
    session: Session, audience: Audience, account_id: int
) -> None:
    run = start(session, audience, account_id)
    while not reissue_batch(session, run_id=run.id, limit=7, now=LATER).is_over:
        pass
    assert (run.issued, count_reissuable(session, audience).count) == (40, 40)
    old = first_editions(session)[3]
    chain = chain_of(session, old, today=TODAY)
    assert [one.standing for one in chain.editions] == [Standing.SUPERSEDED, Standing.VALID]
    assert chain.this.ending is not None
    assert (chain.this.ending.reason_words, chain.this.ending.words) == (
        "The document had a fault",
        "The logo was the wrong one",
    )
    (entry,) = entries_for(session, subject_type="certificate", subject_id=old.number)
    assert (entry.action, entry.detail["new_number"]) == ("certificate-reissued", chain.newest.number)
    assert consistency(session).is_whole


def test_revoked_and_replaced_ones_are_left_as_they_are(session: Session, audience: Audience, account_id: int) -> None:
    run = start(session, audience, account_id)
    first, second, *_ = first_editions(session)
    wrong, fault = Reason.WRONG_PERSON, Reason.TEMPLATE_FAULT
    revoke(session, number=first.number, reason=wrong, words="", account_id=account_id, now=LATER)
    reissue(session, number=second.number, reason=fault, words="", account_id=account_id, now=LATER)
    assert reissue_batch(session, run_id=run.id, limit=100, now=LATER).issued == 38


def test_a_larger_batch_costs_no_more_statements(
    session: Session, audience: Audience, account_id: int, connection: Connection
) -> None:
    run = start(session, audience, account_id)
    costs = []
    for limit in (5, 5, 25):
        with counted(connection) as seen:
            reissue_batch(session, run_id=run.id, limit=limit, now=LATER)
        costs.append(len(seen))
    assert costs[1] == costs[2] <= 12


def test_a_run_corrects_no_names_and_explains_another_reason(
    session: Session, audience: Audience, account_id: int
) -> None:
    with pytest.raises(RuleBroken, match="Select a reason"):
        start(session, audience, account_id, reason=Reason.NAME_CORRECTED)
    with pytest.raises(RuleBroken, match="Say what the reason is"):
        start(session, audience, account_id, reason=Reason.OTHER, words=" ")
    with pytest.raises(RuleBroken, match="numbers have changed"):
        start(session, audience, account_id, seen="39-1-1")
