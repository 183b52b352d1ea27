"""The log of the files of an authority: chosen by state and day, with the people who brought them and decided."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from kernel.clock import day_bounds
from kernel.tasks.kinds import TaskState
from people.actors import names_of_accounts
from people.feed.mapping.stored import FeedMapping
from people.feed.runs.record import FeedRun


class LogState(StrEnum):
    """What became of a file, as the log is searched by."""

    WAITING = "waiting"
    STOPPED = "stopped"
    APPLIED = "applied"
    UNDONE = "undone"
    DROPPED = "dropped"


_STATES: dict[LogState, ColumnElement[bool]] = {
    LogState.WAITING: FeedRun.state == TaskState.PAUSED,
    LogState.STOPPED: FeedRun.is_stopped.is_(True),
    LogState.APPLIED: FeedRun.state == TaskState.DONE,
    LogState.UNDONE: FeedRun.state == TaskState.EXPIRED,
    LogState.DROPPED: FeedRun.state == TaskState.CANCELLED,
}


@dataclass(frozen=True)
class LogFilter:
    """Which files are wanted: of an authority, in a state, and sent from one day until another, both included."""

    organisation_id: int
    state: LogState | None = None
    from_on: date | None = None
    until_on: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a row has to be."""
        found: list[ColumnElement[bool]] = [FeedRun.organisation_id == self.organisation_id]
        if self.state is not None:
            found.append(_STATES[self.state])
        if self.from_on is not None:
            found.append(FeedRun.planned_at >= day_bounds(self.from_on)[0])
        if self.until_on is not None:
            found.append(FeedRun.planned_at < day_bounds(self.until_on)[1])
        return found


@dataclass(frozen=True)
class LogLine:
    """A file, the names of the people who had to do with it, and the mapping by which it was read."""

    run: FeedRun
    names: Mapping[int, str]
    mapping: str

    def name_of(self, account_id: int | None) -> str:
        """Who that was; empty for a command."""
        return self.names.get(account_id or 0, "")

    @property
    def counts(self) -> dict[str, int]:
        """How many each sentence of its plan speaks of."""
        return {one["about"]: one["count"] for one in self.run.plan["sentences"]}


def count_log(session: Session, wanted: LogFilter) -> int:
    """How many files are like that."""
    return session.scalar(select(func.count()).select_from(FeedRun).where(*wanted.conditions())) or 0


def log_page(session: Session, wanted: LogFilter, *, page: int, size: int) -> tuple[LogLine, ...]:
    """One page, counted from 1, the newest file first."""
    query = select(FeedRun).where(*wanted.conditions()).order_by(FeedRun.id.desc())
    runs = session.scalars(query.limit(size).offset((page - 1) * size)).all()
    actors = {one for run in runs for one in (run.planned_by_account_id, run.decided_by_account_id)}
    names = names_of_accounts(session, account_ids=actors | {run.undone_by_account_id for run in runs})
    ids = {run.mapping_id for run in runs if run.mapping_id is not None}
    rows = select(FeedMapping.id, FeedMapping.name, FeedMapping.version).where(FeedMapping.id.in_(ids))
    mappings = {key: f"{name}, version {version}" for key, name, version in session.execute(rows)} if ids else {}
    return tuple(LogLine(run, names, mappings.get(run.mapping_id or 0, "")) for run in runs)


def whole_log(session: Session, wanted: LogFilter, *, at_once: int = 200) -> Iterator[LogLine]:
    """Every file that is like that, fetched in portions."""
    page = 1
    while lines := log_page(session, wanted, page=page, size=at_once):
        yield from lines
        page += 1
