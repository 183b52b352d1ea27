"""Finding a person: admins among everybody, HR leads among the people of their authority."""

from flask import abort, render_template, request

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from kernel.clock import local_day, utc_now
from people.directory import listed, people_like
from people.roles import Role
from people.visibility import people_scope

PAGE_SIZE, LONGEST = 25, 200


@allow(Role.ADMIN, Role.HR_LEAD)
def people() -> str:
    """A field to search in, and who was found."""
    session, scope, today = db.session(), people_scope(who()), local_day(utc_now())
    typed = request.args.get("name", "").strip()[:LONGEST]
    also_never = request.args.get("never-joined") == "show"
    everybody = people_like(session, typed=typed, scope=scope, on=today, also_never_joined=also_never)
    found = everybody.person_ids
    pages, page = max(1, -(-len(found) // PAGE_SIZE)), number_in(request.args, "page")
    if not 1 <= page <= pages:
        abort(404)
    shown = listed(session, person_ids=found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], scope=scope, on=today)
    if shown:
        note_names_opened("search", count=len(found))
    return render_template(
        "people/people.html",
        typed=typed,
        total=len(found),
        is_cut=everybody.is_cut,
        left_out=everybody.left_out,
        also_never=also_never,
        people=shown,
        scope=scope,
        page=page,
        pages=pages,
    )
