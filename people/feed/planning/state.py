"""What stands in the record before a file: the jobs and units of one authority, as plain values."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property

from kernel.typed import folded
from people.jobs.terms import EmploymentKind

UnitPath = tuple[str, ...]


@cache
def unit_key(names: UnitPath) -> UnitPath:
    """The form in which two paths of units are compared: neither capitals nor spaces to spare matter."""
    return tuple(folded(name) for name in names)


@dataclass(frozen=True, slots=True)
class Absence:
    """A span on long leave, both days included; ``ends_on`` ``None`` is open."""

    starts_on: date
    ends_on: date | None
    kind: str


@dataclass(frozen=True, slots=True)
class JobNow:
    """A job as it stands: with what holds on the day of the plan, else what is to come, else what held last.

    ``starts_on`` and ``ends_on`` bound the span in which it is held without a gap. A job without a ``starts_on`` was
    never held: the file that added it was undone. ``is_announced``: a file of everybody said that it is to come.
    ``held_until`` is the last day of the span before, if there is one.
    """

    employment_id: int
    person_id: int
    payroll_number: str
    full_name: str
    called: str | None = None
    email: str | None = None
    work_mobile: str | None = None
    born_on: date | None = None
    unit: UnitPath = ()
    job_title: str = ""
    grade: str = ""
    kind: EmploymentKind = EmploymentKind.EMPLOYEE
    hours_per_week: Decimal | None = None
    contract: str = ""
    site: str = ""
    manager_payroll_number: str | None = None
    is_main: bool = True
    starts_on: date | None = None
    ends_on: date | None = None
    absences: tuple[Absence, ...] = ()
    is_announced: bool = False
    held_until: date | None = None

    def is_held(self, on: date) -> bool:
        """Whether it is held on a day."""
        return self.starts_on is not None and self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)

    def is_to_come(self, on: date) -> bool:
        """Whether it begins after a day."""
        return self.starts_on is not None and self.starts_on > on


@dataclass(frozen=True, slots=True)
class RoleHere:
    """The role of somebody with a job here, the one that reaches furthest. ``is_for_admins``: nobody else may help with
    it. ``keeps_access``: no end of a job here takes it from them, because they work elsewhere too or have none anyway.
    """

    role: str
    is_for_admins: bool
    keeps_access: bool = False


@dataclass(frozen=True)
class StateNow:
    """One authority’s record. ``jobs`` has every job that ever was, by payroll number; ``units`` every unit that there
    is, and ``closed_units`` those that a reorganisation has ended or not begun yet.

    ``former_units`` holds the unit of today by each full name that a reorganisation has changed, and ``ended_units``
    what became of those that one has ended, by the full names that they had. ``coming_units`` holds the unit of today
    by each full name that a planned one gives it, and ``units_to_begin`` the first day of units that are not there
    yet; all as paths are compared. ``roles`` are those of people with such a job, by the id of the person.
    """

    authority: str
    jobs: Mapping[str, JobNow] = field(default_factory=dict)
    units: tuple[UnitPath, ...] = ()
    closed_units: tuple[UnitPath, ...] = ()
    roles: Mapping[int, RoleHere] = field(default_factory=dict)
    former_units: Mapping[UnitPath, UnitPath] = field(default_factory=dict)
    ended_units: Mapping[UnitPath, str] = field(default_factory=dict)
    coming_units: Mapping[UnitPath, UnitPath] = field(default_factory=dict)
    units_to_begin: Mapping[UnitPath, date] = field(default_factory=dict)

    @cached_property
    def unit_by_key(self) -> dict[UnitPath, UnitPath]:
        """Each unit as it is written, by the form in which paths are compared."""
        return {unit_key(one): one for one in self.units}

    def held(self, on: date) -> Iterator[JobNow]:
        """The jobs that are held on a day, read anew each time."""
        return (job for job in self.jobs.values() if job.is_held(on))

    @cached_property
    def digest(self) -> str:
        """The same for the same state, and another one as soon as anything is different from which a plan is made."""
        former = tuple(
            sorted(one.items()) for one in (self.former_units, self.ended_units, self.coming_units, self.units_to_begin)
        )
        roles = sorted((key, repr(one)) for key, one in self.roles.items())
        jobs = digest_of_all(self.jobs.values())
        return digest_of((jobs, sorted(self.units), sorted(self.closed_units), roles, former))


def digest_of_all(values: Iterable[object]) -> int:
    """The same for the same values in any order."""
    found = sum(int.from_bytes(hashlib.sha256(repr(value).encode()).digest(), "big") for value in values)
    return found % 2**256


def digest_of(values: Iterable[object]) -> str:
    """The same for the same values in the same order. Of 300,000 none is held longer than it takes to add it."""
    hashed = hashlib.sha256()
    for value in values:
        hashed.update(f"{value!r}\n".encode())
    return hashed.hexdigest()
