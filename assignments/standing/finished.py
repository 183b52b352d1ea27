"""Who has finished, and who has begun, where more than one course may lead there: programmes, and refreshers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assignments.plans import Plan
from assignments.standing.people_asked import asked_of
from kernel.database import among
from people.persons import Person


@dataclass(frozen=True)
class WhoFinished:
    """The ids of people whom a plan asks: who have finished, and who have not and have done a step."""

    finished: Select[int]
    have_done_a_step: Select[int]


def who_finished(session: Session, plan: Plan, *, on: date, person_ids: Collection[int] | None = None) -> WhoFinished:
    """How everybody, or each of these people, stood at the end of a day.

    Only numbers are held in memory, a portion of people at a time.
    """
    finished: list[int] = []
    midway: list[int] = []
    for one in asked_of(session, [plan], on=on, person_ids=person_ids, with_exempt=True):
        if one.finished_on is not None:
            finished.append(one.person_id)
        elif any(step.done_on is not None for step in one.steps):
            midway.append(one.person_id)
    return WhoFinished(_ids(session, finished), _ids(session, midway))


def _ids(session: Session, ids: list[int]) -> Select[int]:
    return select(Person.id).where(among(session, Person.id, ids))
