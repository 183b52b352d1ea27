"""The first page of figures, and the page that says who is counted."""

from flask import render_template

from app.access import allow
from app.council.sight import look
from app.council.wording import chart_words
from people.counting import RULE
from people.roles import Role
from reports.gap import widest_gap


@allow(Role.HR_LEAD, Role.MANAGER)
def overview(slug: str) -> str:
    """How far the authority is, or the manager's unit."""
    sight = look(slug)
    if sight.figures is None:
        return render_template("council/no_course.html", organisation=sight.organisation, choices=sight.choices)
    figures = sight.figures
    return render_template(
        "council/overview.html",
        sight=sight,
        figures=figures,
        total=figures.total,
        gap=widest_gap(figures.total),
        chart_words=chart_words(figures),
    )


@allow(Role.HR_LEAD, Role.MANAGER)
def who_counts(slug: str) -> str:
    """Who is in the figures, who is not, and why."""
    sight = look(slug)
    return render_template("council/who_counts.html", sight=sight, figures=sight.get_figures(), rule=RULE)
