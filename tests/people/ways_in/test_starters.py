"""Whoever joins or comes back gets a way in without anybody asking, once, by team and day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.tasks.claims import claim, finish
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.values import Terms
from people.jobs.writing import NewChange, NewJob, Source, add_jobs, record_changes, undo_changes
from people.organisations import Unit
from people.password_leaves import PasswordReset
from people.password_resets import make_code, try_code
from people.persons import Person
from people.roles import Role, grant
from people.ways_in import joining, starters
from people.ways_in.choices import ChosenWay, FirstWay, UsernameStyle, WayInChoice, choose_way
from people.ways_in.keeping import take_sheet
from people.ways_in.making import CardSheet, make_cards, make_leaves
from people.ways_in.rounds import WAYS_IN, WayInBatch, WayInMember, WayInRound
from people.ways_in.settling import settle_accounts
from people.ways_in.starters import give_starters_ways_in, starter_sheets
from people.ways_in.starting import start_again
from tests.builders.region import NOON, TODAY, a_person, an_account, job_of
from tests.people.ways_in.conftest import Council

LATER = NOON + timedelta(minutes=5)
HAND = Source(ChangeOrigin.HAND)


def joins(
    session: Session, unit: Unit, name: str, *, starts_on: date = TODAY, email: str | None = None, now: object = LATER
) -> Person:
    """Somebody who is new in the record, as a file or a hand brings them."""
    person = a_person(session, name=name)
    person.email = email
    session.flush()
    job = NewJob(person.id, unit.organisation_id, f"N{person.id}", starts_on, Terms(unit.id))
    add_jobs(session, [job], source=Source(ChangeOrigin.FEED, run_id=1), now=now)  # type: ignore[arg-type]
    return person


def given(session: Session, minutes: int = 6, *, sends_mail: bool = True) -> int:
    return give_starters_ways_in(session, sends_mail=sends_mail, now=NOON + timedelta(minutes=minutes))


def made(session: Session, minutes: int = 7) -> list[CardSheet]:
    """What a worker makes of what is due."""
    sheets, now = [], NOON + timedelta(minutes=minutes)
    while (claimed := claim(session, WAYS_IN, now=now)) is not None:
        (batch,) = claimed.rows
        sheets.append(make_cards(session, batch, now=now))
        finish(session, claimed, done=len(sheets[-1].cards), ready_at=now, sha256="0" * 64, ends_at=now + timedelta(28))
    return sheets


def names(sheets: list[CardSheet]) -> list[list[str]]:
    return [[card.name for card in sheet.cards] for sheet in sheets]


def code_of(session: Session, person: Person) -> list[PasswordReset]:
    """The codes of somebody that are open."""
    query = select(PasswordReset).join(Account, Account.id == PasswordReset.account_id)
    return list(
        session.scalars(query.where(Account.person_id == person.id, PasswordReset.ends_at > LATER + timedelta(1)))
    )


def test_new_starters_get_cards_by_team_and_day(session: Session, council: Council) -> None:
    joins(session, council.team, "Ana")
    joins(session, council.parks, "Beth")
    joins(session, council.team, "Cem")
    assert given(session) == 3
    assert given(session) == 0
    assert sorted(names(made(session))) == [["Ana", "Cem"], ["Beth"]]
    found = starter_sheets(session, organisation_id=council.care.organisation_id, unit_ids=None, now=LATER, limit=9)
    assert [(one.unit_path, one.cards, one.is_ready, one.joined_on) for one in found] == [
        ("Adult Social Care / Home Care", 2, True, TODAY),
        ("Parks", 1, True, TODAY),
    ]
    own = starter_sheets(
        session, organisation_id=council.care.organisation_id, unit_ids=[council.parks.id], now=LATER, limit=9
    )
    assert [one.unit_path for one in own] == ["Parks"]


def test_a_sheet_grows_until_somebody_takes_it_out(session: Session, council: Council) -> None:
    ana = joins(session, council.team, "Ana")
    given(session)
    made(session)
    joins(session, council.team, "Beth", now=NOON + timedelta(minutes=8))
    assert given(session, 9) == 1
    (sheet,) = made(session, 10)
    assert names([sheet]) == [["Ana", "Beth"]]
    assert len(code_of(session, ana)) == 1
    batch = session.scalars(select(WayInBatch)).one()
    take_sheet(session, batch_id=batch.id, by=council.lead.id, now=NOON + timedelta(minutes=11))
    joins(session, council.team, "Cem", now=NOON + timedelta(minutes=12))
    assert given(session, 13) == 1
    assert names(made(session, 14)) == [["Cem"]]
    session.refresh(batch)
    assert (batch.state, batch.wanted, batch.taken_at is not None) == (TaskState.DONE, 2, True)
    assert session.scalars(select(WayInRound.wanted)).all() == [3]


def test_nobody_joins_by_an_earlier_first_day(session: Session, council: Council) -> None:
    person = joins(session, council.team, "Ana", starts_on=TODAY - timedelta(days=300), now=NOON - timedelta(days=2))
    earlier = NewChange(
        job_of(session, person).id, TODAY - timedelta(days=900), {"held": True, "unit_id": council.team.id}
    )
    record_changes(session, [earlier], source=Source(ChangeOrigin.FEED, run_id=2), now=LATER)
    assert given(session) == 0


def test_nobody_gets_two(session: Session, council: Council) -> None:
    helped = joins(session, council.team, "Helped")
    account = an_account(session, helped)
    given(session)
    make_code(session, account_id=account.id, made_by_account_id=council.lead.id, now=LATER)
    assert names(made(session)) == [[]]
    assert len(code_of(session, helped)) == 1
    assert given(session, 20) == 0
    asked = joins(session, council.team, "Asked For", now=NOON + timedelta(minutes=21))
    start_again(session, council.reach, person_ids=[asked.id], by=council.lead.id, now=NOON + timedelta(minutes=22))
    assert given(session, 23) == 0
    assert names(made(session, 24)) == [["Asked For"]]


def test_a_job_that_ends_before_the_card_is_handed_out_ends_its_code(session: Session, council: Council) -> None:
    gone = joins(session, council.team, "Gone")
    given(session)
    ((card,),) = [sheet.cards for sheet in made(session)]
    ends(session, gone, at=20)
    assert code_of(session, gone) == []
    assert try_code(session, username=card.username, typed=card.code, now=LATER) is None
    never = joins(session, council.parks, "Never", now=NOON + timedelta(minutes=21))
    assert given(session, 22) == 1
    ends(session, never, at=23)
    assert names(made(session, 24)) == [[]]


def ends(session: Session, person: Person, *, at: int) -> None:
    """The job ended yesterday, as it is said now."""
    now = NOON + timedelta(minutes=at)
    record_changes(session, [NewChange(job_of(session, person).id, TODAY, {"held": False})], source=HAND, now=now)
    settle_accounts(session, person_ids=[person.id], on=TODAY, by=None, now=now)


def test_whoever_comes_back_gets_a_new_one_unless_they_have_a_password(session: Session, council: Council) -> None:
    back, known = joins(session, council.team, "Back"), joins(session, council.team, "Known")
    given(session)
    made(session)
    session.scalars(select(Account).where(Account.person_id == known.id)).one().last_signed_in_at = LATER
    for one in (back, known):
        ends(session, one, at=20)
    again = NOON + timedelta(minutes=30)
    for one in (back, known):
        change = NewChange(job_of(session, one).id, TODAY, {"held": True})
        record_changes(session, [change], source=HAND, now=again)
    settle_accounts(session, person_ids=[back.id, known.id], on=TODAY, by=None, now=again)
    assert given(session, 31) == 1
    assert names(made(session, 32)) == [["Back"]]
    assert len(code_of(session, back)) == 1
    assert session.scalars(select(Account.is_active).where(Account.person_id == known.id)).one()


def test_an_ending_by_mistake_that_is_taken_back_gives_a_new_card(session: Session, council: Council) -> None:
    person = joins(session, council.team, "Ana")
    given(session)
    made(session)
    ends(session, person, at=20)
    ended = session.scalars(select(EmploymentChange.id).order_by(EmploymentChange.id.desc())).first()
    now = NOON + timedelta(minutes=30)
    undo_changes(session, change_ids=[ended or 0], by=None, now=now)
    settle_accounts(session, person_ids=[person.id], on=TODAY, by=None, now=now, is_undone=True)
    assert given(session, 31) == 1
    assert names(made(session, 32)) == [["Ana"]]


def test_somebody_who_starts_later_gets_theirs_on_the_day(session: Session, council: Council) -> None:
    joins(session, council.team, "Next Week", starts_on=TODAY + timedelta(days=7))
    assert given(session) == 0
    week = 7 * 24 * 60
    assert given(session, week - 24 * 60) == 0
    assert given(session, week) == 1
    assert given(session, week + 1) == 0
    assert names(made(session, week + 2)) == [["Next Week"]]


def test_an_invitation_goes_to_whoever_has_an_address_where_mail_is_sent(session: Session, council: Council) -> None:
    choice = ChosenWay(FirstWay.INVITATION, UsernameStyle.PAYROLL_NUMBER, "hal")
    organisation_id = council.care.organisation_id
    choose_way(session, organisation_id=organisation_id, choice=choice, by=council.lead.id, now=NOON)
    joins(session, council.team, "Mail", email="mail@example.org")
    joins(session, council.team, "Paper")
    assert given(session) == 2
    ways = session.execute(select(WayInRound.way, WayInBatch).join(WayInBatch, WayInBatch.round_id == WayInRound.id))
    batches = dict(ways.all())
    assert len(make_leaves(session, batches[FirstWay.INVITATION], now=LATER)) == 1
    assert names([make_cards(session, batches[FirstWay.CARD], now=LATER)]) == [["Paper"]]
    joins(session, council.team, "No Mail Server", email="none@example.org", now=NOON + timedelta(minutes=8))
    assert given(session, 9, sends_mail=False) == 1
    assert names([make_cards(session, batches[FirstWay.CARD], now=LATER)])[0][0] == "No Mail Server"


def test_a_switch_that_is_off_gives_nobody_anything(session: Session, council: Council) -> None:
    organisation_id = council.care.organisation_id
    off = ChosenWay(FirstWay.CARD, UsernameStyle.PAYROLL_NUMBER, "hal", for_starters=False)
    choose_way(session, organisation_id=organisation_id, choice=off, by=council.lead.id, now=NOON)
    joins(session, council.team, "Ana")
    assert given(session) == 0
    on = ChosenWay(FirstWay.CARD, UsernameStyle.PAYROLL_NUMBER, "hal")
    choose_way(session, organisation_id=organisation_id, choice=on, by=council.lead.id, now=NOON + timedelta(minutes=8))
    assert given(session, 9) == 0
    joins(session, council.team, "Beth", now=NOON + timedelta(minutes=9))
    assert given(session, 10) == 1


def test_an_authority_whose_file_is_being_applied_waits_for_its_end(session: Session, council: Council) -> None:
    joins(session, council.team, "Ana")
    busy = [council.care.organisation_id]
    for minutes in (6, 90):
        now = NOON + timedelta(minutes=minutes)
        assert give_starters_ways_in(session, sends_mail=True, busy=busy, now=now) == 0
    assert given(session, 91) == 1


def test_too_many_at_once_wait_for_somebody_who_looks(
    session: Session, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starters, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(joining, "_AT_ONCE", 2)
    for number in range(3):
        joins(session, council.team, f"Person {number}")
    assert given(session) == 0
    held = session.get_one(WayInChoice, council.care.organisation_id)
    assert (held.held_back, held.held_back_at) == (3, NOON + timedelta(minutes=6))
    assert session.scalars(select(WayInMember)).all() == []


def test_a_card_that_nobody_asked_for_opens_no_account_that_has_got_a_role(session: Session, council: Council) -> None:
    joins(session, council.team, "Ana")
    given(session)
    ((card,),) = [sheet.cards for sheet in made(session)]
    account = session.scalars(select(Account).where(Account.username == card.username)).one()
    assert try_code(session, username=card.username, typed=card.code, now=LATER) is not None
    grant(
        session,
        account_id=account.id,
        role=Role.MANAGER,
        organisation_id=council.team.organisation_id,
        unit_id=council.team.id,
        now=LATER,
    )
    assert try_code(session, username=card.username, typed=card.code, now=LATER) is None


def test_cards_are_made_though_the_lead_who_said_so_has_left(session: Session, council: Council) -> None:
    an_account(session, a_person(session), Role.ADMIN)
    joins(session, council.team, "Ana")
    given(session)
    council.lead.is_active = False
    session.flush()
    ((card,),) = [sheet.cards for sheet in made(session)]
    assert try_code(session, username=card.username, typed=card.code, now=LATER) is not None
