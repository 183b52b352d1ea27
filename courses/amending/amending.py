"""Putting a completion right, and taking that back."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.amending.record import CompletionAmendment, Fault
from courses.history.known_here import was_undone
from courses.records.attempts import Attempt
from courses.records.completion import Completion, is_standing, note_event
from courses.records.completion_events import CompletionEventKind
from courses.taking.withdrawing import reinstate_completion, withdraw_completion
from kernel.audit import record
from kernel.clock import LOCAL, local_day
from kernel.errors import NotFound, RuleBroken
from kernel.typed import composed
from people.accounts import Account
from people.jobs.reading import find_main_employment
from people.organisations import Unit

NOT_ONESELF = "You cannot correct what you completed yourself. Ask somebody else in HR"
NOT_FOR_ONESELF = "You cannot record a completion for yourself. Ask somebody else in HR"
CHANGED = "Somebody has corrected this completion already. Look at it again"
FILE_TAKEN_BACK = "The file that it came from was undone, so it counts for nobody. Apply the file again first"
_UNDONE = "A correction was taken back"


@dataclass(frozen=True)
class NewAmendment:
    """What somebody wants to put right. ``completed_on`` is for a wrong day, ``person_id`` for a wrong person."""

    fault: Fault
    reason: str
    completed_on: date | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class AmendOutcome:
    """What became of it: the completion that counts no more, and the one in its place if there is one."""

    amendment_id: int
    completion_id: int
    replacement_id: int | None


def faults_in(
    session: Session, completion: Completion, new: NewAmendment, *, by: int | None, on: date
) -> dict[str, str]:
    """What is wrong with it, by field; all of it at once."""
    found = {} if composed(new.reason) else {"reason": "Enter why you correct it"}
    whose = session.scalar(select(Account.person_id).where(Account.id == by)) if by is not None else None
    if whose is not None and whose == completion.person_id:
        found["reason"] = NOT_ONESELF
    day = local_day(completion.completed_at)
    if new.fault is Fault.WRONG_DAY:
        if new.completed_on is None:
            found["completed_on"] = "Enter the day on which they completed it"
        elif new.completed_on > on:
            found["completed_on"] = "The day must be today or in the past"
        elif new.completed_on == day:
            found["completed_on"] = "That is the day on record already"
        elif _has_completed_on(session, completion, completion.person_id, new.completed_on):
            found["completed_on"] = "They have another completion of that day already"
    if new.fault is Fault.WRONG_PERSON:
        if new.person_id is None:
            found["person"] = "Enter whose completion it is"
        elif new.person_id == whose:
            found["person"] = NOT_FOR_ONESELF
        elif new.person_id == completion.person_id:
            found["person"] = "That is the person on record already"
        elif find_main_employment(session, person_id=new.person_id, on=day) is None:
            found["person"] = "They have no job on record, so it cannot be theirs"
        elif _has_completed_on(session, completion, new.person_id, day):
            found["person"] = "They have a completion of that day already"
    return found


def _has_completed_on(session: Session, completion: Completion, person_id: int, day: date) -> bool:
    days = session.scalars(
        select(Completion.completed_at).where(
            Completion.person_id == person_id, Completion.course_id == completion.course_id, is_standing()
        )
    )
    return day in {local_day(one) for one in days}


def amend(
    session: Session, completion: Completion, new: NewAmendment, *, by: int | None, now: datetime
) -> AmendOutcome:
    """Let a completion count no more, and where it was only the day or the person, another in its place.

    Whoever loses one can complete the course again. Raises ``RuleBroken``, also where it counts no more by now.
    """
    for field, message in faults_in(session, completion, new, by=by, on=local_day(now)).items():
        raise RuleBroken(message, field=field)
    if session.scalar(select(Completion.id).where(Completion.id == completion.id, is_standing())) is None:
        raise RuleBroken(CHANGED)
    replacement = _replacement(session, completion, new)
    if replacement is not None:
        session.add(replacement)
        session.flush()
    row = CompletionAmendment(
        completion_id=completion.id,
        replacement_id=replacement.id if replacement else None,
        fault=new.fault,
        reason=composed(new.reason),
        amended_at=now,
        amended_by_account_id=by,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # somebody else did at this moment; the unique index decides
        raise RuleBroken(CHANGED) from None
    _withdraw(session, completion, new, by, now)
    _record(session, "completion-amended", row, completion, replacement, by, now)
    return AmendOutcome(row.id, completion.id, row.replacement_id)


def _withdraw(session: Session, completion: Completion, new: NewAmendment, by: int | None, now: datetime) -> None:
    if new.fault is Fault.WRONG_DAY:
        # Their attempt led to it and still does: nobody begins anew because a day was wrong.
        kind, reason = CompletionEventKind.WITHDRAWN, "The day was wrong"
        note_event(session, completion, kind, reason=reason, account_id=by, now=now)
        return
    is_theirs = new.fault is Fault.IN_ERROR
    reason = "It was recorded by mistake" if is_theirs else "It was recorded for the wrong person"
    withdraw_completion(session, completion_id=completion.id, reason=reason, account_id=by, now=now)


def _replacement(session: Session, completion: Completion, new: NewAmendment) -> Completion | None:
    same = {
        "course_id": completion.course_id,
        "course_version_id": completion.course_version_id,
        "source": completion.source,
    }
    if new.fault is Fault.WRONG_DAY and new.completed_on is not None:
        time = completion.completed_at.astimezone(LOCAL).timetz()
        return Completion(
            **same,
            person_id=completion.person_id,
            cycle=_cycle(session, completion),
            organisation_id=completion.organisation_id,
            unit_path=completion.unit_path,
            grade=completion.grade,
            completed_at=datetime.combine(new.completed_on, time),
        )
    if new.fault is Fault.WRONG_PERSON and new.person_id is not None:
        job = find_main_employment(session, person_id=new.person_id, on=local_day(completion.completed_at))
        if job is None:
            raise RuleBroken("They have no job on record, so it cannot be theirs", field="person")
        return Completion(
            **same,
            person_id=new.person_id,
            cycle=_before_all(session, new.person_id, completion.course_id),
            organisation_id=job.organisation_id,
            unit_path=session.get_one(Unit, job.unit_id).path,
            grade=job.grade,
            completed_at=completion.completed_at,
        )
    return None


def _cycle(session: Session, completion: Completion) -> int:
    """After the one that it replaces, so that the attempt has led to it; unless a later attempt would seem to have."""
    of_it = (Attempt.person_id == completion.person_id) & (Attempt.course_id == completion.course_id)
    newest = session.scalar(select(func.max(Attempt.cycle)).where(of_it)) or 0
    if completion.cycle < 1 or newest > completion.cycle:
        return _before_all(session, completion.person_id, completion.course_id)
    theirs = (Completion.person_id == completion.person_id) & (Completion.course_id == completion.course_id)
    return (session.scalar(select(func.max(Completion.cycle)).where(theirs)) or 0) + 1


def _before_all(session: Session, person_id: int, course_id: int) -> int:
    """Counted down from 0, as past learning: it takes no cycle in which somebody is at the course, or was."""
    theirs = (Completion.person_id == person_id) & (Completion.course_id == course_id)
    # Not "or": the first that a file brought has the cycle 0.
    lowest = session.scalar(select(func.min(Completion.cycle)).where(theirs))
    return min(1 if lowest is None else lowest, 1) - 1


def has_been_amended(session: Session, *, completion_id: int, person_id: int) -> bool:
    """Whether a completion of this person counts no more because it was put right."""
    found = select(CompletionAmendment.id).join(Completion, Completion.id == CompletionAmendment.completion_id)
    of_it = (Completion.id == completion_id) & (Completion.person_id == person_id)
    return session.scalar(found.where(of_it, CompletionAmendment.undone_at.is_(None))) is not None


def get_amendment(session: Session, *, amendment_id: int, person_id: int) -> CompletionAmendment:
    """One that is about what was or is this person’s. Raises ``NotFound``."""
    found = session.get(CompletionAmendment, amendment_id)
    both = () if found is None else (found.completion_id, found.replacement_id)
    whose = session.scalars(select(Completion.person_id).where(Completion.id.in_([one for one in both if one])))
    if found is None or person_id not in set(whose):
        raise NotFound(f"amendment {amendment_id} of person {person_id}")
    return found


def undo(session: Session, row: CompletionAmendment, *, by: int | None, now: datetime) -> None:
    """Take an amendment back: what was withdrawn counts again, and what took its place no more.

    Raises ``RuleBroken`` where it was taken back already, its person has completed the course again since, or the file
    that had brought it was undone.
    """
    taken = session.execute(
        update(CompletionAmendment)
        .where(CompletionAmendment.id == row.id, CompletionAmendment.undone_at.is_(None))
        .values(undone_at=now, undone_by_account_id=by)
        .returning(CompletionAmendment.id)
    ).all()
    if not taken:
        raise RuleBroken("Somebody has taken this correction back already")
    before = session.get_one(Completion, row.completion_id)
    if session.scalar(select(Completion.id).where(Completion.id == before.id, was_undone())) is not None:
        raise RuleBroken(FILE_TAKEN_BACK)
    after = session.get(Completion, row.replacement_id) if row.replacement_id else None
    whose = session.scalar(select(Account.person_id).where(Account.id == by)) if by is not None else None
    if whose is not None and whose in {before.person_id, after.person_id if after else None}:
        raise RuleBroken(NOT_ONESELF)
    if after is not None:
        note_event(session, after, CompletionEventKind.WITHDRAWN, reason=_UNDONE, account_id=by, now=now)
    if row.fault is Fault.WRONG_DAY:
        note_event(session, before, CompletionEventKind.REINSTATED, reason=_UNDONE, account_id=by, now=now)
    else:
        reinstate_completion(session, completion_id=before.id, reason=_UNDONE, account_id=by, now=now)
    session.refresh(row)
    _record(session, "completion-amendment-undone", row, before, after, by, now)


def _record(
    session: Session,
    action: str,
    row: CompletionAmendment,
    before: Completion,
    after: Completion | None,
    by: int | None,
    now: datetime,
) -> None:
    """In the trail of the person, and of the one whose completion it is in truth."""
    people = {before.person_id, after.person_id if after else before.person_id}
    for person_id in sorted(people):
        record(
            session,
            action=action,
            subject_type="person",
            subject_id=person_id,
            actor_account_id=by,
            now=now,
            detail={"course": before.course_id, "fault": row.fault.value},
        )
