"""What the person at the keyboard may see of one authority: all of it, one unit of it, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, request, url_for
from sqlalchemy.orm import Session

from app.access import who
from app.extensions import db
from assignments.requirements import courses_asked_by
from courses.catalogue import Course, current_versions
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.organisations import Organisation, get_organisation, organisation_names, unit_names
from people.roles import Role
from reports.completion import CompletionFigures, completion_figures


@dataclass(frozen=True)
class Choice:
    """One of several authorities, units or courses that this person may look at."""

    words: str
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Choices:
    """Those of one sort, two or more; ``label`` names the sort to somebody who cannot see them."""

    label: str
    each: tuple[Choice, ...]


@dataclass(frozen=True)
class Sight:
    """An authority as this person sees it. ``figures`` is ``None`` while it asks for no course.

    ``kept`` goes into the address of every link below, so that what was chosen stays chosen.
    """

    organisation: Organisation
    figures: CompletionFigures | None
    choices: tuple[Choices, ...]
    kept: Mapping[str, str | int]

    def get_figures(self) -> CompletionFigures:
        """The figures. Raises ``NotFound`` while the authority asks for no course."""
        if self.figures is None:
            raise NotFound(f"a course that {self.organisation.slug} asks for")
        return self.figures


def look(slug: str) -> Sight:
    """What this person may see here. Raises ``NotFound`` for an authority, a unit or a course that is not theirs."""
    scope = who().scope_in(slug)
    if scope is None or scope.role not in (Role.HR_LEAD, Role.MANAGER):
        raise NotFound(f"council {slug}")
    session = db.session()
    organisation = get_organisation(session, slug=slug)
    units = who().units_in(slug) if scope.role is Role.MANAGER else ()
    unit_id = _chosen_unit(units)
    asked = courses_asked_by(session, organisation_id=organisation.id)
    course = _chosen_course(asked)
    kept: dict[str, str | int] = {}
    if len(units) > 1 and unit_id is not None:
        kept["unit"] = unit_id
    choices = [*_authorities(session, slug), *_units(session, slug, units, unit_id)]
    if course is None:
        return Sight(organisation, None, tuple(choices), kept)
    now = utc_now()
    figures = completion_figures(
        session,
        organisation=organisation,
        course=course,
        on=local_day(now),
        now=now,
        unit_id=unit_id,
        smallest_shown=current_app.config["SETTINGS"].smallest_group,
    )
    choices += _courses(session, slug, asked, course, kept)
    if len(asked) > 1:
        kept["course"] = course.slug
    return Sight(organisation, figures, tuple(choices), kept)


def _chosen_unit(units: Sequence[int]) -> int | None:
    wanted = request.args.get("unit")
    if wanted is None:
        return units[0] if units else None
    for unit_id in units:
        if str(unit_id) == wanted:
            return unit_id
    raise NotFound(f"unit {wanted}")


def _chosen_course(asked: Sequence[Course]) -> Course | None:
    wanted = request.args.get("course")
    if wanted is None:
        return asked[0] if asked else None
    for course in asked:
        if course.slug == wanted:
            return course
    raise NotFound(f"course {wanted}")


def _authorities(session: Session, chosen: str) -> list[Choices]:
    slugs = who().organisation_slugs
    if len(slugs) < 2:
        return []
    names = organisation_names(session, slugs=slugs)
    each = (Choice(names[slug], url_for("council.overview", slug=slug), slug == chosen) for slug in slugs)
    return [Choices("Authority", tuple(each))]


def _units(session: Session, slug: str, units: Sequence[int], chosen: int | None) -> list[Choices]:
    if len(units) < 2:
        return []
    names = unit_names(session, unit_ids=units)
    each = (Choice(names[id_], url_for("council.overview", slug=slug, unit=id_), id_ == chosen) for id_ in units)
    return [Choices("Unit", tuple(each))]


def _courses(
    session: Session, slug: str, asked: Sequence[Course], chosen: Course, kept: Mapping[str, str | int]
) -> list[Choices]:
    if len(asked) < 2:
        return []
    titles = {course.id: version.title for course, version in current_versions(session)}
    each = (
        Choice(
            titles[course.id],
            url_for("council.overview", slug=slug, course=course.slug, **kept),  # type: ignore[arg-type]
            course.id == chosen.id,
        )
        for course in asked
    )
    return [Choices("Course", tuple(each))]
