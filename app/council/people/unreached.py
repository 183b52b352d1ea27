"""The people of an authority whom no message reaches, for those who can tell them otherwise."""

from flask import render_template, request

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from app.platform.texts.carriers import ways_here
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from messages.unreached import unreached_page
from people.roles import Role
from people.visibility import hr_scope

PAGE_SIZE, LONGEST = 50, 100


@allow(Role.HR_LEAD, Role.ADMIN)
def people_unreached(slug: str) -> str:
    """Who has neither an address nor a number that works: by name, and what there is."""
    organisation = hr_scope(db.session(), who(), slug=slug)
    typed = " ".join(request.args.get("name", "").split())[:LONGEST]
    page = number_in(request.args, "page")
    found = unreached_page(
        db.session(),
        organisation_id=organisation.id,
        ways=ways_here(),
        on=local_day(utc_now()),
        typed=typed,
        page=max(1, page),
        size=PAGE_SIZE,
    )
    pages = max(1, -(-found.found // PAGE_SIZE))
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    shown = render_template(
        "council/people_unreached.html",
        organisation=organisation,
        found=found,
        typed=typed,
        page=page,
        pages=pages,
    )
    if found.shown:
        note_names_opened("unreached", authority=slug, page=page, people=len(found.shown))
    return shown
