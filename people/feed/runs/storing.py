"""From a plan to rows, and from stored items back to what they do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from itertools import chain, islice
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from kernel.database import JsonObject, table_of
from people.feed.planning.brakes import Stop, watched
from people.feed.planning.picture import before_and_after
from people.feed.planning.plan import Plan, PlanItem, RoleChange, Step
from people.feed.planning.sentences import sentences_of, stop_sentences, summary_of
from people.feed.planning.state import JobNow, StateNow
from people.feed.rows import UnusableRow
from people.feed.runs.record import FeedItem, FeedRun, ItemKind

AT_ONCE = 2_000
PERSON_COLUMNS = {
    "full_name": "chosen_name",
    "called": "called",
    "email": "email",
    "work_mobile": "work_mobile",
    "born_on": "born_on",
}


@dataclass(frozen=True)
class StoredItem:
    """An item as it is carried out: its steps, the person’s values before and after, and the job that it met."""

    kind: ItemKind
    place: int
    employment_id: int | None
    payroll_number: str
    name: str
    steps: tuple[Step, ...]
    person: Mapping[str, tuple[str | None, str | None]]
    same_person_as: str | None
    met: str | None


def plan_as_json(
    plan: Plan, stops: Sequence[Stop], state: StateNow, for_roles: Sequence[RoleChange] = ()
) -> JsonObject:
    """What people read of a plan, as a run keeps it. ``for_roles`` are what stops it of what it does to people with a
    role; of these people it holds the places of their items, and no name."""
    return {
        "people": plan.people,
        "jobs": plan.jobs,
        "everybody": plan.everybody,
        "summary": summary_of(plan),
        "stopped": list(stop_sentences(plan, stops, for_roles)),
        "stops": [{**asdict(one), "brake": one.brake.value} for one in stops],
        "roles": [[one.about, one.place] for one in plan.role_changes],
        "is_unsure": plan.missing.is_unsure,
        "is_short": plan.is_short,
        "role_stops": sorted({one.about for one in for_roles}),
        "watched": {brake.value: count for brake, count in watched(plan).items()},
        "sentences": [asdict(one) for one in sentences_of(plan)],
        "new_units": [list(one) for one in plan.new_units],
        "picture": [asdict(one) for one in before_and_after(state, plan)],
    }


def store_items(session: Session, run: FeedRun, plan: Plan, state: StateNow) -> None:
    """Store what a plan does, item by item in the order of doing, and the rows that cannot be used behind it."""
    rows = chain(_item_rows(run.id, plan.items, state), _unusable_rows(run.id, plan.unusable, len(plan.items)))
    while some := list(islice(rows, AT_ONCE)):
        session.execute(insert(table_of(FeedItem)), some)


def store_items_again(session: Session, run: FeedRun, plan: Plan, state: StateNow) -> None:
    """Store the same plan on a record in which something else is different by now."""
    delete_items(session, run)
    store_items(session, run, plan, state)


def delete_items(session: Session, run: FeedRun) -> None:
    """Delete what was stored of a plan."""
    session.execute(delete(table_of(FeedItem)).where(table_of(FeedItem).c.run_id == run.id))


def _item_rows(run_id: int, items: Sequence[PlanItem], state: StateNow) -> Iterator[dict[str, Any]]:
    for place, item in enumerate(items, start=1):
        job = state.jobs.get(item.payroll_number)
        yield {
            "run_id": run_id,
            "place": place,
            "kind": ItemKind(item.act.value),
            "is_move": item.is_move,
            "is_rename": item.is_rename,
            "employment_id": item.employment_id,
            "payroll_number": item.payroll_number,
            "name": item.name,
            "row_number": item.row_number,
            "is_skipped": False,
            "detail": {
                "steps": [[step.on.isoformat() if step.on else None, dict(step.values)] for step in item.steps],
                "shown": {name: list(words) for name, words in item.shown.items()},
                "person": {name: list(words) for name, words in item.person.items()},
                "same_person_as": item.same_person_as,
                "met": what_is_met(job) if job else None,
                "unit": " / ".join(job.unit) if job else "",
            },
        }


def _unusable_rows(run_id: int, unusable: Sequence[UnusableRow], after: int) -> Iterator[dict[str, Any]]:
    for place, row in enumerate(unusable, start=after + 1):
        yield {
            "run_id": run_id,
            "place": place,
            "kind": ItemKind.UNUSABLE,
            "is_move": False,
            "is_rename": False,
            "employment_id": None,
            "payroll_number": row.payroll_number,
            "name": "",
            "row_number": row.row_number,
            "is_skipped": False,
            "detail": {"problems": [asdict(one) for one in row.problems]},
        }


def what_is_met(job: JobNow) -> str:
    """The job without its person, as one word that is another one as soon as anything of it is different."""
    known = (
        job.unit,
        job.job_title,
        job.grade,
        job.kind.value,
        None if job.hours_per_week is None else f"{job.hours_per_week.normalize():f}",
        job.contract,
        job.site,
        job.manager_payroll_number,
        job.is_main,
        job.starts_on,
        job.ends_on,
        [(one.starts_on, one.ends_on, one.kind) for one in job.absences],
    )
    return sha256(repr(known).encode()).hexdigest()[:32]


def stored_item(row: FeedItem) -> StoredItem:
    """An item ready to be carried out; one of somebody who was erased does nothing."""
    detail = {"steps": [], "person": {}, "same_person_as": None, "met": None, **row.detail}
    return StoredItem(
        row.kind,
        row.place,
        row.employment_id,
        row.payroll_number,
        row.name,
        tuple(Step(date.fromisoformat(on) if on else None, values) for on, values in detail["steps"]),
        {name: (before, after) for name, (before, after) in detail["person"].items()},
        detail["same_person_as"],
        detail["met"],
    )


def as_stored(name: str, value: str | None) -> str | date | None:
    """A value of a person as the column of this name holds it."""
    return date.fromisoformat(value) if name == "born_on" and value else value


def as_columns(values: Mapping[str, str | None]) -> dict[str, str | date | None]:
    """The values of a person by the columns that hold them."""
    return {PERSON_COLUMNS[name]: as_stored(name, value) for name, value in values.items() if name in PERSON_COLUMNS}
