"""Short ways to say how far people are with a course."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from courses.catalogue.versions import PublishOutcome
from courses.records.attempts import Attempt
from courses.records.completion import Completion, CompletionSource
from people.organisations import Unit
from people.persons import Person
from tests.builders.region import COURSE, FIRST, NOON, QUESTIONS, SECOND, a_course, a_person


def another_course(session: Session) -> PublishOutcome:
    """A course beside the test course, at ``speaking-up``."""
    texts = {"course": COURSE, "first": FIRST, "second": SECOND, "questions": QUESTIONS}
    names = (("TC", "SU"), ("test-course", "speaking-up"), ("Test course", "Speaking up"))
    for old, new in names:
        texts = {stem: text.replace(old, new) for stem, text in texts.items()}
    return a_course(session, **texts)


def begin(session: Session, course: PublishOutcome, person: Person, at: datetime = NOON, cycle: int = 1) -> None:
    session.add(
        Attempt(
            person_id=person.id,
            course_id=course.course_id,
            cycle=cycle,
            course_version_id=course.version_id,
            started_at=at,
            last_seen_at=at,
            at_module="TC-M1",
            at_screen=1,
        )
    )
    session.flush()


def finish(
    session: Session,
    course: PublishOutcome,
    person: Person,
    unit: Unit,
    at: datetime = NOON,
    cycle: int = 1,
) -> None:
    """Begin the course an hour before ``at`` and complete it then, employed in ``unit``."""
    begin(session, course, person, at - timedelta(hours=1), cycle)
    session.add(
        Completion(
            person_id=person.id,
            course_id=course.course_id,
            cycle=cycle,
            course_version_id=course.version_id,
            organisation_id=unit.organisation_id,
            unit_path=unit.path,
            grade="G5",
            completed_at=at,
            source=CompletionSource.PLATFORM,
        )
    )
    session.flush()


def people_in(
    session: Session,
    unit: Unit,
    how_many: int,
    *,
    course: PublishOutcome | None = None,
    complete: int = 0,
    in_progress: int = 0,
    at: datetime = NOON,
    **job: object,
) -> list[Person]:
    """People in a unit: the first ``complete`` of them have finished, the next ``in_progress`` have begun."""
    people = [a_person(session, unit, **job) for _ in range(how_many)]
    if course is not None:
        for person in people[:complete]:
            finish(session, course, person, unit, at)
        for person in people[complete : complete + in_progress]:
            begin(session, course, person, at)
    return people
