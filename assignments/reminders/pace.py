"""Whether somebody is likely to finish in time: begun or not, and at which pace."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assignments.standing.people_asked import Asked
from courses.catalogue.versions import CourseVersion, document_of
from courses.records.attempts import Attempt, ModuleProgress
from kernel.clock import local_day

# Whoever began only now has shown no pace yet.
SETTLING_DAYS = 7


@dataclass(frozen=True)
class Pace:
    """When somebody began, how many modules they have finished since, and of how many; steps of a programme."""

    started_on: date
    done: int
    modules: int


def is_at_risk(pace: Pace | None, *, due_on: date, on: date) -> bool:
    """Whether somebody has not begun, or would not finish by the date as they went on so far. Pure."""
    if pace is None:
        return True
    days = (on - pace.started_on).days
    if not pace.done:
        return days >= SETTLING_DAYS
    return days * (pace.modules - pace.done) > (due_on - on).days * pace.done


def pace_of(asked: Asked, paces: Mapping[tuple[int, int], Pace]) -> Pace | None:
    """The pace at what is asked, from those at courses; ``None`` for whoever has not begun. Pure.

    Where a shorter course renews a completion, whoever has begun either of the two has begun again.
    """
    plan, person_id = asked.plan, asked.person_id
    if plan.programme:
        return _pace_of_steps(asked, paces)
    counted = {plan.course_id} if asked.period is None else plan.counted
    begun = [paces[key] for course_id in counted if (key := (person_id, course_id)) in paces]
    return max(begun, key=lambda one: one.started_on, default=None)


def _pace_of_steps(asked: Asked, paces: Mapping[tuple[int, int], Pace]) -> Pace | None:
    """The steps that were done since the programme was asked, and those left. What was done before shows no pace."""
    done = [one.done_on for one in asked.steps if one.done_on and one.done_on >= asked.facts.asked_on]
    left = [one for one in asked.steps if one.done_on is None]
    keys = [(asked.person_id, course_id) for step in left for course_id in step.courses]
    begun = [*done, *(paces[key].started_on for key in keys if key in paces)]
    if not begun:
        return None
    return Pace(max(asked.facts.asked_on, min(begun)), len(done), len(done) + len(left))


def paces_of(
    session: Session, *, person_ids: Collection[int], course_ids: Collection[int]
) -> dict[tuple[int, int], Pace]:
    """The newest attempt of each person at each of these courses; whoever has not begun is left out.

    One statement, and the document of each version once.
    """
    done = func.count().filter(ModuleProgress.completed_at.is_not(None))
    rows = session.execute(
        select(
            Attempt.person_id,
            Attempt.course_id,
            Attempt.started_at,
            CourseVersion.id,
            CourseVersion.fingerprint,
            done,
        )
        .join(CourseVersion, CourseVersion.id == Attempt.course_version_id)
        .outerjoin(ModuleProgress, ModuleProgress.attempt_id == Attempt.id)
        .where(Attempt.person_id.in_(person_ids), Attempt.course_id.in_(course_ids))
        # An attempt that was opened for its person, and not touched by them, is not begun.
        .where((Attempt.cycle == 1) | (Attempt.last_seen_at > Attempt.started_at))
        .group_by(Attempt.id, CourseVersion.id)
        .order_by(Attempt.cycle)
    )
    return {
        (person_id, course_id): Pace(
            local_day(started_at), count, len(document_of(session, version_id=version, fingerprint=fingerprint).modules)
        )
        for person_id, course_id, started_at, version, fingerprint, count in rows
    }
