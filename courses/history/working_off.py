"""One batch of applying or undoing a file, done and written down in one transaction: nothing is lost or done twice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from courses.history.completions import PastCompletion, add_past_completions, standing_among
from courses.history.known_here import taken_by
from courses.history.plan import Outcome
from courses.history.stored import HistoryRow, HistoryRun, Stage, day_of
from courses.records.completion_events import CompletionEvent, CompletionEventKind
from kernel.tasks.claims import Claim, finish, hold, release

# What people read about their completion.
UNDONE = "The file that it came from was taken back by your authority"
APPLIED_AGAIN = "The file that it came from was applied again by your authority"


@dataclass(frozen=True)
class OfOthers:
    """What other parts know of completions: ``certified`` are those with a certificate that is in force, which stay
    when a file is undone; ``replaced`` each that was put right, with the one that counts in its place."""

    certified: Select[int]
    replaced: Select[int, int | None]


def work_off_batch(
    session: Session, claimed: Claim[HistoryRun], *, others: OfOthers, limit: int, now: datetime
) -> None:
    """Do the next ``limit`` rows of a run; a batch that is not full was the last.

    Raises ``ClaimLost`` when another worker has taken it over.
    """
    run = hold(session, claimed)
    rows = _next_rows(session, run, limit)
    if run.stage is Stage.UNDOING:
        done = run.done + _take_back(session, run, rows, others, now)
        ended = {"stage": Stage.UNDONE, "undone_at": now}
    else:
        done = run.done + _bring_in(session, run, rows, others, now)
        ended = {"stage": Stage.APPLIED, "applied_at": now}
    if len(rows) < limit:
        finish(session, claimed, done=done, handled_id=0, **ended)
    else:
        as_new = {"failures": 0, "retry_at": None, "failure_reason": None}
        release(session, claimed, done=done, handled_id=rows[-1].id, **as_new)


def _next_rows(session: Session, run: HistoryRun, limit: int) -> Sequence[HistoryRow]:
    query = select(HistoryRow).where(
        HistoryRow.run_id == run.id, HistoryRow.outcome == Outcome.MATCHED, HistoryRow.id > run.handled_id
    )
    return session.scalars(query.order_by(HistoryRow.id).limit(limit)).all()


def _bring_in(session: Session, run: HistoryRun, rows: Sequence[HistoryRow], others: OfOthers, now: datetime) -> int:
    """Add what is new, and let what was undone count again. What somebody completed that day meanwhile is there."""
    again = [row for row in rows if row.completion_id is not None and row.undone_at is not None]
    new = [row for row in rows if row.completion_id is None]
    wanted = [
        PastCompletion(row.id, row.person_id, row.course_id, day_of(row))
        for row in new
        if row.person_id is not None and row.course_id is not None
    ]
    made = add_past_completions(session, wanted, organisation_id=run.organisation_id, now=now)
    for row in new:
        row.completion_id = made.get(row.id)
        if row.completion_id is None:
            row.outcome = Outcome.ALREADY_THERE
    taken = taken_by(session, {row.person_id for row in again if row.person_id})
    back = [row for row in again if (row.person_id, row.course_id, row.completed_on) not in taken]
    counting = set(_in_their_place(session, _ids(back), others).values())
    withdrawn = counting - standing_among(session, counting)
    _note(session, withdrawn, CompletionEventKind.REINSTATED, APPLIED_AGAIN, run, now)
    for row in back:
        row.undone_at = None
    session.flush()
    return len(made) + len(back)


def _take_back(session: Session, run: HistoryRun, rows: Sequence[HistoryRow], others: OfOthers, now: datetime) -> int:
    """Withdraw what the run added, or what a correction put in its place, but for what carries a certificate, and what
    was withdrawn before."""
    added = [row for row in rows if row.completion_id is not None and row.undone_at is None]
    counting = _in_their_place(session, _ids(added), others)
    ids, certified = set(counting.values()), others.certified
    keep = set(session.scalars(certified.where(certified.selected_columns[0].in_(ids)))) if ids else set()
    goes = standing_among(session, ids) - keep
    _note(session, goes, CompletionEventKind.WITHDRAWN, UNDONE, run, now)
    for row in added:
        if row.completion_id is not None and counting[row.completion_id] in goes:
            row.undone_at = now
    session.flush()
    return len(goes)


def _in_their_place(session: Session, ids: Collection[int], others: OfOthers) -> dict[int, int]:
    """By completion, the one that counts in its place: itself, or what the last of its corrections put there."""
    found: dict[int, int] = {one: one for one in ids}
    first, _ = others.replaced.selected_columns
    newest = set(ids)
    while newest:
        following = dict(session.execute(others.replaced.where(first.in_(newest))).all())
        found = {one: following.get(held) or held for one, held in found.items()}
        newest = {one for one in following.values() if one}
    return found


def _ids(rows: Sequence[HistoryRow]) -> list[int]:
    return [row.completion_id for row in rows if row.completion_id is not None]


def _note(
    session: Session,
    completion_ids: Collection[int],
    kind: CompletionEventKind,
    reason: str,
    run: HistoryRun,
    now: datetime,
) -> None:
    events = [
        {
            "completion_id": one,
            "kind": kind,
            "reason": reason,
            "actor_account_id": run.wanted_by_account_id,
            "happened_at": now,
        }
        for one in sorted(completion_ids)
    ]
    if events:
        session.execute(insert(CompletionEvent), events)
