"""Nudging many at once: counted before, and set-based. The rules of a single nudge hold for each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assignments.reminders.hours import next_open
from assignments.reminders.nudges import APART, NUDGE, Nudge, last_nudges
from assignments.reminders.standing import asked_today, may_be_nudged
from kernel.clock import local_day
from kernel.insert_once import insert_once
from messages.ledger import note_messages
from messages.ways import Ways, is_reachable
from people.persons import Person

_PORTION = 2000


@dataclass(frozen=True)
class NudgePreview:
    """Who would get a message, and how many are left out: whom nothing reaches, who was nudged in the last seven days,
    and those to whom there is nothing to say, because they have finished, are away or are not asked."""

    person_ids: tuple[int, ...]
    without_address: int
    nudged_lately: int
    nothing_to_say: int


def nudge_preview(
    session: Session, *, organisation_id: int, course_id: int, person_ids: Sequence[int], ways: Ways, now: datetime
) -> NudgePreview:
    """What nudging these people about a course would mean now. A few statements for each two thousand."""
    get: list[int] = []
    without, lately, nothing = 0, 0, 0
    on = local_day(now)
    for start in range(0, len(person_ids), _PORTION):
        some = person_ids[start : start + _PORTION]
        asked = asked_today(session, organisation_id=organisation_id, person_ids=some, on=on, course_ids=[course_id])
        open_ids = [one for one in some if may_be_nudged(asked.get((one, course_id)), on)]
        reachable = _reachable(session, open_ids, ways)
        nudged = last_nudges(session, person_ids=reachable, now=now)
        get += [one for one in open_ids if one in reachable and one not in nudged]
        nothing += len(some) - len(open_ids)
        without += len(open_ids) - len(reachable)
        lately += len(nudged)
    return NudgePreview(tuple(get), without, lately, nothing)


def _reachable(session: Session, person_ids: Collection[int], ways: Ways) -> set[int]:
    return set(session.scalars(select(Person.id).where(Person.id.in_(person_ids), is_reachable(ways))))


def nudge_all(
    session: Session,
    *,
    organisation_id: int,
    course_id: int,
    person_ids: Sequence[int],
    account_id: int,
    ways: Ways,
    now: datetime,
) -> int:
    """Have a message sent to each of these who may be nudged now; returns to how many. Each gets one, whoever presses
    at the same moment."""
    preview = nudge_preview(
        session, organisation_id=organisation_id, course_id=course_id, person_ids=person_ids, ways=ways, now=now
    )
    values = {"organisation_id": organisation_id, "course_id": course_id, "nudged_at": now, "account_id": account_id}
    count = 0
    for start in range(0, len(preview.person_ids), _PORTION):
        some = preview.person_ids[start : start + _PORTION]
        before = dict(session.execute(select(Nudge.id, Nudge.person_id).where(Nudge.person_id.in_(some))).all())
        known = set(before.values())
        rows = [{**values, "person_id": one} for one in some if one not in known]
        new = insert_once(session, Nudge, rows, unique=("person_id",))
        again = session.scalars(
            update(Nudge)
            .where(Nudge.id.in_(before), Nudge.nudged_at <= now - APART)
            .values(**values)
            .returning(Nudge.id)
            .execution_options(synchronize_session=False)
        ).all()
        taken = select(Nudge.id, Nudge.person_id).where(Nudge.id.in_([*new, *again]))
        people = dict(session.execute(taken).all())
        step = now.isoformat(timespec="microseconds")
        count += note_messages(session, kind=NUDGE, people=people, step=step, now=now, due_at=next_open(now))
    return count
