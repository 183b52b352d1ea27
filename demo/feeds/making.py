"""The HR files of all authorities, made from the record as it stands, and the mappings that read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from demo.feeds.changes import Week, with_changes
from demo.feeds.shapes import SHAPES, Shape
from demo.feeds.writing import file_bytes, fits, lines_of
from demo.names import NameSource
from demo.region import Authority, read_region
from kernel.clock import local_day
from people.accounts import Account
from people.feed.mapping.stored import FeedMapping, keep_mapping
from people.feed.planning.exporting import rows_of_record
from people.feed.planning.state import StateNow
from people.feed.rows import FeedRow
from people.feed.runs.state import read_state
from people.organisations import get_organisation


@dataclass(frozen=True)
class MadeFile:
    """A file by its name, and what it holds."""

    name: str
    content: bytes


def file_names() -> tuple[str, ...]:
    """What the files are called: one for each authority, and half of it."""
    return tuple(f"{slug}{part}.{shape.ending}" for slug, shape in SHAPES.items() for part in ("", "-half"))


def has_mappings(session: Session) -> bool:
    """Whether a mapping was ever kept in this database."""
    return bool(session.scalar(select(exists(select(FeedMapping.id)))))


def make_feeds(session: Session, *, seed: int, now: datetime) -> tuple[MadeFile, ...]:
    """Keep a mapping for each authority, and make its file with a week’s changes. The same record, seed and day make
    the same files."""
    accounts = set(session.scalars(select(Account.person_id)))
    return tuple(
        made
        for authority in read_region()
        for made in _of_authority(session, authority, accounts=accounts, seed=seed, now=now)
    )


def _of_authority(
    session: Session, authority: Authority, *, accounts: set[int], seed: int, now: datetime
) -> Iterator[MadeFile]:
    shape, today = SHAPES[authority.slug], local_day(now)
    organisation = get_organisation(session, slug=authority.slug)
    keep_mapping(
        session, organisation_id=organisation.id, name=shape.mapping_name, mapping=shape.mapping(), by=None, now=now
    )
    state = read_state(session, organisation, on=today)
    present = [row for row in rows_of_record(state, today) if fits(shape, row)]
    random = Random(f"{authority.slug} {seed}")  # noqa: S311 - repeatable on purpose
    names = NameSource(random)
    week = Week(random, today, state.units, _spared(state, accounts), lambda: _a_name(shape, authority, names))
    rows = with_changes(present, week, are_leavers_dated=not shape.holds_everybody) if present else []
    new = [row.payroll_number for row in rows if row.payroll_number not in state.jobs]
    slip = new[-1] if shape.has_slip and len(new) > 1 else None
    lines = lines_of(shape, rows, slip=slip)
    for part, some in (("", lines), ("-half", lines[: 1 + len(rows) // 2])):
        yield MadeFile(f"{authority.slug}{part}.{shape.ending}", file_bytes(shape, some, now=now))


def _spared(state: StateNow, accounts: set[int]) -> set[str]:
    """The jobs of people whom somebody signs in as."""
    return {number for number, job in state.jobs.items() if job.person_id in accounts}


def _a_name(shape: Shape, authority: Authority, names: NameSource) -> str:
    """A name in two words that the letters of this system can write."""
    while True:
        name = names.draw(authority.mix)
        if " " in name and fits(shape, FeedRow(0, "", name, frozenset())):
            return name
