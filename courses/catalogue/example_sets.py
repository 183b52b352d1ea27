"""Which example set a person reads in a course. It is theirs alone: no report, certificate or export knows of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.content.model.course import CourseDocument
from kernel.database import Base, UTCDateTime
from kernel.errors import RuleBroken


class ExampleChoice(Base):
    """The set that a person picked in a course, by its id there. Without a row they read the course's default set."""

    __tablename__ = "example_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    set_id: Mapped[str] = mapped_column(String(60))
    chosen_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("person_id", "course_id"),)


def choose_examples(
    session: Session, *, person_id: int, course_id: int, document: CourseDocument, set_id: str, now: datetime
) -> None:
    """Read a course with this set from now on; answers stay as they are.

    Raises ``RuleBroken`` for a set that the version does not have.
    """
    if set_id not in {one.id for one in document.examples}:
        raise RuleBroken("Select the examples that fit your job")
    if _change(session, person_id, course_id, set_id, now):
        return
    try:
        with session.begin_nested():
            session.add(ExampleChoice(person_id=person_id, course_id=course_id, set_id=set_id, chosen_at=now))
    except IntegrityError:  # picked in another tab at the same moment
        _change(session, person_id, course_id, set_id, now)


def _change(session: Session, person_id: int, course_id: int, set_id: str, now: datetime) -> bool:
    choice = session.scalar(select(ExampleChoice).filter_by(person_id=person_id, course_id=course_id))
    if choice is not None and choice.set_id != set_id:
        choice.set_id, choice.chosen_at = set_id, now
        session.flush()
    return choice is not None
