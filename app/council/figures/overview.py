"""The first page of figures, and the page that says who is counted."""

from flask import render_template

from app.council.figures.figures_page import figures_page, no_figures_page
from app.council.figures.sentences import whose_what_when
from app.platform.access import allow
from app.platform.current_settings import current_settings
from people.counting import RULE
from people.roles import Role
from reports.earlier_days import smallest_shown_earlier
from reports.gap import in_order, widest_gap


@allow(Role.HR_LEAD, Role.MANAGER)
def overview(slug: str) -> str | tuple[str, int]:
    """How far the authority is, or the manager's unit."""
    page = figures_page(slug)
    if page.figures is None:
        return no_figures_page(page)
    figures = page.figures
    return render_template(
        "council/overview.html",
        kept=page.kept,
        choices=page.choices,
        courses=page.courses,
        day=page.day,
        figures=figures,
        total=figures.total,
        gap=widest_gap(figures.total),
        parts=in_order(figures.total.children, page.order),
        order=page.order,
        head=whose_what_when(figures),
    )


@allow(Role.HR_LEAD, Role.MANAGER)
def who_counts(slug: str) -> str:
    """Who is in the figures, who is not, and why."""
    page = figures_page(slug)
    return render_template(
        "council/who_counts.html",
        kept=page.kept,
        figures=page.get_figures(),
        shown_from=smallest_shown_earlier(current_settings().smallest_group),
        rule=RULE,
    )
