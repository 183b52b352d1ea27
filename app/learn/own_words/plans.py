"""A learner’s plan: written on a screen or on its own page, asked about later, changed, printed and withdrawn."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import Response as FileResponse
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.course_pages.plan_fields import fields_posted
from app.course_pages.plan_views import PlanWriting, form_in_words, plan_words_of, writing_again, writing_view
from app.course_pages.screen_urls import screen_url
from app.learn.courses.own_courses import own_courses
from app.learn.place.in_place import status_of
from app.learn.place.place import Place, get_place
from app.learn.place.screen_page import show
from app.learn.place.typed_again import personal_again
from app.learn.place.unsent_words import find_own
from app.platform.access import signed_in, who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.mail.transport import find_mail_transport
from app.platform.pages.unsent import kept_when_signed_out
from app.platform.work import unit_of_work
from courses.content.model.plans import PlanBlock, PlanCheckBlock, PlanForm
from courses.reflection.plan_calendar import calendar_for
from courses.reflection.plans import (
    GOING_WORDS,
    TELL_WORDS,
    Plan,
    PlanWords,
    Said,
    check_plan,
    checks_of,
    find_plan,
    plans_of,
    withdraw_plan,
    write_plan,
)
from courses.reflection.plans import delete_plan as delete_for_good
from courses.taking.screens import ScreenAddress
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from kernel.seen import FIELD, ChangedMeanwhile
from people.persons import Person

SAVED = "Your plan is saved."


@signed_in
@kept_when_signed_out
def write_on_screen(address: ScreenAddress, plan_id: str) -> str | tuple[str, int] | Response:
    """Keep the plan that was written on a screen of a course."""
    back = screen_url(address, fragment=plan_id)
    if request.method == "GET":  # the page again, after an error and a reload
        return redirect(back)
    place = get_place(db.session(), address)
    block = PlanBlock(plan_id=plan_id)
    if block not in place.screen.personal:
        raise NotFound(f"plan {plan_id} on {address}")
    fields = fields_posted(request.form)
    if not fields.validate():
        views = personal_again(db.session(), place, block.key, request.form)
        view = views[block.key]
        if isinstance(view, PlanWriting):
            views[block.key] = replace(view, fields=fields)
        return show(db.session(), place, personal=views, error="Look at your plan"), 422
    try:
        _keep(plan_id, fields.words())
    except ChangedMeanwhile as refusal:
        views = personal_again(db.session(), place, block.key, request.form, refusal)
        return show(db.session(), place, personal=views, error=refusal.message), 409
    return redirect(back)


@signed_in
@kept_when_signed_out
def check_on_screen(address: ScreenAddress, plan_id: str) -> str | tuple[str, int] | Response:
    """Keep how the plan is going."""
    block = PlanCheckBlock(plan_id=plan_id)
    back = screen_url(address, fragment=block.key)
    if request.method == "GET":
        return redirect(back)
    place = get_place(db.session(), address)
    if block not in place.screen.personal:
        raise NotFound(f"a question about plan {plan_id} on {address}")
    try:
        _check(place, plan_id)
    except RuleBroken as refusal:
        views = personal_again(db.session(), place, block.key, request.form, refusal)
        return show(db.session(), place, personal=views, error=refusal.message), status_of(refusal)
    return redirect(back)


def _check(place: Place, plan_id: str) -> None:
    document = place.course.document
    with unit_of_work() as work:
        plan = find_plan(work.session, person_id=who().person_id, form_id=plan_id)
        if plan is None:
            raise NotFound(f"a plan {plan_id} to ask about")
        check_plan(
            work.session,
            plan=plan,
            course_id=place.attempt.course_id,
            form=document.plans[plan_id],
            said=Said(request.form.get("going", ""), request.form.get("obstacle") or None, request.form.get(FIELD, "")),
            now=utc_now(),
        )


def _keep(plan_id: str, words: PlanWords) -> None:
    with unit_of_work() as work:
        write_plan(
            work.session,
            person_id=who().person_id,
            form_id=plan_id,
            words=words,
            is_new="new" in request.form,
            now=utc_now(),
            seen=request.form.get(FIELD, ""),
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
        is_mail_sent=find_mail_transport() is not None and session.get_one(Person, who().person_id).email is not None,
        current=[card for card in cards if card.plan.ended_at is None],
        earlier=[card for card in cards if card.plan.ended_at is not None],
        to_write=[(key, form.title) for key, form in _forms(session).items() if key not in held],
    )


@signed_in
@kept_when_signed_out
def plan_words(form_id: str) -> str | tuple[str, int] | Response:
    """Write or change a plan on its own page."""
    view, here = _writing(form_id), url_for("learn.plan_words", form_id=form_id)
    if request.method == "GET":
        if found := find_own(db.session(), "learn.plan_words", form_id=form_id):
            again = writing_again(view, fields_posted(found.fields), None, keep_url=here)
            view = replace(again, seen=found.fields.get(FIELD, ""))
        return render_template("learn/plan_words.html", view=view)
    fields, refusal = fields_posted(request.form), None
    if fields.validate():
        try:
            _keep(form_id, fields.words())
            return redirect(url_for("learn.plan"))
        except ChangedMeanwhile as problem:
            refusal, view = problem, _writing(form_id)
    again = writing_again(view, fields, refusal, keep_url=here)
    return render_template("learn/plan_words.html", view=again), 409 if refusal else 422


def _writing(form_id: str) -> PlanWriting:
    """The form with the plan that there is now. Raises ``NotFound`` for one that nobody asks this person to write."""
    session = db.session()
    form = _forms(session).get(form_id)
    current = find_plan(session, person_id=who().person_id, form_id=form_id)
    if form is None and current is None:
        raise NotFound(f"plan {form_id}")
    here = url_for("learn.plan_words", form_id=form_id)
    return writing_view(form_id, form or PlanForm(title="My plan"), current, here, here, request.args.get("idea", ""))


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
    host = urlsplit(current_settings().public_url).hostname or "localhost"
    page_url = current_settings().public_url.rstrip("/") + url_for("learn.plan")
    response = FileResponse(calendar_for(found, host=host, page_url=page_url), content_type="text/calendar")
    response.headers.set("Content-Disposition", "attachment", filename="my-plan.ics")
    return response
