"""An HR file in sentences, or as JSON, as the commands print it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from app.platform.extensions import db
from kernel.tasks.kinds import TaskState
from people.actors import names_of_accounts
from people.feed.mapping.files_back import in_words
from people.feed.runs.reading import LISTS, all_items, items_page
from people.feed.runs.record import FeedRun

SHOWN_AT_ONCE = 5  # of the rows that cannot be used
STATE_WORDS = {
    TaskState.PAUSED: "waits for a decision",
    TaskState.PENDING: "is to be done",
    TaskState.WORKING: "is being done",
    TaskState.FAILED: "failed, and is tried again by itself",
    TaskState.PARKED: "failed, and waits for somebody to try again",
    TaskState.DONE: "is applied",
    TaskState.CANCELLED: "was dropped",
    TaskState.EXPIRED: "is undone",
}
_LISTS = {"adds": ("join", "return"), "moves": ("move",), "ends": ("leave",), "changes": ("change",)}


def print_run(run: FeedRun, is_json: bool, said: tuple[str, ...] = ()) -> None:
    """Print a run in sentences, or as JSON, after what else is to be said."""
    if is_json:
        click.echo(json.dumps({"said": list(said), **_as_plain(run)}, ensure_ascii=False, indent=2))
        return
    for line in (*said, *_lines(run)):
        click.echo(line)


def _lines(run: FeedRun) -> Iterator[str]:
    yield from run.plan["stopped"] if run.is_stopped and run.is_planned else ()
    yield run.summary
    for one in () if run.undone_at else _sentences(run):
        yield f"  {one}"
    for item in items_page(db.session(), run, about="unusable", page=1, size=SHOWN_AT_ONCE):
        yield f"    Row {item.row_number:,}: {' '.join(map(in_words, item.problems))}"
    yield state_of(run)
    if run.skipped:
        yield f"{run.skipped:,} of it was left out, because somebody has changed the job meanwhile."


def state_of(run: FeedRun) -> str:
    by = names_of_accounts(db.session(), account_ids=[run.undone_by_account_id]) if run.undone_at else {}
    who = f" by {by.get(run.undone_by_account_id or 0, 'somebody at the command line')}" if run.undone_at else ""
    return f"Run {run.id} {STATE_WORDS[run.state]}{who}."


def _sentences(run: FeedRun) -> list[str]:
    return [
        f"{one['count']:,} {one['words'].replace('**', '')}" + (f" {one['note']}" if one["note"] else "")
        for one in run.plan["sentences"]
    ]


def _as_plain(run: FeedRun) -> dict[str, Any]:
    session = db.session()
    found: dict[str, Any] = {}
    for key, lists in _LISTS.items():
        details = [
            {
                "payroll_number": item.payroll_number,
                "name": item.name,
                "row": item.row_number,
                "values": {field: list(words) for field, words in item.values.items()},
            }
            for one in lists
            for item in all_items(session, run, about=one)
        ]
        found[key] = details
    wrong = [
        {
            "row": item.row_number,
            "payroll_number": item.payroll_number,
            "problems": [asdict(one) for one in item.problems],
        }
        for item in all_items(session, run, about="unusable")
    ]
    return {
        "run": run.id,
        "state": run.state.value,
        "is_stopped": run.is_stopped,
        "stopped": run.plan["stopped"],
        "summary": run.summary,
        "sentences": [*run.plan["stopped"], *_sentences(run)],
        **found,
        "unusable": wrong,
        "unchanged": next((one["count"] for one in run.plan["sentences"] if one["about"] == "unchanged"), 0),
        "before_and_after": run.plan["picture"],
        "skipped": run.skipped,
    }


assert LISTS.keys() >= {one for lists in _LISTS.values() for one in lists}  # noqa: S101 - a slip in this file
