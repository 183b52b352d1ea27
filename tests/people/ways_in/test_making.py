"""Rounds: who gets a way in, and what a worker makes of a batch."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit import entries_for
from kernel.errors import RuleBroken
from kernel.tasks.claims import claim, finish
from people.account_care import switch_off
from people.accounts import Account, find_account
from people.jobs.terms import EmploymentKind
from people.password_leaves import PasswordReset
from people.password_resets import try_code
from people.persons import Person
from people.roles import Role
from people.ways_in import starting
from people.ways_in.choices import FirstWay
from people.ways_in.closing import close_accounts
from people.ways_in.making import Card, CardSheet, make_cards
from people.ways_in.needs import Reach, WayInState, counts_of
from people.ways_in.rounds import WAYS_IN, WayInBatch
from people.ways_in.starting import NOBODY, NOBODY_LEFT, start_again, start_round
from tests.builders.region import NOON, TODAY, a_person, a_unit, an_account, an_organisation
from tests.people.ways_in.conftest import Council


def the_sheets(
    session: Session, council: Council, reach: Reach | None = None, by: Account | None = None
) -> list[CardSheet]:
    """Ask for cards and do what a worker does."""
    start_round(session, reach or council.reach, way=FirstWay.CARD, by=(by or council.lead).id, now=NOON)
    return worked_off(session)


def worked_off(session: Session) -> list[CardSheet]:
    sheets = []
    while (claimed := claim(session, WAYS_IN, now=NOON)) is not None:
        sheets.append(make_cards(session, claimed.rows[0], now=NOON))
        finish(session, claimed)
    return sheets


def the_card(session: Session, council: Council) -> Card:
    a_person(session, council.team, "Amina Okafor", payroll_number="0042")
    (sheet,) = the_sheets(session, council)
    (card,) = sheet.cards
    return card


def account_named(session: Session, username: str) -> Account:
    found = find_account(session, username=username)
    assert found is not None
    return found


def test_everybody_who_has_none_gets_an_account_and_a_card_by_team(session: Session, council: Council) -> None:
    for name in ("محمد العلي", "王芳", "Siân Nguyễn"):
        a_person(session, council.team, name)
    a_person(session, council.parks, "O’Brien", payroll_number="007")
    sheets = the_sheets(session, council)
    assert [(one.unit_path, [card.name for card in one.cards]) for one in sheets] == [
        ("Adult Social Care / Home Care", ["Siân Nguyễn", "محمد العلي", "王芳"]),
        ("Parks", ["O’Brien"]),
    ]
    assert sheets[1].cards[0].username == "hal-007"
    account = account_named(session, "hal-007")
    actions = [one.action for one in entries_for(session, subject_type="account", subject_id=account.id)]
    assert actions == ["account-added", "sign-in-card-made"]


def test_people_of_the_same_name_have_their_payroll_numbers_on_their_cards(session: Session, council: Council) -> None:
    for number, name in (("01", "Ana Silva"), ("02", "ANA SILVA"), ("03", "Beth")):
        a_person(session, council.parks, name, payroll_number=number)
    (sheet,) = the_sheets(session, council)
    assert sorted(card.payroll_number for card in sheet.cards) == ["", "01", "02"]


def test_the_code_of_a_card_is_stored_nowhere(session: Session, council: Council) -> None:
    card = the_card(session, council)
    leave = session.scalars(select(PasswordReset)).one()
    plain = card.code.replace("-", "")
    assert all(plain not in str(value) and card.code not in str(value) for value in vars(leave).values())
    assert (leave.code_hash or "").startswith("$argon2id$")


def test_whoever_has_a_way_in_or_none_to_get_is_left_out(session: Session, council: Council) -> None:
    an_account(session, a_person(session, council.team, "In")).last_signed_in_at = NOON
    off = an_account(session, a_person(session, council.team, "Off"))
    switch_off(session, account_id=off.id, by=an_account(session, a_person(session), Role.ADMIN).id, now=NOON)
    an_account(session, a_person(session, council.team, "Author"), Role.AUTHOR)
    a_person(session, council.team, "Left", ends_on=date(2026, 1, 1))
    a_person(session, council.team, "Comes", starts_on=date(2027, 1, 1))
    a_person(session, a_unit(session, an_organisation(session, "sefton", "Sefton Council")), "Somebody of Sefton")
    with pytest.raises(RuleBroken, match=NOBODY):
        start_round(session, council.reach, way=FirstWay.CARD, by=council.lead.id, now=NOON)
    a_person(session, council.team, "Agency", kind=EmploymentKind.AGENCY)
    a_person(session, council.team, "Away", away_from=TODAY)
    (sheet,) = the_sheets(session, council)
    assert [card.name for card in sheet.cards] == ["Agency", "Away"]
    assert counts_of(session, council.reach, now=NOON).by_state == {
        WayInState.SIGNED_IN: 3,
        WayInState.SWITCHED_OFF: 1,
        WayInState.HAS_ROLE: 1,
        WayInState.WAITING: 2,
        WayInState.NOTHING: 0,
    }


def test_a_second_round_reaches_only_who_is_new(session: Session, council: Council) -> None:
    first = the_card(session, council)
    with pytest.raises(RuleBroken, match=NOBODY):
        start_round(session, council.reach, way=FirstWay.CARD, by=council.lead.id, now=NOON)
    a_person(session, council.team, "New Starter")
    (sheet,) = the_sheets(session, council)
    assert [card.name for card in sheet.cards] == ["New Starter"]
    assert try_code(session, username=first.username, typed=first.code, now=NOON) is not None


def test_people_of_a_round_that_is_not_made_yet_are_not_asked_for_twice(session: Session, council: Council) -> None:
    a_person(session, council.team)
    start_round(session, council.reach, way=FirstWay.CARD, by=council.lead.id, now=NOON)
    with pytest.raises(RuleBroken, match=NOBODY):
        start_round(session, council.reach, way=FirstWay.CARD, by=council.lead.id, now=NOON)
    assert len(worked_off(session)) == 1


def test_a_large_team_has_several_sheets_in_the_order_of_names(
    session: Session, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "LARGEST_BATCH", 2)
    for name in ("Zoë", "Ọláyínká", "Ana", "Łukasz", "Beth"):
        a_person(session, council.team, name)
    names = [[card.name for card in sheet.cards] for sheet in the_sheets(session, council)]
    assert names == [["Ana", "Beth"], ["Łukasz", "Ọláyínká"], ["Zoë"]]


def test_a_lost_card_is_made_anew_and_the_old_one_opens_nothing(session: Session, council: Council) -> None:
    old = the_card(session, council)
    person_id = session.scalars(select(Person.id).where(Person.chosen_name == old.name)).one()
    start_again(session, council.reach, person_ids=[person_id], by=council.manager.id, now=NOON)
    ((new,),) = [sheet.cards for sheet in worked_off(session)]
    assert new.username == old.username
    assert try_code(session, username=old.username, typed=old.code, now=NOON) is None
    assert try_code(session, username=new.username, typed=new.code, now=NOON) is not None


def test_whoever_has_signed_in_gets_no_card_anew(session: Session, council: Council) -> None:
    account = account_named(session, the_card(session, council).username)
    account.last_signed_in_at = NOON
    with pytest.raises(RuleBroken, match=NOBODY_LEFT):
        start_again(session, council.reach, person_ids=[account.person_id], by=council.lead.id, now=NOON)


def test_a_batch_that_is_made_twice_leaves_only_the_second_codes(session: Session, council: Council) -> None:
    a_person(session, council.team)
    start_round(session, council.reach, way=FirstWay.CARD, by=council.lead.id, now=NOON)
    batch = session.scalars(select(WayInBatch)).one()
    first, second = (make_cards(session, batch, now=NOON).cards[0] for _ in range(2))
    assert first.username == second.username
    assert try_code(session, username=first.username, typed=first.code, now=NOON) is None
    assert try_code(session, username=first.username, typed=second.code, now=NOON) is not None


def test_a_username_that_somebody_has_already_is_not_given_again(session: Session, council: Council) -> None:
    account = an_account(session, a_person(session, council.parks))
    account.username, account.last_signed_in_at = "hal-0042", NOON
    session.flush()
    assert the_card(session, council).username == "hal-0042-2"


def test_no_card_is_made_when_whoever_asked_may_not_any_more(session: Session, council: Council) -> None:
    a_person(session, council.team)
    an_account(session, a_person(session), Role.ADMIN)
    start_round(session, council.reach, way=FirstWay.CARD, by=council.lead.id, now=NOON)
    close_accounts(session, person_ids=[council.lead.person_id], by=None, now=NOON)
    assert [sheet.cards for sheet in worked_off(session)] == [()]
