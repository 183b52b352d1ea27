"""What every page of figures shows: the figures that were chosen, and what else this person may choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from app.council.figures.course_choice import CourseChoice, course_choice
from app.council.figures.day_choice import DayChoice, day_choice
from app.platform.access import who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from courses.catalogue.versions import Course
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation, Unit, unit_names, units_within
from people.reorganisation.sentences import day_in_words
from people.roles import Role
from people.visibility import FiguresScope, figures_authorities, figures_scope
from people.ways_in.starters import WaitingCards
from reports.completion import CompletionFigures, figures_with_late, without_started
from reports.earlier_days import earlier_figures
from reports.figures.definition import EVERYBODY, Cut, cut_arguments, cut_from, in_unit
from reports.target.gap import GroupOrder


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
    """An authority as this person sees it. ``figures`` is ``None`` while it asks for no course and none is chosen, and
    for a day of which there are none: ``day.refusal`` then says why.

    ``units`` are those that a manager sees, none for the whole authority. ``kept`` goes into the address of every link
    below, so that what was chosen stays chosen.
    """

    organisation: Organisation
    figures: CompletionFigures | None
    choices: tuple[Choices, ...]
    courses: CourseChoice
    day: DayChoice
    kept: Mapping[str, Any]
    order: GroupOrder
    units: tuple[int, ...]

    def get_figures(self) -> CompletionFigures:
        """The figures. Raises ``NotFound`` while the authority asks for no course, ``RuleBroken`` for such a day."""
        if self.day.refusal:
            raise RuleBroken(self.day.refusal)
        if self.figures is None:
            raise NotFound(f"a course that {self.organisation.slug} asks for")
        return self.figures


def figures_page(slug: str) -> FiguresPage:
    """What this person may see here. Raises ``NotFound`` for an authority, a unit or a course that is not theirs."""
    session = db.session()
    scope = figures_scope(session, who(), slug=slug)
    organisation, units = scope.organisation, scope.unit_ids
    cut = _chosen_cut(session, units)
    chosen = course_choice(session, organisation_id=organisation.id)
    # Whoever manages one unit sees it anyway.
    kept: dict[str, str | int] = {} if len(units) == 1 else {**cut_arguments(cut)}
    choices = (*_authorities(session, slug), *_units(session, slug, units, cut.unit_id))
    now = utc_now()
    day = day_choice(session, organisation, today=local_day(now))
    order = _chosen_order()
    if chosen.course is not None and not chosen.is_default:
        kept["course"] = chosen.course.slug
    if order is not GroupOrder.GAP:
        kept["order"] = order.value
    if day.is_earlier:
        kept["on"] = day.on.isoformat()
    figures = None
    if chosen.course is not None and not day.refusal:
        try:
            figures = _figures(session, scope, chosen.course, day, now, cut)
        except NotFound:
            if not day.is_earlier:
                raise
            day = replace(day, refusal=not_there_then(day.on))
    return FiguresPage(organisation, figures, choices, chosen, day, kept, order, units)


def _figures(
    session: Session, scope: FiguresScope, course: Course, day: DayChoice, now: datetime, cut: Cut
) -> CompletionFigures:
    count = earlier_figures if day.is_earlier else figures_with_late
    figures = count(
        session,
        organisation=scope.organisation,
        course=course,
        on=day.on,
        now=now,
        cut=cut,
        smallest_shown=current_settings().smallest_group,
    )
    return without_started(figures) if figures.shows_started and not scope.shows_started else figures


def not_there_then(on: date) -> str:
    """Of a unit that began later, had ended, or stood elsewhere: which of them is nobody's to learn here."""
    return f"This unit is not in the figures of {day_in_words(on)}. It may have begun later, or stood elsewhere then."


def no_figures_page(page: FiguresPage, *, new_cards: WaitingCards | None = None) -> str | tuple[str, int]:
    """What stands in the place of figures while no course is chosen, and for a day of which there are none.

    ``new_cards`` are those that wait to be printed, where the page is the first that somebody sees.
    """
    if page.day.refusal:
        shown = render_template(
            "council/no_day.html", organisation=page.organisation, courses=page.courses, day=page.day, kept=page.kept
        )
        return shown, 404
    return render_template(
        "council/no_course.html",
        organisation=page.organisation,
        choices=page.choices,
        courses=page.courses,
        new_cards=new_cards,
    )


def _chosen_order() -> GroupOrder:
    wanted = request.args.get("order")
    return next((order for order in GroupOrder if order.value == wanted), GroupOrder.GAP)


def _chosen_cut(session: Session, units: Sequence[int]) -> Cut:
    """What the address asks for. A manager sees units of theirs with those below, and no other parts.

    Raises ``NotFound``, and ``RuleBroken`` for what cannot be asked.
    """
    cut = cut_from(request.args)
    if not units or cut.unit_id in units:
        return cut
    if cut == EVERYBODY:
        return in_unit(units[0])
    within = or_(false(), *(Unit.id.in_(units_within(one)) for one in units))
    if cut.unit_id is None or session.scalar(select(Unit.id).where(Unit.id == cut.unit_id, within)) is None:
        raise NotFound(f"{cut.by} {cut.part}")
    return cut


def _authorities(session: Session, chosen: str) -> list[Choices]:
    person = who()
    if not person.has(Role.ADMIN) and len(person.organisation_slugs) < 2:
        return []
    mine = figures_authorities(session, person)
    each = (Choice(one.name, url_for("council.overview", slug=one.slug), one.slug == chosen) for one in mine)
    return [Choices("Authority", tuple(each))] if len(mine) > 1 else []


def _units(session: Session, slug: str, units: Sequence[int], chosen: int | None) -> list[Choices]:
    if len(units) < 2:
        return []
    names = unit_names(session, unit_ids=units)
    each = (Choice(names[id_], url_for("council.overview", slug=slug, unit=id_), id_ == chosen) for id_ in units)
    return [Choices("Unit", tuple(each))]
