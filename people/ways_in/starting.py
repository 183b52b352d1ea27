"""Starting a round: for everybody in reach who needs a way in, or anew for people whose card is lost."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.errors import RuleBroken
from kernel.tasks.claims import Claim, drop, finish, hold
from kernel.tasks.kinds import TaskState
from kernel.typed import searchable
from people.ways_in.choices import FirstWay, WayInChoice
from people.ways_in.needs import Needing, Reach, WayInState, counts_of, people_needing
from people.ways_in.rounds import WayInBatch, WayInMember, WayInRound, is_round_coming

# A sheet that one person can hand out, and that a worker draws in a few seconds.
LARGEST_BATCH = 100
NOBODY = "Everybody here has a way in already, or one is on its way"
NOBODY_LEFT = "None of the people you chose needs a new card: they have signed in, left, or hold a role"


ON_ITS_WAY = "This was asked for just now, and is being prepared. Look again in a minute"


def ask_for_round(session: Session, reach: Reach, *, way: FirstWay, by: int, now: datetime) -> WayInRound:
    """Have a worker do what ``start_round`` does: an authority has thousands of people.

    Raises ``RuleBroken`` when nobody needs one, and while another such round is being prepared.
    """
    _one_at_a_time(session, reach.organisation_id)
    if is_round_coming(session, organisation_id=reach.organisation_id, way=way):
        raise RuleBroken(ON_ITS_WAY)
    counts = counts_of(session, reach, now=now)
    nothing = counts.by_state[WayInState.NOTHING]
    wanted = nothing - counts.nothing_without_email if way is FirstWay.INVITATION else nothing
    if not wanted:
        raise RuleBroken(NOBODY)
    begun = WayInRound(
        organisation_id=reach.organisation_id,
        way=way,
        asked_by_account_id=by,
        asked_at=now,
        wanted=wanted,
        reach_unit_ids=list(reach.unit_ids),
        state=TaskState.PENDING,
    )
    session.add(begun)
    session.flush()
    return begun


def begin_round(session: Session, claimed: Claim[WayInRound], *, now: datetime) -> int:
    """Find the people of a round and note their batches; returns how many people these are. Raises ``ClaimLost``.

    Who has got a way in since, or was found by another round, is left out; so is everybody, when whoever asked may not
    any more: the worker that makes a batch looks at that.
    """
    _one_at_a_time(session, claimed.rows[0].organisation_id)
    begun = hold(session, claimed)
    needing = people_needing(session, Reach(begun.organisation_id, tuple(begun.reach_unit_ids)), now=now)
    if begun.way is FirstWay.INVITATION:
        needing = tuple(one for one in needing if one.email)
    if not needing:
        drop(session, claimed, wanted=0)
        return 0
    _fill(session, begun, needing, now)
    finish(session, claimed, wanted=len(needing))
    return len(needing)


def start_round(session: Session, reach: Reach, *, way: FirstWay, by: int, now: datetime) -> WayInRound:
    """Have a way in made for everybody in reach who has none; one batch for each unit, or some for a large one.

    Raises ``RuleBroken`` when nobody needs one.
    """
    _one_at_a_time(session, reach.organisation_id)
    needing = people_needing(session, reach, now=now)
    if way is FirstWay.INVITATION:
        needing = tuple(one for one in needing if one.email)
    if not needing:
        raise RuleBroken(NOBODY)
    return _start(session, reach.organisation_id, needing, way, by, now)


def start_again(session: Session, reach: Reach, *, person_ids: Sequence[int], by: int, now: datetime) -> WayInRound:
    """Have new cards made for some people; the worker that makes them ends the codes from before.

    Raises ``RuleBroken`` when none of them needs one.
    """
    _one_at_a_time(session, reach.organisation_id)
    states = (WayInState.NOTHING, WayInState.WAITING)
    needing = people_needing(session, reach, states=states, only=person_ids, now=now)
    if not needing:
        raise RuleBroken(NOBODY_LEFT)
    return _start(session, reach.organisation_id, needing, FirstWay.CARD, by, now)


def _one_at_a_time(session: Session, organisation_id: int) -> None:
    # Two rounds at the same moment would both reach everybody; the second waits, and finds the first one's people.
    session.execute(
        select(WayInChoice.way).where(WayInChoice.organisation_id == organisation_id).with_for_update()
    ).all()


def _start(
    session: Session, organisation_id: int, needing: Sequence[Needing], way: FirstWay, by: int, now: datetime
) -> WayInRound:
    begun = WayInRound(
        organisation_id=organisation_id,
        way=way,
        asked_by_account_id=by,
        asked_at=now,
        wanted=len(needing),
        state=TaskState.DONE,
    )
    session.add(begun)
    session.flush()
    _fill(session, begun, needing, now)
    return begun


def _fill(session: Session, begun: WayInRound, needing: Sequence[Needing], now: datetime) -> None:
    batches = list(_batches(needing))
    rows = [
        WayInBatch(round_id=begun.id, unit_id=people[0].unit_id, asked_at=now, wanted=len(people)) for people in batches
    ]
    session.add_all(rows)
    session.flush()
    members = [
        {"batch_id": row.id, "person_id": one.person_id}
        for row, people in zip(rows, batches, strict=True)
        for one in people
    ]
    session.execute(insert(WayInMember), members)
    record(
        session,
        action="ways-in-asked-for",
        subject_type="organisation",
        subject_id=begun.organisation_id,
        actor_account_id=begun.asked_by_account_id,
        now=now,
        detail={"way": begun.way.value, "people": len(needing)},
    )


def _batches(needing: Sequence[Needing]) -> Iterator[list[Needing]]:
    ordered = sorted(needing, key=lambda one: (one.unit_id, searchable(one.name), one.person_id))
    for _, of_unit in groupby(ordered, key=lambda one: one.unit_id):
        people = list(of_unit)
        yield from (people[start : start + LARGEST_BATCH] for start in range(0, len(people), LARGEST_BATCH))
