"""A badge is asked for, signed once, and ends for good with its certificate or by its holder's wish."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from certificates.badges import status
from certificates.badges.addresses import Addresses
from certificates.badges.hosting import get_achievement, get_credential, get_number
from certificates.badges.making import (
    BADGES,
    ask_for_badge,
    facts_of_badge,
    keep_public_key,
    store_badge,
    withdraw_badge,
)
from certificates.badges.records import Badge, BadgeKey, BadgeStatusList, Ending
from certificates.badges.status import (
    SIGN_EVERY,
    STATUS_LISTS,
    ended_bits,
    stale_lists,
    store_list,
    want_list_of_a_badge,
    want_old_lists,
)
from certificates.changes.reissuing import reissue
from certificates.changes.revoking import restore, revoke
from certificates.record.history import Reason
from certificates.record.issuing import Certificate
from kernel.audit import entries_for
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.background import open_subjects
from kernel.tasks.claims import Claim, ClaimLost, finish
from kernel.tasks.kinds import TaskState
from people.persons import Person
from tests.builders.region import NOON, a_person, an_account
from tests.builders.tasks import count_open, failed, in_hand

CREDENTIAL = '{"credentialSubject": {"achievement": {"name": "Test course", "version": "1"}}}'


@pytest.fixture
def certificate(session: Session, issued: Certificate) -> Certificate:
    """A ready certificate."""
    issued.state, issued.ready_at, issued.storage_key = TaskState.DONE, NOON, "certificates/none.pdf"
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
        certificate_number=certificate.number,
        person_id=certificate.person_id,
        account_id=account_id,
        has_email=has_email,
        now=NOON,
    )


def signed(session: Session, badge: Badge) -> Badge:
    signed_by(session, in_hand(session, BADGES, badge.id))
    return badge


def signed_by(session: Session, claimed: Claim[Badge], credential: str = CREDENTIAL) -> None:
    store_badge(session, claimed, credential=credential, jwt="a.b.c", multibase="z6Mk", now=NOON)
    session.expire_all()


def withdrawn(session: Session, certificate: Certificate, account_id: int) -> None:
    withdraw_badge(
        session, certificate_number=certificate.number, person_id=certificate.person_id, account_id=account_id, now=NOON
    )


def revoked(session: Session, certificate: Certificate, account_id: int) -> None:
    revoke(
        session,
        certificate_number=certificate.number,
        reason=Reason.WRONG_PERSON,
        words="",
        account_id=account_id,
        now=NOON,
    )


def ended(session: Session) -> list[int]:
    return list(ended_bits(session, number=1))


def test_a_badge_is_owed_once_however_often_it_is_asked_for(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    badge = asked(session, certificate, account_id)
    assert asked(session, certificate, account_id).id == badge.id
    assert (badge.state, count_open(session, BADGES)) == (TaskState.PENDING, 1)
    signed(session, badge)
    assert badge.is_ready
    assert count_open(session, BADGES) == 0
    assert asked(session, certificate, account_id).id == badge.id
    actions = [
        entry.action for entry in entries_for(session, subject_type="certificate", subject_id=certificate.number)
    ]
    assert actions.count("badge-asked-for") == 1


def test_what_was_signed_first_is_frozen(session: Session, certificate: Certificate, account_id: int) -> None:
    badge = asked(session, certificate, account_id)
    slow = in_hand(session, BADGES, badge.id)
    signed_by(session, in_hand(session, BADGES, badge.id, now=NOON + timedelta(minutes=2)))
    with pytest.raises(ClaimLost):
        signed_by(session, slow, credential="{}")
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
    certificate.state = TaskState.PENDING
    with pytest.raises(RuleBroken, match="still being made"):
        asked(session, certificate, account_id)
    certificate.state, certificate.valid_until = TaskState.DONE, date(2020, 1, 1)
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
            session,
            certificate_number=certificate.number,
            person_id=stranger,
            account_id=account_id,
            has_email=False,
            now=NOON,
        )
    signed(session, asked(session, certificate, account_id))
    with pytest.raises(NotFound):
        withdraw_badge(
            session, certificate_number=certificate.number, person_id=stranger, account_id=account_id, now=NOON
        )


def test_one_that_was_taken_back_is_gone_and_its_bit_is_set(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    badge = signed(session, asked(session, certificate, account_id))
    withdrawn(session, certificate, account_id)
    assert (badge.is_ready, badge.ending) == (False, Ending.WITHDRAWN)
    assert open_subjects(session, STATUS_LISTS) == ["1"]
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
        certificate_number=certificate.number,
        reason=Reason.REVOKED_IN_ERROR,
        words="",
        account_id=account_id,
        now=NOON,
    )
    assert ended(session) == [badge.status_index]
    new = signed(session, asked(session, certificate, account_id))
    assert (new.is_ready, ended(session)) == (True, [badge.status_index])


def test_a_replaced_certificate_ends_its_badge_and_has_no_other(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    badge = signed(session, asked(session, certificate, account_id))
    reissue(
        session,
        certificate_number=certificate.number,
        reason=Reason.TEMPLATE_FAULT,
        words="",
        account_id=account_id,
        now=NOON,
    )
    assert (badge.ending, ended(session)) == (Ending.REPLACED, [badge.status_index])
    with pytest.raises(RuleBroken):
        asked(session, certificate, account_id)


def test_one_that_ends_before_it_is_signed_is_never_signed(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    badge = asked(session, certificate, account_id)
    claimed = in_hand(session, BADGES, badge.id)
    withdrawn(session, certificate, account_id)
    with pytest.raises(ClaimLost):
        signed_by(session, claimed)
    assert (badge.credential, count_open(session, BADGES)) == (None, 0)


def test_one_that_could_not_be_signed_is_asked_for_again(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    badge = asked(session, certificate, account_id)
    failed(session, BADGES, badge.id, "The course is gone" * 100)
    assert badge.state is TaskState.PARKED
    assert asked(session, certificate, account_id, has_email=True).id == badge.id
    session.expire_all()
    assert (badge.state, badge.has_email) == (TaskState.PENDING, True)
    assert in_hand(session, BADGES).ids == (badge.id,)


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


HERE = Addresses("https://learn.example.org")


def a_list(session: Session, addresses: Addresses = HERE, key: str = "z6M") -> None:
    session.execute(delete(BadgeStatusList))
    credential = json.dumps({"id": addresses.status_list(1), "issuer": addresses.issuer_id(key)})
    good_until = NOON + status.GOOD_FOR
    store_list(session, number=1, credential=credential, jwt="a.b.c", good_until=good_until, now=NOON)


def test_a_list_is_signed_anew_in_time(session: Session) -> None:
    a_list(session)
    assert want_old_lists(session, addresses=HERE, now=NOON + SIGN_EVERY - timedelta(seconds=1)) == 0
    assert want_old_lists(session, addresses=HERE, now=NOON + SIGN_EVERY) == 1
    assert open_subjects(session, STATUS_LISTS) == ["1"]
    assert stale_lists(session, now=NOON + SIGN_EVERY) == []
    assert stale_lists(session, now=NOON + status.GOOD_FOR) == [1]
    finish(session, in_hand(session, STATUS_LISTS))
    assert open_subjects(session, STATUS_LISTS) == []


def test_a_badge_that_ends_while_its_list_is_signed_has_the_list_signed_once_more(
    session: Session, certificate: Certificate, account_id: int
) -> None:
    signed(session, asked(session, certificate, account_id))
    want_list_of_a_badge(session, number=1, addresses=HERE, now=NOON)
    claimed = in_hand(session, STATUS_LISTS)
    withdrawn(session, certificate, account_id)
    with pytest.raises(ClaimLost):
        finish(session, claimed)
    assert in_hand(session, STATUS_LISTS)


@pytest.mark.parametrize(
    "before", ["http://localhost:8000", "https://elsewhere.example", "https://learn.example.org/cg"]
)
def test_a_list_of_another_address_or_issuer_is_signed_anew_at_once(session: Session, before: str) -> None:
    a_list(session, Addresses(before))
    assert want_old_lists(session, addresses=HERE, now=NOON) == 1
    assert want_list_of_a_badge(session, number=1, addresses=HERE, now=NOON)
    a_list(session)
    assert not want_list_of_a_badge(session, number=1, addresses=HERE, now=NOON)


def test_where_the_issuer_is_its_key_another_key_is_another_issuer(session: Session) -> None:
    demo = Addresses("http://localhost:8000")
    session.execute(delete(BadgeKey))
    keep_public_key(session, multibase="z6New", now=NOON)
    a_list(session, demo, "z6Old")
    assert want_old_lists(session, addresses=demo, now=NOON) == 1
    a_list(session, demo, "z6New")
    assert want_old_lists(session, addresses=demo, now=NOON) == 0


def test_a_list_from_before_there_were_two_forms_is_signed_anew(session: Session) -> None:
    a_list(session)
    session.get_one(BadgeStatusList, 1).credential = None
    assert want_old_lists(session, addresses=HERE, now=NOON) == 1
