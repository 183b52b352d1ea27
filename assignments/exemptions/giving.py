"""Giving an exemption, and ending one early. Days that are over change only by an exemption that says so."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.due.dates import later
from assignments.due.rules import Measure
from assignments.due.words import day_in_words
from assignments.exemptions.record import Exemption, ExemptionEnd, ExemptionReason
from assignments.requirements import Requirement
from kernel.audit import record
from kernel.clock import local_day
from kernel.errors import NotFound, RuleBroken
from kernel.insert_once import insert_once
from kernel.typed import composed
from people.accounts import Account
from people.jobs.employment import Employment
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentTerms
from people.persons import Person

LONGEST_MONTHS = 12
FARTHEST_DAYS = 366
NOT_ONESELF = "You cannot exempt yourself. Ask somebody else in HR"
ENDED_ALREADY = "This exemption has ended already"


@dataclass(frozen=True)
class NewExemption:
    """An exemption that somebody wants to give. ``changes_past`` says that it may hold on days that are over."""

    person_id: int
    organisation_id: int
    course_id: int
    reason: ExemptionReason
    evidence: str
    starts_on: date
    ends_on: date
    changes_past: bool = False


def faults_in_days(starts_on: date, ends_on: date, *, changes_past: bool, on: date) -> dict[str, str]:
    """What is wrong with the days, by field; all of it at once."""
    farthest = timedelta(days=FARTHEST_DAYS)
    if not on - farthest <= starts_on <= on + farthest:
        return {"starts_on": "The first day must be within a year of today"}
    found = {}
    if starts_on < on and not changes_past:
        found["changes_past"] = "Tick the box to exempt them on days that are over, or enter a first day from today on"
    longest = later(starts_on, LONGEST_MONTHS, Measure.MONTHS)
    if ends_on < starts_on:
        found["ends_on"] = "The last day must not be before the first day"
    elif ends_on < on:
        found["ends_on"] = "The last day must be today or in the future"
    elif ends_on > longest:
        found["ends_on"] = (
            f"The last day must be {day_in_words(longest)} or earlier: {LONGEST_MONTHS} months at most. "
            "It can be renewed then"
        )
    return found


def give_exemption(session: Session, new: NewExemption, *, by: int | None, now: datetime) -> int:
    """Exempt somebody from a course; returns the id. ``by`` is the account that approves it.

    Raises ``RuleBroken`` for oneself, for days that cannot be, without evidence, where the authority does not ask for
    the course or does not employ the person, and where they are exempt on one of these days already.
    """
    on = local_day(now)
    # Two who exempt the same person at once: the second waits, and finds the days taken.
    session.scalar(select(Person.id).where(Person.id == new.person_id).with_for_update())
    evidence = composed(new.evidence)
    faults = faults_in_days(new.starts_on, new.ends_on, changes_past=new.changes_past, on=on)
    if not evidence:
        faults["evidence"] = "Enter what it rests on"
    for field, message in faults.items():
        raise RuleBroken(message, field=field)
    _refuse_oneself(session, new.person_id, by)
    _check_asked(session, new, on)
    _check_free(session, new)
    values = {key: value for key, value in vars(new).items() if key not in {"changes_past", "evidence"}}
    row = Exemption(**values, evidence=evidence, given_at=now, given_by_account_id=by)
    session.add(row)
    session.flush()
    days = {"since": new.starts_on.isoformat(), "ends_on": new.ends_on.isoformat()}
    _note(session, "exemption-given", row, by, now, reason=new.reason.value, **days)
    return row.id


def end_exemption(session: Session, *, exemption_id: int, reason: str, by: int | None, now: datetime) -> None:
    """Ask somebody again from today on. Of two who end it at once, one does.

    Raises ``NotFound``, and ``RuleBroken`` without a reason, for oneself, and where it is over.
    """
    row = session.get(Exemption, exemption_id)
    if row is None:
        raise NotFound(f"exemption {exemption_id}")
    on, words = local_day(now), composed(reason)
    if not words:
        raise RuleBroken("Enter why it ends", field="reason")
    _refuse_oneself(session, row.person_id, by)
    if row.ends_on < on:
        raise RuleBroken(ENDED_ALREADY)
    end = {"exemption_id": exemption_id, "from_on": on, "reason": words, "ended_at": now, "ended_by_account_id": by}
    if not insert_once(session, ExemptionEnd, [end], unique=("exemption_id",)):
        raise RuleBroken(ENDED_ALREADY)
    _note(session, "exemption-ended", row, by, now, on=on.isoformat())


def _refuse_oneself(session: Session, person_id: int, by: int | None) -> None:
    if by is not None and session.scalar(select(Account.person_id).where(Account.id == by)) == person_id:
        raise RuleBroken(NOT_ONESELF)


def _check_asked(session: Session, new: NewExemption, on: date) -> None:
    is_asked = select(Requirement.id).where(
        Requirement.organisation_id == new.organisation_id,
        Requirement.course_id == new.course_id,
        Requirement.withdrawn_at.is_(None),
    )
    if session.scalar(is_asked) is None:
        raise RuleBroken("This course is no longer asked for, so nobody needs an exemption")
    has_job = (
        select(Employment.id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(Employment.person_id == new.person_id, Employment.organisation_id == new.organisation_id, is_held(on))
        .limit(1)
    )
    if session.scalar(has_job) is None:
        raise RuleBroken("They hold no job here today, so nothing is asked of them")


def _check_free(session: Session, new: NewExemption) -> None:
    rows = session.execute(
        select(Exemption, ExemptionEnd.from_on)
        .outerjoin(ExemptionEnd, ExemptionEnd.exemption_id == Exemption.id)
        .where(
            Exemption.person_id == new.person_id,
            Exemption.organisation_id == new.organisation_id,
            Exemption.course_id == new.course_id,
            Exemption.starts_on <= new.ends_on,
            Exemption.ends_on >= new.starts_on,
        )
        .order_by(Exemption.ends_on.desc(), Exemption.id.desc())
    )
    for held, from_on in rows:
        if from_on is None or from_on > new.starts_on:
            last = held.ends_on if from_on is None else from_on - timedelta(days=1)
            raise RuleBroken(
                f"They are exempt until {day_in_words(last)} already. Enter a later first day", field="starts_on"
            )


def _note(session: Session, action: str, row: Exemption, by: int | None, now: datetime, **more: object) -> None:
    record(
        session,
        action=action,
        subject_type="person",
        subject_id=row.person_id,
        actor_account_id=by,
        now=now,
        detail={"organisation_id": row.organisation_id, "course": row.course_id, **more},
    )
