"""Looks at sources: which are due, what is remembered for each, and what came of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.database import JsonObject
from kernel.insert_once import insert_once
from kernel.tasks.claims import Claim, drop, fail, finish, hold, release
from kernel.tasks.control import cancel
from kernel.tasks.kinds import TaskState
from people.feed.sources.choosing import (
    MOST_LISTED,
    Choice,
    SourceFile,
    Verdict,
    Wanted,
    as_seen,
    from_seen,
)
from people.feed.sources.problems import HostKeyUnconfirmed, NeedsSomebody, NoNewFile
from people.feed.sources.record import FETCHES, FeedFetch, FeedSource, FeedSourceFile, Outcome, Wish

# A file that stands still for so long is taken to be whole.
SETTLE = timedelta(seconds=30)
MOST_LOOKS = 20
AS_NEW = {"failures": 0, "retry_at": None, "failure_reason": None}


def want_due(session: Session, *, now: datetime) -> int:
    """Note a look for each source whose time has come; returns how many are new. What was still tried before ends."""
    wanted = 0
    for source in session.scalars(select(FeedSource).where(FeedSource.is_on, FeedSource.weekdays > 0)):
        due_at = source.schedule.last(now)
        if due_at is None or due_at < source.scheduled_from:
            continue
        row = _new_look(source.id, Wish.SCHEDULE, due_at, now=now)
        if insert_once(session, FeedFetch, [row], unique=("source_id", "wish", "due_at")):
            end_open(session, source_id=source.id, before=due_at, now=now)
            wanted += 1
    return wanted


def want_look(session: Session, source: FeedSource, *, wish: Wish, by: int | None, now: datetime) -> FeedFetch:
    """Note that somebody wants a source to be looked at, or its file fetched, now. One that is under way will do."""
    under_way = session.scalar(
        select(FeedFetch)
        .where(FeedFetch.source_id == source.id, FeedFetch.wish == wish, FETCHES.is_open)
        .order_by(FeedFetch.id.desc())
        .limit(1)
    )
    if under_way is not None:
        return under_way
    fetch = FeedFetch(**_new_look(source.id, wish, now, now=now), asked_by_account_id=by)
    session.add(fetch)
    session.flush()
    if wish is Wish.ASKED:
        _note(session, source, "feed-source-asked", by=by, now=now)
    return fetch


def _new_look(source_id: int, wish: Wish, due_at: datetime, *, now: datetime) -> dict[str, object]:
    return {
        "source_id": source_id,
        "wish": wish,
        "due_at": due_at,
        "next_at": now,
        "state": TaskState.PENDING,
        "claims": 0,
        "failures": 0,
        "looks": 0,
        "seen": {},
        "found": {},
    }


def end_open(
    session: Session, *, source_id: int, now: datetime, before: datetime | None = None, but: int | None = None
) -> None:
    """End every look at a source that is still open, or those due before a moment: another one has taken its place."""
    open_ones = select(FeedFetch.id).where(FeedFetch.source_id == source_id, FETCHES.is_open)
    if before is not None:
        open_ones = open_ones.where(FeedFetch.wish == Wish.SCHEDULE, FeedFetch.due_at < before)
    for fetch_id in session.scalars(open_ones).all():
        if fetch_id != but:
            reason = session.get_one(FeedFetch, fetch_id).failure_reason
            cancel(session, FETCHES, fetch_id, outcome=Outcome.FAILED, ended_at=now)
            keep = update(FeedFetch).where(FeedFetch.id == fetch_id).values(failure_reason=reason)
            session.execute(keep, execution_options={"synchronize_session": False})


def wanted_of(session: Session, source: FeedSource, fetch: FeedFetch) -> Wanted:
    """What a look asks of a source, with what is remembered of it."""
    read = session.execute(
        select(FeedSourceFile.name, FeedSourceFile.size_bytes, FeedSourceFile.modified_at).where(
            FeedSourceFile.source_id == source.id
        )
    ).all()
    files = [SourceFile(name, "", size, modified) for name, size, modified in read]
    return Wanted(
        source.pattern,
        has_marker=source.has_marker,
        read_before=frozenset((one.name, one.stand) for one in files),
        newest_read_at=max((one.modified_at for one in files), default=None),
        seen=from_seen(fetch.seen),
        is_only_look=fetch.wish is Wish.LOOK,
    )


def is_known(session: Session, *, source_id: int, file: SourceFile, sha256: str) -> bool:
    """Whether a file of this name, this size and these bytes was read before, whenever it was written."""
    return (
        session.scalar(
            select(FeedSourceFile.id).where(
                FeedSourceFile.source_id == source_id,
                FeedSourceFile.name == file.name,
                FeedSourceFile.size_bytes == file.size_bytes,
                FeedSourceFile.sha256 == sha256,
            )
        )
        is not None
    )


def remember(session: Session, *, source_id: int, file: SourceFile, sha256: str, now: datetime) -> None:
    """Remember that a file was read; of one with the same bytes, when it was written last."""
    row = {
        "source_id": source_id,
        "name": file.name,
        "size_bytes": file.size_bytes,
        "modified_at": file.modified_at,
        "sha256": sha256,
        "read_at": now,
    }
    unique = ("source_id", "name", "size_bytes", "sha256")
    if not insert_once(session, FeedSourceFile, [row], unique=unique):
        same = [getattr(FeedSourceFile, name) == row[name] for name in unique]
        session.execute(
            update(FeedSourceFile).where(*same).values(modified_at=file.modified_at),
            execution_options={"synchronize_session": False},
        )


def note_seen(session: Session, claimed: Claim[FeedFetch], choice: Choice, *, now: datetime) -> None:
    """Write down what somebody wanted to see. Raises ``ClaimLost``."""
    finish(session, claimed, outcome=Outcome.SEEN, found=found_of(choice), ended_at=now)


def look_again(session: Session, claimed: Claim[FeedFetch], choice: Choice, *, now: datetime) -> None:
    """Come back when a file that may still be being written has had time to stand still. Raises ``ClaimLost``."""
    fetch = hold(session, claimed)
    values = {"looks": fetch.looks + 1, "seen": as_seen(choice), "found": found_of(choice)}
    release(session, claimed, next_at=now + SETTLE, **AS_NEW, **values)


def note_fetched(
    session: Session, claimed: Claim[FeedFetch], choice: Choice, *, file: SourceFile, run_id: int, now: datetime
) -> None:
    """Write down that a file was fetched and is a run now: what else was tried for it ends. Raises ``ClaimLost``."""
    fetch = hold(session, claimed)
    finish(
        session,
        claimed,
        outcome=Outcome.FETCHED,
        found=found_of(choice),
        file_name=file.name,
        run_id=run_id,
        ended_at=now,
    )
    end_open(session, source_id=fetch.source_id, now=now, but=fetch.id)
    source = session.get_one(FeedSource, fetch.source_id)
    _note(session, source, "feed-source-fetched", by=fetch.asked_by_account_id, now=now, run=run_id)


def note_problem(
    session: Session, claimed: Claim[FeedFetch], problem: Exception, *, choice: Choice | None, now: datetime
) -> None:
    """Write down why nothing was read. What was due is tried again, unless a person has to do something first; what
    somebody asked for ends, because they are there to ask again. Raises ``ClaimLost``.
    """
    fetch = hold(session, claimed)
    found = {} if choice is None else {"found": found_of(choice), "seen": as_seen(choice)}
    if isinstance(problem, HostKeyUnconfirmed):
        offered = update(FeedSource).where(FeedSource.id == fetch.source_id)
        session.execute(offered.values(offered_host_key=problem.host_key))
    if fetch.wish is Wish.SCHEDULE:
        is_final = isinstance(problem, NeedsSomebody)
        fail(session, claimed, reason=str(problem), now=now, is_passing=not is_final, is_final=is_final, **found)
        return
    outcome = Outcome.NOTHING if isinstance(problem, NoNewFile) else Outcome.FAILED
    drop(session, claimed, outcome=outcome, failure_reason=str(problem)[:500], ended_at=now, **found)


def found_of(choice: Choice) -> JsonObject:
    """What a look showed, for people: each file with what becomes of it, the newest first."""
    return {
        "files": [
            {
                "name": file.name,
                "size": file.size_bytes,
                "modified_at": file.modified_at.isoformat(),
                "verdict": verdict.value,
            }
            for file, verdict in choice.listed[:MOST_LISTED]
        ],
        "count": len(choice.listed),
        "others": choice.others,
    }


def nothing_new(choice: Choice, source: FeedSource) -> NoNewFile:
    """Why there is nothing to read, in words."""
    if choice.newest is None:
        there = f"There are {choice.others:,} other files" if choice.others else "The folder is empty"
        return NoNewFile(f"No file there is called “{source.pattern}”. {there}. Has the HR system written it?")
    file, verdict = choice.newest
    words: Mapping[Verdict, str] = {
        Verdict.KNOWN: f"No new file has come. The newest, “{file.name}”, was read before.",
        Verdict.OLDER: f"No new file has come. The newest, “{file.name}”, is older than the last one that was read.",
        Verdict.EMPTY: f"The newest file, “{file.name}”, is empty. Ask for it to be exported again.",
        Verdict.LARGE: f"The newest file, “{file.name}”, is too large to be read. Have it exported in parts.",
        Verdict.UNMARKED: f"“{file.name}” has no “.done” file beside it that is newer, so it may not be whole yet.",
        Verdict.STILL: f"“{file.name}” was still being written at each of {MOST_LOOKS} looks.",
    }
    return NoNewFile(words.get(verdict, f"“{file.name}” was not read."))


def last_fetched_at(session: Session, *, source_id: int) -> datetime | None:
    """When a file of a source came last."""
    return session.scalar(
        select(func.max(FeedFetch.ended_at)).where(
            FeedFetch.source_id == source_id, FeedFetch.outcome == Outcome.FETCHED
        )
    )


def _note(session: Session, source: FeedSource, action: str, *, by: int | None, now: datetime, **detail: int) -> None:
    record(
        session,
        action=action,
        subject_type="feed-source",
        subject_id=source.id,
        actor_account_id=by,
        now=now,
        detail={"organisation": source.organisation_id, **detail},
    )
