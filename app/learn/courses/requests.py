"""Asking for more time for a course, or saying that it is asked in error."""

from datetime import date, datetime, timedelta

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import AnyOf, Length

from app.platform.access import signed_in, who
from app.platform.day_field import DayField
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.work import unit_of_work
from assignments.requests.asking import NOT_ASKED, NewRequest, ask, faults_in, find_asking, newest_requests
from assignments.requests.record import LearnerRequest, RequestKind
from assignments.requests.telling import request_in_words
from assignments.standing.people_asked import Asked
from courses.catalogue.versions import get_course, titles_of
from kernel.clock import local_day, utc_now
from kernel.columns import length_of
from kernel.errors import NotFound, RuleBroken
from kernel.typed import composed

# So long My learning shows what became of a request.
NEWS = timedelta(days=30)
_LONGEST = length_of(LearnerRequest.words)
_CHOICES = {
    RequestKind.MORE_TIME: "I need more time",
    RequestKind.NOT_FOR_ME: "This course is not for me",
    RequestKind.DONE_ALREADY: "I have done this already",
}


class RequestForm(FlaskForm):
    """What somebody asks, until when, and why."""

    kind = RadioField(
        "What do you want to say?",
        widget=GovRadioInput(),
        choices=[SelectChoice(one.value, words) for one, words in _CHOICES.items()],
        validate_choice=False,
        validators=[AnyOf([one.value for one in RequestKind], "Select what you want to say")],
    )
    wanted_on = DayField(
        "Until when do you need time?",
        name_in_errors="The day",
        description="Only if you need more time",
    )
    words = TextAreaField(
        "Why?",
        description="A sentence is enough. Do not write anything about your health",
        widget=GovTextArea(),
        validators=[Length(max=_LONGEST, message="Your words must be %(max)d characters or fewer")],
    )

    def new_request(self) -> NewRequest:
        """What was filled in."""
        return NewRequest(RequestKind(self.kind.data), self.words.data or "", self.wanted_on.data)


@signed_in
def request_about(slug: str) -> str | tuple[str, int] | Response:
    """Ask for more time, or tell that something is wrong; then it is with their HR team and their manager."""
    session, now, person_id, form = db.session(), utc_now(), who().person_id, RequestForm()
    course = get_course(session, slug=slug)
    asked = find_asking(session, person_id=person_id, course_id=course.id, on=local_day(now))
    if asked is None and slug.startswith("programme."):
        raise NotFound(f"programme {course.id} for person {person_id}")
    if form.is_submitted() and _is_right(form, asked, local_day(now)):
        try:
            with unit_of_work() as work:
                new, by = form.new_request(), who().account_id
                ask(work.session, new, person_id=person_id, course_id=course.id, by=by, now=now)
        except RuleBroken as refusal:
            form[refusal.field or "kind"].errors = [refusal.message]
        else:
            flash("It is sent. Your HR team and your manager can read it, and you are told the answer here")
            return redirect(url_for("learn.asked_of_me"))
    newest = newest_requests(session, person_id=person_id).get(course.id)
    page = render_template(
        "learn/request_about.html",
        form=form,
        title=titles_of(session, course_ids=[course.id])[course.id],
        asked=asked,
        waiting=request_in_words(newest) if newest and newest.decided_at is None else "",
    )
    return page, 422 if form.errors else 200


def _is_right(form: RequestForm, asked: Asked | None, today: date) -> bool:
    """Whether it can be sent; everything that is wrong stands beside its field."""
    is_valid = form.validate_on_submit()
    if asked is None:
        form.kind.errors = [NOT_ASKED]
    elif "kind" in form.errors:
        form.words.errors = form.words.errors or ([] if composed(form.words.data or "") else ["Enter why"])
    else:
        for field, message in faults_in(form.new_request(), asked.due.due_on, on=today).items():
            form[field].errors = form[field].errors or [message]
    return is_valid and not form.errors


def request_news(session: Session, *, person_id: int, now: datetime) -> list[tuple[str, str]]:
    """What became of what somebody asked lately, or that it waits: the title of each course, and the words."""
    newest = newest_requests(session, person_id=person_id)
    shown = [one for one in newest.values() if one.decided_at is None or one.decided_at > now - NEWS]
    titles = titles_of(session, course_ids=[one.course_id for one in shown]) if shown else {}
    return [(titles[one.course_id], request_in_words(one)) for one in shown]
