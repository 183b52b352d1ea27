"""What the record says of one person: for whom they work, and when they first completed a course."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import end_of
from courses.records.completion import Completion, is_standing
from kernel.clock import local_day
from people.jobs.employment import Employment
from people.jobs.reading import is_held, main_first
from people.jobs.terms import EmploymentTerms
from people.organisations import Organisation


def employers_of(session: Session, *, person_id: int, on: date, only: frozenset[int] | None = None) -> dict[int, str]:
    """The authorities where somebody holds a job on a day, of ``only`` those: names by id, the main job first."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .join(Employment, Employment.organisation_id == Organisation.id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(Employment.person_id == person_id, is_held(on))
        .order_by(*main_first())
    )
    return {key: name for key, name in rows if only is None or key in only}


def first_completed_on(session: Session, *, person_id: int, course_id: int, on: date) -> date | None:
    """The day of the first completion that stands, whoever accepts it; ``None`` without one by that day."""
    found = session.scalar(
        select(Completion.completed_at)
        .where(
            Completion.person_id == person_id,
            Completion.course_id == course_id,
            Completion.completed_at < end_of(on),
            is_standing(),
        )
        .order_by(Completion.completed_at)
        .limit(1)
    )
    return local_day(found) if found else None
