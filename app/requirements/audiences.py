"""Audiences: people by a rule under a name. A change is proposed, looked at, and approved or dropped."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from app.requirements.audience_form import AudienceForm, audience_form, filled_in_by, unknown_numbers
from app.requirements.refusals import field_of
from assignments.audiences.rules import IsNamed, Rule, courses_needed, leaves_of
from assignments.audiences.saved import (
    DECIDED_MEANWHILE,
    AudienceInForce,
    add_audience,
    approve_rule,
    drop_rule,
    find_proposed,
    get_audience,
    propose_rule,
    rules_in_force,
    versions_of,
)
from assignments.audiences.words import names_in, rule_in_words
from assignments.plans import plans_on
from assignments.previewing import circle_of, preview_people
from assignments.requirements import Requirement
from courses.catalogue.versions import titles_of
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation
from people.roles import Role
from people.visibility import requirements_scope
from reports.suppression import SMALLEST_SHOWN


@allow(Role.HR_LEAD, Role.ADMIN)
def audience_new(slug: str) -> str | tuple[str, int] | Response:
    """Save a rule under a name. Nobody is asked anything by it before a requirement uses it."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    form = audience_form(session, organisation, {"manages": ""})
    if form.validate_on_submit():
        try:
            rule = _rule(session, organisation, form)
            with unit_of_work() as work:
                audience_id = add_audience(
                    work.session,
                    organisation_id=organisation.id,
                    name=form.name.data or "",
                    rule=rule,
                    account_id=who().account_id,
                    now=utc_now(),
                )
            flash("The audience is saved. Nobody is asked anything by it until a requirement uses it")
            return redirect(url_for("requirements.audience", slug=slug, audience_id=audience_id))
        except RuleBroken as refusal:
            field_of(form, refusal, "unit").errors = [refusal.message]
    page = render_template("requirements/audience_new.html", form=form, organisation=organisation)
    return page, 422 if form.errors else 200


def _rule(session: Session, organisation: Organisation, form: AudienceForm) -> Rule:
    """What was filled in. Raises ``RuleBroken`` for numbers that nobody has, too."""
    rule = form.rule()
    numbers = tuple(one for leaf in leaves_of(rule) if isinstance(leaf, IsNamed) for one in leaf.payroll_numbers)
    if unknown := unknown_numbers(session, organisation, numbers):
        few = ", ".join(unknown[:5])
        raise RuleBroken(f"Nobody here has these payroll numbers: {few}", field="named")
    return rule


def _in_force(session: Session, audience_id: int) -> AudienceInForce:
    today = local_day(utc_now())
    return rules_in_force(session, audience_ids=[audience_id], on=today)[audience_id]


def _effect(
    session: Session, organisation: Organisation, audience_id: int, old: Rule | None, new: Rule
) -> dict[str, Any]:
    """What a rule would mean where it is used; of nothing in particular where it is not."""
    today = local_day(utc_now())
    plans = plans_on(session, Requirement.audience_id == audience_id, on=today)
    courses = [plan.course_id for plan in plans]
    preview = preview_people(session, organisation_id=organisation.id, course_ids=courses, old=old, new=new, on=today)
    return {"preview": preview, "used_by": sorted(titles_of(session, course_ids=courses).values())}


@allow(Role.HR_LEAD, Role.ADMIN)
def audience(slug: str, audience_id: int) -> str:
    """The rule in words, how many people it means today, and what waits to be approved."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    found = get_audience(session, audience_id=audience_id, organisation_id=organisation.id)
    held, waiting = _in_force(session, audience_id), find_proposed(session, audience_id=audience_id)
    proposed = waiting.as_rule() if waiting else None
    names = names_in(session, [held.rule, *([proposed] if proposed else [])])
    return render_template(
        "requirements/audience.html",
        organisation=organisation,
        audience=found,
        rule=rule_in_words(held.rule, names),
        version=held.number,
        proposed=rule_in_words(proposed, names) if proposed else None,
        waiting=waiting,
        versions=versions_of(session, audience_id=audience_id),
        smallest=SMALLEST_SHOWN,
        **_effect(session, organisation, audience_id, held.rule, proposed or held.rule),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def audience_changed(slug: str, audience_id: int) -> str | tuple[str, int] | Response:
    """Propose another rule. It changes nobody until it is approved."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    found = get_audience(session, audience_id=audience_id, organisation_id=organisation.id)
    form = audience_form(session, organisation, filled_in_by(_in_force(session, audience_id).rule, found.name))
    if form.validate_on_submit():
        try:
            rule = _rule(session, organisation, form)
            _refuse_circles(session, organisation, audience_id, rule)
            with unit_of_work() as work:
                propose_rule(
                    work.session, audience_id=audience_id, rule=rule, account_id=who().account_id, now=utc_now()
                )
            return redirect(url_for("requirements.audience", slug=slug, audience_id=audience_id))
        except RuleBroken as refusal:
            field_of(form, refusal, "unit").errors = [refusal.message]
    page = render_template("requirements/audience_changed.html", form=form, organisation=organisation, audience=found)
    return page, 422 if form.errors else 200


def _refuse_circles(session: Session, organisation: Organisation, audience_id: int, rule: Rule) -> None:
    today = local_day(utc_now())
    for plan in plans_on(session, Requirement.audience_id == audience_id, on=today):
        needs = courses_needed(rule) | ({plan.due.course_id} if plan.due.course_id is not None else set())
        fault = circle_of(session, organisation_id=organisation.id, course_id=plan.course_id, needs=needs, on=today)
        if fault:
            raise RuleBroken(fault, field="completed")


@allow(Role.HR_LEAD, Role.ADMIN)
def audience_decided(slug: str, audience_id: int, decision: str) -> Response:
    """Approve or drop what waits."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    get_audience(session, audience_id=audience_id, organisation_id=organisation.id)
    decide = {"approve": approve_rule, "drop": drop_rule}.get(decision)
    if decide is None:
        raise NotFound(f"decision {decision}")
    waiting = find_proposed(session, audience_id=audience_id)
    try:
        is_seen = waiting is not None and request.form.get("version") == str(waiting.id)
        if waiting is None or not is_seen or not FlaskForm().validate_on_submit():
            raise RuleBroken(DECIDED_MEANWHILE)
        version_id = waiting.id
        with unit_of_work() as work:
            decide(work.session, version_id=version_id, account_id=who().account_id, now=utc_now())
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash("The change holds from now on" if decision == "approve" else "The change is dropped. Nobody has moved")
    return redirect(url_for("requirements.audience", slug=slug, audience_id=audience_id))
