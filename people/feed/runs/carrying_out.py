"""Some items of a plan, carried out in the record: jobs begun, changed and ended, and what their people are called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from kernel.clock import local_day
from kernel.database import table_of
from people.account_care import note_former_addresses
from people.feed.planning.plan import Step
from people.feed.planning.state import JobNow, UnitPath, unit_key
from people.feed.runs.record import FeedRun, ItemKind
from people.feed.runs.roles import kept_as_they_are
from people.feed.runs.state import read_jobs
from people.feed.runs.storing import StoredItem, as_columns, as_stored, what_is_met
from people.feed.runs.units import add_units
from people.jobs.absences import AbsenceKind
from people.jobs.changes import ChangeOrigin
from people.jobs.employment import Employment
from people.jobs.rebuilding import hold_jobs
from people.jobs.terms import EmploymentKind, EmploymentTerms
from people.jobs.values import Terms
from people.jobs.writing import Away, NewChange, NewJob, Source, add_jobs, record_changes
from people.names.person_words import make_searchable
from people.password_resets import end_links_of
from people.persons import Person

_DAY = timedelta(days=1)


@dataclass
class _Work:
    """What the items of one portion share: where units and managers are, and whom they touch."""

    run: FeedRun
    on: date
    now: datetime
    units: Mapping[UnitPath, int]
    numbers: dict[str, int]
    skipped: list[int] = field(default_factory=list)
    person_ids: set[int] = field(default_factory=set)

    @property
    def source(self) -> Source:
        return Source(ChangeOrigin.FEED, self.run.id, self.run.decided_by_account_id)


@dataclass(frozen=True)
class CarriedOut:
    """The places of the items that were left out, because the job is not what it was; and the people touched."""

    skipped: tuple[int, ...]
    person_ids: frozenset[int]


def carry_out(session: Session, run: FeedRun, items: Sequence[StoredItem], *, on: date, now: datetime) -> CarriedOut:
    """Do what these items say, with ``on`` as the day of those that name none.

    A job that is not as the plan found it, because somebody has changed it meanwhile, is left as it is.
    """
    ids = [item.employment_id for item in items if item.employment_id is not None]
    hold_jobs(session, ids)
    jobs = read_jobs(session, ids, organisation_id=run.organisation_id, on=run.planned_on)
    named = {tuple(step.values["unit"]) for item in items for step in item.steps if "unit" in step.values}
    units = add_units(session, organisation_id=run.organisation_id, units=sorted(named))
    work = _Work(run, on, now, units, _numbers(session, run, items))
    _join(session, work, [item for item in items if item.employment_id is None])
    known = [item for item in items if item.employment_id is not None and _is_as_met(work, item, jobs)]
    _change(session, work, _within_reach(session, work, known, jobs), jobs)
    return CarriedOut(tuple(work.skipped), frozenset(work.person_ids))


def _numbers(session: Session, run: FeedRun, items: Sequence[StoredItem]) -> dict[str, int]:
    """The jobs that are there of all payroll numbers that these items name, of whomever."""
    named = {item.payroll_number for item in items}.union(*(_awaited(item) for item in items))
    rows = session.execute(
        select(Employment.payroll_number, Employment.id).where(
            Employment.organisation_id == run.organisation_id, Employment.payroll_number.in_(named)
        )
    )
    return dict(rows.all())


def _is_as_met(work: _Work, item: StoredItem, jobs: Mapping[int, JobNow]) -> bool:
    job = jobs.get(item.employment_id or 0)
    if job is not None and what_is_met(job) == item.met:
        return True
    work.skipped.append(item.place)
    return False


def _within_reach(
    session: Session, work: _Work, items: Sequence[StoredItem], jobs: Mapping[int, JobNow]
) -> Sequence[StoredItem]:
    """These items without those that rename, or give another address to, somebody with whose role nobody may help who
    brought the file or agreed to it: the role may be younger than the plan."""
    called = [item for item in items if item.person.keys() - {"work_mobile", "born_on"}]
    person_of = {item.place: jobs[item.employment_id or 0].person_id for item in called}
    by = (work.run.planned_by_account_id, work.run.decided_by_account_id)
    kept = kept_as_they_are(session, work.run, set(person_of.values()), by=by, on=local_day(work.now))
    left = {place for place, person_id in person_of.items() if person_id in kept}
    work.skipped += sorted(left)
    return [item for item in items if item.place not in left]


def _join(session: Session, work: _Work, items: Sequence[StoredItem]) -> None:
    """Add the jobs whose manager is there, then those of whom these are the managers, and so on."""
    taken = [item for item in items if item.payroll_number in work.numbers]
    work.skipped += [item.place for item in taken]
    left = [item for item in items if item.payroll_number not in work.numbers]
    while left:
        waiting = {item.payroll_number for item in left}
        now = [item for item in left if waiting.isdisjoint(_awaited(item))] or left
        _add(session, work, now)
        done = {item.place for item in now}
        left = [item for item in left if item.place not in done]


def _awaited(item: StoredItem) -> set[str]:
    """The payroll numbers of those who have to be there first."""
    named = {step.values.get("manager") for step in item.steps} | {item.same_person_as}
    return {one for one in named if one is not None}


def _add(session: Session, work: _Work, items: Sequence[StoredItem]) -> None:
    people = _people_of(session, work, items)
    jobs = [_new_job(work, item, people[item.place]) for item in items]
    ids = add_jobs(session, jobs, source=work.source, now=work.now)
    work.numbers.update(zip((item.payroll_number for item in items), ids, strict=True))
    work.person_ids.update(people.values())


def _people_of(session: Session, work: _Work, items: Sequence[StoredItem]) -> dict[int, int]:
    """The person of each item by its place: the one of another job of theirs, or somebody new."""
    others = {item.place: work.numbers[one] for item in items if (one := item.same_person_as) in work.numbers}
    rows = session.execute(select(Employment.id, Employment.person_id).where(Employment.id.in_(set(others.values()))))
    person_of: dict[int, int] = dict(rows.all())
    new = [item for item in items if item.place not in others]
    table = table_of(Person)
    added = (
        session.scalars(
            insert(table).returning(table.c.id, sort_by_parameter_order=True),
            [
                {
                    "chosen_name": item.name,
                    "called": _after(item, "called"),
                    "email": _after(item, "email"),
                    "work_mobile": _after(item, "work_mobile"),
                    "born_on": as_stored("born_on", _after(item, "born_on")),
                    "created_at": work.now,
                }
                for item in new
            ],
        ).all()
        if new
        else []
    )
    make_searchable(session, person_ids=added)
    return {place: person_of[key] for place, key in others.items()} | {
        item.place: key for item, key in zip(new, added, strict=True)
    }


def _after(item: StoredItem, name: str) -> str | None:
    return item.person.get(name, (None, None))[1]


def _new_job(work: _Work, item: StoredItem, person_id: int) -> NewJob:
    days = _by_day(item.steps, work.on)
    begins = next(day for day, values in days if values.get("held"))
    said: dict[str, Any] = next(_resolved(work, values) for _, values in days if values.get("held"))
    terms = {name: value for name, value in said.items() if name not in ("held", "away")}
    if "kind" in terms:
        terms["kind"] = EmploymentKind(terms["kind"])
    if terms.get("hours_per_week") is not None:
        terms["hours_per_week"] = Decimal(terms["hours_per_week"])
    ends = [day - _DAY for day, values in days if values.get("held") is False]
    return NewJob(
        person_id,
        work.run.organisation_id,
        item.payroll_number,
        begins,
        Terms(**terms),
        ends_on=ends[0] if ends else None,
        away=tuple(_away(days)),
    )


def _away(days: Sequence[tuple[date, Mapping[str, Any]]]) -> Iterable[Away]:
    edges = [(day, values["away"]) for day, values in days if "away" in values]
    for place, (day, kind) in enumerate(edges):
        if kind is not None:
            until = edges[place + 1][0] - _DAY if place + 1 < len(edges) else None
            yield Away(day, until, AbsenceKind(kind))


def _change(session: Session, work: _Work, items: Sequence[StoredItem], jobs: Mapping[int, JobNow]) -> None:
    changes = [
        NewChange(item.employment_id or 0, day, _resolved(work, values))
        for item in items
        for day, values in _by_day(item.steps, work.on)
    ]
    changes = _begun_earlier(session, changes, jobs)
    if changes:
        record_changes(session, changes, source=work.source, now=work.now)
    rename(
        session,
        {
            jobs[item.employment_id or 0].person_id: {name: after for name, (_, after) in item.person.items()}
            for item in items
            if item.person
        },
        now=work.now,
    )
    changed = (item for item in items if item.kind is not ItemKind.CHANGE)
    work.person_ids.update(jobs[item.employment_id or 0].person_id for item in changed)


def _begun_earlier(session: Session, changes: list[NewChange], jobs: Mapping[int, JobNow]) -> list[NewChange]:
    """The same, where a job that is held from an earlier day on has there what it has on its first day of before: the
    ledger says nothing of the days in between."""
    firsts = {key: job.starts_on for key, job in jobs.items() if job.starts_on is not None}
    earlier = {
        one.employment_id
        for one in changes
        if one.values.get("held") and one.employment_id in firsts and one.effective_on < firsts[one.employment_id]
    }
    if not earlier:
        return changes
    rows = session.scalars(select(EmploymentTerms).where(EmploymentTerms.employment_id.in_(earlier)))
    terms = {
        row.employment_id: {one.name: getattr(row, one.name) for one in fields(Terms)}
        for row in rows
        if row.starts_on == firsts[row.employment_id]
    }
    return [
        replace(one, values={**terms.get(one.employment_id, {}), **one.values})
        if one.values.get("held") and one.employment_id in earlier and one.effective_on < firsts[one.employment_id]
        else one
        for one in changes
    ]


def rename(session: Session, people: Mapping[int, Mapping[str, str | None]], *, now: datetime) -> None:
    """Write down what people are called and their addresses: the values that a file speaks about, by person.

    Links that were mailed to an address from before open nothing any more, and that address is told.
    """
    rows = [{"id": key, **as_columns(values)} for key, values in people.items()]
    if rows:
        addresses = {key: values["email"] for key, values in people.items() if "email" in values}
        note_former_addresses(session, addresses, now=now)
        session.execute(update(Person), rows)
        end_links_of(session, person_ids=[key for key, values in people.items() if "email" in values], now=now)
        unsearched = {"email", "work_mobile", "born_on"}
        make_searchable(session, person_ids=[key for key, values in people.items() if values.keys() - unsearched])


def _by_day(steps: Iterable[Step], on: date) -> list[tuple[date, dict[str, Any]]]:
    """What is stated of a job, by the day from which on it holds. A plan of yesterday may begin today only."""
    days: dict[date, dict[str, Any]] = {}
    for step in steps:
        days.setdefault(step.on or on, {}).update(step.values)
    return sorted(days.items())


def _resolved(work: _Work, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values with ids in place of a path and of a payroll number."""
    found = dict(values)
    if "unit" in found:
        found["unit_id"] = work.units[unit_key(tuple(found.pop("unit")))]
    if "manager" in found:
        number = found.pop("manager")
        found["manager_id"] = work.numbers.get(number) if number else None
    return found
