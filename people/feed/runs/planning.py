"""A run begins: the plan of a file is made on the record as it stands, and stored with what stops it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.clock import local_day
from kernel.database import JsonObject
from kernel.errors import RuleBroken
from kernel.tasks.kinds import TaskState
from people.feed.planning.brakes import stops_of
from people.feed.planning.making import Covered, plan_rows
from people.feed.planning.plan import Plan
from people.feed.planning.state import StateNow
from people.feed.rows import FeedRow, UnusableRow
from people.feed.runs.record import FeedRun
from people.feed.runs.settings import limits_of
from people.feed.runs.state import read_state
from people.feed.runs.storing import plan_as_json, store_items
from people.organisations import Organisation

NO_ROWS = "The file has no row of a person, so there is nothing to plan"
Rows = Iterable[FeedRow | UnusableRow]


@dataclass(frozen=True)
class FeedFile:
    """A file that was kept: its own name, where it is, and how it was read.

    ``definition`` is the mapping as JSON, ``mapping_id`` its row if it is a saved one.
    """

    name: str
    key: str
    sha256: str
    definition: JsonObject = field(default_factory=dict)
    mapping_id: int | None = None
    covered: Covered = field(default_factory=Covered)
    takes_good_rows: bool = True


def plan_run(
    session: Session, organisation: Organisation, rows: Rows, *, file: FeedFile, by: int | None, now: datetime
) -> FeedRun:
    """Plan what a file would do now, and store it as a run that waits for a decision.

    Raises ``RuleBroken`` for a file without rows: with "holds everybody" it would end every job.
    """
    state = read_state(session, organisation, on=local_day(now))
    plan = make_plan(state, rows, file=file, now=now)
    return store_plan(session, organisation, state, plan, file=file, by=by, now=now)


def make_plan(state: StateNow, rows: Rows, *, file: FeedFile, now: datetime) -> Plan:
    """The plan of a file on a state of the record. Raises ``RuleBroken`` for a file without rows."""
    plan = plan_rows(state, rows, covered=file.covered, on=local_day(now), takes_good_rows=file.takes_good_rows)
    if not plan.rows:
        raise RuleBroken(NO_ROWS)
    return plan


def store_plan(
    session: Session,
    organisation: Organisation,
    state: StateNow,
    plan: Plan,
    *,
    file: FeedFile,
    by: int | None,
    now: datetime,
) -> FeedRun:
    """Store a plan as a run that waits for a decision, and put it on record."""
    stops = stops_of(plan, limits_of(session, organisation_id=organisation.id))
    run = FeedRun(
        organisation_id=organisation.id,
        mapping_id=file.mapping_id,
        definition=file.definition,
        file_name=file.name,
        file_key=file.key,
        file_sha256=file.sha256,
        planned_on=plan.on,
        planned_at=now,
        planned_by_account_id=by,
        row_count=plan.rows,
        item_count=len(plan.items),
        is_stopped=bool(stops),
        plan=plan_as_json(plan, stops, state),
        state_digest=state.digest,
        plan_digest=plan.digest,
        state=TaskState.PAUSED,
    )
    session.add(run)
    session.flush()
    store_items(session, run, plan, state)
    record(
        session,
        action="feed-planned",
        subject_type="feed-run",
        subject_id=run.id,
        actor_account_id=by,
        now=now,
        detail={"organisation": organisation.id, "rows": plan.rows, "is_stopped": run.is_stopped},
    )
    return run
