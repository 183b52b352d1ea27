"""``figures AUTHORITY``, ``figures publish`` and ``figures replay``."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.cli.figures.default_command import WithDefault
from app.cli.figures.printing import figures_lines, freshness_lines, published_line, replay_lines
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.work import unit_of_work
from assignments.plans import plans_on
from assignments.requirements import Requirement
from courses.catalogue.programmes import programmes_named
from courses.catalogue.versions import courses_by_id
from kernel.audit import record
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.organisations import get_organisation
from reports.answers.answering import answer, freshness_answer
from reports.answers.plain import plain
from reports.answers.published import get_published, publish, published_by
from reports.answers.replaying import replay
from reports.figures.definition import By, Cut, FigureDefinition, Measure, cut_from
from reports.freshness.plain import plain_freshness

_DAY = click.DateTime(formats=["%Y-%m-%d"])
COURSE = click.option(
    "--course", help="The part of a course’s address, or a programme.  [default: what is asked for first]"
)
BY = click.option(
    "--by", type=click.Choice([one.value for one in By]), default=By.UNIT.value, help="By what people are told apart."
)
PART = click.option(
    "--part",
    default="",
    help="Only one part of it: the number of a unit, a grade, a contract, a route; yes or no of manager and email.",
)
MEASURE = click.option(
    "--measure",
    type=click.Choice([one.value for one in Measure]),
    default=Measure.COMPLETION.value,
    help="How far people are, with who is past their date or without, or how long ago they finished.",
)
JSON = click.option("--json", "is_json", is_flag=True, help="Print JSON for programs.")


@click.group(cls=WithDefault)
def figures() -> None:
    """Print figures of an authority: figures AUTHORITY. Publish them, and ask for published ones again."""


@figures.command("show")
@click.argument("authority")
@COURSE
@click.option("--on", "day", type=_DAY, help="A day: 2027-04-01.  [default: today]")
@BY
@PART
@MEASURE
@JSON
@with_appcontext
def show(
    authority: str, course: str | None, day: datetime | None, by: str, part: str, measure: str, is_json: bool
) -> None:
    """Print how far the people of AUTHORITY are on a day. The word “show” may be left out."""
    session, now = db.session(), utc_now()
    with _plain_refusals():
        on = day.date() if day else local_day(now)
        asked = _definition(session, authority, course, on, _cut(by, part))
        if measure == Measure.FRESHNESS:
            fresh = freshness_answer(session, asked, now=now, smallest_shown=current_settings().smallest_group)
            said = plain_freshness(fresh)
            click.echo(json.dumps(said, ensure_ascii=False) if is_json else "\n".join(freshness_lines(said)))
            return
        asked = replace(asked, measure=Measure(measure))
        found = answer(session, asked, now=now, smallest_shown=current_settings().smallest_group)
    if is_json:
        click.echo(json.dumps({**plain(found), "as_at": now.isoformat()}, ensure_ascii=False))
    else:
        click.echo("\n".join(figures_lines(plain(found))))


@figures.command("publish")
@click.argument("authority")
@COURSE
@click.option("--on", "day", type=_DAY, help="A day that is over: 2027-04-01.  [default: yesterday]")
@BY
@PART
@click.option("--public", "is_public", is_flag=True, help="Let anybody open it.  [default: who sees these figures]")
@JSON
@with_appcontext
def publish_figures(
    authority: str, course: str | None, day: datetime | None, by: str, part: str, is_public: bool, is_json: bool
) -> None:
    """Keep how far the people of AUTHORITY were on a day, for ever, and print the number under which it stands."""
    now = utc_now()
    with _plain_refusals(), unit_of_work() as work:
        on = day.date() if day else local_day(now) - timedelta(days=1)
        asked = _definition(work.session, authority, course, on, _cut(by, part))
        smallest = current_settings().smallest_group
        made = publish(work.session, asked, is_public=is_public, account_id=None, now=now, smallest_shown=smallest)
        record(
            work.session,
            action="figure-published",
            subject_type="published-figure",
            subject_id=made.number,
            actor_account_id=None,
            now=now,
            detail={"authority": asked.authority, "course": asked.course, "as_at": asked.on.isoformat()},
        )
    address = f"{current_settings().public_url.rstrip('/')}/figures/{made.number}"
    if is_json:
        click.echo(json.dumps({"number": made.number, "address": address, **made.result}, ensure_ascii=False))
        return
    who = "Anybody may open it" if is_public else "Who sees these figures may open it"
    click.echo("\n".join([*figures_lines(made.result), "", f"Published as {made.number}. {who}: {address}"]))


@figures.command("published")
@click.argument("authority")
@JSON
@with_appcontext
def published_figures(authority: str, is_json: bool) -> None:
    """List what was published of AUTHORITY, the newest first."""
    session = db.session()
    with _plain_refusals():
        found = published_by(session, organisation_id=get_organisation(session, slug=authority).id)
    if is_json:
        rows = [
            {
                "number": one.number,
                "definition": one.definition.as_json(),
                "is_public": one.is_public,
                "published_at": one.published_at.isoformat(),
            }
            for one in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        click.echo("\n".join(map(published_line, found)) or "Nothing was published.")


@figures.command("replay")
@click.argument("figure_number", metavar="NUMBER")
@JSON
@with_appcontext
def replay_figure(figure_number: str, is_json: bool) -> None:
    """Ask again for the published figure NUMBER. Ends with 0 where the record answers the same, with 1 where not."""
    session = db.session()
    with _plain_refusals():
        published = get_published(session, figure_number)
    found = replay(session, published, now=utc_now())
    if is_json:
        differences = [vars(one) for one in found.differences]
        said = {"number": published.number, "is_equal": found.is_equal, "refusal": found.refusal or None}
        click.echo(json.dumps({**said, "differences": differences, "since": list(found.since)}, ensure_ascii=False))
    else:
        click.echo("\n".join(replay_lines(published, found)))
    if not found.is_equal:
        raise SystemExit(1)


def _definition(session: Session, authority: str, course: str | None, on: date, cut: Cut) -> FigureDefinition:
    """What is asked for. Raises ``NotFound`` and ``RuleBroken``."""
    organisation = get_organisation(session, slug=authority)
    if course is not None:
        named = programmes_named(session, course)
        if len(named) > 1:
            raise RuleBroken(f"Several programmes have this name: {', '.join(named)}. Give one of these instead.")
        return FigureDefinition(organisation.slug, named[0] if named else course, on, cut)
    plans = plans_on(session, Requirement.organisation_id == organisation.id, on=local_day(utc_now()))
    if not plans:
        raise RuleBroken(f"{organisation.name} asks for no course. Name one with --course.")
    first = plans[0].course_id
    return FigureDefinition(organisation.slug, courses_by_id(session, course_ids=[first])[first].slug, on, cut)


def _cut(by: str, part: str) -> Cut:
    return cut_from({"by": by, by: part})


class _Refused(click.ClickException):
    """That there is no answer: 1 says that a published figure differs."""

    exit_code = 2


@contextmanager
def _plain_refusals() -> Iterator[None]:
    try:
        yield
    except NotFound as problem:
        raise _Refused(f"There is no {problem}.") from None
    except RuleBroken as refusal:
        raise _Refused(refusal.message) from None
