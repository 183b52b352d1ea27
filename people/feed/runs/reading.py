"""What a run does, read back for people: page by page, and by what happens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from people.feed.rows import CellProblem
from people.feed.runs.record import FeedItem, FeedRun, ItemKind
from people.jobs.employment import Employment
from people.persons import Person

# By the word in front of the sentence that speaks of them.
LISTS: dict[str, ColumnElement[bool]] = {
    "leave": FeedItem.kind == ItemKind.LEAVE,
    "join": FeedItem.kind == ItemKind.JOIN,
    "return": FeedItem.kind == ItemKind.RETURN,
    "move": FeedItem.is_move.is_(True),
    "rename": FeedItem.is_rename.is_(True),
    "change": (FeedItem.kind == ItemKind.CHANGE) & FeedItem.is_move.is_(False),
    "unusable": FeedItem.kind == ItemKind.UNUSABLE,
    "skipped": FeedItem.is_skipped.is_(True),
}


@dataclass(frozen=True)
class ItemShown:
    """An item as a list shows it. ``values`` are each value before and after by its field; ``unit`` is where the job
    was; ``problems`` are what is wrong with a row that cannot be used. ``person_id`` is whose job it is, if it is
    there."""

    payroll_number: str
    name: str
    row_number: int | None
    unit: str
    values: dict[str, tuple[str, str]]
    problems: tuple[CellProblem, ...]
    person_id: int | None = None


def count_items(session: Session, run: FeedRun, *, about: str) -> int:
    """How many items of a run are of one list."""
    which = (FeedItem.run_id == run.id, LISTS[about])
    return session.scalar(select(func.count()).select_from(FeedItem).where(*which)) or 0


def items_page(session: Session, run: FeedRun, *, about: str, page: int, size: int) -> tuple[ItemShown, ...]:
    """One page, counted from 1, of one list of a run."""
    query = select(FeedItem).where(FeedItem.run_id == run.id, LISTS[about]).order_by(FeedItem.place)
    rows = session.scalars(query.limit(size).offset((page - 1) * size)).all()
    whose = _whose(session, run, rows) if about != "unusable" else {}
    return tuple(_shown(row, whose.get(row.payroll_number)) for row in rows)


def _whose(session: Session, run: FeedRun, rows: Sequence[FeedItem]) -> dict[str, int]:
    """The person of each payroll number that is there, also of those who joined by the run."""
    numbers = {row.payroll_number for row in rows}
    own = (Employment.organisation_id == run.organisation_id, Employment.payroll_number.in_(numbers))
    return dict(session.execute(select(Employment.payroll_number, Employment.person_id).where(*own)).all())


def all_items(session: Session, run: FeedRun, *, about: str, at_once: int = 2_000) -> Iterator[ItemShown]:
    """Every item of one list of a run, fetched in portions."""
    page = 1
    while found := items_page(session, run, about=about, page=page, size=at_once):
        yield from found
        page += 1


def role_names(session: Session, run: FeedRun) -> dict[str, tuple[str, ...]]:
    """Whom the sentences about people with a role mean, by what these are called, in the order of names."""
    wanted = [(about, place) for about, place in run.plan.get("roles", ())]
    query = (
        select(FeedItem.place, Person.chosen_name)
        .join(Employment, Employment.id == FeedItem.employment_id)
        .join(Person, Person.id == Employment.person_id)
        .where(FeedItem.run_id == run.id, FeedItem.place.in_({place for _, place in wanted}))
    )
    names: dict[int, str] = dict(session.execute(query).all()) if wanted else {}
    found: dict[str, list[str]] = {}
    for about, place in wanted:
        if place in names:
            found.setdefault(about, []).append(names[place])
    return {about: tuple(sorted(theirs)) for about, theirs in found.items()}


def problems_by_row(session: Session, run: FeedRun) -> dict[int, Sequence[CellProblem]]:
    """What is wrong with each row that cannot be used, by its number."""
    found = all_items(session, run, about="unusable")
    return {one.row_number: one.problems for one in found if one.row_number is not None}


def _shown(row: FeedItem, person_id: int | None) -> ItemShown:
    detail = row.detail
    return ItemShown(
        row.payroll_number,
        row.name,
        row.row_number,
        detail.get("unit", ""),
        {name: (before, after) for name, (before, after) in detail.get("shown", {}).items()},
        tuple(CellProblem(**one) for one in detail.get("problems", ())),
        person_id,
    )
