"""What somebody who looks after a person sees of their learning: which courses are begun and finished, nothing more."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.versions import CourseVersion
from courses.records.attempts import Attempt
from courses.records.completion import Completion, is_standing
from kernel.clock import local_day


@dataclass(frozen=True)
class CourseLearning:
    """One course that a person has begun or finished, with the days; begun elsewhere, it has only the second."""

    course_id: int
    title: str
    begun_on: date | None
    finished_on: date | None


def learning_of(session: Session, *, person_id: int) -> tuple[CourseLearning, ...]:
    """Every course that a person has begun or finished, by title. Never an answer, a mark or a place."""
    attempts = select(Attempt.course_id, func.min(Attempt.started_at)).where(Attempt.person_id == person_id)
    completions = select(Completion.course_id, func.min(Completion.completed_at)).where(
        Completion.person_id == person_id, is_standing()
    )
    begun = dict(session.execute(attempts.group_by(Attempt.course_id)).all())
    finished = dict(session.execute(completions.group_by(Completion.course_id)).all())
    known = begun.keys() | finished.keys()
    newest = (
        select(func.max(CourseVersion.id)).where(CourseVersion.course_id.in_(known)).group_by(CourseVersion.course_id)
    )
    titles = session.execute(select(CourseVersion.course_id, CourseVersion.title).where(CourseVersion.id.in_(newest)))
    found = (
        CourseLearning(
            course,
            title,
            local_day(begun[course]) if course in begun else None,
            local_day(finished[course]) if course in finished else None,
        )
        for course, title in titles
    )
    return tuple(sorted(found, key=lambda one: (one.title.casefold(), one.title)))
