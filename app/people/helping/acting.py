"""What somebody on the telephone can be helped with at once: a nudge, more time, an answer to what they ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired

from app.people.asked import AskCard
from app.platform.access import allow, who
from app.platform.asked.nudging import nudge_and_say
from app.platform.day_field import DayField
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.input.text_line import line
from app.platform.work import unit_of_work
from assignments.reminders.nudges import last_nudges
from assignments.requests.giving import TimeGiven, give_more_time
from assignments.requests.listing import open_requests_of
from assignments.requests.record import LearnerRequest
from assignments.standing.explaining import Reader, explain
from courses.catalogue.versions import Course, get_course, titles_of
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from messages.ledger import SEND_MESSAGES
from people.directory import get_person
from people.organisations import Organisation
from people.persons import Person
from people.roles import Role
from people.visibility import PeopleScope, requirements_scope


@dataclass(frozen=True)
class Act:
    """What can be done about one course at one authority. ``nudged`` says when they were nudged, if lately."""

    slug: str
    authority: str
    course_slug: str
    course_title: str
    nudged: str
    has_date: bool
    requests: tuple[LearnerRequest, ...]


class MoreTimeForm(FlaskForm):
    """Until when, and why: in words that the learner reads too."""

    until = DayField(
        "Until when do they have time?",
        name_in_errors="The day",
        validators=[InputRequired("Enter the day until which time is needed")],
    )
    reason = line(
        "Why?",
        "Enter why they need more time",
        LearnerRequest.words,
        "They read it. Do not write anything about health. It is on record as asked by telephone or in person",
    )


def acts_of(
    session: Session, *, person_id: int, cards: Sequence[AskCard], employers: Sequence[Organisation]
) -> tuple[Act, ...]:
    """What can be done about what matters most of what is open, at each authority that asks for it."""
    first = next((one for one in cards if not one.is_finished), None)
    here = [one for one in employers if first and one.id in first.organisation_ids]
    if first is None or not here:
        return ()
    nudged = last_nudges(session, person_ids=[person_id], now=utc_now()).get(person_id)
    waiting = open_requests_of(session, person_id=person_id, organisation_ids=[one.id for one in here])
    return tuple(
        Act(
            one.slug,
            one.name,
            first.slug,
            first.title,
            f"{nudged.words[:1].upper()}{nudged.words[1:]}" if nudged else "",
            first.due_on is not None,
            tuple(asked for asked in waiting if asked.organisation_id == one.id),
        )
        for one in here
    )


@allow(Role.ADMIN, Role.HR_LEAD)
def person_nudged(person_id: int, slug: str, course_slug: str) -> Response:
    """Send one message now, or say in words why not."""
    organisation, person, course = _about(person_id, slug, course_slug)
    nudge_and_say(person_id=person.id, name=person.chosen_name, organisation_id=organisation.id, course_id=course.id)
    return redirect(url_for("people.person", person_id=person_id))


@allow(Role.ADMIN, Role.HR_LEAD)
def person_more_time(person_id: int, slug: str, course_slug: str) -> str | tuple[str, int] | Response:
    """Give somebody more time who asks for it by telephone or in person."""
    organisation, person, course = _about(person_id, slug, course_slug)
    form = MoreTimeForm()
    if form.validate_on_submit():
        try:
            _give(organisation, person, course, form.until.data, form.reason.data or "")
        except RuleBroken as refusal:
            (form.reason if refusal.field == "words" else form.until).errors = [refusal.message]
        else:
            flash(f"{person.chosen_name} has more time, and is told so")
            return redirect(url_for("people.person", person_id=person_id))
    session, only = db.session(), Reader(organisation_ids=frozenset({organisation.id}))
    stands = explain(session, person_id=person_id, course_id=course.id, on=local_day(utc_now()), reader=only)
    page = render_template("people/person_more_time.html", form=form, person=person, stands=stands)
    return page, 422 if form.errors else 200


def _give(organisation: Organisation, person: Person, course: Course, until: date | None, reason: str) -> None:
    given = TimeGiven(person.id, organisation.id, course.id, until, reason)
    with unit_of_work() as work:
        give_more_time(work.session, given, by=who().account_id, now=utc_now())
        work.ring_after_commit(SEND_MESSAGES)


def _about(person_id: int, slug: str, course_slug: str) -> tuple[Organisation, Person, Course]:
    """Raises ``NotFound`` for an authority, a person or a course that is not theirs to act on."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    scope = PeopleScope(frozenset({organisation.id}))
    person = get_person(session, person_id=person_id, scope=scope, on=local_day(utc_now()))
    course = get_course(session, slug=course_slug)
    if course.id not in titles_of(session, course_ids=[course.id]):
        raise NotFound(f"course {course_slug}")
    return organisation, person, course
