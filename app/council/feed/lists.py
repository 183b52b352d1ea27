"""Who is meant by each sentence of a plan, page by page."""

from flask import render_template, request

from app.council.feed.run_page import read_page
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.directory import looked_after
from people.feed.planning.sentences import FIELD_WORDS
from people.feed.runs.reading import LISTS, count_items, items_page
from people.roles import Role
from people.visibility import people_scope

PAGE_SIZE = 50
HEADINGS = {
    "leave": "Who leaves",
    "join": "Who joins",
    "return": "Who comes back",
    "move": "Who moves to another unit",
    "rename": "Who gets a new name",
    "change": "Whose job changes in other ways",
    "unusable": "Rows that cannot be used",
    "skipped": "Jobs that were left as they are",
}


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_items(slug: str, run_id: int, about: str) -> str:
    """One list of a run. That it was opened is on record."""
    page = read_page(slug, run_id)
    if about not in LISTS:
        raise NotFound(f"list {about} of an HR file")
    session, number = db.session(), number_in(request.args, "page")
    found = count_items(session, page.run, about=about)
    pages = max(1, -(-found // PAGE_SIZE))
    if not 1 <= number <= pages:
        raise NotFound(f"page {number} of {pages}")
    items = items_page(session, page.run, about=about, page=number, size=PAGE_SIZE)
    note_names_opened("hr-file", authority=slug, run=run_id, kind=about, page=number, people=len(items))
    ids = [one.person_id for one in items if one.person_id is not None]
    scope, today = people_scope(who()), local_day(utc_now())
    return render_template(
        "council/feed_items.html",
        opened=looked_after(session, person_ids=ids, scope=scope, on=today),
        slug=slug,
        page=page,
        run=page.run,
        about=about,
        title=HEADINGS[about],
        found=found,
        items=items,
        field_words=FIELD_WORDS,
        number=number,
        pages=pages,
    )
