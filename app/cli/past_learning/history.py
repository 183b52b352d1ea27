"""``history``: what people completed before it was recorded here, planned from a file, applied and undone."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.cli.feed.second_person import second_person
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.queue import JOBS
from app.platform.sealed.past_learning import file_of
from app.platform.work import unit_of_work
from certificates.batches.bulk_preview import preview_issue
from certificates.record.audiences import Audience
from courses.catalogue.versions import get_course
from courses.history.evidence import name_courses
from courses.history.plan import Outcome
from courses.history.planning import plan_history
from courses.history.reading import HistoryReading, read_entries
from courses.history.runs import (
    counts_of,
    courses_of,
    figures_of,
    get_run,
    sentences_for,
    start_applying,
    start_undoing,
)
from courses.history.sentences import SHORT, figure_sentences
from courses.history.stored import WORK_OFF_HISTORY, HistoryRun, Stage
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.feed.mapping.days import DateOrder
from people.feed.reading.opening import open_table
from people.feed.reading.tables import ReadingChoice
from people.feed.reading.unreadable import UnreadableFile
from people.organisations import Organisation, get_organisation

UNDECIDED = 3  # what a command ends with where a person must decide first
history = AppGroup("history", help="Bring in what people completed before it was recorded here.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@history.command("plan")
@click.argument("authority")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--dates",
    type=click.Choice([one.value for one in DateOrder]),
    default=DateOrder.DAY_FIRST.value,
    show_default=True,
    help="In which order the parts of a date stand.",
)
@click.option("--source", default="", help="Where the rows come from that do not say so. The file's name if left out.")
@click.option("--sheet", help="Which sheet of a workbook.")
@click.option("--course", "named", multiple=True, metavar="NAME=SLUG", help="Which course a name means. Repeatable.")
@AS_JSON
def plan_command(
    authority: str, path: Path, dates: str, source: str, sheet: str | None, named: tuple[str, ...], as_json: bool
) -> None:
    """Say what the file PATH would do for AUTHORITY, and keep the plan. Nothing is changed.

    Ends with 3 when a part of the file seems to be missing, so that a second person must agree.
    """
    now, how = utc_now(), HistoryReading(DateOrder(dates), source or path.name)
    with _plain_refusals(), path.open("rb") as file, unit_of_work() as work:
        organisation = get_organisation(work.session, slug=authority)
        called = {name: get_course(work.session, slug=slug).id for name, slug in _pairs(named).items()}
        name_courses(work.session, organisation_id=organisation.id, called=called, run=None, now=now)
        table = open_table(file, choice=ReadingChoice(sheet=sheet))
        run = plan_history(
            work.session,
            file_of(path.name, table),
            read_entries(table, how, on=local_day(now)),
            organisation_id=organisation.id,
            by=None,
            now=now,
        )
        run_id = run.id
    _show(run_id, as_json)
    if get_run(db.session(), run_id=run_id, organisation_id=None).is_short:
        raise SystemExit(UNDECIDED)


@history.command("apply")
@click.argument("run_id", metavar="RUN", type=int)
@click.option("--agreed-by", help="Who agrees to a file that was stopped: the user name of an HR lead or an admin.")
@AS_JSON
def apply_command(run_id: int, agreed_by: str | None, as_json: bool) -> None:
    """Add what the plan RUN says to people's records; also once more after it was undone."""
    with _plain_refusals(), unit_of_work() as work:
        run = get_run(work.session, run_id=run_id, organisation_id=None)
        by = second_person(work.session, organisation_id=run.organisation_id, username=agreed_by)
        start_applying(work.session, run_id=run_id, account_id=by, now=utc_now())
    _work_off()
    _show(run_id, as_json)


@history.command("undo")
@click.argument("run_id", metavar="RUN", type=int)
@AS_JSON
def undo_command(run_id: int, as_json: bool) -> None:
    """Take back what RUN added, but for what people have a certificate of by now."""
    with _plain_refusals(), unit_of_work() as work:
        get_run(work.session, run_id=run_id, organisation_id=None)
        start_undoing(work.session, run_id=run_id, account_id=None, now=utc_now())
    _work_off()
    _show(run_id, as_json)


@history.command("show")
@click.argument("run_id", metavar="RUN", type=int)
@AS_JSON
def show_command(run_id: int, as_json: bool) -> None:
    """Say what RUN does, and how far it is."""
    with _plain_refusals():
        get_run(db.session(), run_id=run_id, organisation_id=None)
    _show(run_id, as_json)


def _work_off() -> None:
    """Do here and now what a worker would do."""
    module, _, function = JOBS[WORK_OFF_HISTORY].rpartition(".")
    getattr(import_module(module), function)()


def _show(run_id: int, as_json: bool) -> None:
    session = db.session()
    run = get_run(session, run_id=run_id, organisation_id=None)
    stopped = [SHORT] if run.is_short else []
    counts = counts_of(session, run_ids=[run.id])[run.id]
    sentences = [
        *stopped,
        *(one.plain for one in sentences_for(session, run)),
        *_about_figures(run),
        *_about_certificates(run),
    ]
    if as_json:
        click.echo(json.dumps(_as_json(run, counts, sentences), ensure_ascii=False))
        return
    for sentence in sentences:
        click.echo(sentence)
    click.echo(f"Run {run.id}: {run.stage.value}, {run.done:,} of {run.wanted:,} done." if run.wanted else _next(run))


def _about_figures(run: HistoryRun) -> tuple[str, ...]:
    authority = db.session().get_one(Organisation, run.organisation_id).name
    smallest = current_settings().smallest_group
    return figure_sentences(figures_of(run, smallest_shown=smallest), authority=authority)


def _about_certificates(run: HistoryRun) -> tuple[str, ...]:
    """By itself past learning earns none: who would get one is said here, and decided on a page."""
    if run.stage is not Stage.APPLIED:
        return ()
    session, said = db.session(), []
    slug = session.get_one(Organisation, run.organisation_id).slug
    address = f"{current_settings().public_url.rstrip('/')}/council/{slug}/certificates/issue"
    for one in courses_of(session, run_id=run.id):
        if one.gives_certificate:
            course = get_course(session, slug=one.slug)
            audience = Audience(course.id, run.organisation_id, on=local_day(utc_now()))
            wanted = preview_issue(session, audience, takes_imported=True).wanted_imported
            people = "1 person" if wanted == 1 else f"{wanted:,} people"
            where = f"{address}?course={one.slug}&imported=yes"
            said.append(f"{people} could get a certificate for {one.title} by it. Decide with a preview: {where}")
    return tuple(said)


def _as_json(run: HistoryRun, counts: Mapping[Outcome, int], sentences: list[str]) -> dict[str, Any]:
    of = {one.value.replace("-", "_"): counts.get(one, 0) for one in Outcome}
    about = {"run": run.id, "stage": run.stage.value, "is_stopped": run.is_short, "done": run.done}
    return {**about, **of, "sentences": sentences}


def _next(run: HistoryRun) -> str:
    return f"Run {run.id}: {run.stage.value}. Apply it with: flask --app wsgi history apply {run.id}"


def _pairs(named: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for one in named:
        name, is_there, slug = one.rpartition("=")
        if not is_there or not name.strip():
            raise click.UsageError(f'Write --course "The name in the file=the-course", and not "{one}"')
        found[name.strip()] = slug.strip()
    return found


@contextmanager
def _plain_refusals() -> Iterator[None]:
    try:
        yield
    except RuleBroken as refusal:
        raise click.ClickException(f"{refusal.message}.") from None
    except UnreadableFile as problem:
        raise click.ClickException("\n".join(problem.findings)) from None
    except NotFound as problem:
        raise click.ClickException(f"There is no {problem}.") from None
