"""What a file would do, in sentences; while it is read or applied, how far it is; and what came of it."""

from flask import render_template

from app.council.feed.run_page import RunPage, read_page
from app.platform.access import allow
from app.platform.extensions import db
from people.feed.runs.reading import items_page
from people.roles import Role

SHOWN_AT_ONCE = 5


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_run(slug: str, run_id: int) -> str:
    """The plan with its stop first, the rows that cannot be used, and what can be decided."""
    page = read_page(slug, run_id)
    if page.run.is_to_plan:
        return _reading("council/feed_run_reading.html", page)
    unusable = items_page(db.session(), page.run, about="unusable", page=1, size=SHOWN_AT_ONCE)
    return render_template("council/feed_run.html", slug=slug, page=page, unusable=unusable, **_shown(page))


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_run_status(slug: str, run_id: int) -> tuple[str, int]:
    """The part of the page that changes: 202 while more is to come."""
    page = read_page(slug, run_id)
    if page.run.is_to_plan:
        shown = _reading("council/feed_run_reading_status.html", page)
    else:
        shown = render_template("council/feed_run_status.html", slug=slug, page=page, **_shown(page))
    return shown, 202 if page.is_going_on else 200


def _reading(template: str, page: RunPage) -> str:
    """The page of a file that has no plan yet, or the part of it that changes."""
    return render_template(template, slug=page.organisation.slug, page=page, **_shown(page))


def _shown(page: RunPage) -> dict[str, object]:
    return {"run": page.run, "authority": page.organisation.name, "plan": page.run.plan, "counts": page.counts}
