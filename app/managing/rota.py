"""Time for a course: a manager plans it for people of their own team, moves it, and takes it back."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import Field

from app.managing.rota_form import PlanForm, SlotForm
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.forms import SelectChoice
from app.platform.pages.opened_names import note_names_opened
from app.platform.work import unit_of_work
from assignments.rota.planning import cancel_hour, hours_to_come, move_hour, plan_hours
from assignments.rota.record import PlannedHour
from assignments.rota.telling import when_in_words
from courses.catalogue.versions import titles_of
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.persons import Person
from people.visibility import TeamScope, team_scope
from reports.team import OPEN, TeamLine, team_lines


@signed_in
def rota() -> str | Response | tuple[str, int]:
    """What is planned for the team, and planning more."""
    session, now = db.session(), utc_now()
    scope = team_scope(session, who(), on=local_day(now))
    lines = [one for one in team_lines(session, scope.members, on=local_day(now)) if one.state in OPEN]
    form = PlanForm()
    form.people.choices = _people(lines)
    courses = _courses(lines, scope)
    form.course.choices = [SelectChoice(key, title) for key, title in sorted(courses.items())]
    if form.validate_on_submit():
        try:
            count = _plan(form, scope, courses)
        except RuleBroken as refusal:
            _field_of(form, refusal).errors = [refusal.message]
        else:
            flash(f"{count:,} {'person is' if count == 1 else 'people are'} told")
            return redirect(url_for("managing.rota"))
    hours = hours_to_come(session, members=scope.members, now=now)
    people = {one.person_id for one in lines} | {hour.person_id for hour, _ in hours}
    page = render_template(
        "managing/rota.html",
        form=form,
        scope=scope,
        has_people=bool(lines),
        hours=[(hour, name, when_in_words(hour)) for hour, name in hours],
        titles=titles_of(session, course_ids={hour.course_id for hour, _ in hours}),
    )
    # After the page is drawn: a commit forgets what was read, and every hour would be read again by itself.
    note_names_opened("team-rota", page=1, people=len(people))
    return page, 422 if form.errors else 200


def _people(lines: list[TeamLine]) -> list[SelectChoice]:
    """Everybody with something to finish, once, in the order of the team."""
    names = {str(one.person_id): one.name for one in lines}
    return [SelectChoice(key, name) for key, name in names.items()]


def _courses(lines: list[TeamLine], scope: TeamScope) -> dict[str, str]:
    several = len({one.organisation_id for one in lines}) > 1
    return {
        f"{one.organisation_id}-{one.course_id}": f"{one.title} ({scope.names[one.organisation_id]})"
        if several
        else one.title
        for one in lines
    }


def _plan(form: PlanForm, scope: TeamScope, courses: dict[str, str]) -> int:
    """Plan what was picked. Raises ``RuleBroken``, and ``NotFound`` for what is not the team's."""
    if form.course.data not in courses:
        raise RuleBroken("Select a course", field="course")
    organisation_id, course_id = (int(part) for part in str(form.course.data).split("-"))
    picked = [int(one) for one in form.people.data or () if str(one).isdigit()]
    if not scope.members[organisation_id].issuperset(picked):
        raise NotFound("a person of the team")
    with unit_of_work() as work:
        return plan_hours(
            work.session,
            organisation_id=organisation_id,
            course_id=course_id,
            person_ids=sorted(set(picked)),
            slot=form.slot(),
            account_id=who().account_id,
            now=utc_now(),
        )


def _field_of(form: SlotForm, refusal: RuleBroken) -> Field:
    return next((one for one in form if one.name == refusal.field), form.starts_on)


@signed_in
def rota_hour(hour_id: int) -> str | Response | tuple[str, int]:
    """Move one hour to another time or place."""
    session = db.session()
    hour = _own(session, hour_id)
    form = SlotForm()
    if request.method == "GET":
        form.fill_from(hour)
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                moved = _own(work.session, hour_id)
                is_new = move_hour(work.session, moved, slot=form.slot(), account_id=who().account_id, now=utc_now())
        except RuleBroken as refusal:
            _field_of(form, refusal).errors = [refusal.message]
        else:
            flash("Moved, and told again" if is_new else "Nothing is different")
            return redirect(url_for("managing.rota"))
    page = render_template(
        "managing/rota_hour.html",
        form=form,
        hour=hour,
        name=session.get_one(Person, hour.person_id).chosen_name,
        title=titles_of(session, course_ids=[hour.course_id])[hour.course_id],
        when=when_in_words(hour),
    )
    return page, 422 if form.errors else 200


@signed_in
def rota_hour_cancelled(hour_id: int) -> Response:
    """Take one hour back."""
    try:
        with unit_of_work() as work:
            cancel_hour(work.session, _own(work.session, hour_id), account_id=who().account_id, now=utc_now())
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash("Cancelled, and told")
    return redirect(url_for("managing.rota"))


def _own(session: Session, hour_id: int) -> PlannedHour:
    """An hour of somebody of the team. Raises ``NotFound`` for any other."""
    hour, scope = session.get(PlannedHour, hour_id), team_scope(session, who(), on=local_day(utc_now()))
    if hour is None or hour.person_id not in scope.members.get(hour.organisation_id, ()):
        raise NotFound(f"planned hour {hour_id}")
    return hour
