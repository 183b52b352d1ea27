"""The lists that say which badges have ended: signed anew in time, or at once for another address or issuer."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from certificates.badges import status
from certificates.badges.addresses import Addresses
from certificates.badges.making import (
    keep_public_key,
)
from certificates.badges.records import BadgeKey, BadgeStatusList
from certificates.badges.status import (
    SIGN_EVERY,
    STATUS_LISTS,
    stale_lists,
    store_list,
    want_list_of_a_badge,
    want_old_lists,
)
from certificates.record.issuing import Certificate
from kernel.tasks.background import open_subjects
from kernel.tasks.claims import ClaimLost, finish
from tests.builders.region import NOON
from tests.builders.tasks import in_hand
from tests.certificates.badges.asking import asked, signed, withdrawn


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
