"""Whoever joins, or comes back, gets a way in without anybody asking: cards by team and day, invitations at once.

Somebody joins once for each time a job of theirs begins, and is given one way in for it. A card or an invitation that
nobody used is not given again unasked. Whoever has signed in before has a password, and a code for their account, with
all that they learnt and wrote, goes through nobody else's hands.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, func, insert, or_, select
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.clock import local_day
from kernel.tasks.kinds import ENDED, TaskState
from people.organisations import Unit
from people.ways_in.choices import FirstWay, WayInChoice
from people.ways_in.joining import joined_since_last_look, without_any_way_in
from people.ways_in.needs import Needing
from people.ways_in.rounds import WayInBatch, WayInMember, WayInRound
from people.ways_in.starting import LARGEST_BATCH

# More at once are an authority that begins, or one that takes another over: that wants somebody who looks.
MOST_AT_ONCE = 500
_FRESH = {
    "state": TaskState.PENDING,
    "claimed_by": None,
    "claims": 0,
    "failures": 0,
    "retry_at": None,
    "failure_reason": None,
    "ready_at": None,
    "ends_at": None,
    "sha256": None,
}


@dataclass(frozen=True)
class StarterSheet:
    """New cards of a team that nobody has taken out yet."""

    batch_id: int
    unit_path: str
    joined_on: date
    cards: int
    is_ready: bool


@dataclass(frozen=True)
class WaitingCards:
    """New cards that are made and that nobody has taken out, and on how many sheets, one for each team and day."""

    cards: int
    sheets: int


def give_starters_ways_in(session: Session, *, sends_mail: bool, busy: Collection[int] = (), now: datetime) -> int:
    """Note ways in for all who have joined since somebody last looked; returns for how many people.

    ``busy`` are the ids of authorities whose file is being applied: their turn is when it is done. Without
    ``sends_mail`` cards are made instead of invitations. Safe at any time, twice too.
    """
    choices = session.scalars(
        select(WayInChoice)
        .where(WayInChoice.starters_since.is_not(None), WayInChoice.organisation_id.not_in(busy))
        .order_by(WayInChoice.organisation_id)
        # A round that somebody asks for waits as well: see ``start_round``.
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return sum(_give(session, choice, sends_mail, now) for choice in choices)


def starter_sheets(
    session: Session, *, organisation_id: int, unit_ids: Sequence[int] | None, now: datetime, limit: int
) -> tuple[StarterSheet, ...]:
    """The cards of those who joined which nobody has taken out yet, the newest day first."""
    rows = session.execute(
        select(WayInBatch, Unit.path, WayInRound.starters_on)
        .join(WayInRound, WayInRound.id == WayInBatch.round_id)
        .join(Unit, Unit.id == WayInBatch.unit_id)
        .where(
            *_not_taken_out(organisation_id, unit_ids, now),
            WayInBatch.state.not_in((TaskState.CANCELLED, TaskState.EXPIRED)),
        )
        .order_by(WayInRound.starters_on.desc(), Unit.path, WayInBatch.id)
        .limit(limit)
    )
    return tuple(
        StarterSheet(batch.id, path, on, batch.done if batch.ready_at else batch.wanted, batch.state is TaskState.DONE)
        for batch, path, on in rows
        if on is not None
    )


def waiting_cards(
    session: Session, *, organisation_id: int, unit_ids: Sequence[int] | None, now: datetime
) -> WaitingCards:
    """How many cards of those who joined are ready to be printed, and for how many sheets."""
    cards, sheets = session.execute(
        select(func.coalesce(func.sum(WayInBatch.done), 0), func.count())
        .join(WayInRound, WayInRound.id == WayInBatch.round_id)
        .where(*_not_taken_out(organisation_id, unit_ids, now), WayInBatch.state == TaskState.DONE, WayInBatch.done > 0)
    ).one()
    return WaitingCards(cards, sheets)


def _not_taken_out(
    organisation_id: int, unit_ids: Sequence[int] | None, now: datetime
) -> tuple[ColumnElement[bool], ...]:
    return (
        WayInRound.organisation_id == organisation_id,
        WayInRound.starters_on.is_not(None),
        WayInRound.way == FirstWay.CARD,
        WayInBatch.taken_at.is_(None),
        or_(WayInBatch.ends_at.is_(None), WayInBatch.ends_at > now),
        *([] if unit_ids is None else [WayInBatch.unit_id.in_(unit_ids)]),
    )


def _give(session: Session, choice: WayInChoice, sends_mail: bool, now: datetime) -> int:
    joined = joined_since_last_look(session, choice, now)
    choice.starters_looked_at = now
    needing = without_any_way_in(session, choice, joined, now)
    if len(needing) > MOST_AT_ONCE:
        _hold_back(session, choice, len(needing), now)
        return 0
    by_mail = [one for one in needing if one.email] if sends_mail and choice.way is FirstWay.INVITATION else []
    invited = {one.person_id for one in by_mail}
    for way, people in (
        (FirstWay.INVITATION, by_mail),
        (FirstWay.CARD, [p for p in needing if p.person_id not in invited]),
    ):
        if people:
            _note(session, choice, way, people, now)
    return len(needing)


def _hold_back(session: Session, choice: WayInChoice, people: int, now: datetime) -> None:
    choice.held_back, choice.held_back_at = people, now
    record(
        session,
        action="starters-held-back",
        subject_type="organisation",
        subject_id=choice.organisation_id,
        actor_account_id=None,
        now=now,
        detail={"people": people},
    )


def _note(session: Session, choice: WayInChoice, way: FirstWay, people: Sequence[Needing], now: datetime) -> None:
    of = _round_of_today(session, choice, way, now)
    of.wanted += len(people)
    ordered = sorted(people, key=lambda one: (one.unit_id, one.person_id))
    for unit_id, of_unit in groupby(ordered, key=lambda one: one.unit_id):
        team = list(of_unit)
        for start in range(0, len(team), LARGEST_BATCH):
            _add(session, of, unit_id, team[start : start + LARGEST_BATCH], now)
    record(
        session,
        action="starters-given-ways-in",
        subject_type="organisation",
        subject_id=choice.organisation_id,
        actor_account_id=None,
        now=now,
        detail={"way": way.value, "people": len(people)},
    )


def _round_of_today(session: Session, choice: WayInChoice, way: FirstWay, now: datetime) -> WayInRound:
    assert choice.starters_by_account_id is not None  # noqa: S101 - it is kept together with ``starters_since``
    today = local_day(now)
    of = session.scalar(
        select(WayInRound).where(
            WayInRound.organisation_id == choice.organisation_id,
            WayInRound.starters_on == today,
            WayInRound.way == way,
        )
    )
    if of is None:
        of = WayInRound(
            organisation_id=choice.organisation_id,
            way=way,
            asked_by_account_id=choice.starters_by_account_id,
            asked_at=now,
            wanted=0,
            starters_on=today,
            state=TaskState.DONE,
        )
        session.add(of)
        session.flush()
    return of


def _add(session: Session, of: WayInRound, unit_id: int, people: Sequence[Needing], now: datetime) -> None:
    """Put people on the sheet of their team and day, which is made anew; on another one where it is out or full."""
    batch = _open_sheet(session, of, unit_id, len(people)) if of.way is FirstWay.CARD else None
    there: set[int] = set()
    if batch is None:
        batch = WayInBatch(round_id=of.id, unit_id=unit_id, asked_at=now, wanted=len(people))
        session.add(batch)
    else:
        there = set(session.scalars(select(WayInMember.person_id).where(WayInMember.batch_id == batch.id)))
        for name, value in _FRESH.items():
            setattr(batch, name, value)
        batch.asked_at = now
    session.flush()
    new = [{"batch_id": batch.id, "person_id": one.person_id} for one in people if one.person_id not in there]
    if new:
        session.execute(insert(WayInMember), new)
    batch.wanted = len(there) + len(new)
    session.flush()


def _open_sheet(session: Session, of: WayInRound, unit_id: int, more: int) -> WayInBatch | None:
    """The sheet of a team that nobody has taken out yet. A worker that has it in hand loses it."""
    return session.scalar(
        select(WayInBatch)
        .where(
            WayInBatch.round_id == of.id,
            WayInBatch.unit_id == unit_id,
            WayInBatch.taken_at.is_(None),
            or_(WayInBatch.state.not_in((*ENDED, TaskState.PARKED)), WayInBatch.state == TaskState.DONE),
            WayInBatch.wanted + more <= LARGEST_BATCH,
        )
        .order_by(WayInBatch.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
