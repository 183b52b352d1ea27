"""What a plan says beside what it does, because a person may want to know it first."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from datetime import date

from kernel.spooling.lookup import SeenKeys
from kernel.typed import folded
from people.feed.planning.spans import begins_later
from people.feed.planning.state import JobNow, StateNow, UnitPath, unit_key
from people.feed.rows import FeedRow


def later_first_days(rows: Iterable[FeedRow], state: StateNow, on: date) -> int:
    """How many rows have a later first day of a job that is held since before."""
    if not state.jobs:
        return 0
    jobs = ((row, state.jobs.get(row.payroll_number)) for row in rows)
    return sum(job is not None and job.is_held(on) and begins_later(row, job, on) for row, job in jobs)


def moved_emails(rows: Iterable[FeedRow], state: StateNow) -> tuple[str, ...]:
    """Addresses that one person has here, and that a row gives to another who does not have it yet."""
    if not state.jobs:
        return ()

    def given() -> Iterator[tuple[str, JobNow | None]]:
        for row in rows:
            job = state.jobs.get(row.payroll_number)
            if row.email and not (job is not None and job.email == row.email):
                yield row.email, job

    owners = _owners(state, SeenKeys(folded(email) for email, _ in given()))
    moved: dict[str, None] = {}
    for email, job in given() if owners else ():
        theirs = owners.get(folded(email), set())
        if theirs and (job is None or job.person_id not in theirs):
            moved[email] = None
    return tuple(moved)


def _owners(state: StateNow, addresses: Container[str]) -> dict[str, set[int]]:
    """Who has each of these addresses here, by its folded form."""
    owners: dict[str, set[int]] = {}
    for job in state.jobs.values():
        if job.email and (address := folded(job.email)) in addresses:
            owners.setdefault(address, set()).add(job.person_id)
    return owners


def new_numbers(rows: Iterable[FeedRow], state: StateNow, leaving: Collection[JobNow]) -> tuple[tuple[str, str], ...]:
    """The old and the new number of people who seem to be the same: of one name, and of one address or first day."""
    names = SeenKeys(folded(row.full_name) for row in rows if row.payroll_number not in state.jobs) if leaving else ()
    by_name = {name: job for job in leaving if (name := folded(job.full_name)) in names}
    found = []
    for row in rows if by_name else ():
        job = None if row.payroll_number in state.jobs else by_name.get(folded(row.full_name))
        if job is None:
            continue
        has_address = bool(row.email and job.email) and folded(row.email or "") == folded(job.email or "")
        if has_address or (row.starts_on is not None and row.starts_on == job.starts_on):
            found.append((job.payroll_number, row.payroll_number))
    return tuple(found)


def lost_units(
    state: StateNow, on: date, leaving: Collection[JobNow], rows: Iterable[FeedRow]
) -> tuple[tuple[UnitPath, int], ...]:
    """Units all of whose people leave and that no row names any more, the largest first."""
    if not leaving:
        return ()
    named = {unit_key(row.unit) for row in rows}
    here: dict[UnitPath, int] = {}
    for job in state.held(on):
        here[unit_key(job.unit)] = here.get(unit_key(job.unit), 0) + 1
    gone: dict[UnitPath, int] = {}
    for job in leaving:
        gone[unit_key(job.unit)] = gone.get(unit_key(job.unit), 0) + 1
    lost = [
        (state.unit_by_key.get(key, key), count)
        for key, count in gone.items()
        if count == here[key] and key not in named
    ]
    return tuple(sorted(lost, key=lambda one: (-one[1], one[0])))


def shared_emails(rows: Iterable[FeedRow], state: StateNow, same: Mapping[str, str]) -> int:
    """How many people would get an address that nobody has here, and that the file gives to others too.

    ``same`` has the payroll number of another job of a person who joins with two.
    """
    twice = SeenKeys((folded(row.email) for row in rows if row.email), times=2)
    owners = _owners(state, twice) if twice else {}
    given: dict[str, set[int | str]] = {}
    for row in rows if twice else ():
        if row.email and (address := folded(row.email)) in twice and address not in owners:
            number = same.get(row.payroll_number, row.payroll_number)
            job = state.jobs.get(number)
            given.setdefault(address, set()).add(job.person_id if job else number)
    return sum(len(people) for people in given.values() if len(people) > 1)
