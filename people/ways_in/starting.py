"""Starting a round: for everybody in reach who needs a way in, or anew for people whose card is lost."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.errors import RuleBroken
from kernel.typed import searchable
from people.ways_in.choices import FirstWay, WayInChoice
from people.ways_in.needs import Needing, Reach, WayInState, people_needing
from people.ways_in.rounds import WayInBatch, WayInMember, WayInRound

# A sheet that one person can hand out, and that a worker draws in a few seconds.
LARGEST_BATCH = 100
NOBODY = "Everybody here has a way in already, or one is on its way"
NOBODY_LEFT = "None of the people you chose needs a new card: they have signed in, left, or hold a role"


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
        organisation_id=organisation_id, way=way, asked_by_account_id=by, asked_at=now, wanted=len(needing)
    )
    session.add(begun)
    session.flush()
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
        subject_id=organisation_id,
        actor_account_id=by,
        now=now,
        detail={"way": way.value, "people": len(needing)},
    )
    return begun


def _batches(needing: Sequence[Needing]) -> Iterator[list[Needing]]:
    ordered = sorted(needing, key=lambda one: (one.unit_id, searchable(one.name), one.person_id))
    for _, of_unit in groupby(ordered, key=lambda one: one.unit_id):
        people = list(of_unit)
        yield from (people[start : start + LARGEST_BATCH] for start in range(0, len(people), LARGEST_BATCH))
