"""How long an HR file of 22,000 people takes, on both databases: planned, applied, sent again, undone.

    python -m bench.people.hr_file
    python -m bench.people.hr_file --rows 300000 --database sqlite

The file is read, planned and stored as a page does it, and applied by portions as a worker does it. ``peak_mib`` is the
most memory that this process had in hand until then, the program itself included, as the kernel counts it (VmHWM).
"""

import argparse
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

import app.platform.schema  # noqa: F401 - brings every table
from app.platform import task_kinds  # noqa: F401 - brings every table
from bench.environment import postgresql
from kernel.clock import local_day, utc_now
from kernel.database import Base
from kernel.tasks.claims import claim
from kernel.tasks.collecting import nothing_collected
from people.feed.mapping.row_reading import read_rows
from people.feed.mapping.suggesting import suggest_mapping
from people.feed.planning.making import Covered
from people.feed.reading.opening import open_table
from people.feed.rows import ReadRow
from people.feed.runs.applying import apply_portion, begin_run
from people.feed.runs.deciding import decide
from people.feed.runs.planning import FeedFile, keep_plan, make_plan, receive_file
from people.feed.runs.record import FEED_RUNS, Choice, FeedRun
from people.feed.runs.state import read_state
from people.feed.runs.undoing import ask_to_undo, undo_claimed
from people.organisations import Organisation

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "22000"))
PORTION = 1_000
HEADINGS = "Employee Number,Full Name,Email,Directorate,Service,Team,Job Title,FTE,Start Date,Manager Employee Number\n"
FILE = FeedFile("bench.csv", "bench", "0" * 64, covered=Covered(everybody=True))


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where a server answers."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=PEOPLE, help="how many people the file has")
    asked.add_argument("--database", choices=("sqlite", "postgresql"), help="one of the two alone")
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if wanted.database != "postgresql":
            measure("sqlite", f"sqlite:///{Path(folder) / 'feed.db'}", Path(folder), wanted.rows)
        if wanted.database != "sqlite":
            with postgresql("feed") as url:
                if url is not None:
                    measure("postgresql", url, Path(folder), wanted.rows)


def measure(database: str, url: str, folder: Path, people: int) -> None:
    """One database: a first file, the same once more, one that moves every tenth, and that one undone."""
    engine = create_engine(url)
    usual = made_file(folder / "usual.csv", people, moved=False)
    changed = made_file(folder / "changed.csv", people, moved=True)
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        organisation = Organisation(slug="bench", name="Bench")
        session.add(organisation)
        session.commit()
        first = plan(session, organisation, usual, f"planned-{database}")
        apply(session, first, f"applied-{database}")
        session.execute(text("ANALYZE"))
        session.commit()
        same = plan(session, organisation, usual, f"nothing-changed-planned-{database}")
        decide(session, run_id=same.id, choice=Choice.NOTHING, by=None, now=utc_now())
        moving = plan(session, organisation, changed, f"tenth-moves-planned-{database}")
        apply(session, moving, f"tenth-moves-applied-{database}")
        with timed(f"tenth-moves-undone-{database}"):
            ask_to_undo(session, run_id=moving.id, by=None, now=utc_now())
            claimed = claim(session, FEED_RUNS, now=utc_now())
            assert claimed is not None
            undo_claimed(session, claimed, now=utc_now())
            session.commit()
    engine.dispose()


def made_file(path: Path, people: int, *, moved: bool) -> Path:
    """A CSV file of everybody; ``moved``: every tenth person works in the next team."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADINGS)
        for place in range(people):
            team = place % 400 + (1 if moved and place % 10 == 0 else 0)
            manager = f"{place - place % 20:06}" if place % 20 else ""
            file.write(
                f"{place:06},Siân P{place},p{place}@example.org,Directorate {team % 8},Service {team % 40},"
                f"Team {team},Officer,0.8,{date(2020, 1, 1 + place % 28):%d/%m/%Y},{manager}\n"
            )
    return path


def plan(session: Session, organisation: Organisation, path: Path, name: str) -> FeedRun:
    """Read and plan a file, and say how long that took."""
    with timed(name), nothing_collected():
        received = receive_file(
            session, organisation_id=organisation.id, file=FILE, row_count=0, by=None, now=utc_now()
        )
        claimed = claim(session, FEED_RUNS, only=[received.id], now=utc_now())
        assert claimed is not None
        session.commit()
        state = read_state(session, organisation, on=local_day(utc_now()))
        made = make_plan(state, read(path), file=FILE, now=utc_now())
        run = keep_plan(session, claimed, state, made, now=utc_now())
        session.commit()
    return run


def read(path: Path) -> Iterator[ReadRow]:
    """The rows of a file by what its headings suggest, one after the other."""
    with path.open("rb") as file:
        table = open_table(file)
        yield from read_rows(table, suggest_mapping(table).mapping, on=date(2026, 11, 27))


def apply(session: Session, run: FeedRun, name: str) -> None:
    """Apply a run portion by portion, and say how long that took."""
    decide(session, run_id=run.id, choice=Choice.WITHOUT_LEAVERS, by=None, now=utc_now())
    session.commit()
    with timed(name):
        while (claimed := claim(session, FEED_RUNS, now=utc_now())) is not None:
            (row,) = claimed.rows
            with nothing_collected():
                if row.applies_on is None:
                    begin_run(session, claimed, lambda _: (FILE, ()), now=utc_now())
                else:
                    apply_portion(session, claimed, limit=PORTION, now=utc_now())
                session.commit()


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Print how long what stands inside took, and for how long of it this process was at work."""
    began, cpu = perf_counter(), process_time()
    yield
    context = {"cpu_seconds": round(process_time() - cpu, 2), "peak_mib": peak_mib()}
    value = round(perf_counter() - began, 2)
    print(json.dumps({"name": f"feed-{name}", "value": value, "unit": "s", "context": context}), flush=True)


def peak_mib() -> int:
    """The most memory that this process has had in hand so far."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


if __name__ == "__main__":
    main()
