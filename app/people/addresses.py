"""Addresses and numbers that did not work: a list for HR leads and admins, on record; and trying one again."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from kernel.mobiles.writing import mobile_in_words
from messages.bounces.record import dead_addresses, try_again
from messages.by_text.record import dead_numbers, try_number_again
from people.directory import get_person, looked_after
from people.roles import Role
from people.visibility import people_scope

PAGE_SIZE = 50


@dataclass(frozen=True)
class Unreached:
    """Somebody whom messages do not reach: where they went, why, and since when."""

    person_id: int
    name: str
    place: str
    words: str
    since: datetime | None


def _dead(session: Session) -> list[Unreached]:
    """Addresses and numbers that do not work. A number that somebody gave themselves is shown to nobody."""
    found = [Unreached(one.person_id, one.name, one.address, one.words, one.came_at) for one in dead_addresses(session)]
    for one in dead_numbers(session):
        place = "A number of their own" if one.is_own else mobile_in_words(one.number)
        found.append(Unreached(one.person_id, one.name, place, one.words, one.came_at))
    return sorted(found, key=lambda one: one.since.timestamp() if one.since else 0, reverse=True)


@allow(Role.ADMIN, Role.HR_LEAD)
def addresses() -> str:
    """The people whose address does not work, of those whom somebody looks after."""
    session, scope, today = db.session(), people_scope(who()), local_day(utc_now())
    every = _dead(session)
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


@allow(Role.ADMIN, Role.HR_LEAD)
def number_tried_again(person_id: int) -> Response:
    """Let texts go to somebody's number again."""
    today = local_day(utc_now())
    get_person(db.session(), person_id=person_id, scope=people_scope(who()), on=today)
    with unit_of_work() as work:
        is_new = try_number_again(work.session, person_id=person_id, account_id=who().account_id, now=utc_now())
    flash("Texts go there again" if is_new else "Texts go there already")
    return redirect(url_for("people.person", person_id=person_id))
