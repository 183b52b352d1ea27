"""The page from which files of the figures are taken: of the course, the day and the unit that are chosen."""

from flask import render_template

from app.council.figures.figures_page import figures_page, no_figures_page
from app.platform.access import allow, who
from app.platform.extensions import db
from people.roles import Role
from people.visibility import figures_scope
from reports.paper.sentences import whose_what_when


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def downloads(slug: str) -> str | tuple[str, int]:
    """The files, and in words what they hold."""
    page = figures_page(slug)
    if page.figures is None:
        return no_figures_page(page)
    return render_template(
        "council/downloads.html",
        page=page,
        figures=page.figures,
        kept=page.kept,
        whose=whose_what_when(page.figures),
        may_export=figures_scope(db.session(), who(), slug=slug).shows_started,
        may_see_all=not page.units,
    )
