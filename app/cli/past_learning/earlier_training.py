"""``earlier-training``: by which rule an authority accepts what people completed elsewhere before they joined it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import click
from flask.cli import AppGroup

from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.work import unit_of_work
from courses.acceptance.preview import CoursePreview, RulePreview, preview_rule, rule_for
from courses.acceptance.rules import Accepts, NewRule, check_rule, rules_of, set_rule
from courses.acceptance.words import accepts_words, preview_words
from courses.catalogue.versions import current_versions, get_course
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.organisations import get_organisation

earlier_training = AppGroup("earlier-training", help="Say whether training from before somebody joined counts.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
COURSE = click.option("--course", "course_slug", help="For this course alone. Every course if left out.")
DAY = click.DateTime(["%Y-%m-%d"])
FROM = click.option("--from", "since", type=DAY, help="From which day on, as 2026-12-31. Today if left out.")
CHOICE = click.argument("choice", metavar="all|none|as-for-all|MONTHS")


@earlier_training.command("show")
@click.argument("authority")
@click.option("--on", type=DAY, help="On which day, as 2026-12-31. Today if left out.")
@AS_JSON
def show(authority: str, on: datetime | None, as_json: bool) -> None:
    """Print what AUTHORITY accepts on a day: of every course, and of each."""
    session, day = db.session(), on.date() if on else local_day(utc_now())
    with _plain_refusals():
        organisation = get_organisation(session, slug=authority)
    held = rules_of(session, organisation_id=organisation.id)
    general = rule_for(held, course_id=None, on=day)
    courses = {course.slug: rule_for(held, course_id=course.id, on=day) for course, _ in current_versions(session)}
    if as_json:
        said = {slug: _rule(*rule) for slug, rule in courses.items()}
        click.echo(json.dumps({"on": day.isoformat(), "every_course": _rule(*general), "courses": said}))
        return
    click.echo(f"{organisation.name}, {day}: {accepts_words(*general)}.")
    for slug, rule in courses.items():
        if rule != general:
            click.echo(f"{slug}: {accepts_words(*rule)}.")


@earlier_training.command("preview")
@click.argument("authority")
@CHOICE
@COURSE
@FROM
@AS_JSON
def preview(authority: str, choice: str, course_slug: str | None, since: datetime | None, as_json: bool) -> None:
    """Say how many people would be asked to take a course again, and change nothing."""
    with _plain_refusals():
        rule = _wanted(authority, choice, course_slug, since)
        check_rule(rule, on=local_day(utc_now()))
        _show(preview_rule(db.session(), rule), as_json, is_set=False)


@earlier_training.command("set")
@click.argument("authority")
@CHOICE
@COURSE
@FROM
@AS_JSON
def set_command(authority: str, choice: str, course_slug: str | None, since: datetime | None, as_json: bool) -> None:
    """Let a rule hold from a day on. Figures of days before it stay as they are."""
    with _plain_refusals(), unit_of_work() as work:
        rule = _wanted(authority, choice, course_slug, since)
        found = preview_rule(work.session, rule)
        set_rule(work.session, rule, by=None, now=utc_now())
    _show(found, as_json, is_set=True)


def _wanted(authority: str, choice: str, course_slug: str | None, since: datetime | None) -> NewRule:
    session = db.session()
    course_id = get_course(session, slug=course_slug).id if course_slug else None
    accepts, months = _choice(choice)
    holds_from: date = since.date() if since else local_day(utc_now())
    return NewRule(get_organisation(session, slug=authority).id, course_id, accepts, months, holds_from)


def _choice(typed: str) -> tuple[Accepts, int | None]:
    if typed.isascii() and typed.isdigit() and len(typed) < 5:
        return Accepts.NO_OLDER, int(typed)
    if typed in (Accepts.ALL, Accepts.NONE, Accepts.AS_FOR_ALL):
        return Accepts(typed), None
    raise click.UsageError(f"Write all, none, as-for-all or a number of months, and not “{typed}”")


def _show(found: RulePreview, as_json: bool, *, is_set: bool) -> None:
    sentence = preview_words(found, smallest_shown=current_settings().smallest_group)
    if as_json:
        courses = [_counts(one) | {"course": one.title} for one in found.courses]
        said = {"is_set": is_set, "from": found.on.isoformat(), **_counts(found), "courses": courses}
        click.echo(json.dumps({**said, "sentence": sentence}, ensure_ascii=False))
        return
    click.echo(sentence)
    click.echo(
        f"The rule holds from {found.on} on." if is_set else "Nothing is changed. Set it with: earlier-training set"
    )


def _counts(one: RulePreview | CoursePreview) -> dict[str, Any]:
    """Numbers of people; those below the smallest group are not said."""
    smallest = current_settings().smallest_group
    counts = {"people": one.people, "asked_again_now": one.again_now, "asked_again_then": one.again_then}
    return {key: count if not count or count >= smallest else None for key, count in counts.items()}


def _rule(accepts: Accepts, months: int | None) -> dict[str, Any]:
    return {"accepts": accepts.value, "months": months}


@contextmanager
def _plain_refusals() -> Iterator[None]:
    try:
        yield
    except RuleBroken as refusal:
        raise click.ClickException(f"{refusal.message}.") from None
    except NotFound as problem:
        raise click.ClickException(f"There is no {problem}.") from None
