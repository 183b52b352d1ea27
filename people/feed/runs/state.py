"""The record of one authority as a plan needs it: every job that ever was, in a few statements."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from kernel.spooling.lookup import by_key
from kernel.spooling.sequences import MOST_IN_MEMORY
from people.feed.planning.state import Absence, JobNow, StateNow, UnitPath
from people.feed.runs.former_units import coming_units, former_units
from people.feed.runs.record import FeedRun
from people.feed.runs.roles import roles_here
from people.jobs.absences import Absence as AbsenceRow
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.organisations import Organisation, Unit
from people.persons import Person

_DAY = timedelta(days=1)
AT_ONCE = 5_000


def read_state(session: Session, organisation: Organisation, *, on: date) -> StateNow:
    """Every job of an authority as it is on a day, and every unit."""
    units = unit_paths(session, organisation_id=organisation.id)
    room = MOST_IN_MEMORY if count_jobs(session, organisation_id=organisation.id) <= MOST_IN_MEMORY else 0
    jobs = _jobs_by_portions(session, units, organisation.id, on)
    by_number = by_key(jobs, attrgetter("payroll_number"), most=room)
    closed = _closed(session, organisation.id)
    opened = sorted(path for key, path in units.items() if key not in closed)
    roles = roles_here(session, organisation_id=organisation.id, on=on)
    former = former_units(session, organisation_id=organisation.id, units=units, closed=closed, on=on)
    coming = coming_units(session, organisation_id=organisation.id, units=units, closed=closed, on=on)
    return StateNow(
        organisation.name,
        by_number,
        tuple(opened),
        closed_units=tuple(sorted(units[key] for key in closed)),
        roles=roles,
        former_units=former.called,
        ended_units=former.ended,
        coming_units=coming.called,
        units_to_begin=coming.begins,
    )


def read_jobs(
    session: Session, employment_ids: Collection[int], *, organisation_id: int, on: date
) -> dict[int, JobNow]:
    """Some jobs of an authority as they are on a day, by id."""
    if not employment_ids:
        return {}
    units = unit_paths(session, organisation_id=organisation_id)
    found = _jobs(session, units, Employment.id.in_(employment_ids), on)
    return {job.employment_id: job for job in found}


def count_jobs(session: Session, *, organisation_id: int) -> int:
    """How many jobs of an authority a plan would read."""
    own = Employment.organisation_id == organisation_id
    return session.scalar(select(func.count()).select_from(Employment).where(own)) or 0


def unit_paths(session: Session, *, organisation_id: int) -> dict[int, UnitPath]:
    """The names of every unit of an authority, from the top down, by id."""
    rows = session.execute(
        select(Unit.id, Unit.parent_id, Unit.name).where(Unit.organisation_id == organisation_id)
    ).all()
    known = {key: (above, name) for key, above, name in rows}
    return {key: tuple(reversed(list(_up(known, key)))) for key in known}


def _closed(session: Session, organisation_id: int) -> set[int]:
    closed = select(Unit.id).where(Unit.organisation_id == organisation_id, Unit.is_open.is_(False))
    return set(session.scalars(closed))


def _up(known: dict[int, tuple[int | None, str]], key: int | None) -> Iterator[str]:
    while key is not None:
        key, name = known[key]
        yield name


def _jobs_by_portions(session: Session, units: dict[int, UnitPath], organisation_id: int, on: date) -> Iterator[JobNow]:
    own, last = Employment.organisation_id == organisation_id, 0
    while True:
        ids = select(Employment.id).where(own, Employment.id > last).order_by(Employment.id).limit(AT_ONCE)
        end = session.scalar(select(func.max(ids.subquery().c.id)))
        if end is None:
            return
        yield from _jobs(session, units, and_(own, Employment.id.between(last + 1, end)), on)
        last = end


def _jobs(session: Session, units: dict[int, UnitPath], which: ColumnElement[bool], on: date) -> Iterator[JobNow]:
    terms, absences = _terms(session, which), _absences(session, which)
    announced = _announced(session, which, on)
    numbers = _numbers_of_managers(session, which)
    rows = session.execute(
        select(
            Employment.id,
            Employment.person_id,
            Employment.payroll_number,
            Person.chosen_name,
            Person.called,
            Person.email,
            Person.work_mobile,
            Person.born_on,
        )
        .join(Person, Person.id == Employment.person_id)
        .where(which)
        .order_by(Employment.id)
    )
    for key, person_id, number, name, called, email, work_mobile, born_on in rows:
        spells = _spells(terms.get(key, ()))
        values = _nearest(spells, on)
        unit_id, manager_id = values.pop("unit_id", None), values.pop("manager_id", None)
        yield JobNow(
            key,
            person_id,
            number,
            name,
            called=called,
            email=email,
            work_mobile=work_mobile,
            born_on=born_on,
            unit=units.get(unit_id, ()),
            manager_payroll_number=numbers.get(manager_id),
            absences=tuple(absences.get(key, ())),
            is_announced=key in announced,
            **values,
        )


def _terms(session: Session, which: ColumnElement[bool]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    columns = (
        EmploymentTerms.employment_id,
        EmploymentTerms.starts_on,
        EmploymentTerms.ends_on,
        EmploymentTerms.unit_id,
        EmploymentTerms.job_title,
        EmploymentTerms.grade,
        EmploymentTerms.kind,
        EmploymentTerms.hours_per_week,
        EmploymentTerms.contract,
        EmploymentTerms.site,
        EmploymentTerms.manager_id,
        EmploymentTerms.is_main,
    )
    query = select(*columns).join(Employment, Employment.id == EmploymentTerms.employment_id).where(which)
    for row in session.execute(query.order_by(EmploymentTerms.employment_id, EmploymentTerms.starts_on)):
        found[row.employment_id].append(row)
    return found


def _numbers_of_managers(session: Session, which: ColumnElement[bool]) -> dict[int, str]:
    """The payroll number of everybody who manages one of these jobs, by the id of the manager's job."""
    managed = (
        select(EmploymentTerms.manager_id)
        .join(Employment, Employment.id == EmploymentTerms.employment_id)
        .where(which, EmploymentTerms.manager_id.is_not(None))
    )
    managers = aliased(Employment)
    return dict(session.execute(select(managers.id, managers.payroll_number).where(managers.id.in_(managed))).all())


def _absences(session: Session, which: ColumnElement[bool]) -> dict[int, list[Absence]]:
    found: dict[int, list[Absence]] = defaultdict(list)
    query = select(AbsenceRow).join(Employment, Employment.id == AbsenceRow.employment_id).where(which)
    for row in session.scalars(query.order_by(AbsenceRow.employment_id, AbsenceRow.starts_on)):
        found[row.employment_id].append(Absence(row.starts_on, row.ends_on, row.kind.value))
    return found


def _announced(session: Session, which: ColumnElement[bool], on: date) -> set[int]:
    """The jobs of which a file that holds everybody said that they begin after a day."""
    change = EmploymentChange
    said = session.execute(
        select(change.employment_id, change.run_id, change.values)
        .join(Employment, Employment.id == change.employment_id)
        .where(which, change.origin == ChangeOrigin.FEED, change.effective_on > on, change.undone_at.is_(None))
    ).all()
    begun = [(key, run_id) for key, run_id, values in said if values.get("held")]
    runs = session.execute(select(FeedRun.id, FeedRun.plan).where(FeedRun.id.in_({run_id for _, run_id in begun})))
    whole = {key for key, plan in runs if plan.get("everybody")}
    return {key for key, run_id in begun if run_id in whole}


def _spells(terms: Sequence[Any]) -> list[list[Any]]:
    """The terms of a job in groups without a gap between them."""
    spells: list[list[Any]] = []
    for row in terms:
        before = spells[-1][-1] if spells else None
        if before is not None and before.ends_on is not None and before.ends_on + _DAY == row.starts_on:
            spells[-1].append(row)
        else:
            spells.append([row])
    return spells


def _nearest(spells: Sequence[Sequence[Any]], on: date) -> dict[str, Any]:
    """The values of the terms that hold on a day, else of those that begin next, else of those that ended last."""
    if not spells:
        return {}
    at = next(
        (at for at, one in enumerate(spells) if one[-1].ends_on is None or one[-1].ends_on >= on), len(spells) - 1
    )
    spell = spells[at]
    terms = next((row for row in reversed(spell) if row.starts_on <= on), spell[0])
    hours = terms.hours_per_week
    return {
        "starts_on": spell[0].starts_on,
        "ends_on": spell[-1].ends_on,
        "held_until": spells[at - 1][-1].ends_on if at else None,
        "unit_id": terms.unit_id,
        "manager_id": terms.manager_id,
        "job_title": terms.job_title,
        "grade": terms.grade,
        "kind": terms.kind,
        "hours_per_week": None if hours is None else Decimal(str(hours)),
        "contract": terms.contract,
        "site": terms.site,
        "is_main": terms.is_main,
    }
