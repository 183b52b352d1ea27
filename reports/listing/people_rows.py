"""The rows of a list of people for a file that leaves the platform; each row says who took it and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import LOCAL
from kernel.database import among
from kernel.spreadsheets import Cell
from people.jobs.employment import Employment
from reports.listing.people_states import every_portion
from reports.listing.wanted import LearningState, ListOfPeople, Wanted

HEADER = (
    "name", "payroll number", "unit", "state", "to finish by", "past the date", "finished on",
    "downloaded by", "downloaded at",
)  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """Who takes the rows, and when."""

    name: str
    at: datetime


def rows_of(
    session: Session, of: ListOfPeople, wanted: Wanted, *, states: Mapping[LearningState, str], mark: Mark
) -> Iterator[tuple[Cell, ...]]:
    """Everybody who is found, in the order of the list, a row of ``HEADER`` each. ``states`` are the words for each
    state. The session is that of a long reading."""
    taken_at = mark.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
    for portion in every_portion(session, of, wanted):
        numbers = payroll_numbers(session, of, [one.person_id for one in portion])
        for one in portion:
            late = "yes" if one.is_late else ""
            row = (one.name, numbers.get(one.person_id, ""), one.unit_path, states[one.state], one.due_on, late)
            yield (*row, one.finished_on, mark.name, taken_at)


def payroll_numbers(session: Session, of: ListOfPeople, person_ids: list[int]) -> dict[int, str]:
    """The payroll numbers of each person at the authority, with commas between several."""
    rows = session.execute(
        select(Employment.person_id, Employment.payroll_number)
        .where(Employment.organisation_id == of.organisation_id, among(session, Employment.person_id, person_ids))
        .order_by(Employment.person_id, Employment.payroll_number)
    )
    found: dict[int, str] = {}
    for person_id, number in rows:
        found[person_id] = f"{found[person_id]}, {number}" if person_id in found else number
    return found
