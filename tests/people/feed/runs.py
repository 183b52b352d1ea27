"""Files that are planned, decided on and applied, as workers do it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import local_day
from kernel.tasks.claims import claim
from people.feed.planning.making import Covered
from people.feed.planning.state import JobNow
from people.feed.rows import ReadRow
from people.feed.runs.applying import apply_portion, begin_run
from people.feed.runs.deciding import decide
from people.feed.runs.planning import FeedFile, Rows, keep_plan, make_plan, receive_file
from people.feed.runs.record import FEED_RUNS, Choice, FeedRun
from people.feed.runs.state import read_state
from people.feed.runs.undoing import ask_to_undo, undo_claimed
from people.organisations import Organisation
from tests.builders.region import NOON
from tests.people.feed.rows import rows_of

Given = Iterable[ReadRow]


def a_file(*, everybody: bool = False) -> FeedFile:
    return FeedFile("staff.csv", "feeds/1", "0" * 64, covered=Covered(everybody))


def planned(
    session: Session,
    organisation: Organisation,
    rows: Given,
    *,
    everybody: bool = False,
    by: int | None = None,
    now: datetime = NOON,
) -> FeedRun:
    file = a_file(everybody=everybody)
    run = receive_file(session, organisation_id=organisation.id, file=file, row_count=0, by=by, now=now)
    claimed = claim(session, FEED_RUNS, only=[run.id], now=now)
    assert claimed is not None
    state = read_state(session, organisation, on=local_day(now))
    return keep_plan(session, claimed, state, make_plan(state, rows_of(*rows), file=file, now=now), now=now)


def work(
    session: Session, rows: Given = (), *, now: datetime = NOON, limit: int = 100, everybody: bool = False
) -> None:
    """Do what a worker does until nothing is due; ``rows`` are those of the kept file."""

    def read_again(_run: FeedRun) -> tuple[FeedFile, Rows]:
        return a_file(everybody=everybody), rows_of(*rows)

    while (claimed := claim(session, FEED_RUNS, now=now)) is not None:
        (run,) = claimed.rows
        if run.is_to_undo:
            undo_claimed(session, claimed, now=now)
        elif run.applies_on is None:
            begin_run(session, claimed, read_again, now=now)
        else:
            apply_portion(session, claimed, limit=limit, now=now)
        session.expire_all()


def applied(
    session: Session,
    organisation: Organisation,
    rows: Given,
    *,
    everybody: bool = False,
    choice: Choice = Choice.ALL,
    by: int | None = None,
    now: datetime = NOON,
    limit: int = 100,
) -> FeedRun:
    """A file that was planned, agreed to and applied; ``by`` is who agreed."""
    run = planned(session, organisation, rows, everybody=everybody, now=now)
    decide(session, run_id=run.id, choice=choice, by=by, now=now)
    work(session, rows, now=now, limit=limit, everybody=everybody)
    return session.get_one(FeedRun, run.id)


def undone(session: Session, run: FeedRun, *, now: datetime = NOON + timedelta(hours=1)) -> None:
    """A run that somebody had undone."""
    ask_to_undo(session, run_id=run.id, by=None, now=now)
    work(session, now=now)


def jobs_now(session: Session, organisation: Organisation, *, now: datetime = NOON) -> dict[str, JobNow]:
    """Every job that was ever held, by payroll number."""
    session.expire_all()
    jobs = read_state(session, organisation, on=now.date()).jobs
    return {number: job for number, job in jobs.items() if job.starts_on is not None}


def runs(session: Session) -> list[FeedRun]:
    return list(session.scalars(select(FeedRun).order_by(FeedRun.id)))
