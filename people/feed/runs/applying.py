"""A run that somebody let go on: begun on the record as it stands, then carried out portion by portion.

Each portion is one transaction that also says how far it is, so whatever dies, nothing is done twice or left out.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.clock import local_day
from kernel.tasks.claims import Claim, drop, finish, hold, release
from people.feed.planning.plan import Plan
from people.feed.planning.state import StateNow
from people.feed.runs.carrying_out import carry_out
from people.feed.runs.planning import AS_NEW, FeedFile, Rows, make_plan, store_plan
from people.feed.runs.record import Choice, FeedItem, FeedRun, ItemKind
from people.feed.runs.state import read_state
from people.feed.runs.storing import store_items_again, stored_item
from people.organisations import Organisation
from people.ways_in.settling import settle_accounts

ReadAgain = Callable[[FeedRun], tuple[FeedFile, Rows]]


def begin_run(session: Session, claimed: Claim[FeedRun], read_again: ReadAgain, *, now: datetime) -> FeedRun | None:
    """Begin a run that nobody has begun. If the record is not what it was when the plan was made, the plan is made
    again from the kept file: the same one goes on, and another one is stored as a run of its own, which is returned
    and waits for a decision. Raises ``ClaimLost``.
    """
    run = hold(session, claimed)
    organisation = session.get_one(Organisation, run.organisation_id)
    state = read_state(session, organisation, on=run.planned_on)
    if state.digest == run.state_digest and local_day(now) == run.planned_on:
        release(session, claimed, applies_on=local_day(now), **AS_NEW)
        return None
    file, rows = read_again(run)
    state = read_state(session, organisation, on=local_day(now))
    plan = make_plan(state, rows, file=file, now=now)
    if plan.digest == run.plan_digest:
        store_items_again(session, run, plan, state)
        release(session, claimed, applies_on=local_day(now), planned_on=local_day(now), **AS_NEW)
        return None
    return _replace(session, claimed, run, (organisation, state, plan), file=file, now=now)


def _replace(
    session: Session,
    claimed: Claim[FeedRun],
    run: FeedRun,
    made: tuple[Organisation, StateNow, Plan],
    *,
    file: FeedFile,
    now: datetime,
) -> FeedRun:
    new = store_plan(session, *made, file=file, by=run.planned_by_account_id, now=now)
    drop(session, claimed, ended_at=now, open_key=None, replaced_by_id=new.id, **AS_NEW)
    note_run(session, run, "replaced", now=now, by=None, new_run=new.id)
    return new


def apply_portion(session: Session, claimed: Claim[FeedRun], *, limit: int, now: datetime) -> bool:
    """Carry out the next ``limit`` items of a run that has begun; whether that was all. Raises ``ClaimLost``."""
    run = hold(session, claimed)
    kinds = [ItemKind.JOIN, ItemKind.RETURN, ItemKind.CHANGE]
    if run.choice is Choice.ALL:
        kinds.append(ItemKind.LEAVE)
    rows = session.scalars(
        select(FeedItem)
        .where(FeedItem.run_id == run.id, FeedItem.place > run.handled, FeedItem.kind.in_(kinds))
        .order_by(FeedItem.place)
        .limit(limit)
    ).all()
    on = run.applies_on or local_day(now)
    done = carry_out(session, run, [stored_item(row) for row in rows], on=on, now=now)
    if done.skipped:
        left = update(FeedItem).where(FeedItem.run_id == run.id, FeedItem.place.in_(done.skipped))
        session.execute(left.values(is_skipped=True), execution_options={"synchronize_session": False})
    by = run.decided_by_account_id
    settle_accounts(session, person_ids=done.person_ids, on=local_day(now), by=by, now=now)
    skipped = run.skipped + len(done.skipped)
    if len(rows) == limit:
        release(session, claimed, handled=rows[-1].place, skipped=skipped, **AS_NEW)
        return False
    finish(session, claimed, handled=run.item_count, skipped=skipped, ended_at=now, open_key=None)
    note_run(session, run, "applied", now=now, by=by, skipped=skipped)
    return True


def note_run(session: Session, run: FeedRun, verb: str, *, now: datetime, by: int | None, **detail: int) -> None:
    """Put on record what became of a run."""
    record(
        session,
        action=f"feed-{verb}",
        subject_type="feed-run",
        subject_id=run.id,
        actor_account_id=by,
        now=now,
        detail={"organisation": run.organisation_id, **detail},
    )
