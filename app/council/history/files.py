"""The first page of past learning: the files, and what waits for somebody to say whose it is."""

from flask import render_template, request
from sqlalchemy.orm import Session

from app.council.history.words import RUN_WORDS, EvidenceLine, evidence_lines
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from courses.history.evidence import evidence_page
from courses.history.plan import Outcome
from courses.history.runs import counts_of, runs_of
from kernel.errors import NotFound
from people.organisations import Organisation, organisations
from people.roles import Role
from people.visibility import past_learning_scope

PAGE_SIZE, NEWEST = 25, 10


@allow(Role.HR_LEAD, Role.ADMIN)
def history(slug: str) -> str:
    """Files of past learning, the newest first, and a page of what belongs to nobody."""
    session = db.session()
    organisation = past_learning_scope(session, who(), slug=slug)
    page = number_in(request.args, "page")
    lines, count, pages = _evidence(session, organisation, page)
    runs = runs_of(session, organisation_id=organisation.id, limit=NEWEST)
    if lines:
        note_names_opened("past-learning", authority=slug, page=page, people=len(lines))
    return render_template(
        "council/history.html",
        organisation=organisation,
        runs=runs,
        counts=counts_of(session, run_ids=[run.id for run in runs]),
        matched=Outcome.MATCHED,
        run_words=RUN_WORDS,
        lines=lines,
        count=count,
        page=page,
        pages=pages,
        authorities=organisations(session) if who().has(Role.ADMIN) else (),
    )


def _evidence(session: Session, organisation: Organisation, page: int) -> tuple[list[EvidenceLine], int, int]:
    """One page, how many rows there are, and how many pages. Raises ``NotFound`` for a page that is none of them."""
    found = evidence_page(session, organisation_id=organisation.id, page=max(1, page), size=PAGE_SIZE)
    pages = max(1, -(-found.count // PAGE_SIZE))
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    return evidence_lines(session, organisation, found.rows), found.count, pages
