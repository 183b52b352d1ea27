"""HR files between the store and the record: kept as they came, read by their mapping, planned, and carried out.

What the pages, the commands and the worker share. The rows of a file are read anew whenever a plan is made again.
"""

import io
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import uuid4

from sqlalchemy.orm import Session

from app.platform.extensions import db
from app.platform.storage import file_store
from app.platform.work import long_reading, unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import FileMissing
from kernel.spooling.sequences import kept
from kernel.tasks.claims import Claim, ClaimLost, claim
from kernel.tasks.collecting import nothing_collected
from people.feed.mapping.mappings import Mapping, OnUnusable, as_json, from_json
from people.feed.mapping.row_reading import read_rows
from people.feed.planning.making import Covered
from people.feed.reading.opening import lines_in, open_table
from people.feed.reading.unreadable import UnreadableFile
from people.feed.rows import ReadRow
from people.feed.runs.applying import apply_portion, begin_run
from people.feed.runs.planning import FeedFile, forget_file, keep_plan, make_plan, note_rows_read, receive_file
from people.feed.runs.record import APPLY_FEEDS, FEED_RUNS, FeedRun
from people.feed.runs.state import count_jobs, read_state
from people.feed.runs.undoing import undo_claimed
from people.feed.sources.record import FeedSource
from people.organisations import Organisation

PORTION = 1_000
IN_MEMORY = 8 * 1024 * 1024
LONGEST_NAME = 200
NOTED_AFTER = 2_000
# Planned while somebody waits: both together take less than half a second.
QUICK_BYTES, QUICK_JOBS = 128 * 1024, 1_000
ReadRows = Sequence[ReadRow]
Busy = Callable[[Claim[FeedRun]], AbstractContextManager[object]]


@dataclass(frozen=True)
class ChosenMapping:
    """How a file is read: a mapping, and its row if it is a saved one."""

    mapping: Mapping
    mapping_id: int | None = None


@dataclass(frozen=True)
class _Sent:
    """A file as it came, whose it is, how it is read, and who brought it."""

    source: BinaryIO
    name: str
    organisation_id: int
    chosen: ChosenMapping
    by: int | None
    source_id: int | None = None


def send_file(source: BinaryIO, *, name: str, organisation_id: int, chosen: ChosenMapping, by: int | None) -> int:
    """Keep a file as a run, whose id is returned; a short one of a small authority is planned at once, any other by a
    worker. Raises as ``plan_file`` does, for what is planned at once.
    """
    sent = _Sent(source, name, organisation_id, chosen, by)
    if _is_quick(sent):
        return _plan_now(sent)
    with _kept(sent) as file, unit_of_work() as work:
        run = receive_file(work.session, file=file, **_row_values(sent))
        work.ring_after_commit(APPLY_FEEDS)
        return run.id


def plan_file(source: BinaryIO, *, name: str, organisation_id: int, chosen: ChosenMapping, by: int | None) -> int:
    """Keep a file, plan what it would do, and store that as a run, whose id is returned.

    Raises ``UnreadableFile`` with every finding, and ``RuleBroken`` for a file without rows. Then nothing is kept.
    """
    return _plan_now(_Sent(source, name, organisation_id, chosen, by))


@contextmanager
def receive_from_source(
    source: BinaryIO, *, name: str, origin: FeedSource, chosen: ChosenMapping
) -> Iterator[tuple[Session, int]]:
    """Keep a file that came from a source, and note it as a run that a worker plans: its id, in a transaction that is
    committed with what the block adds. When anything fails, nothing is kept.
    """
    sent = _Sent(source, name, origin.organisation_id, chosen, None, origin.id)
    with _kept(sent) as file, unit_of_work() as work:
        run = receive_file(work.session, file=file, **_row_values(sent))
        work.ring_after_commit(APPLY_FEEDS)
        yield work.session, run.id


def take_step(claimed: Claim[FeedRun], busy: Busy = nullcontext) -> None:
    """Do the next thing for a run that a worker has in hand: plan it, begin it, a portion of it, or undo it.

    ``busy`` says meanwhile that the worker lives: a plan of a whole region takes longer than a lease.
    """
    (run,) = claimed.rows
    if run.is_to_plan:
        with nothing_collected():
            _plan(claimed, busy)
        return
    with nothing_collected(), unit_of_work() as work:
        if run.is_to_undo:
            undo_claimed(work.session, claimed, now=utc_now())
        elif run.applies_on is None:
            begin_run(work.session, claimed, read_again, now=utc_now())
        else:
            apply_portion(work.session, claimed, limit=PORTION, now=utc_now())


def _plan(claimed: Claim[FeedRun], busy: Busy) -> None:
    """Read a file and plan what it would do, step by step, so that nothing is locked for long.

    Whoever changes the record meanwhile has the plan made again before anything is applied.
    """
    (run,) = claimed.rows
    organisation_id, chosen = run.organisation_id, ChosenMapping(from_json(run.definition), run.mapping_id)
    file = _file(run.file_name, run.file_key, run.file_sha256, chosen, run.source_id)
    with kept_file(run.file_key) as source:
        rows = kept(_noting(claimed, _rows(source, chosen.mapping)))
    now = utc_now()
    with long_reading() as session:
        state = read_state(session, session.get_one(Organisation, organisation_id), on=local_day(now))
    with busy(claimed):
        plan = make_plan(state, rows, file=file, now=now)
    with unit_of_work() as work:
        keep_plan(work.session, claimed, state, plan, now=utc_now())


def _noting(claimed: Claim[FeedRun], rows: Iterable[ReadRow]) -> Iterator[ReadRow]:
    last = 0
    for place, row in enumerate(rows, start=1):
        if place % NOTED_AFTER == 0:
            _note(claimed, row.row_number)
        last = max(last, row.row_number)
        yield row
    _note(claimed, last, is_all=True)


def _note(claimed: Claim[FeedRun], handled: int, *, is_all: bool = False) -> None:
    with unit_of_work() as work:
        note_rows_read(work.session, claimed, handled=handled, is_all=is_all, now=utc_now())


def _plan_now(sent: _Sent) -> int:
    """Plan a file here, as a worker would. Should this process die, a worker does it."""
    with _kept(sent) as file:
        with unit_of_work() as work:
            run_id = receive_file(work.session, file=file, **_row_values(sent)).id
            claimed = claim(work.session, FEED_RUNS, only=[run_id], now=utc_now())
        assert claimed is not None  # noqa: S101 - nobody else has seen it yet
        try:
            take_step(claimed)
        except ClaimLost:  # slower than a lease: a worker goes on with it
            pass
        except BaseException:
            with unit_of_work() as work:
                forget_file(work.session, claimed)
            raise
    return run_id


@contextmanager
def _kept(sent: _Sent) -> Iterator[FeedFile]:
    """The file in the store; it goes again when the block raises."""
    key = f"feeds/{sent.organisation_id}/{uuid4().hex}"
    sent.source.seek(0)
    stored = file_store().put_from(key, sent.source)
    try:
        yield _file(sent.name[-LONGEST_NAME:], key, stored.sha256, sent.chosen, sent.source_id)
    except BaseException:
        file_store().delete(key)
        raise


def _row_values(sent: _Sent) -> dict[str, Any]:
    return {
        "organisation_id": sent.organisation_id,
        "row_count": lines_in(sent.source),
        "by": sent.by,
        "now": utc_now(),
    }


def _is_quick(sent: _Sent) -> bool:
    size = sent.source.seek(0, io.SEEK_END)
    return size <= QUICK_BYTES and count_jobs(db.session(), organisation_id=sent.organisation_id) <= QUICK_JOBS


def read_again(run: FeedRun) -> tuple[FeedFile, ReadRows]:
    """The file of a run and its rows, read as they were when it was planned. Raises ``UnreadableFile``."""
    chosen = ChosenMapping(from_json(run.definition), run.mapping_id)
    with kept_file(run.file_key) as source:
        rows = kept(_rows(source, chosen.mapping))
    return _file(run.file_name, run.file_key, run.file_sha256, chosen, run.source_id), rows


@contextmanager
def kept_file(key: str) -> Iterator[BinaryIO]:
    """A file that was kept, as it came; its reader may go to and fro. Raises ``UnreadableFile`` when it is gone."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        try:
            with file_store().open(key) as source:
                shutil.copyfileobj(source, copy)
        except FileMissing as problem:
            raise UnreadableFile("The file is not kept any more. Send it again.") from problem
        copy.seek(0)
        yield copy  # type: ignore[misc]  # a SpooledTemporaryFile is a BinaryIO in all but its type


def _rows(source: BinaryIO, mapping: Mapping) -> Iterator[ReadRow]:
    return read_rows(open_table(source, choice=mapping.reading), mapping, on=local_day(utc_now()))


def _file(name: str, key: str, sha256: str, chosen: ChosenMapping, source_id: int | None = None) -> FeedFile:
    coverage = chosen.mapping.coverage
    return FeedFile(
        name,
        key,
        sha256,
        definition=as_json(chosen.mapping),
        mapping_id=chosen.mapping_id,
        covered=Covered(coverage.everybody, coverage.units, coverage.kinds),
        takes_good_rows=chosen.mapping.on_unusable is OnUnusable.GOOD_ROWS,
        source_id=source_id,
    )
