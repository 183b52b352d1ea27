"""What moves the first or the last day of a job, and who cannot manage whom."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import RuleBroken
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.employment import Employment
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentTerms

_DAY = timedelta(days=1)
Days = tuple[date, date | None]


def moved_days(
    held: Days, wanted: Days, *, terms: Mapping[str, object], held_until: date | None
) -> list[tuple[date, Mapping[str, object]]]:
    """What the ledger has to say so that a job held between two days is held between others; both are included.

    ``terms`` are those of its first day, and ``held_until`` is the last day of a time before, if there was one. Raises
    ``RuleBroken`` for a last day before the first, and for a first day in that time.
    """
    (first, last), (new_first, new_last) = held, wanted
    if new_last is not None and new_last < new_first:
        raise RuleBroken("The last day must not be before the first day", field="last_day")
    if held_until is not None and new_first <= held_until:
        raise RuleBroken("The job was held before, and ended: the first day must be after that", field="first_day")
    said: list[tuple[date, Mapping[str, object]]] = []
    if new_first < first:
        said.append((new_first, {"held": True, **terms}))
    elif new_first > first:
        if last is not None and new_first > last and (new_last is None or new_last <= last):
            raise RuleBroken("The first day must not be after the last day", field="first_day")
        said += [(first, {"held": False}), (new_first, {"held": True})]
    if new_last != last:
        if last is not None and (new_last is None or new_last > last):
            said.append((last + _DAY, {"held": True}))
        if new_last is not None:
            said.append((new_last + _DAY, {"held": False}))
    return said


def said_with(session: Session, *, change_id: int) -> list[int]:
    """The ids of a change by hand, and of what the same correction said of the other jobs of its person: that none of
    them is the main one any more."""
    change = session.get_one(EmploymentChange, change_id)
    if not change.values.get("is_main"):
        return [change_id]
    owner = select(Employment.person_id).where(Employment.id == change.employment_id).scalar_subquery()
    rows = session.execute(
        select(EmploymentChange.id, EmploymentChange.values)
        .join(Employment, Employment.id == EmploymentChange.employment_id)
        .where(
            Employment.person_id == owner,
            EmploymentChange.origin == ChangeOrigin.HAND,
            EmploymentChange.recorded_at == change.recorded_at,
            EmploymentChange.undone_at.is_(None),
        )
        .order_by(EmploymentChange.id)
    )
    return [change_id, *(key for key, values in rows if values == {"is_main": False})]


def find_manager(session: Session, *, organisation_id: int, payroll_number: str) -> int:
    """The job of a manager by its payroll number. Raises ``RuleBroken`` where the authority has none."""
    own = (Employment.organisation_id == organisation_id, Employment.payroll_number == payroll_number)
    found = session.scalar(select(Employment.id).where(*own))
    if found is None:
        raise RuleBroken(f"No job here has the payroll number {payroll_number}", field="manager")
    return found


def check_manager(session: Session, *, employment_id: int, manager_id: int, on: date) -> None:
    """Raises ``RuleBroken`` where somebody would manage themselves, also through those whom they manage."""
    seen: set[int] = set()
    above: int | None = manager_id
    while above is not None and above not in seen:
        if above == employment_id:
            words = "themselves" if manager_id == employment_id else "somebody who manages them"
            raise RuleBroken(f"Nobody can be managed by {words}", field="manager")
        seen.add(above)
        held = select(EmploymentTerms.manager_id).where(EmploymentTerms.employment_id == above, is_held(on))
        above = session.scalar(held)
