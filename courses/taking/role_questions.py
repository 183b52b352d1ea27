"""Role questions: those of a course that only people get who completed another course.

What counts is what somebody had completed when they began, so their questions never change on the way. Somebody who
completed several courses gets the question of each.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.versions import Course
from courses.content.files.role_questions import as_given_to, has_role_questions
from courses.content.model.course import CourseDocument
from courses.records.attempts import Attempt, CurrentAttempt
from courses.records.completion import Completion, is_standing

_COMPLETED_BEFORE = (
    select(Course.slug)
    .join(Completion, Completion.course_id == Course.id)
    .join(Attempt, Attempt.person_id == Completion.person_id)
    .where(Completion.completed_at <= Attempt.started_at, is_standing(at=Attempt.started_at))
)

# Whether a version has role questions, by its fingerprint: going through all its blocks is too much for every request.
_has_some: dict[str, bool] = {}


def document_for(session: Session, attempt: CurrentAttempt) -> CourseDocument:
    """The version that an attempt is on, without the questions that its person does not get.

    It costs a query only where the course has role questions.
    """
    document = attempt.document(session)
    has_some = _has_some.get(attempt.fingerprint)
    if has_some is None:
        has_some = _has_some[attempt.fingerprint] = has_role_questions(document)
    if not has_some:
        return document
    return as_given_to(document, set(session.scalars(_COMPLETED_BEFORE.where(Attempt.id == attempt.id))))
