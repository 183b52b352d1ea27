"""Asking for a course, or asking otherwise: a form, what it would mean, and then doing it."""

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from app.requirements.asking_form import address_of, form_for
from app.requirements.refusals import field_of
from app.requirements.wanted import Wanted, wanted_from
from assignments.periods.rules import PeriodRule
from assignments.periods.words import period_rule_in_words
from assignments.plan_words import again_in_words, due_rule_in_words
from assignments.previewing import AtOnce, Preview, at_once, preview_people
from assignments.programmes.refreshers import Refresher
from assignments.requirement_changes import change_asking
from assignments.requirements import require_course
from courses.catalogue.versions import titles_of
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.roles import Role
from people.visibility import requirements_scope
from reports.suppression import SMALLEST_SHOWN


@allow(Role.HR_LEAD, Role.ADMIN)
def requirement_form(slug: str) -> str | tuple[str, int] | Response:
    """Fill in of whom a course is asked and by when; the next page says what it would mean."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    form = form_for(session, organisation)
    if form.validate_on_submit():
        try:
            asked = address_of(session, form)
            wanted = wanted_from(session, organisation, asked)
            if wanted.fault:
                raise RuleBroken(wanted.fault, field="audience")
            return redirect(url_for("requirements.requirement_preview", slug=slug, **asked))
        except RuleBroken as refusal:
            field_of(form, refusal, "since").errors = [refusal.message]
    page = render_template("requirements/requirement_form.html", form=form, organisation=organisation)
    return page, 422 if form.errors else 200


@allow(Role.HR_LEAD, Role.ADMIN)
def requirement_preview(slug: str) -> str | Response:
    """Say how many people join and leave, how many would be late at once, and then ask them."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    try:
        wanted = wanted_from(session, organisation, request.args)
    except (RuleBroken, ValueError, KeyError):
        abort(404)  # the form before this page lets none through
    if wanted.fault:
        abort(404)
    if FlaskForm().validate_on_submit():
        return _ask(wanted)
    today = local_day(utc_now())
    return render_template(
        "requirements/requirement_preview.html",
        organisation=organisation,
        wanted=wanted,
        form=form_for(session, organisation, wanted.asking),
        title=titles_of(session, course_ids=[wanted.course.id])[wanted.course.id],
        by_when=due_rule_in_words(session, wanted.asking.due),
        held_by_when=due_rule_in_words(session, wanted.held.due) if wanted.held else "",
        valid=_valid_words(wanted.asking.period),
        again=_again_words(session, wanted.asking.refresher),
        held_valid=_valid_words(wanted.held.period) if wanted.held else "",
        **_effect(session, wanted, today),
        smallest=SMALLEST_SHOWN,
    )


def _valid_words(rule: PeriodRule | None) -> str:
    return f"{period_rule_in_words(rule)}." if rule else "A completion is valid for ever."


def _again_words(session: Session, rule: Refresher | None) -> str:
    return f"{again_in_words(session, rule)} The first time is the whole course." if rule else ""


def _effect(session: Session, wanted: Wanted, today: date) -> dict[str, Preview | AtOnce]:
    organisation_id, held = wanted.organisation.id, wanted.held
    found = at_once(
        session,
        organisation_id=organisation_id,
        course_id=wanted.course.id,
        rule=wanted.rule,
        asking=wanted.asking,
        held=held,
        on=today,
    )
    preview = preview_people(
        session,
        organisation_id=organisation_id,
        course_ids=[wanted.course.id],
        old=held.rule if held else None,
        new=wanted.rule,
        on=today,
    )
    return {"preview": preview, "at_once": found}


def _ask(wanted: Wanted) -> Response:
    slug, by, now = wanted.organisation.slug, who().account_id, utc_now()
    organisation_id, course_id, asking, held = wanted.organisation.id, wanted.course.id, wanted.asking, wanted.held
    try:
        with unit_of_work() as work:
            if held is None:
                is_new = require_course(
                    work.session,
                    course_id=course_id,
                    organisation_ids=[organisation_id],
                    account_id=by,
                    now=now,
                    asking=asking,
                )
            else:
                is_new = change_asking(
                    work.session, requirement_id=held.requirement_id, asking=asking, account_id=by, now=now
                )
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash("It is asked in this way from now on" if is_new else "It was asked in this way already")
    return redirect(url_for("requirements.requirements", authority=slug))
