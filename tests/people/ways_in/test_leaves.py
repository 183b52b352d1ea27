"""Cards and invitations, from the first look at one to a password: what they open, and for whom they do not."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher, Type
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import RuleBroken
from people import accounts, password_resets
from people.account_care import WantedRole, give_role
from people.accounts import hash_card_code, sign_in
from people.password_leaves import CARD_LASTS, INVITATION_LASTS, PasswordReset
from people.password_resets import NOT_OPEN, find_open_reset, give_token, make_code, try_code, use_reset
from people.roles import Role, RoleGrant
from people.ways_in.choices import FirstWay
from people.ways_in.leaves import accept_invitation, find_invitation
from people.ways_in.making import make_leaves
from people.ways_in.needs import Reach, counts_of
from people.ways_in.rounds import WayInBatch
from people.ways_in.starting import start_round
from tests.builders.region import NOON, a_person, an_account
from tests.people.ways_in.conftest import Council
from tests.people.ways_in.test_making import account_named, the_card, the_sheets

PASSWORD = "a long enough secret"


def opens(session: Session, username: str, code: str, after: timedelta = timedelta()) -> bool:
    return try_code(session, username=username, typed=code, now=NOON + after) is not None


def test_a_card_opens_the_page_for_a_first_password_once(session: Session, council: Council) -> None:
    card = the_card(session, council)
    assert sign_in(session, username=card.username, password=card.code, now=NOON) is None
    token = try_code(session, username=card.username.upper(), typed=card.code.lower().replace("-", " "), now=NOON)
    assert token is not None
    account = use_reset(session, token=token, password=PASSWORD, now=NOON)
    assert sign_in(session, username=card.username, password=PASSWORD, now=NOON) is account
    assert not opens(session, card.username, card.code)


def test_a_card_is_over_after_four_weeks(session: Session, council: Council) -> None:
    card = the_card(session, council)
    assert not opens(session, card.username, card.code, CARD_LASTS)
    assert opens(session, card.username, card.code, CARD_LASTS - timedelta(minutes=1))


def test_a_wrong_code_counts_and_too_many_end_the_card(
    session: Session, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = the_card(session, council)
    monkeypatch.setattr(password_resets, "MOST_WRONG_CODES", 2)
    for _ in range(2):
        assert not opens(session, card.username, "00000-00000")
    assert not opens(session, card.username, card.code)


def test_the_time_tells_nobody_who_has_a_card(
    session: Session, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = the_card(session, council)
    by_hand = an_account(session, a_person(session, council.parks))
    make_code(session, account_id=by_hand.id, made_by_account_id=None, now=NOON)
    costs = []
    for username in (card.username, by_hand.username, "nobody"):
        tried: list[str] = []
        monkeypatch.setattr(password_resets, "fits", lambda _, stored, tried=tried: bool(tried.append(stored)))
        assert not opens(session, username, "00000-00000")
        costs.append([stored.split("$")[3] for stored in tried])
    assert costs[0] == costs[1] == costs[2]
    assert len(costs[0]) == 2


def test_the_code_of_a_card_is_hashed_with_little_memory_and_opens_no_password() -> None:
    assert hash_card_code("0123456789").split("$")[1:4] == [Type.ID.name and "argon2id", "v=19", "m=1024,t=1,p=1"]


def test_passwords_are_not_hashed_as_codes_are(real_hasher: PasswordHasher) -> None:
    assert real_hasher.memory_cost * real_hasher.time_cost > 30 * accounts._card_hasher.memory_cost


def test_whoever_came_in_another_way_needs_no_card_any_more(session: Session, council: Council) -> None:
    card = the_card(session, council)
    account_named(session, card.username).last_signed_in_at = NOON
    assert not opens(session, card.username, card.code)


def test_a_manager_lets_in_their_own_team_and_nobody_else(session: Session, council: Council) -> None:
    a_person(session, council.parks, "Of Parks")
    a_person(session, council.team, "Amina Okafor")
    of_team = Reach(council.care.organisation_id, (council.team.id,))
    ((card,),) = [sheet.cards for sheet in the_sheets(session, council, of_team, by=council.manager)]
    assert card.name == "Amina Okafor"
    assert opens(session, card.username, card.code)


def test_cards_of_somebody_who_is_no_manager_any_more_open_nothing(session: Session, council: Council) -> None:
    a_person(session, council.team, "Amina Okafor")
    of_team = Reach(council.care.organisation_id, (council.team.id,))
    ((card,),) = [sheet.cards for sheet in the_sheets(session, council, of_team, by=council.manager)]
    session.scalars(select(RoleGrant).where(RoleGrant.account_id == council.manager.id)).one().revoked_at = NOON
    session.flush()
    assert not opens(session, card.username, card.code)


def test_a_card_of_a_manager_opens_nothing_for_somebody_who_has_a_role(session: Session, council: Council) -> None:
    a_person(session, council.team, "Amina Okafor")
    of_team = Reach(council.care.organisation_id, (council.team.id,))
    ((card,),) = [sheet.cards for sheet in the_sheets(session, council, of_team, by=council.manager)]
    account = account_named(session, card.username)
    session.add(RoleGrant(account_id=account.id, role=Role.AUTHOR, granted_at=NOON))
    session.flush()
    assert not opens(session, card.username, card.code)


def test_no_card_takes_over_somebody_who_got_a_role_since(session: Session, council: Council) -> None:
    card = the_card(session, council)
    token = try_code(session, username=card.username, typed=card.code, now=NOON)
    assert token is not None
    account, admin = account_named(session, card.username), an_account(session, a_person(session), Role.ADMIN)
    give_role(session, account_id=account.id, wanted=WantedRole(Role.AUTHOR), by=admin.id, now=NOON)
    assert not opens(session, card.username, card.code)
    with pytest.raises(RuleBroken, match=NOT_OPEN):
        use_reset(session, token=token, password=PASSWORD, now=NOON)


def test_a_password_from_a_card_of_hr_stops_working_when_its_person_gets_a_wide_role(
    session: Session, council: Council
) -> None:
    card = the_card(session, council)
    token = try_code(session, username=card.username, typed=card.code, now=NOON)
    account = use_reset(session, token=token or "", password=PASSWORD, now=NOON)
    assert sign_in(session, username=card.username, password=PASSWORD, now=NOON) is account
    admin = an_account(session, a_person(session), Role.ADMIN)
    assert not give_role(session, account_id=account.id, wanted=WantedRole(Role.ADMIN), by=admin.id, now=NOON)


def an_invitation(session: Session, council: Council) -> str:
    """What the address in the mail holds."""
    a_person(session, council.team, "Amina Okafor").email = "amina@example.org"
    session.flush()
    start_round(session, council.reach, way=FirstWay.INVITATION, by=council.lead.id, now=NOON)
    (leave_id,) = make_leaves(session, session.scalars(select(WayInBatch)).one(), now=NOON)
    token = give_token(session.get_one(PasswordReset, leave_id))
    session.flush()
    return token


def test_an_invitation_is_for_those_who_have_an_address(session: Session, council: Council) -> None:
    a_person(session, council.team, "No Address")
    an_invitation(session, council)
    assert counts_of(session, council.reach, now=NOON).nothing_without_email == 1


def test_only_the_browser_that_accepts_an_invitation_goes_on(session: Session, council: Council) -> None:
    mailed = an_invitation(session, council)
    for _ in range(3):
        assert find_invitation(session, token=mailed, now=NOON) is not None
    own = accept_invitation(session, token=mailed, now=NOON)
    session.flush()
    assert find_invitation(session, token=mailed, now=NOON) is None
    with pytest.raises(RuleBroken, match=NOT_OPEN):
        accept_invitation(session, token=mailed, now=NOON)
    assert find_open_reset(session, token=own, now=NOON) is not None
    account = use_reset(session, token=own, password=PASSWORD, now=NOON)
    assert sign_in(session, username=account.username, password=PASSWORD, now=NOON) is account
    assert find_open_reset(session, token=own, now=NOON) is None


def test_a_password_from_an_invitation_is_its_persons_own(session: Session, council: Council) -> None:
    own = accept_invitation(session, token=an_invitation(session, council), now=NOON)
    session.flush()
    account = use_reset(session, token=own, password=PASSWORD, now=NOON)
    admin = an_account(session, a_person(session), Role.ADMIN)
    assert give_role(session, account_id=account.id, wanted=WantedRole(Role.AUTHOR), by=admin.id, now=NOON)


def test_an_invitation_is_over_after_two_weeks(session: Session, council: Council) -> None:
    mailed = an_invitation(session, council)
    assert find_invitation(session, token=mailed, now=NOON + INVITATION_LASTS) is None
