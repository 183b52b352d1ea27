"""The last file that was applied, taken back: what it said goes, and what was said since stays."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.clock import local_day
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.claims import Claim, finish, hold
from kernel.tasks.kinds import TaskState
from people.feed.runs.applying import note_run
from people.feed.runs.carrying_out import rename
from people.feed.runs.deciding import ANOTHER_IS_OPEN
from people.feed.runs.record import Choice, FeedItem, FeedRun, ItemKind
from people.feed.runs.roles import kept_as_they_are
from people.feed.runs.storing import PERSON_COLUMNS, as_stored
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.employment import Employment
from people.jobs.writing import Source, undo_run
from people.persons import Person
from people.ways_in.settling import settle_accounts


@dataclass(frozen=True)
class UndoPreview:
    """What undoing a run would do: jobs that end again, come back, and become what they were.

    ``changed_since`` of all of these were changed by somebody after the file; those changes stay.
    """

    joined: int
    ended: int
    changed: int
    changed_since: int

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same in words, without full stops."""
        said = (
            (self.ended, "job that ended goes on, and its account opens again",
             "jobs that ended go on, and their accounts open again"),
            (self.joined, "job that began is held no more", "jobs that began are held no more"),
            (self.changed, "job becomes what it was", "jobs become what they were"),
            (self.changed_since, "of these jobs was changed by somebody after the file. That change stays",
             "of these jobs were changed by somebody after the file. Those changes stay"),
        )  # fmt: skip
        return tuple(f"{count:,} {one if count == 1 else many}" for count, one, many in said if count)


def why_not_undone(session: Session, run: FeedRun, *, now: datetime) -> str | None:
    """Why a run cannot be undone; ``None`` when it can."""
    if run.state is TaskState.EXPIRED:
        return "This file has been undone already"
    if not run.is_applied or run.undo_until is None:
        return "Only a file that has been applied can be undone"
    if local_day(now) > run.undo_until:
        return f"This file could be undone until {run.undo_until.day} {run.undo_until:%B %Y}"
    later = select(FeedRun.id).where(
        FeedRun.organisation_id == run.organisation_id,
        FeedRun.id != run.id,
        FeedRun.ended_at > run.ended_at,
        FeedRun.state == TaskState.DONE,
    )
    if session.scalar(later.limit(1)) is not None:
        return "Another file has been applied since. Undo that one first"
    return None


def preview_undo(session: Session, run: FeedRun) -> UndoPreview:
    """How many jobs undoing a run would touch, counted now."""
    ours = (EmploymentChange.origin == ChangeOrigin.FEED) & (EmploymentChange.run_id == run.id)
    touched = select(EmploymentChange.employment_id).where(ours, EmploymentChange.undone_at.is_(None))
    since = select(func.count(EmploymentChange.employment_id.distinct())).where(
        EmploymentChange.employment_id.in_(touched),
        EmploymentChange.undone_at.is_(None),
        EmploymentChange.recorded_at > run.decided_at,
        ~ours | EmploymentChange.run_id.is_(None),
    )
    kinds: dict[ItemKind, int] = dict(
        session.execute(
            select(FeedItem.kind, func.count())
            .where(FeedItem.run_id == run.id, ~FeedItem.is_skipped)
            .group_by(FeedItem.kind)
        ).all()
    )
    ended = kinds.get(ItemKind.LEAVE, 0) if run.choice is Choice.ALL else 0
    again = kinds.get(ItemKind.JOIN, 0) + kinds.get(ItemKind.RETURN, 0)
    return UndoPreview(again, ended, kinds.get(ItemKind.CHANGE, 0), session.scalar(since) or 0)


def ask_to_undo(session: Session, *, run_id: int, by: int | None, now: datetime) -> FeedRun:
    """Have a run undone by the queue. Raises ``RuleBroken`` where it cannot be, and while another is applied."""
    run = session.get(FeedRun, run_id, with_for_update=True, populate_existing=True)
    if run is None:
        raise NotFound(f"HR file {run_id}")
    refusal = why_not_undone(session, run, now=now)
    if refusal is not None:
        raise RuleBroken(refusal)
    values = {
        "state": TaskState.PENDING,
        "is_to_undo": True,
        "undone_by_account_id": by,
        "open_key": f"feed/{run.organisation_id}",
    }
    try:
        with session.begin_nested():
            session.execute(update(FeedRun).where(FeedRun.id == run.id).values(**values))
    except IntegrityError as problem:
        raise RuleBroken(ANOTHER_IS_OPEN) from problem
    session.refresh(run)
    note_run(session, run, "undo-asked", now=now, by=by)
    return run


def undo_claimed(session: Session, claimed: Claim[FeedRun], *, now: datetime) -> int:
    """Take back all that a run said, in one transaction; returns how many changes that were. Raises ``ClaimLost``.

    A name or an address that somebody has changed since stays, as do those of people with a role, unless an admin has
    it undone. Nobody is deleted: who joined has no job any more.
    """
    run = hold(session, claimed)
    by = run.undone_by_account_id
    undone = undo_run(session, source=Source(ChangeOrigin.FEED, run.id, by), now=now)
    _call_as_before(session, run, now=now)
    settle_accounts(session, person_ids=_people(session, run), on=local_day(now), by=by, now=now, is_undone=True)
    finish(session, claimed, state=TaskState.EXPIRED, undone_at=now, open_key=None)
    note_run(session, run, "undone", now=now, by=by, changes=undone)
    return undone


def _call_as_before(session: Session, run: FeedRun, *, now: datetime) -> None:
    rows = session.execute(
        select(FeedItem.detail, Person)
        .join(Employment, Employment.id == FeedItem.employment_id)
        .join(Person, Person.id == Employment.person_id)
        .where(FeedItem.run_id == run.id, ~FeedItem.is_skipped, FeedItem.kind != ItemKind.UNUSABLE)
        .order_by(FeedItem.place.desc())
    )
    back: dict[int, dict[str, str | None]] = {}
    for detail, person in rows:
        # Of somebody who was erased nothing is left to go back to.
        for name, (before, after) in detail.get("person", {}).items():
            if name in PERSON_COLUMNS and getattr(person, PERSON_COLUMNS[name]) == as_stored(name, after):
                back.setdefault(person.id, {})[name] = before
    for person_id in _given_births(session, run):
        back.setdefault(person_id, {})["born_on"] = None
    kept = kept_as_they_are(session, run, back, by=(run.undone_by_account_id,), on=local_day(now))
    for key in kept:  # a date of birth and a number open nothing
        back[key] = {name: value for name, value in back[key].items() if name in ("born_on", "work_mobile")}
    rename(session, {key: values for key, values in back.items() if values}, now=now)


def _given_births(session: Session, run: FeedRun) -> list[int]:
    """Whoever joined by a run, and still has the date of birth that it gave them."""
    rows = session.execute(
        select(FeedItem.detail, Person.id, Person.born_on)
        .join(Employment, Employment.payroll_number == FeedItem.payroll_number)
        .join(Person, Person.id == Employment.person_id)
        .where(Employment.organisation_id == run.organisation_id, Person.born_on.is_not(None))
        .where(FeedItem.run_id == run.id, ~FeedItem.is_skipped, FeedItem.kind == ItemKind.JOIN)
        .where(FeedItem.employment_id.is_(None))
    )
    given = ((key, born_on, detail) for detail, key, born_on in rows if not detail.get("same_person_as"))
    return [
        key
        for key, born_on, detail in given
        if as_stored("born_on", detail.get("person", {}).get("born_on", (None, None))[1]) == born_on
    ]


def _people(session: Session, run: FeedRun) -> set[int]:
    ours = (EmploymentChange.origin == ChangeOrigin.FEED) & (EmploymentChange.run_id == run.id)
    query = select(Employment.person_id).join(EmploymentChange, EmploymentChange.employment_id == Employment.id)
    return set(session.scalars(query.where(ours).distinct()))
