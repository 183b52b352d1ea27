"""Two records of one person: suggested with reasons, merged after a preview, separated again."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from app.platform.work import unit_of_work
from assignments.requests.merging import close_earlier
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.directory import listed
from people.merging.duplicates import suggested
from people.merging.merging import merge_people, preview_merge, separate_people
from people.merging.records import merges_into
from people.roles import Role
from people.visibility import PeopleScope
from people.ways_in.settling import settle_accounts

PAGE_SIZE = 25
# What the rows of each table are to a reader: one of them, and several.
ROWS: Mapping[str, tuple[str, str]] = {
    "act_for_many_person": ("row of what was done for many people", "rows of what was done for many people"),
    "account": ("account", "accounts"),
    "attempt": ("course begun", "courses begun"),
    "certificate": ("certificate", "certificates"),
    "completion": ("completion", "completions"),
    "course_comment": ("comment to authors", "comments to authors"),
    "employment": ("job", "jobs"),
    "example_choice": ("choice of examples", "choices of examples"),
    "exemption": ("exemption", "exemptions"),
    "former_address": ("former e-mail address", "former e-mail addresses"),
    "history_row": ("row of past learning", "rows of past learning"),
    "bounce": ("mail that came back", "mails that came back"),
    "learner_request": ("request about a course", "requests about courses"),
    "message": ("message", "messages"),
    "message_choice": ("choice of messages", "choices of messages"),
    "nudge": ("nudge", "nudges"),
    "mobile_code": ("code for a mobile number", "codes for mobile numbers"),
    "own_mobile": ("own mobile number", "own mobile numbers"),
    "plan": ("plan", "plans"),
    "planned_hour": ("planned time for a course", "planned times for courses"),
    "rating": ("rating", "ratings"),
    "reminder": ("reminder", "reminders"),
    "text_message": ("text message", "text messages"),
    "time_given": ("time given for a course", "times given for courses"),
    "team_talk": ("team talk", "team talks"),
    "way_in_member": ("sign-in card or invitation", "sign-in cards and invitations"),
}


def rows_in_words(name: str, count: int) -> str:
    """“3 jobs”; a table without words of its own is named as it is."""
    one, many = ROWS.get(name, (f"row of {name}", f"rows of {name}"))
    return f"{count:,} {one if count == 1 else many}"


@allow(Role.ADMIN)
def duplicates() -> str:
    """Pairs of records that may be of one person, of everybody or with one person."""
    person_id = number_in(request.args, "person", 0) or None
    found = suggested(db.session(), person_id=person_id)
    pages, page = max(1, -(-len(found) // PAGE_SIZE)), number_in(request.args, "page")
    if not 1 <= page <= pages:
        abort(404)
    pairs = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    keys = sorted({key for pair in pairs for key in pair.person_ids})
    people = listed(db.session(), person_ids=keys, scope=PeopleScope(None), on=local_day(utc_now()))
    if pairs:
        note_names_opened("duplicates", count=len(pairs))
    return render_template(
        "people/duplicates.html",
        pairs=pairs,
        total=len(found),
        page=page,
        pages=pages,
        people={one.person_id: one for one in people},
        person_id=person_id,
    )


@allow(Role.ADMIN)
def people_merged(person_id: int, other_id: int) -> str | Response:
    """Say what goes where, and merge the other record into this one."""
    form = FlaskForm()
    try:
        preview = preview_merge(db.session(), kept_person_id=person_id, merged_person_id=other_id)
        if form.validate_on_submit():
            with unit_of_work() as work:
                close_earlier(work.session, person_ids=(person_id, other_id), now=utc_now())
                merge_people(
                    work.session,
                    kept_person_id=person_id,
                    merged_person_id=other_id,
                    by=who().account_id,
                    now=utc_now(),
                )
                _settle(work.session, person_id)
            flash("The records are merged. You can separate them again on this page")
            return redirect(url_for("people.person", person_id=person_id))
    except RuleBroken as refusal:
        flash(refusal.message, "important")
        return redirect(url_for("people.person", person_id=person_id))
    return render_template(
        "people/people_merged.html",
        preview=preview,
        moving=[rows_in_words(one.name, one.moving) for one in preview.rows if one.moving],
        staying=[rows_in_words(one.name, one.staying) for one in preview.rows if one.staying],
    )


@allow(Role.ADMIN)
def people_separated(person_id: int, merge_id: int) -> Response:
    """Undo a merge."""
    if merge_id not in {one.id for one in merges_into(db.session(), person_id=person_id)}:
        raise NotFound(f"merge {merge_id} into person {person_id}")
    try:
        with unit_of_work() as work:
            merge = separate_people(work.session, merge_id=merge_id, by=who().account_id, now=utc_now())
            other_id = merge.merged_person_id
            _settle(work.session, person_id, other_id)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
        return redirect(url_for("people.person", person_id=person_id))
    flash("The records are separated. This is the other one")
    return redirect(url_for("people.person", person_id=other_id))


def _settle(session: Session, *person_ids: int) -> None:
    """Jobs have gone from one record to another: accounts are open for those who have one."""
    now = utc_now()
    settle_accounts(session, person_ids=person_ids, on=local_day(now), by=who().account_id, now=now)
