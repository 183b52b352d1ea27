"""Who has joined an authority, or come back to it, since somebody last looked, and has no way in."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from kernel.clock import local_day
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.employment import Employment
from people.ways_in.choices import WayInChoice
from people.ways_in.needs import Needing, Reach, people_needing
from people.ways_in.rounds import WayInBatch, WayInMember

# A portion of a file is written with the time of its beginning, and is there for others when it is done.
LOOKS_BACK = timedelta(hours=1)
_AT_ONCE = 1_000


def joined_since_last_look(session: Session, choice: WayInChoice, now: datetime) -> dict[int, datetime]:
    """When it was said of whom that a job of theirs begins: since the last look, or earlier of a day that has come."""
    assert choice.starters_since is not None  # noqa: S101 - the caller asks for those alone that have it
    assert choice.starters_looked_at is not None  # noqa: S101 - it is kept together with the other
    since = max(choice.starters_since, choice.starters_looked_at - LOOKS_BACK)
    held = EmploymentChange.values["held"].as_boolean()
    is_said = (EmploymentChange.undone_at.is_(None), held.is_(True), ~_was_held_already(local_day(now)))
    found = _people(session, choice, EmploymentChange.recorded_at, EmploymentChange.recorded_at >= since, *is_said)
    # A last day that was said by mistake, and is taken back, is a beginning as well.
    back = (EmploymentChange.undone_at >= since, held.is_(False))
    found |= _people(session, choice, EmploymentChange.undone_at, *back)
    looked_on, today = local_day(choice.starters_looked_at), local_day(now)
    if looked_on < today:
        has_come = and_(EmploymentChange.effective_on > looked_on, EmploymentChange.effective_on <= today)
        found |= {
            one: at
            for one, at in _people(session, choice, EmploymentChange.recorded_at, has_come, *is_said).items()
            if one not in found
        }
    return found


def _was_held_already(today: date) -> ColumnElement[bool]:
    """Whether a job was there before, and only its first day was moved to an earlier one: nobody joins by that."""
    before = aliased(EmploymentChange)
    return exists().where(
        before.employment_id == EmploymentChange.employment_id,
        before.undone_at.is_(None),
        before.values["held"].as_boolean().is_(True),
        before.recorded_at < EmploymentChange.recorded_at,
        before.effective_on > EmploymentChange.effective_on,
        before.effective_on <= today,
    )


def _people(
    session: Session, choice: WayInChoice, said_at: SQLColumnExpression[Any], *which: ColumnElement[bool]
) -> dict[int, datetime]:
    rows = session.execute(
        select(Employment.person_id, func.max(said_at))
        .join(EmploymentChange, EmploymentChange.employment_id == Employment.id)
        .where(
            Employment.organisation_id == choice.organisation_id,
            EmploymentChange.origin.in_((ChangeOrigin.FEED, ChangeOrigin.HAND)),
            *which,
        )
        .group_by(Employment.person_id)
    )
    found: dict[int, datetime] = dict(rows.all())
    return found


def without_any_way_in(
    session: Session, choice: WayInChoice, joined: dict[int, datetime], now: datetime
) -> list[Needing]:
    """Those who work here today, have nothing, and were given nothing since they joined."""
    found: list[Needing] = []
    for some in _parts(sorted(joined)):
        given = session.execute(
            select(WayInMember.person_id, func.max(WayInBatch.asked_at))
            .join(WayInBatch, WayInBatch.id == WayInMember.batch_id)
            .where(WayInMember.person_id.in_(some))
            .group_by(WayInMember.person_id)
        )
        given_at: dict[int, datetime] = dict(given.all())
        only = [one for one in some if one not in given_at or given_at[one] < joined[one]]
        if only:
            found += people_needing(session, Reach(choice.organisation_id), only=only, now=now)
    return found


def _parts(every: Sequence[int]) -> Iterator[Sequence[int]]:
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))
