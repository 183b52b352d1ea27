"""Asking more authorities' people for a course: first what it would mean, then doing it."""

from dataclasses import dataclass
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.pages.templating import day
from app.platform.work import unit_of_work
from assignments.requirement_changes import count_asked
from assignments.requirements import require_course, requiring_organisations
from courses.catalogue.versions import get_course, get_current_version
from kernel.clock import local_day, utc_now
from people.organisations import organisations
from people.roles import Role
from reports.suppression import SMALLEST_SHOWN


@dataclass(frozen=True)
class Asked:
    """An authority whose people a course would be asked of, and how many they are; ``None`` for a small group."""

    organisation_id: int
    name: str
    people: int | None


def people_asked(session: Session, organisation_id: int) -> int | None:
    """How many people count at an authority today; ``None`` where they are so few that a number is not shown."""
    count = count_asked(session, organisation_id=organisation_id, on=local_day(utc_now()))
    return count if count >= SMALLEST_SHOWN else None


@allow(Role.AUTHOR, Role.ADMIN)
def requirement_asked(slug: str) -> str | tuple[str, int] | Response:
    """Say how many people the chosen authorities would ask, and ask them."""
    session = db.session()
    course = get_course(session, slug=slug)
    chosen, due_on = _chosen(session, course.id), _due_on()
    form = FlaskForm()
    kept_days = _kept_days(session, course.id, due_on)
    if not chosen:
        for words in kept_days or ("Every authority that you chose asks for it already",):
            flash(words, "important")
        return redirect(url_for("manage.course", slug=slug))
    if form.validate_on_submit():
        _ask(course.id, chosen, due_on)
        for words in _kept_days(session, course.id, due_on):
            flash(words, "important")
        return redirect(url_for("manage.course", slug=slug))
    return render_template(
        "manage/requirement_asked.html",
        course=course,
        version=get_current_version(session, course_id=course.id),
        chosen=chosen,
        kept_days=kept_days,
        due_on=due_on,
        smallest=SMALLEST_SHOWN,
    )


def _ask(course_id: int, chosen: tuple[Asked, ...], due_on: date | None) -> None:
    with unit_of_work() as work:
        count = require_course(
            work.session,
            course_id=course_id,
            organisation_ids=[one.organisation_id for one in chosen],
            due_on=due_on,
            account_id=who().account_id,
            now=utc_now(),
        )
    flash(f"{count} more {'authority asks' if count == 1 else 'authorities ask'} for this course now")


def _chosen(session: Session, course_id: int) -> tuple[Asked, ...]:
    wanted = set(request.args.getlist("authority"))
    already = {one.organisation_id for one in requiring_organisations(session, course_ids=[course_id])[course_id]}
    return tuple(
        Asked(one.id, one.name, people_asked(session, one.id))
        for one in organisations(session)
        if one.slug in wanted and one.id not in already
    )


def _kept_days(session: Session, course_id: int, due_on: date | None) -> tuple[str, ...]:
    """What to say of each chosen authority that asks already, by another day: that day stays."""
    wanted = set(request.args.getlist("authority"))
    return tuple(
        f"{one.organisation_name} asks for it already, {_by(one.due_on)}. That stays; change it on its own page"
        for one in requiring_organisations(session, course_ids=[course_id])[course_id]
        if one.organisation_slug in wanted and one.due_on != due_on
    )


def _by(due_on: date | None) -> str:
    return f"to finish by {day(due_on)}" if due_on else "without a date"


def _due_on() -> date | None:
    text = request.args.get("due", "")
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        abort(404)
    if found is not None and found < local_day(utc_now()):
        abort(404)  # the form before this page lets none through
    return found
