"""What a row alone does not show: two rows of one number, somebody else’s number, rings of managers, unknown units."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from rapidfuzz import fuzz, process

from kernel.typed import folded
from people.feed.planning.places import ended_unit, is_name_alone, named_too_early, units_called
from people.feed.planning.state import JobNow, StateNow, UnitPath, unit_key
from people.feed.planning.values import are_names_alike, day, in_words, is_same_person, swaps_in
from people.feed.rows import CellProblem, FeedField, FeedRow
from people.persons import why_not_born

# From here on a new path is taken for a slip in one that is known, if each of its words is nearly the same too.
ALIKE_PERCENT, WORDS_ALIKE_PERCENT = 92, 80
Found = Iterator[tuple[FeedRow, CellProblem]]


def problems_of(rows: Sequence[FeedRow], state: StateNow, on: date) -> dict[int, list[CellProblem]]:
    """Everything that is wrong with rows that can be read, by row number."""
    found: dict[int, list[CellProblem]] = defaultdict(list)
    for check in CHECKS:
        for row, problem in check(rows, state, on):
            found[row.row_number].append(problem)
    return found


def _repeated(rows: Sequence[FeedRow], state: StateNow, on: date) -> Found:  # noqa: ARG001 - as every check
    by_number: dict[str, list[FeedRow]] = defaultdict(list)
    for row in rows:
        by_number[row.payroll_number].append(row)
    for number, same in by_number.items():
        for row in same if len(same) > 1 else ():
            others = sorted(one.row_number for one in same if one is not row)
            is_one_name = all(folded(one.full_name) == folded(row.full_name) for one in same)
            words = "the same name" if is_one_name else "another name"
            mend = "Keep one of them." if is_one_name else "One of the people needs a number of their own."
            yield (
                row,
                CellProblem(None, number, f"The same payroll number stands in {_rows(others)} with {words}.", mend),
            )


def _swapped(rows: Sequence[FeedRow], state: StateNow, on: date) -> Found:  # noqa: ARG001 - as every check
    swaps = swaps_in(rows, state)
    for row in rows if swaps else ():
        if other := swaps.get(row.row_number):
            own = state.jobs[row.payroll_number].full_name
            problem = (
                f"Here this payroll number is that of {own}, and {other.full_name} has the number "
                f"{other.payroll_number}. The two are swapped."
            )
            yield row, CellProblem(None, row.payroll_number, problem, "Give each of them their own number.")


def _of_another_person(rows: Sequence[FeedRow], state: StateNow, on: date) -> Found:  # noqa: ARG001 - as every check
    swapped = swaps_in(rows, state)
    for row in rows:
        job = state.jobs.get(row.payroll_number)
        if job is not None and row.row_number not in swapped and not is_same_person(row, job):
            is_alike = are_names_alike(row.full_name, job.full_name)
            fits = "given name and e-mail address or first day differ" if is_alike else "the name does not fit"
            yield (
                row,
                CellProblem(
                    None,
                    row.payroll_number,
                    f"Here this payroll number is that of {job.full_name}, and {fits}.",
                    "Give a new person a new number. If it is the same person, change the name by hand first.",
                ),
            )


def _without_unit(rows: Sequence[FeedRow], state: StateNow, on: date) -> Found:  # noqa: ARG001 - as every check
    written = {in_words(one) for one in state.units if not any("/" in name for name in one)}
    for row in rows:
        if row.payroll_number not in state.jobs and not row.unit:
            yield row, CellProblem(None, "", "Nothing says where this new person works.", "Name a unit.")
        elif any("/" in name for name in row.unit) and in_words(row.unit) in written:
            mend = "Write its name without “/”."
            yield row, CellProblem(None, in_words(row.unit), "A unit of another level is written like this.", mend)


def _several_units(rows: Sequence[FeedRow], state: StateNow, on: date) -> Found:  # noqa: ARG001 - as every check
    called = units_called(state)
    for row in rows:
        paths = called.get(unit_key(row.unit)[0], ()) if is_name_alone(row, state) else ()
        if len(paths) > 1:
            mend = f"Write what is above it too, such as “{in_words(paths[0])}”."
            yield row, CellProblem(None, in_words(row.unit), f"{len(paths)} units have this name.", mend)


def _closed_units(rows: Sequence[FeedRow], state: StateNow, on: date) -> Found:  # noqa: ARG001 - as every check
    found = {unit: ended_unit(unit, state) for unit in {row.unit for row in rows}} if _has_ended(state) else {}
    for row in rows if any(found.values()) else ():
        if problem := found[row.unit]:
            mend = "Name the unit that stands in its place."
            yield row, CellProblem(None, in_words(row.unit), problem, mend)


def _not_begun(rows: Sequence[FeedRow], state: StateNow, on: date) -> Found:  # noqa: ARG001 - as every check
    for unit, (_, begins) in named_too_early(rows, state).items():
        for row in (one for one in rows if one.unit == unit):
            mend = "Name the unit in which this person works until then."
            yield row, CellProblem(None, in_words(unit), f"This unit begins on {day(begins)}.", mend)


def _has_ended(state: StateNow) -> bool:
    return bool(state.closed_units or state.ended_units)


def _near_units(rows: Sequence[FeedRow], state: StateNow, on: date) -> Found:  # noqa: ARG001 - as every check
    known = state.unit_by_key
    closed = {unit_key(one) for one in state.closed_units} | set(state.ended_units) | set(state.units_to_begin)
    wanted: dict[UnitPath, list[FeedRow]] = defaultdict(list)
    for row in rows:
        for depth in range(1, len(row.unit) + 1):
            key = unit_key(row.unit[:depth])
            if key not in known and key not in closed:
                wanted[key].append(row)
                break
    for key, theirs in wanted.items():
        nearest = _nearest(key, known)
        for row in theirs if nearest else ():
            stands, words = in_words(row.unit), in_words(nearest or ())
            mend = f"The nearest is “{words}”. Write it like this; a unit that is really new is added by hand first."
            yield row, CellProblem(None, stands, "There is no such unit.", mend)


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


def _begins_late(rows: Sequence[FeedRow], state: StateNow, on: date) -> Found:
    for row in rows:
        job = state.jobs.get(row.payroll_number)
        begins = row.starts_on if FeedField.STARTS_ON in row.said else None
        if begins and row.ends_on and row.ends_on < begins:
            yield (
                row,
                CellProblem(None, day(row.ends_on), "The last day lies before the first.", "Put one of them right."),
            )
        elif job and begins and job.is_held(on) and begins > on:
            problem = (
                f"This person has worked here since {day(job.starts_on or on)}, and the row says a first day to come."
            )
            yield row, CellProblem(None, day(begins), problem, "Put the first day right, or end the job first.")
        elif _ends_before(row, job, begins) and not (job and job.held_until and job.is_to_come(on)):
            problem = f"The last day lies before the first, which was {in_words(job and job.starts_on)}."
            yield row, CellProblem(None, in_words(row.ends_on), problem, "Put the last day right.")


def _ends_before(row: FeedRow, job: JobNow | None, begins: date | None) -> bool:
    """Whether a row that says no first day ends a job before it begins."""
    first = job.starts_on if job and not begins else None
    return first is not None and row.ends_on is not None and row.ends_on < first


def _left_before(rows: Sequence[FeedRow], state: StateNow, on: date) -> Found:
    """Rows of people who were never here and have left: without a first day there is nothing to keep of them."""
    for row in rows:
        job = state.jobs.get(row.payroll_number)
        is_over = row.ends_on is not None and row.ends_on < min(row.effective_on or on, on)
        if is_over and row.starts_on is None and (job is None or job.starts_on is None):
            problem = "This person is not here, and has left already: there is nothing to do."
            yield row, CellProblem(None, in_words(row.ends_on), problem, "To keep the job of then, add its first day.")


def _impossible_births(rows: Sequence[FeedRow], state: StateNow, on: date) -> Found:  # noqa: ARG001 - as every check
    """Rows whose date of birth lies in the future, or too short a time ago for somebody who works."""
    for row in rows:
        problem = why_not_born(row.born_on, on) if row.born_on else None
        if row.born_on and problem:
            yield (
                row,
                CellProblem(None, day(row.born_on), f"{problem}.", "Put it right, with all four figures of the year."),
            )


def _rings(rows: Sequence[FeedRow], state: StateNow, on: date) -> Found:  # noqa: ARG001 - as every check
    """Rows of people who would manage each other in a ring, also by way of people whom the file does not name."""
    by_number = {row.payroll_number: row for row in rows}
    above = {number: job.manager_payroll_number for number, job in state.jobs.items()}
    above |= {row.payroll_number: row.manager_payroll_number for row in rows if FeedField.MANAGER in row.said}
    for ring in _rings_in(above):
        names = [by_number[one].full_name if one in by_number else state.jobs[one].full_name for one in ring]
        for number in ring:
            row = by_number.get(number)
            if row is None or FeedField.MANAGER not in row.said:
                continue
            if len(ring) == 1:
                yield (
                    row,
                    CellProblem(None, number, "This person is named as their own manager.", "Name somebody else."),
                )
            else:
                words = " → ".join([*names, names[0]])
                yield row, CellProblem(None, number, f"These people manage each other in a ring: {words}.", "Break it.")


def _rings_in(above: Mapping[str, str | None]) -> Iterator[list[str]]:
    done: set[str] = set()
    for start in above:
        way: list[str] = []
        place: dict[str, int] = {}
        at: str | None = start
        while at is not None and at in above and at not in done:
            if at in place:
                yield way[place[at] :]
                break
            place[at] = len(way)
            way.append(at)
            at = above[at]
        done.update(way)


def _rows(numbers: Iterable[int]) -> str:
    listed = [f"{number:,}" for number in numbers]
    if len(listed) == 1:
        return f"row {listed[0]}"
    shown = listed[:5]
    rest = len(listed) - len(shown)
    return f"rows {', '.join(shown)}" + (f" and {rest} more" if rest else "")


CHECKS = (
    _repeated,
    _swapped,
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
