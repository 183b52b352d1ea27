"""The sources of an authority, and one of them: how it stands, what was found there, and the last looks."""

from flask import abort, render_template, request

from app.council.feed.sources.page import OUTCOMES, read_source_page, source_page
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from people.feed.mapping.stored import mappings_of
from people.feed.sources.reading import looks_page
from people.feed.sources.setting_up import sources_of
from people.roles import Role
from people.visibility import feed_scope

PAGE_SIZE = 20


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_sources(slug: str) -> str:
    """Every source of an authority, and how each stands."""
    session = db.session()
    organisation = feed_scope(session, who(), slug=slug)
    sources = sources_of(session, organisation_id=organisation.id)
    return render_template(
        "council/feed_sources.html",
        slug=slug,
        organisation=organisation,
        pages=[source_page(session, organisation, one) for one in sources],
        has_mapping=bool(mappings_of(session, organisation_id=organisation.id)),
        may_change=who().has(Role.ADMIN),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_source(slug: str, source_id: int) -> str:
    """One source."""
    page = read_source_page(slug, source_id)
    number = number_in(request.args, "page")
    looks, total = looks_page(db.session(), source_id=source_id, page=number, size=PAGE_SIZE)
    pages = max(1, -(-total // PAGE_SIZE))
    if not 1 <= number <= pages:
        abort(404)
    return render_template(
        "council/feed_source.html",
        slug=slug,
        page=page,
        source=page.source,
        looks=looks,
        number=number,
        pages=pages,
        outcomes=OUTCOMES,
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_source_status(slug: str, source_id: int) -> tuple[str, int]:
    """The part of the page that changes: 202 while a worker looks there."""
    page = read_source_page(slug, source_id)
    shown = render_template("council/feed_source_status.html", slug=slug, page=page, source=page.source)
    return shown, 202 if page.is_going_on else 200
