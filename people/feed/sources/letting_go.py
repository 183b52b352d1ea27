"""What becomes of a file that came by itself: it goes on where its source says so, and a newer one takes its place."""

from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, aliased

from kernel.errors import RuleBroken
from kernel.tasks.kinds import TaskState
from people.feed.runs.applying import note_run
from people.feed.runs.deciding import decide
from people.feed.runs.record import Choice, FeedItem, FeedRun, ItemKind
from people.feed.sources.record import FeedSource


def drop_overtaken(session: Session, *, now: datetime) -> int:
    """Drop plans that nobody has decided about and that a newer file of the same source has overtaken; how many."""
    newer = aliased(FeedRun)
    newest = (
        select(func.max(newer.id))
        .where(
            newer.source_id == FeedRun.source_id,
            newer.id > FeedRun.id,
            newer.is_to_plan.is_(False),
            newer.state != TaskState.CANCELLED,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(FeedRun, newest).where(
            FeedRun.source_id.is_not(None),
            FeedRun.state.in_((TaskState.PAUSED, TaskState.PARKED)),
            FeedRun.choice.is_(None),
            newest.is_not(None),
        )
    ).all()
    for run, newer_id in rows:
        session.execute(
            update(FeedRun)
            .where(FeedRun.id == run.id)
            .values(state=TaskState.CANCELLED, ended_at=now, replaced_by_id=newer_id, retry_at=None, claimed_by=None)
        )
        note_run(session, run, "overtaken", now=now, by=None, new_run=newer_id)
    return len(rows)


def let_clean_go(session: Session, *, now: datetime) -> int:
    """Let plans be applied that nothing stopped, and of which every row can be used, where the source says so.

    While another file of the authority is applied, they wait. Returns how many go on now.
    """
    unusable = exists().where(FeedItem.run_id == FeedRun.id, FeedItem.kind == ItemKind.UNUSABLE)
    clean = (
        select(FeedRun.id)
        .join(FeedSource, FeedSource.id == FeedRun.source_id)
        .where(
            FeedSource.applies_itself,
            FeedSource.is_on,
            FeedRun.state == TaskState.PAUSED,
            FeedRun.is_to_plan.is_(False),
            FeedRun.is_stopped.is_(False),
            ~unusable,
        )
        .order_by(FeedRun.id)
    )
    gone = 0
    for run_id in session.scalars(clean).all():
        try:
            decide(session, run_id=run_id, choice=Choice.ALL, by=None, now=now)
        except RuleBroken:  # another file is being applied, or somebody has just decided
            continue
        gone += 1
    return gone
