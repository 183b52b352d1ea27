"""What learners ask about courses: a list for those who can answer. It names people, so each opening is on record."""

from flask import render_template, request

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from app.platform.work import unit_of_work
from assignments.requests.listing import RequestsScope, requests_page
from assignments.requests.record import KIND_WORDS, LearnerRequest
from assignments.requests.settling import settle
from assignments.requests.telling import outcome_in_words
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.roles import Role
from people.visibility import requests_scope

PAGE_SIZE = 25


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def requests(slug: str) -> str:
    """Those that wait for an answer; or those that were decided."""
    session, now = db.session(), utc_now()
    found_scope = requests_scope(session, who(), slug=slug)
    is_open, page = request.args.get("state") != "decided", number_in(request.args, "page")
    scope = RequestsScope(found_scope.organisation.id, found_scope.unit_ids, local_day(now))
    with unit_of_work() as work:
        settle(work.session, LearnerRequest.organisation_id == scope.organisation_id, now=now)
    found = requests_page(session, scope, is_open=is_open, page=max(1, page), size=PAGE_SIZE)
    pages = max(1, -(-found.found // PAGE_SIZE))
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    if found.lines:
        note_names_opened("requests", authority=slug, page=page, people=len(found.lines))
    return render_template(
        "requirements/requests.html",
        organisation=found_scope.organisation,
        is_manager=not found_scope.shows_started,
        found=found,
        outcomes={one.row.id: outcome_in_words(one.row) for one in found.lines},
        is_open=is_open,
        kinds=KIND_WORDS,
        page=page,
        pages=pages,
    )
