"""``requirements``: what authorities ask, and how everybody stands with it."""

import json
from collections import Counter
from datetime import date, datetime

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.extensions import db
from app.platform.work import long_reading
from assignments.exemptions.record import Exemption, holds_on
from assignments.periods.words import period_rule_in_words
from assignments.plan_words import again_in_words, due_rule_in_words
from assignments.plans import Plan, plans_on
from assignments.requirements import Requirement
from assignments.standing.people_asked import asked_of
from courses.catalogue.versions import titles_of
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.organisations import Organisation, get_organisation, organisations

ON = click.option("--on", "day", type=click.DateTime(formats=["%Y-%m-%d"]), help="A day: 2027-04-01.  [default: today]")
JSON = click.option("--json", "is_json", is_flag=True, help="Print JSON for programs.")
AUTHORITY = click.option("--authority", help="Only this authority, by its part of an address.")
_NUMBERS = ("asked", "finished", "late", "away", "exempt")


@click.group()
def requirements() -> None:
    """Show what authorities ask, and how everybody stands with it."""


def chosen_authorities(session: Session, authority: str | None) -> list[Organisation]:
    """The authority that is named, or every one. Raises ``ClickException`` for one that is not there."""
    try:
        return [get_organisation(session, slug=authority)] if authority else list(organisations(session))
    except NotFound as problem:
        raise click.ClickException(f"There is no {problem}.") from None


def _said(session: Session, name: str, plan: Plan, title: str) -> dict[str, str | int | None]:
    return {
        "requirement": plan.requirement_id,
        "authority": name,
        "course": title,
        "asked_of": plan.audience_name or "everybody",
        "by_when": due_rule_in_words(session, plan.due),
        "valid": period_rule_in_words(plan.period) if plan.period else None,
        "next_time": again_in_words(session, plan.refresher) if plan.refresher else None,
        "steps": len(plan.steps) or None,
        "since": plan.asked_on.isoformat(),
    }


@requirements.command("list")
@AUTHORITY
@ON
@JSON
@with_appcontext
def list_requirements(authority: str | None, day: datetime | None, is_json: bool) -> None:
    """Print what was asked at the end of a day, one line each."""
    session, on = db.session(), day.date() if day else local_day(utc_now())
    found = [
        one for organisation in chosen_authorities(session, authority) for one in _lines(session, organisation, on)
    ]
    if is_json:
        click.echo(json.dumps({"on": on.isoformat(), "requirements": found}, ensure_ascii=False))
        return
    for one in found:
        exempt = f" Exempt: {one['exempt']:,}." if one["exempt"] else ""
        valid = f" {one['valid']}." if one["valid"] else ""
        next_time = f" {one['next_time']}" if one["next_time"] else ""
        by_when = f"{one['by_when']}.{valid}{next_time}{exempt}"
        click.echo(f"{one['authority']} asks {one['asked_of']} to finish {one['course']} {by_when}")
    if not found:
        click.echo("Nothing is asked.")


def _lines(session: Session, organisation: Organisation, on: date) -> list[dict[str, str | int | None]]:
    plans = plans_on(session, Requirement.organisation_id == organisation.id, on=on)
    titles = titles_of(session, course_ids=[plan.course_id for plan in plans])
    known = select(Exemption.person_id).where(Exemption.organisation_id == organisation.id, holds_on(on)).distinct()
    counts = _counted(session, plans, on, list(session.scalars(known)))
    return [
        {
            **_said(session, organisation.name, plan, titles[plan.course_id]),
            "exempt": counts[plan.requirement_id]["exempt"],
        }
        for plan in plans
    ]


@requirements.command("evaluate")
@AUTHORITY
@ON
@JSON
@with_appcontext
def evaluate(authority: str | None, day: datetime | None, is_json: bool) -> None:
    """Work out for everybody how they stood with what was asked at the end of a day, and print the numbers."""
    on = day.date() if day else local_day(utc_now())
    with long_reading() as session:
        found = []
        for organisation in chosen_authorities(session, authority):
            plans = plans_on(session, Requirement.organisation_id == organisation.id, on=on)
            titles = titles_of(session, course_ids=[plan.course_id for plan in plans])
            counts = _counted(session, plans, on)
            for plan in plans:
                numbers = {name: counts[plan.requirement_id][name] for name in _NUMBERS}
                found.append({**_said(session, organisation.name, plan, titles[plan.course_id]), **numbers})
    if is_json:
        click.echo(json.dumps({"on": on.isoformat(), "requirements": found}, ensure_ascii=False))
        return
    for one in found:
        click.echo(
            f"{one['authority']}, {one['course']}: {one['asked']:,} asked, {one['finished']:,} finished, "
            f"{one['late']:,} past their date, {one['away']:,} on leave without a date, "
            f"{one['exempt']:,} exempt."
        )


def _counted(
    session: Session, plans: tuple[Plan, ...], on: date, person_ids: list[int] | None = None
) -> dict[int, Counter[str]]:
    """By requirement, how everybody stands, or these people."""
    counts: dict[int, Counter[str]] = {plan.requirement_id: Counter() for plan in plans}
    for one in asked_of(session, plans, on=on, person_ids=person_ids, with_exempt=True):
        its = counts[one.plan.requirement_id]
        if one.is_left_out:
            its["exempt"] += 1
            continue
        its["asked"] += 1
        its["finished"] += one.finished_on is not None
        its["late"] += one.finished_on is None and one.due.is_late(on)
        its["away"] += one.finished_on is None and one.due.is_away
    return counts
