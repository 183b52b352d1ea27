"""What people decide about a plan. The heavy choice about a file that was stopped takes a second person."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.clock import local_day
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.feed.planning.brakes import Brake
from people.feed.planning.plan import RoleEffect
from people.feed.runs.record import Choice, FeedRun
from people.feed.runs.roles import may_help_with_all
from people.organisations import Organisation
from people.roles import Role, roles_of

ANOTHER_IS_OPEN = "Another file of this authority is being applied. Wait until it has ended, then decide"
DECIDED = "Somebody has decided about this file already"
ADMIN_AGREES = "This file does something to people with a role, so an admin must agree to it"
REPLACED = "The record has changed since this plan was made. Decide about the new plan"


def get_run(session: Session, *, run_id: int, organisation_ids: Collection[int] | None = None) -> FeedRun:
    """A run of one of these authorities, or of any with ``None``. Raises ``NotFound``."""
    found = session.get(FeedRun, run_id)
    if found is None or (organisation_ids is not None and found.organisation_id not in organisation_ids):
        raise NotFound(f"HR file {run_id}")
    return found


def may_decide(session: Session, *, account_id: int, organisation_id: int, on: date) -> bool:
    """Whether somebody may decide about the files of an authority on a day: its HR leads, and admins."""
    account = session.get(Account, account_id)
    if account is None or not account.is_active:
        return False
    held = roles_of(session, account_id=account_id, on=on)
    return any(
        one.role is Role.ADMIN or (one.role is Role.HR_LEAD and one.organisation_id == organisation_id) for one in held
    )


def needs_second_person(run: FeedRun, choice: Choice) -> bool:
    """Whether a choice is not for whoever brought the file: all of one that was stopped; and what is left of it
    without the leavers, where something else stopped it too."""
    if not run.is_stopped or choice is Choice.NOTHING:
        return False
    brakes = {stop["brake"] for stop in run.plan["stops"]}
    return choice is Choice.ALL or bool(brakes - {Brake.LEAVERS.value}) or needs_admin(run, choice)


def needs_admin(run: FeedRun, choice: Choice) -> bool:
    """Whether a choice does something to people with a role with which HR leads may not help, so that either whoever
    brought the file is an admin or whoever agrees to it."""
    stops = run.plan.get("role_stops", ())
    leaving = [one for one in stops if one.startswith(RoleEffect.LEAVE)]
    return choice is not Choice.NOTHING and (choice is Choice.ALL or len(leaving) < len(stops)) and bool(stops)


def decide(session: Session, *, run_id: int, choice: Choice, by: int | None, now: datetime) -> FeedRun:
    """Let a run be applied, in all or without those who leave, or drop it, also one that is not read yet.

    Raises ``RuleBroken`` where somebody has decided, where a second person has to, and while another is applied.
    """
    run = session.get(FeedRun, run_id, with_for_update=True, populate_existing=True)
    if run is None:
        raise NotFound(f"HR file {run_id}")
    if not (run.is_planned or (run.is_unread and choice is Choice.NOTHING)):
        raise RuleBroken(REPLACED if run.replaced_by_id else DECIDED)
    if needs_second_person(run, choice) and (by is None or by == run.planned_by_account_id):
        raise RuleBroken("A second person must agree to this: somebody who did not bring the file", field="choice")
    if needs_admin(run, choice) and not may_help_with_all(
        session, account_ids=(by, run.planned_by_account_id), on=local_day(now)
    ):
        raise RuleBroken(ADMIN_AGREES, field="choice")
    values = {"choice": choice, "decided_by_account_id": by, "decided_at": now}
    if choice is Choice.NOTHING:
        _set(session, run, state=TaskState.CANCELLED, ended_at=now, claimed_by=None, retry_at=None, **values)
    else:
        _take_turn(session, run, **values)
    _note(session, run, by, now)
    return run


def _take_turn(session: Session, run: FeedRun, **values: object) -> None:
    try:
        with session.begin_nested():
            _set(session, run, state=TaskState.PENDING, open_key=f"feed/{run.organisation_id}", **values)
    except IntegrityError as problem:
        raise RuleBroken(ANOTHER_IS_OPEN) from problem


def _set(session: Session, run: FeedRun, **values: object) -> None:
    session.execute(update(FeedRun).where(FeedRun.id == run.id).values(**values))
    session.refresh(run)


def _note(session: Session, run: FeedRun, by: int | None, now: datetime) -> None:
    record(
        session,
        action="feed-decided",
        subject_type="feed-run",
        subject_id=run.id,
        actor_account_id=by,
        now=now,
        detail={"organisation": run.organisation_id, "choice": str(run.choice), "was_stopped": run.is_stopped},
    )


def runs_of(session: Session, *, organisation_id: int, page: int = 1, size: int = 20) -> tuple[FeedRun, ...]:
    """One page, counted from 1, of the runs of an authority, the newest first."""
    query = select(FeedRun).where(FeedRun.organisation_id == organisation_id).order_by(FeedRun.id.desc())
    return tuple(session.scalars(query.limit(size).offset((page - 1) * size)))


def waiting_runs(session: Session) -> tuple[tuple[FeedRun, Organisation], ...]:
    """The newest file of each authority that waits for somebody to decide, whether it was stopped or not."""
    newest = select(func.max(FeedRun.id)).group_by(FeedRun.organisation_id)
    rows = session.execute(
        select(FeedRun, Organisation)
        .join(Organisation, Organisation.id == FeedRun.organisation_id)
        .where(FeedRun.id.in_(newest), FeedRun.state == TaskState.PAUSED, FeedRun.is_to_plan.is_(False))
        .order_by(Organisation.name, Organisation.id)
    )
    return tuple((run, organisation) for run, organisation in rows)


def count_runs(session: Session, *, organisation_id: int) -> int:
    """How many runs an authority has."""
    own = FeedRun.organisation_id == organisation_id
    return session.scalar(select(func.count()).select_from(FeedRun).where(own)) or 0


def last_applied(session: Session, run: FeedRun) -> FeedRun | None:
    """The newest run of the same authority that is in the record, and was sent before this one."""
    older = (FeedRun.organisation_id == run.organisation_id, FeedRun.id < run.id, FeedRun.state == TaskState.DONE)
    return session.scalar(select(FeedRun).where(*older).order_by(FeedRun.id.desc()).limit(1))
