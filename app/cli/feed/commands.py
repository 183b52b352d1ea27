"""HR files at the command line: planned in sentences, applied, undone, shown."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.cli.feed.printing import STATE_WORDS, print_run, state_of
from app.cli.feed.second_person import second_person
from app.platform.extensions import db
from app.platform.feeds import ChosenMapping, plan_file, take_step
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.claims import claim, fail
from people.feed.mapping.stored import find_mapping
from people.feed.mapping.suggesting import suggest_mapping
from people.feed.reading.opening import open_table
from people.feed.reading.unreadable import UnreadableFile
from people.feed.runs.deciding import decide, get_run
from people.feed.runs.record import FEED_RUNS, Choice, FeedRun
from people.feed.runs.undoing import ask_to_undo, preview_undo
from people.organisations import get_organisation

# What a command ends with: nothing can be read; a person must decide first.
UNREADABLE, UNDECIDED = 2, 3
as_json = click.option("--json", "is_json", is_flag=True, help="Print JSON instead of sentences.")


@click.group()
def feed() -> None:
    """Plan, apply and undo the files that HR systems write of their people."""


@feed.command("plan")
@click.argument("authority")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "mapping_name", help="A saved mapping; without it the one that was saved last.")
@click.option("--everybody", is_flag=True, help="The file holds everybody: whoever is not in it has left.")
@as_json
@with_appcontext
def plan_command(authority: str, path: Path, mapping_name: str | None, everybody: bool, is_json: bool) -> None:
    """Say what the file at PATH would do to AUTHORITY, and change nothing.

    Ends with 2 when the file cannot be read, and with 3 when a brake stops it.
    """
    with plain_refusals(is_json), path.open("rb") as file:
        organisation = get_organisation(db.session(), slug=authority)
        chosen, said = _mapping(db.session(), file, organisation.id, mapping_name)
        if everybody:
            whole = replace(chosen.mapping.coverage, everybody=True)
            chosen = replace(chosen, mapping=replace(chosen.mapping, coverage=whole))
        file.seek(0)
        run_id = plan_file(file, name=path.name, organisation_id=organisation.id, chosen=chosen, by=None)
    run = get_run(db.session(), run_id=run_id)
    print_run(run, is_json, said)
    if run.is_stopped:
        raise SystemExit(UNDECIDED)


@feed.command("apply")
@click.argument("run_id", type=int)
@click.option("--without-leavers", is_flag=True, help="Do everything but end the jobs of those who leave.")
@click.option("--agreed-by", help="Who agrees to a file that was stopped: the user name of an HR lead or an admin.")
@as_json
@with_appcontext
def apply_command(run_id: int, without_leavers: bool, agreed_by: str | None, is_json: bool) -> None:
    """Apply the plan with this RUN number. Goes on with one that was begun.

    Ends with 3 when a second person must agree, when the record has moved and the plan was made again, and when another
    process has this file in hand.
    """
    choice = Choice.WITHOUT_LEAVERS if without_leavers else Choice.ALL
    with plain_refusals(is_json, code=UNDECIDED):
        run = get_run(db.session(), run_id=run_id)
        if run.is_planned:
            with unit_of_work() as work:
                by = second_person(work.session, organisation_id=run.organisation_id, username=agreed_by)
                decide(work.session, run_id=run_id, choice=choice, by=by, now=utc_now())
        elif run.is_unread:
            raise RuleBroken("This file has no plan yet: a worker still has to read it, or could not")
        elif run.choice is None or not (run.is_on_its_way or run.has_failed):
            raise RuleBroken(f"This file {STATE_WORDS[run.state]}")
        run = _carried_out(run_id)
    if run.replaced_by_id is not None:
        print_run(
            get_run(db.session(), run_id=run.replaced_by_id),
            is_json,
            (f"Run {run_id} was not applied: the record has changed since its plan was made. This is the new plan.",),
        )
        raise SystemExit(UNDECIDED)
    print_run(run, is_json)


@feed.command("undo")
@click.argument("run_id", type=int)
@as_json
@with_appcontext
def undo_command(run_id: int, is_json: bool) -> None:
    """Take back what the last file said. What happened since stays, and nobody is deleted.

    Ends with 3 when another process has this file in hand.
    """
    with plain_refusals(is_json):
        run = get_run(db.session(), run_id=run_id)
        taken_back = preview_undo(db.session(), run).sentences
        if not (run.is_to_undo and (run.is_on_its_way or run.has_failed)):
            with unit_of_work() as work:
                ask_to_undo(work.session, run_id=run_id, by=None, now=utc_now())
    with plain_refusals(is_json, code=UNDECIDED):
        run = _carried_out(run_id)
    if is_json:
        print_run(run, is_json, taken_back)
        return
    click.echo("The record becomes what it would be without this file:")
    for sentence in taken_back:
        click.echo(f"  {sentence}.")
    click.echo(state_of(run))


@feed.command("show")
@click.argument("run_id", type=int)
@as_json
@with_appcontext
def show_command(run_id: int, is_json: bool) -> None:
    """Print the plan of a RUN and what became of it."""
    with plain_refusals(is_json):
        print_run(get_run(db.session(), run_id=run_id), is_json)


def _mapping(
    session: Session, file: BinaryIO, organisation_id: int, name: str | None
) -> tuple[ChosenMapping, tuple[str, ...]]:
    """The saved mapping, or the one that the headings suggest, and what is to be said of it."""
    stored = find_mapping(session, organisation_id=organisation_id, name=name)
    if stored is not None:
        read = open_table(file, choice=stored.mapping.reading).how
        return ChosenMapping(stored.mapping, stored.id), (f"Read by the mapping “{stored.name}”.", *read.sentences)
    if name is not None:
        raise NotFound(f"mapping of that name: {name}")
    table = open_table(file)
    suggestion = suggest_mapping(table)
    if suggestion.missing:
        raise UnreadableFile("No mapping is saved, and the headings do not say enough.", *suggestion.sentences)
    return ChosenMapping(suggestion.mapping), (
        "No mapping is saved: this one is taken from the headings.",
        *table.how.sentences,
        *suggestion.sentences,
    )


def carry_on(run_id: int) -> None:
    """Do all of a run here, as a worker would. Why a file that came by itself cannot be read is written down."""
    while True:
        with unit_of_work() as work:
            claimed = claim(work.session, FEED_RUNS, now=utc_now(), only=[run_id])
        if claimed is None:
            break
        (run,) = claimed.rows
        is_reading = run.is_to_plan
        try:
            take_step(claimed)
        except (UnreadableFile, RuleBroken) as problem:
            if not is_reading:
                raise
            with unit_of_work() as work:
                fail(work.session, claimed, reason=str(problem), now=utc_now(), is_final=True)


def _carried_out(run_id: int) -> FeedRun:
    """Do all of a run here. Raises ``RuleBroken`` where it is not done after that, because another process has it."""
    carry_on(run_id)
    run = _fresh(run_id)
    if run.is_on_its_way or run.has_failed:
        raise RuleBroken(
            f"Nothing was done here: another process has run {run_id} in hand, or it failed there a moment ago. “feed"
            f" show {run_id}” says how far it is"
        )
    return run


def _fresh(run_id: int) -> FeedRun:
    db.session().expire_all()
    return get_run(db.session(), run_id=run_id)


@contextmanager
def plain_refusals(is_json: bool, *, code: int = 1) -> Iterator[None]:
    """What cannot be done is said in sentences, and the command ends with a number."""
    try:
        yield
    except UnreadableFile as problem:
        _refuse(problem.findings, is_json, UNREADABLE)
    except RuleBroken as refusal:
        _refuse((f"{refusal.message}.",), is_json, code)
    except NotFound as problem:
        _refuse((f"There is no {problem}.",), is_json, 1)


def _refuse(findings: tuple[str, ...], is_json: bool, code: int) -> NoReturn:
    if is_json:
        click.echo(json.dumps({"findings": list(findings)}, ensure_ascii=False, indent=2))
    else:
        for one in findings:
            click.echo(one, err=True)
    raise SystemExit(code)
