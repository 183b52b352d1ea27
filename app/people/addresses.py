"""Addresses to which mail came back: a list for HR leads and admins, on record; and trying one again."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from messages.bounces.record import dead_addresses, try_again
from people.directory import get_person, looked_after
from people.roles import Role
from people.visibility import people_scope

PAGE_SIZE = 50


@allow(Role.ADMIN, Role.HR_LEAD)
def addresses() -> str:
    """The people whose address does not work, of those whom somebody looks after."""
    session, scope, today = db.session(), people_scope(who()), local_day(utc_now())
    every = dead_addresses(session)
    mine = looked_after(session, person_ids=[one.person_id for one in every], scope=scope, on=today)
    found = [one for one in every if one.person_id in mine]
    page, pages = number_in(request.args, "page"), max(1, -(-len(found) // PAGE_SIZE))
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if shown:
        note_names_opened("addresses", page=page, people=len(shown))
    return render_template("people/addresses.html", found=shown, total=len(found), page=page, pages=pages)


@allow(Role.ADMIN, Role.HR_LEAD)
def address_tried_again(person_id: int) -> Response:
    """Let mail go to somebody's address again."""
    today = local_day(utc_now())
    get_person(db.session(), person_id=person_id, scope=people_scope(who()), on=today)
    with unit_of_work() as work:
        is_new = try_again(work.session, person_id=person_id, account_id=who().account_id, now=utc_now())
    flash("Mail goes there again" if is_new else "Mail goes there already")
    return redirect(url_for("people.person", person_id=person_id))
