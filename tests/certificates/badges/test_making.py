"""A badge is asked for, signed once, and ends for good with its certificate or by its holder's wish."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from certificates.badges import status
from certificates.badges.hosting import get_achievement, get_credential, get_number
from certificates.badges.making import (
    SIGN_BADGES,
    ask_for_badge,
    badges_to_sign,
    facts_of_badge,
    mark_badge_failed,
    store_badge,
    withdraw_badge,
)
from certificates.badges.records import Badge, BadgeKey, BadgeState, BadgeStatusList, Ending
from certificates.badges.status import (
    PUBLISH_STATUS,
    SIGN_EVERY,
    claim_list,
    lists_to_sign,
    owe_ageing_lists,
    stale_lists,
    store_list,
)
from certificates.history import Reason
from certificates.issuing import Certificate, CertificateState
from certificates.reissuing import reissue
from certificates.revoking import restore, revoke
from kernel.audit import entries_for
from kernel.errors import NotFound, RuleBroken
from kernel.outbox import count_open
from people.persons import Person
from tests.builders import NOON, a_person, an_account

CREDENTIAL = '{"credentialSubject": {"achievement": {"name": "Test course", "version": "1"}}}'


@pytest.fixture
def certificate(session: Session, issued: Certificate) -> Certificate:
    """A ready certificate."""
    issued.state, issued.ready_at, issued.storage_key = CertificateState.READY, NOON, "certificates/none.pdf"
    issued.sha256, issued.size_bytes = "0" * 64, 60_000
    session.flush()
    return issued


@pytest.fixture
def account_id(session: Session, certificate: Certificate) -> int:
    """The holder's account."""
    return an_account(session, session.get_one(Person, certificate.person_id)).id


def asked(session: Session, certificate: Certificate, account_id: int, *, has_email: bool = False) -> Badge:
    return ask_for_badge(
        session,
        number=certificate.number,
        person_id=certificate.person_id,
        account_id=account_id,
        has_email=has_email,
        now=NOON,
    )


def signed(session: Session, badge: Badge, credential: str = CREDENTIAL) -> Badge:
    store_badge(session, badge_id=badge.id, credential=credential, jwt="a.b.c", multibase="z6Mk", now=NOON)
    return badge


def withdrawn(session: Session, certificate: Certificate, account_id: int) -> None:
    withdraw_badge(session, number=certificate.number, person_id=certificate.person_id, account_id=account_id, now=NOON)


def revoked(session: Session, certificate: Certificate, account_id: int) -> None:
    revoke(
        session,
        number=certificate.number,
        reason=Reason.WRONG_PERSON,
        words="",
        account_id=account_id,
        now=NOON,
    )


def ended(session: Session) -> list[int]:
    return list(claim_list(session, number=1, now=NOON))


def test_a_badge_is_owed_once_however_often_it_is_asked_for(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    badge = asked(session, certificate, account_id)
    assert asked(session, certificate, account_id).id == badge.id
    assert (badge.state, count_open(session, job=SIGN_BADGES)) == (BadgeState.PENDING, 1)
    assert badges_to_sign(session, limit=5) == [badge.id]
    signed(session, badge)
    assert (badge.state, count_open(session, job=SIGN_BADGES)) == (BadgeState.READY, 0)
    assert badges_to_sign(session, limit=5) == []
    assert asked(session, certificate, account_id).id == badge.id
    actions = [
        entry.action for entry in entries_for(session, subject_type="certificate", subject_id=certificate.number)
    ]
    assert actions.count("badge-asked-for") == 1


def test_what_was_signed_first_is_frozen(session: Session, certificate: Certificate, account_id: int) -> None:
    badge = signed(session, asked(session, certificate, account_id))
    signed(session, badge, credential="{}")
    assert get_credential(session, secret=badge.secret) == CREDENTIAL
    assert len(session.scalars(select(BadgeKey)).all()) == 1


def test_nothing_in_its_address_says_whose_it_is(session: Session, certificate: Certificate, account_id: int) -> None:
    badge = asked(session, certificate, account_id)
    assert len(badge.secret) >= 32
    assert certificate.number not in badge.secret
    assert 0 <= badge.status_index < status.BITS


def test_the_facts_are_those_of_the_certificate(session: Session, certificate: Certificate, account_id: int) -> None:
    session.get_one(Person, certificate.person_id).email = "somebody@example.org"
    plain = asked(session, certificate, account_id)
    facts = facts_of_badge(session, badge_id=plain.id)
    assert (facts.number, facts.course_title, facts.email) == (certificate.number, "Test course", None)
    assert facts.achievement == f"{certificate.number.split('-')[0]}-1"
    assert facts.outcomes
    plain.has_email = True
    assert facts_of_badge(session, badge_id=plain.id).email == "somebody@example.org"


def test_a_certificate_that_is_not_made_or_does_not_count_has_no_badge(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    certificate.state = CertificateState.PENDING
    with pytest.raises(RuleBroken, match="still being made"):
        asked(session, certificate, account_id)
    certificate.state, certificate.valid_until = CertificateState.READY, date(2020, 1, 1)
    with pytest.raises(RuleBroken, match="expired"):
        asked(session, certificate, account_id)
    certificate.valid_until = None
    revoked(session, certificate, account_id)
    with pytest.raises(RuleBroken, match="no longer counts"):
        asked(session, certificate, account_id)


def test_nobody_makes_or_takes_back_somebody_elses(session: Session, certificate: Certificate, account_id: int) -> None:
    stranger = a_person(session).id
    with pytest.raises(NotFound):
        ask_for_badge(
            session, number=certificate.number, person_id=stranger, account_id=account_id, has_email=False, now=NOON
        )
    signed(session, asked(session, certificate, account_id))
    with pytest.raises(NotFound):
        withdraw_badge(session, number=certificate.number, person_id=stranger, account_id=account_id, now=NOON)


def test_one_that_was_taken_back_is_gone_and_its_bit_is_set(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    badge = signed(session, asked(session, certificate, account_id))
    withdrawn(session, certificate, account_id)
    assert (badge.state, badge.ending) == (BadgeState.ENDED, Ending.WITHDRAWN)
    assert lists_to_sign(session) == (1,)
    assert ended(session) == [badge.status_index]
    for look in (get_credential, get_number):
        with pytest.raises(NotFound):
            look(session, secret=badge.secret)
    withdrawn(session, certificate, account_id)
    another = asked(session, certificate, account_id)
    assert (another.id != badge.id, another.secret != badge.secret) == (True, True)
    assert another.status_index != badge.status_index


def test_a_revoked_certificate_ends_its_badge_for_good(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    badge = signed(session, asked(session, certificate, account_id))
    revoked(session, certificate, account_id)
    assert (badge.ending, ended(session)) == (Ending.REVOKED, [badge.status_index])
    assert get_credential(session, secret=badge.secret) == CREDENTIAL
    restore(
        session,
        number=certificate.number,
        reason=Reason.REVOKED_IN_ERROR,
        words="",
        account_id=account_id,
        now=NOON,
    )
    assert ended(session) == [badge.status_index]
    new = signed(session, asked(session, certificate, account_id))
    assert (new.state, ended(session)) == (BadgeState.READY, [badge.status_index])


def test_a_replaced_certificate_ends_its_badge_and_has_no_other(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    badge = signed(session, asked(session, certificate, account_id))
    reissue(session, number=certificate.number, reason=Reason.TEMPLATE_FAULT, words="", account_id=account_id, now=NOON)
    assert (badge.ending, ended(session)) == (Ending.REPLACED, [badge.status_index])
    with pytest.raises(RuleBroken):
        asked(session, certificate, account_id)


def test_one_that_ends_before_it_is_signed_is_never_signed(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    badge = asked(session, certificate, account_id)
    withdrawn(session, certificate, account_id)
    assert badges_to_sign(session, limit=5) == []
    signed(session, badge)
    assert (badge.credential, count_open(session, job=SIGN_BADGES)) == (None, 0)


def test_one_that_could_not_be_signed_is_asked_for_again(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    badge = asked(session, certificate, account_id)
    mark_badge_failed(session, badge_id=badge.id, reason="The key is lost" * 100, now=NOON)
    assert (badge.state, badges_to_sign(session, limit=5)) == (BadgeState.FAILED, [])
    assert asked(session, certificate, account_id, has_email=True).id == badge.id
    assert (badge.state, badge.has_email) == (BadgeState.PENDING, True)
    assert count_open(session, job=SIGN_BADGES) == 1


def test_an_achievement_is_public_once_somebody_has_its_badge(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    badge = asked(session, certificate, account_id)
    with pytest.raises(NotFound):
        get_achievement(session, name=badge.achievement)
    signed(session, badge)
    assert get_achievement(session, name=badge.achievement)["name"] == "Test course"


def test_a_full_list_gives_way_to_the_next(
    session: Session, certificate: Certificate, account_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(session, certificate, account_id)
    monkeypatch.setattr(status, "FULL", 1)
    assert status.draw_place(session)[0] == 2


def test_a_list_is_signed_anew_in_time(session: Session) -> None:
    session.execute(delete(BadgeStatusList))
    store_list(session, number=1, signed="a.b.c", good_until=NOON + status.GOOD_FOR, now=NOON)
    assert owe_ageing_lists(session, now=NOON + SIGN_EVERY - timedelta(seconds=1)) == 0
    assert owe_ageing_lists(session, now=NOON + SIGN_EVERY) == 1
    assert count_open(session, job=PUBLISH_STATUS) == 1
    assert stale_lists(session, now=NOON + SIGN_EVERY) == []
    assert stale_lists(session, now=NOON + status.GOOD_FOR) == [1]
    claim_list(session, number=1, now=NOON)
    assert count_open(session, job=PUBLISH_STATUS) == 0
