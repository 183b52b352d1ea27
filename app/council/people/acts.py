"""What was done for many people: all of it, one with how far it is and each of its people, and taking it back."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from app.platform.work import unit_of_work
from assignments.for_many.listing import acts_page, holds_for, people_of_act, progress_of
from assignments.for_many.record import (
    WHY_WORDS,
    WORK_OFF_ACTS,
    ActForMany,
    ActKind,
    PersonOutcome,
    get_act,
)
from assignments.for_many.taking_back import take_back
from assignments.for_many.telling import told_of
from courses.catalogue.versions import titles_of
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from kernel.rounding import whole_percent
from messages.ledger import SEND_MESSAGES
from people.actors import names_of_accounts
from people.organisations import Organisation
from people.roles import Role
from people.visibility import requirements_scope

PAGE_SIZE = 25
KIND_WORDS: Mapping[ActKind, str] = {
    ActKind.NUDGE: "Nudge",
    ActKind.MORE_TIME: "More time",
    ActKind.EXEMPT: "Exemption",
}
OUTCOME_WORDS: Mapping[PersonOutcome, str] = {
    PersonOutcome.WAITING: "To come",
    PersonOutcome.DONE: "Done",
    PersonOutcome.LEFT_OUT: "Left out",
    PersonOutcome.TAKEN_BACK: "Taken back",
    PersonOutcome.STAYED: "Could not be taken back",
}


def _scope(slug: str) -> Organisation:
    return requirements_scope(db.session(), who(), slug=slug)


@allow(Role.HR_LEAD, Role.ADMIN)
def people_acts(slug: str) -> str:
    """Everything that was done for many people here, the newest first."""
    session, organisation, page = db.session(), _scope(slug), number_in(request.args, "page")
    found, acts = acts_page(session, organisation_id=organisation.id, page=max(1, page), size=PAGE_SIZE)
    pages = _pages(found, page)
    return render_template(
        "council/people_acts.html",
        organisation=organisation,
        acts=acts,
        holds_for=holds_for(session, act_ids=[one.id for one in acts]),
        titles=titles_of(session, course_ids={one.course_id for one in acts}),
        names=names_of_accounts(session, account_ids=[one.started_by_account_id for one in acts]),
        kind_words=KIND_WORDS,
        page=page,
        pages=pages,
    )


def _pages(found: int, page: int) -> int:
    """How many pages there are. Raises ``NotFound`` for one that is none."""
    pages = max(1, -(-found // PAGE_SIZE))
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    return pages


@allow(Role.HR_LEAD, Role.ADMIN)
def people_act(slug: str, act_id: int) -> str:
    """One of them: for whom, how far, and each person by name."""
    session, organisation, page = db.session(), _scope(slug), number_in(request.args, "page")
    act = get_act(session, act_id=act_id, organisation_id=organisation.id)
    outcome = next((one for one in PersonOutcome if one.value == request.args.get("outcome")), None)
    found, people = people_of_act(session, act_id=act.id, outcome=outcome, page=max(1, page), size=PAGE_SIZE)
    shown = render_template(
        "council/people_act.html",
        organisation=organisation,
        title=titles_of(session, course_ids=[act.course_id])[act.course_id],
        names=names_of_accounts(
            session, account_ids=[one for one in (act.started_by_account_id, act.taken_back_by_account_id) if one]
        ),
        people=people,
        found=found,
        outcome=outcome,
        page=page,
        pages=_pages(found, page),
        **_progress(act),
    )
    note_names_opened("people-act", authority=slug, page=page, people=len(people))
    return shown


@allow(Role.HR_LEAD, Role.ADMIN)
def people_act_status(slug: str, act_id: int) -> tuple[str, int]:
    """The part of the page that changes: 202 while more is to come."""
    organisation = _scope(slug)
    act = get_act(db.session(), act_id=act_id, organisation_id=organisation.id)
    shown = render_template("council/people_act_status.html", organisation=organisation, **_progress(act))
    return shown, 202 if act.is_going_on else 200


def _progress(act: ActForMany) -> dict[str, Any]:
    progress = progress_of(db.session(), act_id=act.id)
    is_back = act.taking_back_at is not None
    waiting = progress.of(PersonOutcome.DONE if is_back else PersonOutcome.WAITING)
    everybody = progress.of(*PersonOutcome) - (0 if is_back else progress.of(PersonOutcome.LEFT_OUT))
    return {
        "act": act,
        "progress": progress,
        "told": told_of(db.session(), act_id=act.id),
        "why_words": WHY_WORDS,
        "kind_words": KIND_WORDS,
        "outcome_words": OUTCOME_WORDS,
        "outcomes": PersonOutcome,
        "is_back": is_back,
        "done_percent": whole_percent(everybody - waiting, everybody) if everybody else 100,
        "can_be_taken_back": not is_back and progress.of(PersonOutcome.DONE, PersonOutcome.WAITING) > 0,
    }


@allow(Role.HR_LEAD, Role.ADMIN)
def people_act_taken_back(slug: str, act_id: int) -> Response:
    """Take it back for everybody."""
    organisation = _scope(slug)
    try:
        with unit_of_work() as work:
            act = get_act(work.session, act_id=act_id, organisation_id=organisation.id)
            take_back(work.session, act, by=who().account_id, now=utc_now())
            work.ring_after_commit(WORK_OFF_ACTS if act.is_going_on else SEND_MESSAGES)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    return redirect(url_for("council.people_act", slug=slug, act_id=act_id))
