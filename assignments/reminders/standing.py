"""How people stand today with what an authority asks, looked at again before anything is sent or pressed."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from assignments.plans import Plan, plans_on
from assignments.reminders.owed import standing_of
from assignments.reminders.record import WhyNot
from assignments.requirements import Requirement
from assignments.standing.people_asked import Asked, asked_of


def asked_today(
    session: Session,
    *,
    organisation_id: int,
    person_ids: Collection[int],
    on: date,
    course_ids: Collection[int] | None = None,
) -> dict[tuple[int, int], Asked]:
    """What an authority asks of these people on a day, by person and course; of these courses where any are named."""
    only = [] if course_ids is None else [Requirement.course_id.in_(course_ids)]
    plans: tuple[Plan, ...] = plans_on(session, Requirement.organisation_id == organisation_id, *only, on=on)
    found = asked_of(session, plans, on=on, person_ids=person_ids)
    return {(one.person_id, one.plan.course_id): one for one in found}


def why_not_reminded(asked: Asked | None, on: date) -> WhyNot | None:
    """Why nobody is to remind somebody of this today; ``None`` where it is still to be done, by a date."""
    if asked is None or asked.exempt_until is not None:
        return WhyNot.NOT_ASKED
    standing = standing_of(asked, on)
    if standing.is_finished:
        return WhyNot.FINISHED
    if standing.is_away:
        return WhyNot.AWAY
    return WhyNot.MOVED if standing.due_on is None else None


def may_be_nudged(asked: Asked | None, on: date) -> bool:
    """Whether there is something to say: it is asked, not finished, they are here, and it waits for nothing."""
    if asked is None or asked.finished_on is not None:
        return False
    why = why_not_reminded(asked, on)
    return why is None or (why is WhyNot.MOVED and not asked.due.is_waiting)
