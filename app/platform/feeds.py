"""HR files between the store and the record: kept as they came, read by their mapping, planned, and carried out.

What the pages, the commands and the worker share. The rows of a file are read anew whenever a plan is made again.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from uuid import uuid4

from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import FileMissing
from kernel.tasks.claims import Claim
from people.feed.mapping.mappings import Mapping, OnUnusable, as_json, from_json
from people.feed.mapping.row_reading import read_rows
from people.feed.planning.making import Covered
from people.feed.reading.opening import open_table
from people.feed.reading.unreadable import UnreadableFile
from people.feed.rows import FeedRow, UnusableRow
from people.feed.runs.applying import apply_portion, begin_run
from people.feed.runs.planning import FeedFile, plan_run
from people.feed.runs.record import FeedRun
from people.feed.runs.undoing import undo_claimed
from people.organisations import Organisation

PORTION = 1_000
IN_MEMORY = 8 * 1024 * 1024
LONGEST_NAME = 200
ReadRows = list[FeedRow | UnusableRow]


@dataclass(frozen=True)
class ChosenMapping:
    """How a file is read: a mapping, and its row if it is a saved one."""

    mapping: Mapping
    mapping_id: int | None = None


def plan_file(source: BinaryIO, *, name: str, organisation_id: int, chosen: ChosenMapping, by: int | None) -> int:
    """Keep a file, plan what it would do, and store that as a run, whose id is returned.

    Raises ``UnreadableFile`` with every finding, and ``RuleBroken`` for a file without rows. Then nothing is kept.
    """
    key = f"feeds/{organisation_id}/{uuid4().hex}"
    rows = _rows(source, chosen.mapping)
    source.seek(0)
    stored = file_store().put_from(key, source)
    file = _file(name[-LONGEST_NAME:], key, stored.sha256, chosen)
    try:
        with unit_of_work() as work:
            organisation = work.session.get_one(Organisation, organisation_id)
            return plan_run(work.session, organisation, rows, file=file, by=by, now=utc_now()).id
    except BaseException:
        file_store().delete(key)
        raise


def take_step(claimed: Claim[FeedRun]) -> None:
    """Do the next thing for a run that a worker has in hand: begin it, a portion of it, or undo it."""
    (run,) = claimed.rows
    with unit_of_work() as work:
        if run.is_to_undo:
            undo_claimed(work.session, claimed, now=utc_now())
        elif run.applies_on is None:
            begin_run(work.session, claimed, read_again, now=utc_now())
        else:
            apply_portion(work.session, claimed, limit=PORTION, now=utc_now())


def read_again(run: FeedRun) -> tuple[FeedFile, ReadRows]:
    """The file of a run and its rows, read as they were when it was planned. Raises ``UnreadableFile``."""
    chosen = ChosenMapping(from_json(run.definition), run.mapping_id)
    with kept_file(run.file_key) as source:
        rows = _rows(source, chosen.mapping)
    return _file(run.file_name, run.file_key, run.file_sha256, chosen), rows


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


def _rows(source: BinaryIO, mapping: Mapping) -> ReadRows:
    return list(read_rows(open_table(source, choice=mapping.reading), mapping))


def _file(name: str, key: str, sha256: str, chosen: ChosenMapping) -> FeedFile:
    coverage = chosen.mapping.coverage
    return FeedFile(
        name,
        key,
        sha256,
        definition=as_json(chosen.mapping),
        mapping_id=chosen.mapping_id,
        covered=Covered(coverage.everybody, coverage.units, coverage.kinds),
        takes_good_rows=chosen.mapping.on_unusable is OnUnusable.GOOD_ROWS,
    )
