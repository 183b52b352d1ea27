"""A run begins: a file is received, its plan is made on the record as it stands, and stored with what stops it.

Reading a file takes long, so it is done between transactions: nothing is locked meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.clock import local_day
from kernel.database import JsonObject
from kernel.errors import RuleBroken
from kernel.tasks.claims import Claim, extend, hold, release
from kernel.tasks.kinds import TaskState
from people.feed.planning.brakes import stops_of
from people.feed.planning.making import Covered, plan_rows
from people.feed.planning.plan import Plan
from people.feed.planning.roles import stopping
from people.feed.planning.state import StateNow
from people.feed.rows import ReadRow
from people.feed.runs.record import FeedRun
from people.feed.runs.roles import may_help_with_all
from people.feed.runs.settings import limits_of
from people.feed.runs.storing import delete_items, plan_as_json, store_items
from people.organisations import Organisation

NO_ROWS = "The file has no row of a person, so there is nothing to plan"
Rows = Iterable[ReadRow]
AS_NEW = {"failures": 0, "retry_at": None, "failure_reason": None}
# What a list shows of a file whose plan is not made yet.
NOT_READ_YET: JsonObject = {
    "people": 0,
    "jobs": 0,
    "everybody": False,
    "summary": "Not read yet",
    "stopped": [],
    "stops": [],
    "sentences": [],
    "new_units": [],
    "picture": [],
}


@dataclass(frozen=True)
class FeedFile:
    """A file that was kept: its own name, where it is, and how it was read.

    ``definition`` is the mapping as JSON, ``mapping_id`` its row if it is a saved one. ``source_id`` is the source from
    which it came by itself.
    """

    name: str
    key: str
    sha256: str
    definition: JsonObject = field(default_factory=dict)
    mapping_id: int | None = None
    covered: Covered = field(default_factory=Covered)
    takes_good_rows: bool = True
    source_id: int | None = None


def receive_file(
    session: Session, *, organisation_id: int, file: FeedFile, row_count: int, by: int | None, now: datetime
) -> FeedRun:
    """Note a kept file as a run that is to be read and planned. ``row_count`` is how many rows there seem to be."""
    run = _new_run(organisation_id, file, by=by, now=now, planned_on=local_day(now))
    run.row_count, run.plan, run.is_to_plan, run.state = row_count, dict(NOT_READ_YET), True, TaskState.PENDING
    session.add(run)
    session.flush()
    return run


def note_rows_read(
    session: Session, claimed: Claim[FeedRun], *, handled: int, now: datetime, is_all: bool = False
) -> None:
    """Say which row of a file was read last, and that the worker lives. Raises ``ClaimLost``."""
    extend(session, claimed, now=now, handled=handled, **({"row_count": handled} if is_all else {}))


def keep_plan(session: Session, claimed: Claim[FeedRun], state: StateNow, plan: Plan, *, now: datetime) -> FeedRun:
    """Store the plan of a file that was received: from now on it waits for a decision. Raises ``ClaimLost``."""
    run = hold(session, claimed)
    delete_items(session, run)
    _fill(session, run, state, plan, now=now)
    release(session, claimed, state=TaskState.PAUSED, is_to_plan=False, handled=0, **AS_NEW)
    session.refresh(run)
    return run


def forget_file(session: Session, claimed: Claim[FeedRun]) -> None:
    """Forget a file that cannot be planned, while nobody has seen it. Raises ``ClaimLost``."""
    session.delete(hold(session, claimed))


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
    """Store another plan of a file that was planned before, as a run of its own that waits for a decision."""
    run = _new_run(organisation.id, file, by=by, now=now, planned_on=plan.on)
    _fill(session, run, state, plan, now=now)
    return run


def _new_run(organisation_id: int, file: FeedFile, *, by: int | None, now: datetime, planned_on: date) -> FeedRun:
    return FeedRun(
        organisation_id=organisation_id,
        mapping_id=file.mapping_id,
        definition=file.definition,
        source_id=file.source_id,
        file_name=file.name,
        file_key=file.key,
        file_sha256=file.sha256,
        planned_on=planned_on,
        planned_at=now,
        planned_by_account_id=by,
        row_count=0,
        item_count=0,
        is_stopped=False,
        state_digest="",
        plan_digest="",
        state=TaskState.PAUSED,
    )


def _fill(session: Session, run: FeedRun, state: StateNow, plan: Plan, *, now: datetime) -> None:
    stops = stops_of(plan, limits_of(session, organisation_id=run.organisation_id))
    is_by_admin = may_help_with_all(session, account_ids=(run.planned_by_account_id,), on=plan.on)
    for_roles = stopping(plan.role_changes, is_brought_by_admin=is_by_admin)
    run.planned_on, run.planned_at = plan.on, now
    run.row_count, run.item_count = plan.rows, len(plan.items)
    run.is_stopped, run.plan = (
        bool(stops or for_roles or plan.missing.is_unsure or plan.is_short),
        plan_as_json(plan, stops, state, for_roles),
    )
    run.state_digest, run.plan_digest = state.digest, plan.digest
    session.add(run)
    session.flush()
    store_items(session, run, plan, state)
    record(
        session,
        action="feed-planned",
        subject_type="feed-run",
        subject_id=run.id,
        actor_account_id=run.planned_by_account_id,
        now=now,
        detail={"organisation": run.organisation_id, "rows": plan.rows, "is_stopped": run.is_stopped},
    )
