"""Which course figures and lists are of: one that the authority asks for, or any other that its people may take."""

from dataclasses import dataclass
from datetime import date

from flask import request
from sqlalchemy.orm import Session

from assignments.requirements import days_asked_by
from courses.catalogue.versions import Course, current_versions
from kernel.errors import NotFound


@dataclass(frozen=True)
class CourseOption:
    """One course in the chooser. Those that the authority asks for come first."""

    slug: str
    title: str
    is_asked: bool


@dataclass(frozen=True)
class CourseChoice:
    """The course that is chosen, and the others. ``course`` is ``None`` while nothing is asked and nothing chosen.

    ``due_on`` is the day by which the authority asks for it, if it names one.
    """

    course: Course | None
    title: str
    is_asked: bool
    is_default: bool
    due_on: date | None
    options: tuple[CourseOption, ...]

    def is_past(self, on: date) -> bool:
        """Whether whoever has not finished by now is past the day."""
        return self.due_on is not None and self.due_on < on


def course_choice(session: Session, *, organisation_id: int) -> CourseChoice:
    """What the address asks for, or else what the authority asked for first. Raises ``NotFound`` for no such course."""
    asked = days_asked_by(session, organisation_id=organisation_id)
    places = {course_id: place for place, course_id in enumerate(asked)}
    found = sorted(current_versions(session), key=lambda pair: places.get(pair[0].id, len(places)))
    default = next((course.slug for course, _ in found if course.id in asked), None)
    wanted = request.args.get("course") or default
    chosen = next((pair for pair in found if pair[0].slug == wanted), None)
    if wanted is not None and chosen is None:
        raise NotFound(f"course {wanted}")
    course = chosen[0] if chosen else None
    return CourseChoice(
        course=course,
        title=chosen[1].title if chosen else "",
        is_asked=course is not None and course.id in asked,
        is_default=wanted == default,
        due_on=asked.get(course.id) if course else None,
        options=tuple(CourseOption(course.slug, version.title, course.id in asked) for course, version in found),
    )
