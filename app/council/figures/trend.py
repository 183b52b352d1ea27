"""How the share of those who finished grew from month to month: a drawing, and the same as a table."""

from dataclasses import dataclass
from datetime import date

from flask import render_template

from app.council.figures.figures_page import figures_page, no_figures_page
from app.platform.access import allow
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from assignments.targets import find_target
from kernel.clock import utc_now
from people.roles import Role
from reports.answers.over_months import MonthEnd, over_months

# Of the drawing: from its left edge to the first month, from one month to the next, and how high 100% is.
LEFT, STEP, HEIGHT, TOP = 60, 56, 200, 16


@dataclass(frozen=True)
class Point:
    """Where a month stands in the drawing; ``y`` is ``None`` where its share is not shown."""

    on: date
    percent: int | None
    x: int
    y: int | None


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def trend(slug: str) -> str | tuple[str, int]:
    """The last twelve month’s ends of the course and the part that are chosen."""
    page = figures_page(slug)
    if page.figures is None:
        return no_figures_page(page)
    session, figures = db.session(), page.figures
    months = over_months(session, figures.definition, now=utc_now(), smallest_shown=current_settings().smallest_group)
    course = page.courses.get_course()
    target = find_target(session, organisation_id=page.organisation.id, course_id=course.id)
    return render_template(
        "council/trend.html",
        figures=figures,
        kept={key: value for key, value in page.kept.items() if key != "on"},
        months=months,
        points=points_of(months),
        target=target,
        target_y=_y(target.percent) if target else None,
        width=LEFT + STEP * max(1, len(months)),
        left=LEFT,
        top=TOP,
        height=HEIGHT,
    )


def points_of(months: tuple[MonthEnd, ...]) -> tuple[Point, ...]:
    """Each month with its place."""
    return tuple(
        Point(one.on, one.percent, LEFT + STEP // 2 + STEP * place, None if one.percent is None else _y(one.percent))
        for place, one in enumerate(months)
    )


def _y(percent: int) -> int:
    return TOP + HEIGHT - HEIGHT * percent // 100
