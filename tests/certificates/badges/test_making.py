"""A badge is asked for, signed once, and ends for good with its certificate or by its holder's wish."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.badges import status
from certificates.badges.hosting import get_achievement, get_credential, get_number
from certificates.badges.making import (
    BADGES,
    ask_for_badge,
    facts_of_badge,
    withdraw_badge,
)
from certificates.badges.records import BadgeKey, Ending
from certificates.badges.status import (
    STATUS_LISTS,
    ended_bits,
)
from certificates.changes.reissuing import reissue
from certificates.changes.revoking import restore, revoke
from certificates.record.history import Reason
from certificates.record.issuing import Certificate
from kernel.audit import entries_for
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.background import open_subjects
from kernel.tasks.claims import ClaimLost
from kernel.tasks.kinds import TaskState
from people.persons import Person
from tests.builders.region import NOON, a_person
from tests.builders.tasks import count_open, failed, in_hand
from tests.certificates.badges.asking import CREDENTIAL, asked, signed, signed_by, withdrawn


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
