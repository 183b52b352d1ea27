"""What every page of figures shows: the figures that were chosen, and what else this person may choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from app.council.figures.course_choice import CourseChoice, course_choice
from app.platform.access import who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.organisations import Organisation, organisation_names, unit_names
from people.visibility import figures_scope
from reports.completion import CompletionFigures, completion_figures, without_started
from reports.gap import GroupOrder


@dataclass(frozen=True)
class Choice:
    """One of several authorities or units that this person may look at."""

    words: str
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Choices:
    """Those of one sort, two or more; ``label`` names the sort to somebody who cannot see them."""

    label: str
    each: tuple[Choice, ...]


@dataclass(frozen=True)
class FiguresPage:
    """An authority as this person sees it. ``figures`` is ``None`` while it asks for no course and none is chosen.

    ``kept`` goes into the address of every link below, so that what was chosen stays chosen.
    """

    organisation: Organisation
    figures: CompletionFigures | None
    choices: tuple[Choices, ...]
    courses: CourseChoice
    kept: Mapping[str, Any]
    order: GroupOrder

    def get_figures(self) -> CompletionFigures:
        """The figures. Raises ``NotFound`` while the authority asks for no course."""
        if self.figures is None:
            raise NotFound(f"a course that {self.organisation.slug} asks for")
        return self.figures


def figures_page(slug: str) -> FiguresPage:
    """What this person may see here. Raises ``NotFound`` for an authority, a unit or a course that is not theirs."""
    session = db.session()
    scope = figures_scope(session, who(), slug=slug)
    organisation, units = scope.organisation, scope.unit_ids
    unit_id = _chosen_unit(units)
    chosen = course_choice(session, organisation_id=organisation.id)
    kept: dict[str, str | int] = {}
    if len(units) > 1 and unit_id is not None:
        kept["unit"] = unit_id
    choices = [*_authorities(session, slug), *_units(session, slug, units, unit_id)]
    if chosen.course is None:
        return FiguresPage(organisation, None, tuple(choices), chosen, kept, GroupOrder.GAP)
    now = utc_now()
    figures = completion_figures(
        session,
        organisation=organisation,
        course=chosen.course,
        on=local_day(now),
        now=now,
        unit_id=unit_id,
        smallest_shown=current_settings().smallest_group,
    )
    if not scope.shows_started:
        figures = without_started(figures)
    if not chosen.is_default:
        kept["course"] = chosen.course.slug
    order = _chosen_order()
    if order is not GroupOrder.GAP:
        kept["order"] = order.value
    return FiguresPage(organisation, figures, tuple(choices), chosen, kept, order)


def no_course_page(page: FiguresPage) -> str:
    """What stands in the place of figures while no course is asked for and none is chosen."""
    return render_template(
        "council/no_course.html", organisation=page.organisation, choices=page.choices, courses=page.courses
    )


def _chosen_order() -> GroupOrder:
    wanted = request.args.get("order")
    return next((order for order in GroupOrder if order.value == wanted), GroupOrder.GAP)


def _chosen_unit(units: Sequence[int]) -> int | None:
    wanted = request.args.get("unit")
    if wanted is None:
        return units[0] if units else None
    for unit_id in units:
        if str(unit_id) == wanted:
            return unit_id
    raise NotFound(f"unit {wanted}")


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
