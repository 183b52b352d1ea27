"""Names in HR files that are over: rows that belong to nobody lose theirs, and the files themselves go.

What a run did stays: its plan in counts and sentences, and which jobs it touched.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, Text, cast, func, select, update
from sqlalchemy.orm import Session

from kernel.clock import day_bounds
from kernel.database import table_of
from kernel.tasks.kinds import TaskState
from kernel.typed import searchable
from people.feed.runs.record import UNDO_DAYS, Choice, FeedItem, FeedRun
from people.persons import ERASED_NAME

# Nothing more is read from the file of such a run: undoing goes by what the run wrote.
_OVER = (TaskState.DONE, TaskState.CANCELLED, TaskState.EXPIRED)
_HAS_FILE = FeedRun.file_forgotten_at.is_(None)


def empty_rows_about(session: Session, *, numbers: Mapping[int, Collection[str]], names: Collection[str]) -> int:
    """Let rows of files that belong to no job say nothing of somebody any more; returns how many did.

    ``numbers`` are the payroll numbers of their jobs by authority. A row is theirs that has such a number, or in a
    file of such an authority their very name.
    """
    called = {searchable(name) for name in names if name}
    rows = session.execute(
        select(FeedItem.id, FeedItem.payroll_number, FeedItem.name, FeedRun.organisation_id)
        .join(FeedRun, FeedRun.id == FeedItem.run_id)
        .where(FeedItem.employment_id.is_(None), FeedRun.organisation_id.in_(numbers))
    )
    theirs = [
        key
        for key, number, name, organisation_id in rows
        if number in numbers[organisation_id] or (name and searchable(name) in called)
    ]
    _empty(session, theirs)
    return len(theirs)


def files_over(before: date) -> Select[int]:
    """The ids of runs whose files are still kept, and which nobody could undo any more before a day."""
    return select(FeedRun.id).where(FeedRun.state.in_(_OVER), _HAS_FILE, _is_over(before))


def _is_over(before: date) -> ColumnElement[bool]:
    day = day_bounds(before)[0]
    ended = func.coalesce(FeedRun.undone_at, FeedRun.ended_at, FeedRun.decided_at, FeedRun.planned_at)
    could_be_undone = (FeedRun.state == TaskState.DONE) & (FeedRun.choice != Choice.NOTHING)
    undone_until = FeedRun.applies_on < before - timedelta(days=UNDO_DAYS)
    return (could_be_undone & undone_until) | (~could_be_undone & (ended < day))


def forget_files(session: Session, *, run_ids: Sequence[int], now: datetime) -> None:
    """Let the files of these runs go, and names in their rows that belong to no job. A worker deletes the files."""
    unowned = select(FeedItem.id).where(FeedItem.run_id.in_(run_ids), FeedItem.employment_id.is_(None))
    _empty(session, session.scalars(unowned).all())
    session.execute(update(FeedRun).where(FeedRun.id.in_(run_ids)).values(file_forgotten_at=now))


def forget_births(session: Session, *, before: date) -> None:
    """Let files that nobody could undo any more before a day say no date of birth; that of the record stays."""
    text = cast(FeedItem.detail, Text)
    rows = session.execute(
        select(FeedItem.id, FeedItem.detail)
        .join(FeedRun, FeedRun.id == FeedItem.run_id)
        .where(FeedRun.state.in_(_OVER), _is_over(before), text.contains('"born_on"'))
    ).all()
    emptied = [
        {
            "id": key,
            "detail": detail | {"person": {name: v for name, v in detail["person"].items() if name != "born_on"}},
        }
        for key, detail in rows
        if "born_on" in detail.get("person", {})
    ]
    if emptied:
        session.execute(update(FeedItem), emptied)


def files_of_authorities(session: Session, *, organisation_ids: Collection[int]) -> Sequence[int]:
    """The runs of authorities that are over and whose files are still kept."""
    return session.scalars(
        select(FeedRun.id)
        .where(FeedRun.organisation_id.in_(organisation_ids), FeedRun.state.in_(_OVER), _HAS_FILE)
        .order_by(FeedRun.id)
    ).all()


def count_open_files(session: Session, *, organisation_ids: Collection[int]) -> int:
    """How many files of authorities still wait for somebody, or for a worker."""
    return (
        session.scalar(
            select(func.count())
            .select_from(FeedRun)
            .where(FeedRun.organisation_id.in_(organisation_ids), FeedRun.state.not_in(_OVER), _HAS_FILE)
        )
        or 0
    )


def files_to_delete(session: Session) -> Mapping[int, str]:
    """Where the files stand that are to go, by run."""
    to_go = select(FeedRun.id, FeedRun.file_key).where(FeedRun.file_forgotten_at.is_not(None), FeedRun.file_key != "")
    return dict(session.execute(to_go.order_by(FeedRun.id)).all())


def note_deleted(session: Session, *, run_ids: Collection[int]) -> None:
    """Write down that the files of these runs are gone."""
    session.execute(update(FeedRun).where(FeedRun.id.in_(run_ids)).values(file_key=""))


def _empty(session: Session, item_ids: Sequence[int]) -> None:
    table = table_of(FeedItem)
    for start in range(0, len(item_ids), 500):
        some = item_ids[start : start + 500]
        values = {"name": ERASED_NAME, "payroll_number": "erased", "detail": {}}
        session.execute(update(table).where(table.c.id.in_(some)).values(**values))
