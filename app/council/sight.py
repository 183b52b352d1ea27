"""What the person at the keyboard may see of one authority: all of it, one unit of it, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, request
from sqlalchemy.orm import Session

from app.access import who
from app.extensions import db
from assignments.requirements import courses_asked_by
from courses.catalogue import Course, current_versions
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.organisations import Organisation, get_organisation
from people.roles import Role
from reports.completion import CompletionFigures, completion_figures


@dataclass(frozen=True)
class CourseChoice:
    """A course that the authority asks for; ``slug`` is what ``?course=`` holds."""

    slug: str
    title: str
    is_chosen: bool


@dataclass(frozen=True)
class Sight:
    """An authority as this person sees it. ``figures`` is ``None`` while it asks for no course.

    ``course_slug`` goes into links; it is ``None`` when there is nothing to choose.
    """

    organisation: Organisation
    figures: CompletionFigures | None
    choices: tuple[CourseChoice, ...]

    @property
    def course_slug(self) -> str | None:
        """The chosen course if there is a choice."""
        return next((choice.slug for choice in self.choices if choice.is_chosen), None)

    def get_figures(self) -> CompletionFigures:
        """The figures. Raises ``NotFound`` while the authority asks for no course."""
        if self.figures is None:
            raise NotFound(f"a course that {self.organisation.slug} asks for")
        return self.figures


def look(slug: str) -> Sight:
    """What this person may see here. Raises ``NotFound`` for an authority or a course that is not theirs."""
    scope = who().scope_in(slug)
    if scope is None or scope.role not in (Role.HR_LEAD, Role.MANAGER):
        raise NotFound(f"council {slug}")
    session = db.session()
    organisation = get_organisation(session, slug=slug)
    asked = courses_asked_by(session, organisation_id=organisation.id)
    course = _chosen(asked)
    if course is None:
        return Sight(organisation, None, ())
    now = utc_now()
    figures = completion_figures(
        session,
        organisation=organisation,
        course=course,
        on=local_day(now),
        now=now,
        unit_id=scope.unit_id,
        smallest_shown=current_app.config["SETTINGS"].smallest_group,
    )
    return Sight(organisation, figures, _choices(session, asked, course))


def _chosen(asked: Sequence[Course]) -> Course | None:
    wanted = request.args.get("course")
    if wanted is None:
        return asked[0] if asked else None
    for course in asked:
        if course.slug == wanted:
            return course
    raise NotFound(f"course {wanted}")


def _choices(session: Session, asked: Sequence[Course], chosen: Course) -> tuple[CourseChoice, ...]:
    if len(asked) < 2:
        return ()
    titles = {course.id: version.title for course, version in current_versions(session)}
    return tuple(CourseChoice(course.slug, titles[course.id], course.id == chosen.id) for course in asked)
