"""What a worker does with a batch: accounts for those who have none, then their codes or the leaves of invitations.

A batch that is made again, because a worker died, ends the codes of the first time: no sheet of those was kept.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from kernel.audit import record_many
from kernel.clock import local_day
from kernel.typed import searchable
from people.accounts import Account, hash_of_nobody
from people.jobs.employment import Employment
from people.jobs.reading import jobs_on
from people.organisations import Organisation, Unit
from people.password_leaves import CARD_LASTS, PasswordReset
from people.visibility import may_let_in
from people.ways_in.choices import FirstWay, find_choice
from people.ways_in.leaves import make_card_codes, make_invitations
from people.ways_in.needs import Needing, Reach, WayInState, people_needing
from people.ways_in.rounds import WayInBatch, WayInMember, WayInRound
from people.ways_in.usernames import usernames_like


@dataclass(frozen=True)
class Card:
    """What stands on one card. Its code is stored nowhere else.

    ``payroll_number`` is there where two people on the sheet have the same name, to tell them apart.
    """

    name: str
    username: str
    code: str
    payroll_number: str = ""


@dataclass(frozen=True)
class CardSheet:
    """The cards of a batch, by name, with what stands above them."""

    organisation_name: str
    unit_path: str
    made_at: datetime
    ends_at: datetime
    cards: tuple[Card, ...]


def way_of(session: Session, batch: WayInBatch) -> FirstWay:
    """Whether cards or invitations are to be made."""
    return session.get_one(WayInRound, batch.round_id).way


def make_cards(session: Session, batch: WayInBatch, *, now: datetime) -> CardSheet:
    """Accounts and codes for the people of a batch who still need them; earlier codes of theirs end."""
    of, unit = session.get_one(WayInRound, batch.round_id), session.get_one(Unit, batch.unit_id)
    people = _still_needing(session, batch, of, now)
    accounts = _accounts_for(session, people, of, now)
    codes = make_card_codes(
        session,
        account_ids=[one.id for one in accounts.values()],
        batch_id=batch.id,
        made_by_account_id=_maker(of),
        now=now,
    )
    _note(session, "sign-in-card-made", codes, of, now)
    numbers = _numbers_of_alike(session, people, of.organisation_id, local_day(now))
    cards = tuple(
        Card(one.name, account.username, codes[account.id], numbers.get(one.person_id, ""))
        for one in people
        for account in (accounts[one.person_id],)
    )
    name = session.get_one(Organisation, of.organisation_id).name
    return CardSheet(name, unit.path, now, now + CARD_LASTS, cards)


def make_leaves(session: Session, batch: WayInBatch, *, now: datetime) -> Mapping[int, int]:
    """Accounts and leaves for the people of a batch who have an address: ids of persons by ids of their leaves."""
    of = session.get_one(WayInRound, batch.round_id)
    people = [one for one in _still_needing(session, batch, of, now) if one.email]
    accounts = _accounts_for(session, people, of, now)
    leaves = make_invitations(
        session,
        account_ids=[one.id for one in accounts.values()],
        batch_id=batch.id,
        made_by_account_id=_maker(of),
        now=now,
    )
    _note(session, "invitation-made", leaves, of, now)
    return {leaves[account.id]: person_id for person_id, account in accounts.items()}


def _still_needing(session: Session, batch: WayInBatch, of: WayInRound, now: datetime) -> list[Needing]:
    members = session.scalars(select(WayInMember.person_id).where(WayInMember.batch_id == batch.id)).all()
    states = (WayInState.NOTHING, WayInState.WAITING)
    found = people_needing(session, Reach(of.organisation_id), states=states, only=members, now=now)
    if of.starters_on is not None:
        helped = _helped_otherwise(session, batch, members, now)
        return sorted((one for one in found if one.person_id not in helped), key=_by_name)
    # Whoever asked may have lost the role since: then no code of theirs would open anything.
    by, organisation_id, unit_id = of.asked_by_account_id, of.organisation_id, batch.unit_id
    if not may_let_in(session, account_id=by, organisation_id=organisation_id, unit_id=unit_id, on=local_day(now)):
        return []
    return sorted(found, key=_by_name)


def _by_name(one: Needing) -> tuple[str, int]:
    return searchable(one.name), one.person_id


def _helped_otherwise(session: Session, batch: WayInBatch, person_ids: Sequence[int], now: datetime) -> set[int]:
    """Those of these people to whom somebody gave a code or an invitation meanwhile: theirs is not ended unasked."""
    of_another = or_(PasswordReset.batch_id.is_(None), PasswordReset.batch_id != batch.id)
    query = (
        select(Account.person_id)
        .join(PasswordReset, PasswordReset.account_id == Account.id)
        .where(Account.person_id.in_(person_ids), of_another, PasswordReset.used_at.is_(None))
    )
    return set(session.scalars(query.where(PasswordReset.ends_at > now)))


def _maker(of: WayInRound) -> int | None:
    """Whose code it is: nobody's, where it was made without anybody asking, so that it works on when a lead leaves."""
    return of.asked_by_account_id if of.starters_on is None else None


def _accounts_for(session: Session, people: Sequence[Needing], of: WayInRound, now: datetime) -> dict[int, Account]:
    """The account of each of these people; accounts that are new have a password that nobody knows."""
    new = [one.person_id for one in people if one.account_id is None]
    if new:
        names = _usernames(session, new, of, local_day(now))
        # One hash for all of them, of a secret that was thrown away: it opens nothing, and costs nothing to make.
        rows = [{"person_id": one, "username": names[one], "password_hash": hash_of_nobody()} for one in new]
        session.execute(insert(Account), rows)
    every = session.scalars(select(Account).where(Account.person_id.in_([one.person_id for one in people]))).all()
    accounts = {one.person_id: one for one in every}
    _note(session, "account-added", [accounts[one].id for one in new], of, now)
    return {one.person_id: accounts[one.person_id] for one in people}


def _usernames(session: Session, person_ids: Sequence[int], of: WayInRound, on: date) -> dict[int, str]:
    choice = find_choice(session, organisation_id=of.organisation_id)
    assert choice is not None  # noqa: S101 - no round begins before somebody has chosen
    numbers = _payroll_numbers(session, person_ids, of.organisation_id, on)
    candidates = {one: usernames_like(choice, payroll_number=numbers[one]) for one in person_ids}
    names: dict[str, int] = {}
    while missing := set(person_ids) - set(names.values()):
        proposed = {name: one for one in sorted(missing) if (name := next(candidates[one])) not in names}
        taken = set(session.scalars(select(Account.username).where(Account.username.in_(proposed))))
        names |= {name: one for name, one in proposed.items() if name not in taken}
    return {one: name for name, one in names.items()}


def _numbers_of_alike(session: Session, people: Sequence[Needing], organisation_id: int, on: date) -> dict[int, str]:
    """The payroll numbers of those who share their name with another one on the sheet."""
    counted = Counter(searchable(one.name) for one in people)
    alike = [one.person_id for one in people if counted[searchable(one.name)] > 1]
    return _payroll_numbers(session, alike, organisation_id, on) if alike else {}


def _payroll_numbers(session: Session, person_ids: Sequence[int], organisation_id: int, on: date) -> dict[int, str]:
    jobs = jobs_on(on, Employment.organisation_id == organisation_id, Employment.person_id.in_(person_ids))
    rows = session.execute(select(jobs.c.person_id, jobs.c.payroll_number).where(jobs.c.place == 1))
    return dict(rows.all())


def _note(
    session: Session, action: str, account_ids: Sequence[int] | Mapping[int, object], of: WayInRound, now: datetime
) -> None:
    record_many(
        session,
        action=action,
        subject_type="account",
        details={str(one): {} for one in account_ids},
        actor_account_id=_maker(of),
        now=now,
    )
