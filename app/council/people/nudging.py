"""One message to everybody whom a filter of the list finds: counted first, sent after a second press."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.council.figures.course_choice import course_choice
from app.council.people.people import filter_kept, wanted_people
from app.council.people.whom import whom_in_words
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.texts.carriers import ways_here as ways
from app.platform.work import unit_of_work
from assignments.reminders.mass_nudges import nudge_all, nudge_preview
from kernel.audit import record
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from messages.ledger import SEND_MESSAGES
from people.organisations import units_of
from people.roles import Role
from people.visibility import FiguresScope, figures_scope
from reports.people_states import ListOfPeople, ids_of_people, units_below


@allow(Role.HR_LEAD, Role.ADMIN)
def people_nudged(slug: str) -> str | Response:
    """How many would get a message and who is left out; and the sending."""
    session, now = db.session(), utc_now()
    scope = figures_scope(session, who(), slug=slug)
    if not scope.shows_started:
        raise NotFound(f"nudges of {slug}")
    choice = course_choice(session, organisation_id=scope.organisation.id)
    if choice.course is None or choice.plan is None:
        raise NotFound(f"course that is asked for in {slug}")
    units = units_below(units_of(session, organisation_id=scope.organisation.id), scope.unit_ids)
    wanted = wanted_people(scope, units)
    of = ListOfPeople(scope.organisation.id, scope.unit_ids, choice.course.id, choice.plan, local_day(now))
    ids = ids_of_people(session, of, wanted)
    if request.method == "POST":
        return _send(scope, choice.course.id, ids)
    return render_template(
        "council/people_nudged.html",
        slug=slug,
        organisation_name=scope.organisation.name,
        courses=choice,
        whom=whom_in_words(wanted, next((one.path for one in units if one.id == wanted.unit_id), "")),
        preview=nudge_preview(
            session, organisation_id=of.organisation_id, course_id=of.course_id, person_ids=ids, ways=ways(), now=now
        ),
        kept=filter_kept(),
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
