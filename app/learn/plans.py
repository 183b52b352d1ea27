"""A learner’s plan: written on a screen or on its own page, asked about later, changed, printed and withdrawn."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import Response as FileResponse
from flask import current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.access import signed_in, who
from app.extensions import db
from app.learn.own_courses import own_courses
from app.learn.personal import personal_on
from app.learn.places import Place, get_place, show
from app.learn.plan_fields import fields_posted
from app.learn.plan_views import PlanQuestion, PlanWriting, form_in_words, plan_words_of, writing_view
from app.mail import find_office
from app.work import unit_of_work
from courses.catalogue import get_course
from courses.content.plans import PlanBlock, PlanCheckBlock, PlanForm
from courses.plan_calendar import calendar_for
from courses.plans import (
    GOING_WORDS,
    TELL_WORDS,
    Plan,
    PlanWords,
    check_plan,
    checks_of,
    find_plan,
    plans_of,
    withdraw_plan,
    write_plan,
)
from courses.plans import delete_plan as delete_for_good
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from people.persons import Person

SAVED = "Your plan is saved."


@signed_in
def write_on_screen(slug: str, module_slug: str, number: int, plan_id: str) -> str | tuple[str, int] | Response:
    """Keep the plan that was written on a screen of a course."""
    here = url_for("learn.screen", slug=slug, module_slug=module_slug, number=number, _anchor=plan_id)
    if request.method == "GET":  # the page again, after an error and a reload
        return redirect(here)
    place = get_place(db.session(), slug, module_slug, number)
    block = PlanBlock(plan_id=plan_id)
    if block not in place.module.screens[number - 1].personal:
        raise NotFound(f"plan {plan_id} on screen {number} of {module_slug}")
    fields = fields_posted(request.form)
    if not fields.validate():
        views = personal_on(db.session(), place.course, module_slug, number)
        view = views[block.key]
        if isinstance(view, PlanWriting):
            views[block.key] = replace(view, fields=fields)
        return show(db.session(), place, personal=views, error="Look at your plan"), 422
    _keep(plan_id, fields.words())
    return redirect(here)


@signed_in
def check_on_screen(slug: str, module_slug: str, number: int, plan_id: str) -> str | tuple[str, int] | Response:
    """Keep how the plan is going."""
    block = PlanCheckBlock(plan_id=plan_id)
    here = url_for("learn.screen", slug=slug, module_slug=module_slug, number=number, _anchor=block.key)
    if request.method == "GET":
        return redirect(here)
    place = get_place(db.session(), slug, module_slug, number)
    if block not in place.module.screens[number - 1].personal:
        raise NotFound(f"a question about plan {plan_id} on screen {number} of {module_slug}")
    try:
        _check(place, plan_id)
    except RuleBroken as refusal:
        return _show_refused_check(get_place(db.session(), slug, module_slug, number), block, refusal), 422
    return redirect(here)


def _check(place: Place, plan_id: str) -> None:
    document = place.course.document
    with unit_of_work() as work:
        plan = find_plan(work.session, person_id=who().person_id, form_id=plan_id)
        if plan is None:
            raise NotFound(f"a plan {plan_id} to ask about")
        check_plan(
            work.session,
            plan=plan,
            course_id=get_course(work.session, slug=document.slug).id,
            form=document.plans[plan_id],
            going=request.form.get("going", ""),
            obstacle=request.form.get("obstacle") or None,
            now=utc_now(),
        )


def _show_refused_check(place: Place, block: PlanCheckBlock, refusal: RuleBroken) -> str:
    session = db.session()
    views = personal_on(session, place.course, place.module.slug, place.number)
    view = views[block.key]
    if isinstance(view, PlanQuestion):
        views[block.key] = replace(view, error=refusal.message)
    return show(session, place, personal=views, error=refusal.message)


def _keep(plan_id: str, words: PlanWords) -> None:
    with unit_of_work() as work:
        write_plan(
            work.session,
            person_id=who().person_id,
            form_id=plan_id,
            words=words,
            is_new="new" in request.form,
            now=utc_now(),
        )
    flash(SAVED)


@dataclass(frozen=True)
class PlanCard:
    """One plan on its owner’s page: in words, with what they said about it later."""

    plan: Plan
    words: str
    tell: str
    said: tuple[str, ...]


@signed_in
def plan() -> str:
    """The learner’s plans: the current ones, and the earlier ones."""
    session = db.session()
    found = plans_of(session, person_id=who().person_id)
    checks = checks_of(session, plan_ids=[one.id for one in found])
    cards = [
        PlanCard(
            one,
            plan_words_of(one),
            TELL_WORDS[one.tell],
            tuple(GOING_WORDS[check.going] for check in checks if check.plan_row_id == one.id),
        )
        for one in found
    ]
    held = {card.plan.form_id for card in cards if card.plan.ended_at is None}
    return render_template(
        "learn/plan.html",
        is_mail_sent=find_office() is not None and session.get_one(Person, who().person_id).email is not None,
        current=[card for card in cards if card.plan.ended_at is None],
        earlier=[card for card in cards if card.plan.ended_at is not None],
        to_write=[(key, form.title) for key, form in _forms(session).items() if key not in held],
    )


@signed_in
def plan_words(form_id: str) -> str | tuple[str, int] | Response:
    """Write or change a plan on its own page."""
    session = db.session()
    form = _forms(session).get(form_id)
    current = find_plan(session, person_id=who().person_id, form_id=form_id)
    if form is None and current is None:
        raise NotFound(f"plan {form_id}")
    here = url_for("learn.plan_words", form_id=form_id)
    view = writing_view(form_id, form or PlanForm(title="My plan"), current, here, here, request.args.get("idea", ""))
    status = 200
    if request.method == "POST":
        view, status = replace(view, fields=fields_posted(request.form)), 422
        if view.fields.validate():
            _keep(form_id, view.fields.words())
            return redirect(url_for("learn.plan"))
    return render_template("learn/plan_words.html", view=view), status


def _forms(session: Session) -> dict[str, PlanForm]:
    """The plans that the person’s courses help them to write, by id; the newest course decides."""
    found: dict[str, PlanForm] = {}
    for course in own_courses(session):
        found |= {key: form_in_words(course, form) for key, form in course.document.plans.items()}
    return found


@signed_in
def withdraw(form_id: str) -> Response:
    """End a plan. It stays among the earlier ones until its owner deletes it."""
    with unit_of_work() as work:
        withdraw_plan(work.session, person_id=who().person_id, form_id=form_id, now=utc_now())
    flash("Your plan is withdrawn.")
    return redirect(url_for("learn.plan"))


@signed_in
def delete_plan(plan_id: int) -> Response:
    """Remove an earlier plan for good."""
    with unit_of_work() as work:
        delete_for_good(work.session, person_id=who().person_id, plan_id=plan_id)
    flash("The plan is deleted.")
    return redirect(url_for("learn.plan"))


@signed_in
def plan_calendar(form_id: str) -> FileResponse:
    """A file that puts the plan’s day into a calendar."""
    found = find_plan(db.session(), person_id=who().person_id, form_id=form_id)
    if found is None or found.acts_on is None:
        raise NotFound(f"a day of plan {form_id}")
    host = urlsplit(current_app.config["SETTINGS"].public_url).hostname or "localhost"
    page_url = current_app.config["SETTINGS"].public_url.rstrip("/") + url_for("learn.plan")
    response = FileResponse(calendar_for(found, host=host, page_url=page_url), content_type="text/calendar")
    response.headers.set("Content-Disposition", "attachment", filename="my-plan.ics")
    return response
