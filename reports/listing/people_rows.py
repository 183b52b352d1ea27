"""The rows of a list of people for a file that leaves the platform; each row says who took it and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import LOCAL
from kernel.spreadsheets import Cell
from people.jobs.employment import Employment
from reports.listing.people_states import LearningState, ListOfPeople, Wanted, ids_of_people, people_with_states

HEADER = (
    "name", "payroll number", "unit", "state", "to finish by", "past the date", "finished on",
    "downloaded by", "downloaded at",
)  # fmt: skip
# So many people are read at once: a database takes no more arguments than some ten thousand.
PORTION = 2000


@dataclass(frozen=True)
class Mark:
    """Who takes the rows, and when."""

    name: str
    at: datetime


def rows_of(
    session: Session, of: ListOfPeople, wanted: Wanted, *, states: Mapping[LearningState, str], mark: Mark
) -> Iterator[tuple[Cell, ...]]:
    """The header, then everybody who is found, by name. ``states`` are the words for each state."""
    yield HEADER
    taken_at = mark.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
    ids = ids_of_people(session, of, wanted)
    for start in range(0, len(ids), PORTION):
        portion = ids[start : start + PORTION]
        numbers = payroll_numbers(session, of, portion)
        for one in people_with_states(session, of, portion):
            late = "yes" if one.is_late else ""
            row = (one.name, numbers.get(one.person_id, ""), one.unit_path, states[one.state], one.due_on, late)
            yield (*row, one.finished_on, mark.name, taken_at)


def payroll_numbers(session: Session, of: ListOfPeople, person_ids: list[int]) -> dict[int, str]:
    """The payroll numbers of each person at the authority, with commas between several."""
    rows = session.execute(
        select(Employment.person_id, Employment.payroll_number)
        .where(Employment.organisation_id == of.organisation_id, Employment.person_id.in_(person_ids))
        .order_by(Employment.person_id, Employment.payroll_number)
    )
    found: dict[int, str] = {}
    for person_id, number in rows:
        found[person_id] = f"{found[person_id]}, {number}" if person_id in found else number
    return found
