"""The date of birth of a person, which some authorities need to tell apart people of one name in past learning."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.clock import local_day
from kernel.errors import NotFound, RuleBroken
from people.persons import Person, why_not_born


def change_birth(session: Session, *, person_id: int, born_on: date | None, by: int | None, now: datetime) -> bool:
    """Set or clear a date of birth; says whether anything changed. The audit trail never says which day it was or is.

    Raises ``NotFound``, and ``RuleBroken`` for a day on which nobody who works now was born.
    """
    person = session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise NotFound(f"person {person_id}")
    if person.born_on == born_on:
        return False
    refusal = why_not_born(born_on, local_day(now)) if born_on else None
    if refusal:
        raise RuleBroken(refusal, field="born_on")
    person.born_on = born_on
    record(
        session,
        action="birth-date-changed",
        subject_type="person",
        subject_id=person_id,
        actor_account_id=by,
        now=now,
    )
    return True
