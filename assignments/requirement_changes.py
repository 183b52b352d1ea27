"""Changing and ending what an authority asks for. Rows are ended and added: what held when stays known.

Completions and certificates belong to their people. Nothing here touches one.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assignments.due.rules import DueRule
from assignments.requirements import Asking, Requirement, as_stored, audited
from kernel.audit import record
from kernel.database import JsonObject
from kernel.errors import NotFound, RuleBroken
from people.counting import people_of
from people.organisations import Organisation

CHANGED_MEANWHILE = "Somebody else has changed this since you opened the page. Look at it again"


@dataclass(frozen=True)
class PastRequirement:
    """What an authority asked for until ``ended_at``: by which day, if it named one."""

    organisation_name: str
    asked_at: datetime
    ended_at: datetime
    due_on: date | None


def get_requirement(session: Session, *, course_id: int, organisation_id: int) -> Requirement:
    """What an authority asks for now. Raises ``NotFound`` when it does not ask for this course."""
    found = session.scalar(
        select(Requirement).where(
            Requirement.course_id == course_id,
            Requirement.organisation_id == organisation_id,
            Requirement.withdrawn_at.is_(None),
        )
    )
    if found is None:
        raise NotFound(f"requirement of organisation {organisation_id} for course {course_id}")
    return found


def change_due_day(
    session: Session, *, requirement_id: int, due_on: date | None, account_id: int | None, now: datetime
) -> bool:
    """Ask for the same course by another day, or by none; says whether anything changed.

    The row that held is ended, and another takes its place. Raises ``RuleBroken`` when it is no longer in force.
    """
    held = session.get_one(Requirement, requirement_id)
    asking = Asking(held.audience_id, DueRule(day=due_on), held.period, held.refresher)
    return change_asking(session, requirement_id=requirement_id, asking=asking, account_id=account_id, now=now)


def change_asking(
    session: Session, *, requirement_id: int, asking: Asking, account_id: int | None, now: datetime
) -> bool:
    """Ask other people for the same course, or by another rule; says whether anything changed.

    The row that held is ended, and another takes its place. Raises ``RuleBroken`` when it is no longer in force.
    """
    held = session.get_one(Requirement, requirement_id)
    before = Asking(held.audience_id, held.rule, held.period, held.refresher)
    if before == asking:
        return False
    _end(session, held, now)
    same = {"course_id": held.course_id, "organisation_id": held.organisation_id, "asked_at": held.asked_at}
    session.add(Requirement(**same, **as_stored(asking), begins_at=now, programme_id=held.programme_id))
    session.flush()
    is_same = held.audience_id == asking.audience_id
    action = "requirement-changed" if is_same else "requirement-people-changed"
    _note(session, action, held, account_id, now, **_difference(before, asking))
    return True


def _difference(before: Asking, after: Asking) -> JsonObject:
    """Both days, as texts; and who was asked before and is asked now, where that is another audience."""
    old, new = audited(as_stored(before)), audited(as_stored(after))
    days = {"before": old.pop("due_on") or "no date", "due_on": new.pop("due_on") or "no date"}
    return days | ({"rules_before": old, "rules": new} if old != new else {})


def withdraw_requirement(session: Session, *, requirement_id: int, account_id: int | None, now: datetime) -> None:
    """Ask for a course no longer. Raises ``RuleBroken`` when it is no longer in force."""
    held = session.get_one(Requirement, requirement_id)
    _end(session, held, now)
    due_on = held.due_on.isoformat() if held.due_on else "no date"
    _note(session, "requirement-withdrawn", held, account_id, now, due_on=due_on)


def past_requirements(session: Session, *, course_id: int) -> tuple[PastRequirement, ...]:
    """What was asked for before, what ended last first."""
    rows = session.execute(
        select(Organisation.name, Requirement.asked_at, Requirement.withdrawn_at, Requirement.due_on)
        .join(Organisation, Organisation.id == Requirement.organisation_id)
        .where(Requirement.course_id == course_id, Requirement.withdrawn_at.is_not(None))
        .order_by(Requirement.withdrawn_at.desc(), Requirement.id.desc())
    )
    return tuple(PastRequirement(name, asked, ended, due) for name, asked, ended, due in rows if ended)


def count_asked(session: Session, *, organisation_id: int, on: date) -> int:
    """How many people a course is asked of at an authority: everybody who counts there on a day."""
    people = people_of(organisation_id=organisation_id, on=on)
    return session.scalar(select(func.count()).select_from(people).where(people.c.left_out.is_(None))) or 0


def _end(session: Session, held: Requirement, now: datetime) -> None:
    # The row itself decides when two people change it at once: the second finds it ended.
    ended = session.execute(
        update(Requirement)
        .where(Requirement.id == held.id, Requirement.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .returning(Requirement.id)
    ).all()
    if not ended:
        raise RuleBroken(CHANGED_MEANWHILE)


def _note(
    session: Session, action: str, held: Requirement, account_id: int | None, now: datetime, **more: object
) -> None:
    record(
        session,
        action=action,
        subject_type="course",
        subject_id=held.course_id,
        actor_account_id=account_id,
        now=now,
        detail={"organisation_id": held.organisation_id, **more},
    )
