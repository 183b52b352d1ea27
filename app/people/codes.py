"""A one-time code on paper, with which somebody sets a password. It is shown once, and stored as a hash."""

from datetime import datetime

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.people.person import account_of
from app.platform.access import allow, who
from app.platform.extensions import db, limiter
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.account_care import hand_out_code
from people.directory import get_person
from people.password_leaves import LASTS, ResetKind
from people.roles import Role
from people.visibility import PeopleScope, people_scope

# A team that starts together fits in; somebody who tries out every account does not.
MOST_CODES = "60 per hour"
NEW_CODE = "new_password_code"


def _own_account() -> str:
    return f"codes-by-{who().account_id}"


@allow(Role.ADMIN, Role.HR_LEAD)
@limiter.limit(MOST_CODES, key_func=_own_account, methods=["POST"])
def password_code(person_id: int) -> str | Response:
    """Make a code, and show it on the page that comes next; an earlier one opens nothing any more."""
    now, scope = utc_now(), people_scope(who())
    account = account_of(db.session(), person_id)
    if request.method == "GET":
        return _code_page(person_id, account.username, scope)
    try:
        with unit_of_work() as work:
            code = hand_out_code(work.session, account_id=account.id, scope=scope, by=who().account_id, now=now)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
        return redirect(url_for("people.person", person_id=person_id))
    # Shown once, on the page that comes next: we keep only its hash.
    session[NEW_CODE] = [person_id, code, (now + LASTS[ResetKind.CODE]).isoformat()]
    return redirect(url_for("people.password_code", person_id=person_id))


def _code_page(person_id: int, username: str, scope: PeopleScope) -> str | Response:
    made = session.get(NEW_CODE)
    if not made or made[0] != person_id:
        flash("A code is shown once. If it was not printed, make another one", "important")
        return redirect(url_for("people.person", person_id=person_id))
    del session[NEW_CODE]
    found = get_person(db.session(), person_id=person_id, scope=scope, on=local_day(utc_now()))
    return render_template(
        "people/password_code.html",
        person_id=person_id,
        name=found.chosen_name,
        username=username,
        code=made[1],
        ends_at=datetime.fromisoformat(made[2]),
        address=url_for("auth.sign_in_code", _external=True),
    )
