"""What a row alone does not show: two rows of one number, somebody else’s number, rings of managers, unknown units."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial

from rapidfuzz import fuzz, process

from kernel.spooling.lookup import SeenKeys
from kernel.typed import folded
from people.feed.planning.managing import Managing
from people.feed.planning.places import ended_unit, is_name_alone, named_too_early, units_called
from people.feed.planning.state import JobNow, StateNow, UnitPath, unit_key
from people.feed.planning.values import are_names_alike, day, in_words, is_same_person, swaps_in
from people.feed.rows import CellProblem, FeedField, FeedRow
from people.persons import why_not_born

# From here on a new path is taken for a slip in one that is known, if each of its words is nearly the same too.
ALIKE_PERCENT, WORDS_ALIKE_PERCENT = 92, 80
_ROWS_SAID = 5
Check = Callable[[FeedRow, JobNow | None], Iterator[CellProblem]]
Rows = Collection[FeedRow]


def problems_in(rows: Rows, state: StateNow, on: date) -> Callable[[FeedRow], tuple[CellProblem, ...]]:
    """What says of each of these rows, which can be read, everything that is wrong with it beside the others."""
    checks = [prepare(rows, state, on) for prepare in CHECKS]

    def problems_of(row: FeedRow) -> tuple[CellProblem, ...]:
        job = state.jobs.get(row.payroll_number)
        return tuple(problem for check in checks for problem in check(row, job))

    return problems_of


def _repeated(rows: Rows, state: StateNow, on: date) -> Check:  # noqa: ARG001 - as every check
    twice = SeenKeys((row.payroll_number for row in rows), times=2)
    same: dict[str, list[int]] = defaultdict(list)
    names: dict[str, set[str]] = defaultdict(set)
    for row in rows if twice else ():
        if row.payroll_number in twice:
            same[row.payroll_number].append(row.row_number)
            names[row.payroll_number].add(folded(row.full_name))
    for numbers in same.values():
        numbers.sort()

    def check(row: FeedRow, job: JobNow | None) -> Iterator[CellProblem]:  # noqa: ARG001 - as every check
        number = row.payroll_number
        if len(same.get(number, ())) < 2:
            return
        is_one_name = len(names[number]) == 1
        words = "the same name" if is_one_name else "another name"
        mend = "Keep one of them." if is_one_name else "One of the people needs a number of their own."
        others = _other_rows(same[number], row.row_number)
        yield CellProblem(None, number, f"The same payroll number stands in {others} with {words}.", mend)

    return check


def _other_rows(numbers: Sequence[int], own: int) -> str:
    """The first of these rows but one, and how many more there are."""
    others = [number for number in numbers[: _ROWS_SAID + 1] if number != own][:_ROWS_SAID]
    listed = ", ".join(f"{number:,}" for number in others)
    rest = len(numbers) - 1 - len(others)
    return f"row{'s' if len(others) > 1 else ''} {listed}" + (f" and {rest} more" if rest else "")


def _of_another_person(rows: Rows, state: StateNow, on: date) -> Check:  # noqa: ARG001 - as every check
    swaps = swaps_in(rows, state)

    def check(row: FeedRow, job: JobNow | None) -> Iterator[CellProblem]:
        if job is None:
            return
        if other := swaps.get(row.row_number):
            problem = (
                f"Here this payroll number is that of {job.full_name}, and {other.full_name} has the number "
                f"{other.payroll_number}. The two are swapped."
            )
            yield CellProblem(None, row.payroll_number, problem, "Give each of them their own number.")
        elif not is_same_person(row, job):
            is_alike = are_names_alike(row.full_name, job.full_name)
            fits = "given name and e-mail address or first day differ" if is_alike else "the name does not fit"
            yield CellProblem(
                None,
                row.payroll_number,
                f"Here this payroll number is that of {job.full_name}, and {fits}.",
                "Give a new person a new number. If it is the same person, change the name by hand first.",
            )

    return check


def _without_unit(rows: Rows, state: StateNow, on: date) -> Check:  # noqa: ARG001 - as every check
    written = {in_words(one) for one in state.units if not any("/" in name for name in one)}

    def check(row: FeedRow, job: JobNow | None) -> Iterator[CellProblem]:
        if job is None and not row.unit:
            yield CellProblem(None, "", "Nothing says where this new person works.", "Name a unit.")
        elif any("/" in name for name in row.unit) and in_words(row.unit) in written:
            mend = "Write its name without “/”."
            yield CellProblem(None, in_words(row.unit), "A unit of another level is written like this.", mend)

    return check


def _several_units(rows: Rows, state: StateNow, on: date) -> Check:  # noqa: ARG001 - as every check
    called = units_called(state)

    def check(row: FeedRow, job: JobNow | None) -> Iterator[CellProblem]:  # noqa: ARG001 - as every check
        paths = called.get(unit_key(row.unit)[0], ()) if is_name_alone(row, state) else ()
        if len(paths) > 1:
            mend = f"Write what is above it too, such as “{in_words(paths[0])}”."
            yield CellProblem(None, in_words(row.unit), f"{len(paths)} units have this name.", mend)

    return check


def _closed_units(rows: Rows, state: StateNow, on: date) -> Check:  # noqa: ARG001 - as every check
    has_ended = bool(state.closed_units or state.ended_units)
    why_ended = cache(partial(ended_unit, state=state))

    def check(row: FeedRow, job: JobNow | None) -> Iterator[CellProblem]:  # noqa: ARG001 - as every check
        if has_ended and (problem := why_ended(row.unit)):
            yield CellProblem(None, in_words(row.unit), problem, "Name the unit that stands in its place.")

    return check


def _not_begun(rows: Rows, state: StateNow, on: date) -> Check:  # noqa: ARG001 - as every check
    early = named_too_early(rows, state)

    def check(row: FeedRow, job: JobNow | None) -> Iterator[CellProblem]:  # noqa: ARG001 - as every check
        if row.unit in early:
            mend = "Name the unit in which this person works until then."
            problem = f"This unit begins on {day(early[row.unit][1])}."
            yield CellProblem(None, in_words(row.unit), problem, mend)

    return check


def _near_units(rows: Rows, state: StateNow, on: date) -> Check:  # noqa: ARG001 - as every check
    known = state.unit_by_key
    closed = {unit_key(one) for one in state.closed_units} | set(state.ended_units) | set(state.units_to_begin)

    @cache
    def nearest(key: UnitPath) -> UnitPath | None:
        return _nearest(key, known)

    @cache
    def nearest_of(unit: UnitPath) -> UnitPath | None:
        keys = (unit_key(unit[:depth]) for depth in range(1, len(unit) + 1))
        missing = next((key for key in keys if key not in known and key not in closed), None)
        return nearest(missing) if missing else None

    def check(row: FeedRow, job: JobNow | None) -> Iterator[CellProblem]:  # noqa: ARG001 - as every check
        if found := nearest_of(row.unit):
            words = in_words(found)
            mend = f"The nearest is “{words}”. Write it like this; a unit that is really new is added by hand first."
            yield CellProblem(None, in_words(row.unit), "There is no such unit.", mend)

    return check


def _nearest(key: UnitPath, known: Mapping[UnitPath, UnitPath]) -> UnitPath | None:
    """A known unit beside this one whose name is nearly the same, figures apart."""
    beside = [one for one in known if one[:-1] == key[:-1]]
    found = process.extractOne(key[-1], [one[-1] for one in beside], scorer=fuzz.ratio, score_cutoff=ALIKE_PERCENT)
    if found is None or not _is_slip(found[0], key[-1]):
        return None
    return known[beside[found[2]]]


def _is_slip(known: str, other: str) -> bool:
    """Whether two names that are nearly the same are so word by word too: North is no slip in South, nor 1 in 2."""
    words, others = known.split(), other.split()
    if _figures(known) != _figures(other):
        return False
    pairs = zip(words, others, strict=True) if len(words) == len(others) else ()
    return all(one == two or fuzz.ratio(one, two) >= WORDS_ALIKE_PERCENT for one, two in pairs)


def _figures(name: str) -> str:
    return "".join(letter for letter in name if letter.isdigit())


def _begins_late(rows: Rows, state: StateNow, on: date) -> Check:  # noqa: ARG001 - as every check
    def check(row: FeedRow, job: JobNow | None) -> Iterator[CellProblem]:
        begins = row.starts_on if FeedField.STARTS_ON in row.said else None
        if begins and row.ends_on and row.ends_on < begins:
            yield CellProblem(None, day(row.ends_on), "The last day lies before the first.", "Put one of them right.")
        elif job and begins and job.is_held(on) and begins > on:
            problem = (
                f"This person has worked here since {day(job.starts_on or on)}, and the row says a first day to come."
            )
            yield CellProblem(None, day(begins), problem, "Put the first day right, or end the job first.")
        elif _ends_before(row, job, begins) and not (job and job.held_until and job.is_to_come(on)):
            problem = f"The last day lies before the first, which was {in_words(job and job.starts_on)}."
            yield CellProblem(None, in_words(row.ends_on), problem, "Put the last day right.")

    return check


def _ends_before(row: FeedRow, job: JobNow | None, begins: date | None) -> bool:
    """Whether a row that says no first day ends a job before it begins."""
    first = job.starts_on if job and not begins else None
    return first is not None and row.ends_on is not None and row.ends_on < first


def _left_before(rows: Rows, state: StateNow, on: date) -> Check:  # noqa: ARG001 - as every check
    """Rows of people who were never here and have left: without a first day there is nothing to keep of them."""

    def check(row: FeedRow, job: JobNow | None) -> Iterator[CellProblem]:
        is_over = row.ends_on is not None and row.ends_on < min(row.effective_on or on, on)
        if is_over and row.starts_on is None and (job is None or job.starts_on is None):
            problem = "This person is not here, and has left already: there is nothing to do."
            yield CellProblem(None, in_words(row.ends_on), problem, "To keep the job of then, add its first day.")

    return check


def _impossible_births(rows: Rows, state: StateNow, on: date) -> Check:  # noqa: ARG001 - as every check
    """Rows whose date of birth lies in the future, or too short a time ago for somebody who works."""

    def check(row: FeedRow, job: JobNow | None) -> Iterator[CellProblem]:  # noqa: ARG001 - as every check
        problem = why_not_born(row.born_on, on) if row.born_on else None
        if row.born_on and problem:
            mend = "Put it right, with all four figures of the year."
            yield CellProblem(None, day(row.born_on), f"{problem}.", mend)

    return check


def _rings(rows: Rows, state: StateNow, on: date) -> Check:  # noqa: ARG001 - as every check
    """Rows of people who would manage each other in a ring, also by way of people whom the file does not name."""

    def managers() -> Iterator[tuple[str, str | None]]:
        yield from ((number, job.manager_payroll_number) for number, job in state.jobs.items())
        yield from ((row.payroll_number, row.manager_payroll_number) for row in rows if FeedField.MANAGER in row.said)

    rings = Managing(managers).rings()
    ring_of = {number: ring for ring in rings for number in ring}
    last = {row.payroll_number: row for row in rows if row.payroll_number in ring_of} if ring_of else {}

    def check(row: FeedRow, job: JobNow | None) -> Iterator[CellProblem]:  # noqa: ARG001 - as every check
        number = row.payroll_number
        if number not in ring_of or row.row_number != last[number].row_number or FeedField.MANAGER not in row.said:
            return
        ring = ring_of[number]
        if len(ring) == 1:
            yield CellProblem(None, number, "This person is named as their own manager.", "Name somebody else.")
        else:
            said = [last[one].full_name if one in last else state.jobs[one].full_name for one in ring]
            words = " → ".join([*said, said[0]])
            yield CellProblem(None, number, f"These people manage each other in a ring: {words}.", "Break it.")

    return check


CHECKS: tuple[Callable[[Rows, StateNow, date], Check], ...] = (
    _repeated,
    _of_another_person,
    _without_unit,
    _several_units,
    _closed_units,
    _not_begun,
    _near_units,
    _begins_late,
    _left_before,
    _impossible_births,
    _rings,
)
