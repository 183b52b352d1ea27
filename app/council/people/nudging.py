"""One message to everybody whom a filter of the list finds: counted first, sent after a second press."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.council.people.filters import asked_list, filter_kept
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.texts.carriers import ways_here as ways
from app.platform.work import unit_of_work
from assignments.reminders.mass_nudges import nudge_all, nudge_preview
from kernel.audit import record
from kernel.clock import utc_now
from kernel.errors import NotFound
from messages.ledger import SEND_MESSAGES
from people.roles import Role
from people.visibility import FiguresScope
from reports.listing.people_states import ids_of_people


@allow(Role.HR_LEAD, Role.ADMIN)
def people_nudged(slug: str) -> str | Response:
    """How many would get a message and who is left out; and the sending."""
    session, now = db.session(), utc_now()
    asked = asked_list(slug, now=now)
    if not asked.scope.shows_started:
        raise NotFound(f"nudges of {slug}")
    of, choice = asked.of, asked.choice
    if of.plan is None:
        raise NotFound(f"course that is asked for in {slug}")
    ids = ids_of_people(session, of, asked.wanted)
    if request.method == "POST":
        return _send(asked.scope, of.course_id, ids)
    return render_template(
        "council/people_nudged.html",
        slug=slug,
        organisation_name=asked.scope.organisation.name,
        courses=choice,
        whom=asked.words,
        preview=nudge_preview(
            session, organisation_id=of.organisation_id, course_id=of.course_id, person_ids=ids, ways=ways(), now=now
        ),
        kept=asked.kept,
    )


def _send(scope: FiguresScope, course_id: int, ids: list[int]) -> Response:
    now, organisation = utc_now(), scope.organisation
    with unit_of_work() as work:
        sent = nudge_all(
            work.session,
            organisation_id=organisation.id,
            course_id=course_id,
            person_ids=ids,
            account_id=who().account_id,
            ways=ways(),
            now=now,
        )
        if sent:
            _note(work.session, organisation.id, course_id, sent)
            work.ring_after_commit(SEND_MESSAGES)
    if sent:
        flash(f"{sent:,} {'person gets' if sent == 1 else 'people get'} one message")
    else:
        flash("Nobody is left who can be nudged now", "important")
    return redirect(url_for("council.people", slug=organisation.slug, **filter_kept()))  # type: ignore[arg-type]


def _note(session: Session, organisation_id: int, course_id: int, people: int) -> None:
    record(
        session,
        action="people-nudged",
        subject_type="organisation",
        subject_id=organisation_id,
        actor_account_id=who().account_id,
        now=utc_now(),
        detail={"course": course_id, "people": people},
    )
