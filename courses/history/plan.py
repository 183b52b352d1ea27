"""What a file of past learning would do: pure, so that the same file and the same record give the same plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from courses.history.known import Known, KnownJob, KnownPeople, bare_number, ids_of, words_of, words_said
from courses.history.rows import HistoryEntry
from kernel.typed import folded
from people.feed.rows import ReportLine, UnusableRow


class Outcome(StrEnum):
    """What becomes of a row."""

    MATCHED = "matched"
    ALREADY_THERE = "already-there"
    REPEATED = "repeated"
    UNMATCHED = "unmatched"
    UNUSABLE = "unusable"


class Doubt(StrEnum):
    """Why a row is nobody’s completion yet."""

    UNKNOWN_NUMBER = "unknown-number"
    OTHER_NAME = "other-name"
    OTHER_BIRTH = "other-birth"
    OUTSIDE_JOB = "outside-job"
    NOBODY = "nobody"
    NAME_ALONE = "name-alone"
    SEVERAL_PEOPLE = "several-people"
    UNKNOWN_COURSE = "unknown-course"


DOUBTS = {
    Doubt.UNKNOWN_NUMBER: "No job here has this payroll number.",
    Doubt.OTHER_NAME: "The payroll number is that of somebody with another name here.",
    Doubt.OTHER_BIRTH: "The payroll number is that of somebody with another date of birth here.",
    Doubt.OUTSIDE_JOB: "The day lies outside the job with this payroll number, and the row has no name to go by.",
    Doubt.NOBODY: "Nobody here has this name and this date of birth.",
    Doubt.NAME_ALONE: "A name alone may be somebody else’s.",
    Doubt.SEVERAL_PEOPLE: "Several people here have this name and this date of birth.",
    Doubt.UNKNOWN_COURSE: "No course here has this name.",
}


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One row and what becomes of it. ``suggested`` are people it could be about, for somebody to look at."""

    entry: HistoryEntry
    outcome: Outcome
    person_id: int | None = None
    course_id: int | None = None
    doubts: tuple[Doubt, ...] = ()
    suggested: tuple[int, ...] = ()


@dataclass(frozen=True)
class HistoryPlan:
    """What every row of a file would do, in the order of the file; unusable rows, and lines of the report, apart."""

    items: tuple[PlanItem, ...]
    unusable: tuple[UnusableRow, ...] = ()
    report_lines: tuple[ReportLine, ...] = ()

    def of(self, outcome: Outcome) -> tuple[PlanItem, ...]:
        """The rows with one outcome."""
        return tuple(item for item in self.items if item.outcome is outcome)


def plan(known: Known, rows: Iterable[HistoryEntry | UnusableRow | ReportLine]) -> HistoryPlan:
    """What the rows would do, given what is known. Nobody is matched by their name alone."""
    items: list[PlanItem] = []
    unusable: list[UnusableRow] = []
    lines: list[ReportLine] = []
    seen: set[object] = set()
    for row in rows:
        if isinstance(row, UnusableRow):
            unusable.append(row)
        elif isinstance(row, ReportLine):
            lines.append(row)
        else:
            items.append(_planned(known, row, seen))
    return HistoryPlan(tuple(items), tuple(unusable), tuple(lines))


def _planned(known: Known, entry: HistoryEntry, seen: set[object]) -> PlanItem:
    person_id, doubt, suggested = find_person(known.people, entry)
    course_id = known.courses.find(entry.course)
    doubts = (*([doubt] if doubt else []), *([] if course_id else [Doubt.UNKNOWN_COURSE]))
    key = (person_id, course_id, entry.completed_on)
    unique: object = words_said(entry) if person_id is None or course_id is None else key
    if unique in seen:
        return PlanItem(entry, Outcome.REPEATED, person_id, course_id)
    seen.add(unique)
    if doubts and unique in known.kept:
        return PlanItem(entry, Outcome.ALREADY_THERE, person_id, course_id)
    if doubts:
        return PlanItem(entry, Outcome.UNMATCHED, person_id, course_id, doubts, suggested)
    outcome = Outcome.ALREADY_THERE if key in known.taken else Outcome.MATCHED
    return PlanItem(entry, outcome, person_id, course_id)


Found = tuple[int | None, Doubt | None, tuple[int, ...]]


def find_person(people: KnownPeople, entry: HistoryEntry) -> Found:
    """Whose completion it is; or why nobody’s, and whose it could be.

    A payroll number may have been given to somebody else later, or lose its zeros on the way: what else the row says
    has to fit. By name it takes the date of birth too.
    """
    if not entry.payroll_number:
        return _by_name_and_birth(_bearers(people, entry), entry.born_on)
    number = folded(entry.payroll_number)
    job, is_exact = people.by_number.get(number), True
    if job is None:
        job, is_exact = people.by_bare_number.get(bare_number(number)), False
    if job is None or (not is_exact and not entry.name):
        by_name = _bearers(people, entry)
        person_id, _, _ = _by_name_and_birth(by_name, entry.born_on)
        suggested = ids_of([*([job] if job else []), *by_name])
        return (person_id, None, ()) if person_id else (None, Doubt.UNKNOWN_NUMBER, suggested)
    doubt = _doubt_about(job, entry)
    if doubt is None:
        return job.person_id, None, ()
    return None, doubt, ids_of([*_bearers(people, entry), job])


def _bearers(people: KnownPeople, entry: HistoryEntry) -> tuple[KnownJob, ...]:
    """Whoever bears the name of a row."""
    return people.by_name.get(words_of(entry.name), ()) if entry.name else ()


def _doubt_about(job: KnownJob, entry: HistoryEntry) -> Doubt | None:
    """Why the holder of a payroll number may not be the person of the row."""
    if entry.name and not job.is_named_like(entry.name):
        return Doubt.OTHER_NAME
    if entry.born_on and job.born_on and entry.born_on != job.born_on:
        return Doubt.OTHER_BIRTH
    is_known_otherwise = entry.name or (entry.born_on is not None and entry.born_on == job.born_on)
    return None if is_known_otherwise or job.is_held_on(entry.completed_on) else Doubt.OUTSIDE_JOB


def _by_name_and_birth(by_name: tuple[KnownJob, ...], born_on: date | None) -> Found:
    if born_on is None:
        return None, Doubt.NAME_ALONE, ids_of(by_name)
    born = ids_of(job for job in by_name if job.born_on == born_on)
    if len(born) == 1:
        return born[0], None, ()
    return None, Doubt.SEVERAL_PEOPLE if born else Doubt.NOBODY, born or ids_of(by_name)
