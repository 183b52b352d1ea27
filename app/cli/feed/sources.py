"""Sources of HR files at the command line: how each stands, and the newest file fetched and planned now."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from time import sleep
from typing import Any

import click
from flask.cli import with_appcontext

from app.cli.feed.commands import UNDECIDED, UNREADABLE, as_json, carry_on, plain_refusals
from app.cli.feed.printing import print_run
from app.platform.extensions import db
from app.platform.work import unit_of_work
from kernel.clock import LOCAL, utc_now
from kernel.errors import RuleBroken
from kernel.tasks.claims import claim
from people.feed.runs.deciding import get_run
from people.feed.runs.record import FeedRun
from people.feed.sources.looks import last_fetched_at, want_look
from people.feed.sources.reading import newest_looks
from people.feed.sources.record import FETCHES, FeedFetch, FeedSource, Outcome, Wish
from people.feed.sources.setting_up import sources_of
from people.organisations import Organisation, get_organisation


@click.command("sources")
@click.argument("authority", required=False)
@as_json
@with_appcontext
def sources_command(authority: str | None, is_json: bool) -> None:
    """List the sources of HR files, of AUTHORITY or of all: where and when, the last file, and what is wrong."""
    with plain_refusals(is_json):
        session = db.session()
        organisation_id = get_organisation(session, slug=authority).id if authority else None
        sources = sources_of(session, organisation_id=organisation_id)
        looks = newest_looks(session, source_ids=[one.id for one in sources])
        slugs = {one.id: one.slug for one in session.query(Organisation).all()}
        found = [_as_plain(one, slugs[one.organisation_id], looks.get(one.id)) for one in sources]
    if is_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo(f"{one['authority']}: {one['name']}, {one['address']}")
        for line in _lines(one):
            click.echo(f"  {line}")
    if not found:
        click.echo("There is no source.")


@click.command("fetch")
@click.argument("authority")
@click.option("--source", "name", help="The name of one source; without it all that are switched on.")
@as_json
@with_appcontext
def fetch_command(authority: str, name: str | None, is_json: bool) -> None:
    """Fetch the newest HR file of AUTHORITY from its sources now, and plan it. Applies nothing.

    Ends with 1 when nothing came, with 2 when a file cannot be read, and with 3 when a brake stops it.
    """
    with plain_refusals(is_json):
        organisation = get_organisation(db.session(), slug=authority)
        sources = sources_of(db.session(), organisation_id=organisation.id)
        chosen = [one.id for one in sources if (one.name == name if name else one.is_on)]
        if not chosen:
            raise RuleBroken("There is no source of that name" if name else "No source is switched on")
        fetched = [_fetched(source_id, is_json) for source_id in chosen]
    if is_json:
        click.echo(json.dumps([one.plain for one in fetched], ensure_ascii=False, indent=2))
    raise SystemExit(max(one.code for one in fetched))


@dataclass(frozen=True)
class _Fetched:
    """What came of one source, and what the command ends with because of it."""

    plain: dict[str, Any]
    code: int


def _fetched(source_id: int, is_json: bool) -> _Fetched:
    fetch = _look(source_id, is_json)
    name = db.session().get_one(FeedSource, source_id).name
    plain = {"source": name, "file": fetch.file_name, "run": fetch.run_id, "problem": fetch.failure_reason}
    if fetch.outcome is not Outcome.FETCHED or fetch.run_id is None:
        if not is_json:
            click.echo(f"{name}: {fetch.failure_reason}", err=True)
        return _Fetched(plain, 1)
    carry_on(fetch.run_id)
    while get_run(db.session(), run_id=fetch.run_id).is_unread and _is_with_a_worker(fetch.run_id):
        sleep(1)
    run = get_run(db.session(), run_id=fetch.run_id)
    if run.is_to_plan:
        problem = {**plain, "problem": run.failure_reason}
        if not is_json:
            click.echo(f"{name}: {fetch.file_name} cannot be read. {run.failure_reason}", err=True)
        return _Fetched(problem, UNREADABLE)
    if not is_json:
        print_run(run, is_json, (f"{name}: {fetch.file_name} was fetched.",))
    return _Fetched({**plain, **_plan(run)}, UNDECIDED if run.is_stopped else 0)


def _is_with_a_worker(run_id: int) -> bool:
    db.session().expire_all()
    return get_run(db.session(), run_id=run_id).is_on_its_way


def _plan(run: FeedRun) -> dict[str, Any]:
    return {"is_stopped": run.is_stopped, "stopped": run.plan["stopped"], "summary": run.plan["summary"]}


def _look(source_id: int, is_json: bool) -> FeedFetch:
    """A look at a source, and another one once a file has stood still."""
    # By its name, as workers import it: a web process reads this module too, and never loads what speaks SFTP.
    take_look = import_module("app.platform.hr_sources.fetching").take_look
    with unit_of_work() as work:
        source = work.session.get_one(FeedSource, source_id)
        fetch_id = want_look(work.session, source, wish=Wish.ASKED, by=None, now=utc_now()).id
    while True:
        with unit_of_work() as work:
            claimed = claim(work.session, FETCHES, only=[fetch_id], now=utc_now())
        if claimed is not None:
            take_look(claimed)
        db.session().expire_all()
        fetch = db.session().get_one(FeedFetch, fetch_id)
        if not fetch.is_on_its_way:
            return fetch
        if not is_json and fetch.looks == 1:
            click.echo("A file is there. It is read once it has stood still for half a minute.", err=True)
        sleep(max(1.0, (fetch.next_at - utc_now()).total_seconds()))


def _as_plain(source: FeedSource, slug: str, look: FeedFetch | None) -> dict[str, Any]:
    now = utc_now()
    return {
        "authority": slug,
        "name": source.name,
        "kind": source.kind.value,
        "address": source.address,
        "pattern": source.pattern,
        "mapping": source.mapping_name,
        "holds_everybody": source.holds_everybody,
        "applies_itself": source.applies_itself,
        "is_on": source.is_on,
        "when": source.schedule.words,
        "next_at": _moment(source.schedule.next(now) if source.is_on else None),
        "last_file_at": _moment(last_fetched_at(db.session(), source_id=source.id)),
        "waits_for_host_key": source.offered_host_key is not None,
        "problem": look.failure_reason if look else None,
    }


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(LOCAL).isoformat(timespec="minutes") if value else None


def _lines(one: dict[str, Any]) -> Iterator[str]:
    yield one["when"] if one["is_on"] else "Switched off"
    yield f"The last file came at {one['last_file_at']}" if one["last_file_at"] else "No file has come yet"
    problems: Sequence[str | None] = (
        "The key of its server has to be confirmed" if one["waits_for_host_key"] else None,
        one["problem"],
    )
    yield from filter(None, problems)
