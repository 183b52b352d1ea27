"""Who is exempt at an authority: a list of names, so each opening is on record."""

from flask import render_template, request

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from assignments.exemptions.listing import exemptions_page
from assignments.exemptions.record import REASON_WORDS
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.roles import Role
from people.visibility import requirements_scope

PAGE_SIZE = 25


@allow(Role.HR_LEAD, Role.ADMIN)
def exemptions(slug: str) -> str:
    """Those that hold or are to come; or those that are over."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    is_over, page = request.args.get("over") == "yes", number_in(request.args, "page")
    found = exemptions_page(
        session,
        organisation_id=organisation.id,
        is_over=is_over,
        on=local_day(utc_now()),
        page=max(1, page),
        size=PAGE_SIZE,
    )
    pages = max(1, -(-found.found // PAGE_SIZE))
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    if found.lines:
        note_names_opened("exemptions", authority=slug, page=page, people=len(found.lines))
    return render_template(
        "requirements/exemptions.html",
        organisation=organisation,
        found=found,
        is_over=is_over,
        reasons=REASON_WORDS,
        page=page,
        pages=pages,
    )
