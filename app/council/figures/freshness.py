"""How long ago people last finished, which version they saw, and what has changed since: a page and a file."""

from flask import render_template
from werkzeug.wrappers import Response as Download

from app.council.figures.figures_page import figures_page, no_figures_page
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.pages.downloads import text_download
from people.roles import Role
from reports.freshness.counting import SPANS
from reports.freshness.figures import freshness_of
from reports.freshness.table import file_name
from reports.freshness.table import freshness_csv as csv_of
from reports.paper.sentences import whose_what_when


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def freshness(slug: str) -> str | tuple[str, int]:
    """Shares within 12, 24 and 36 months, of the day, the course and the part that are chosen."""
    page = figures_page(slug)
    if page.figures is None:
        return no_figures_page(page)
    found = freshness_of(db.session(), page.figures)
    return render_template(
        "council/freshness.html",
        kept=page.kept,
        choices=page.choices,
        courses=page.courses,
        day=page.day,
        figures=page.figures,
        found=found,
        spans=SPANS,
        head=whose_what_when(page.figures),
        may_break_down=who().has(Role.ADMIN) or not page.units,
    )


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def freshness_csv(slug: str) -> Download:
    """The same numbers, one line for each group."""
    found = freshness_of(db.session(), figures_page(slug).get_figures())
    return text_download("".join(csv_of(found)), mimetype="text/csv", name=file_name(found, "csv"))
