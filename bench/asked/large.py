"""How much time and memory a count of a very large authority takes, and that it goes on after ``kill -9``.

``python -m bench.asked.large`` fills PostgreSQL, or SQLite where none answers, with 300,000 people by ten things asked
(``BENCH_PEOPLE`` changes that: 1300000 is the whole of local government), lets a process count them in two ways, kills
it after a third, and lets another go on. Filling is in portions of 5,000 with a commit each; both processes say the
most memory that they held. The seconds of the count are told per 10,000 people too, for reckoning on.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time, sleep

from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

import app.platform.extensions
import app.platform.schema  # noqa: F401 - brings every table
from assignments.checking.counting import compare, next_people, ways_of
from assignments.checking.found import Found
from assignments.checking.record import StandingCount, find_open_count, write_down
from bench.asked.region import BEGAN, ON, employ, lay_out
from bench.environment import postgresql, settle
from kernel.clock import utc_now
from kernel.database import Base

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "300000"))


def main() -> None:
    """Fill, count, kill after a third, and go on."""
    if sys.argv[1:]:
        count(sys.argv[1])
        return
    with a_database() as url:
        began = perf_counter()
        organisation_id = fill(url)
        _say("filled", perf_counter() - began, "s", memory=_memory())
        first = subprocess.Popen([sys.executable, "-m", "bench.asked.large", url])
        while _counted(url, organisation_id) * 3 < PEOPLE and first.poll() is None:
            sleep(1)
        first.send_signal(signal.SIGKILL)
        first.wait()
        at = _counted(url, organisation_id)
        _say("killed-at", at, "person")
        began = perf_counter()
        subprocess.run([sys.executable, "-m", "bench.asked.large", url], check=True)
        seconds = perf_counter() - began
        _say("gone-on", seconds, "s", for_10000=round(seconds / max(PEOPLE - at, 1) * 10_000, 2))
        with Session(create_engine(url)) as session:
            row = session.scalars(select(StandingCount)).one()
            _say("people-counted", row.people, "people", differences=row.differences, compared=row.compared)


@contextmanager
def a_database() -> Iterator[str]:
    """On PostgreSQL where a server answers, else a file."""
    with postgresql("large") as url:
        if url is not None:
            yield url
            return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'large.db'}"


def fill(url: str) -> int:
    """One authority with everybody, and a count that is begun."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        organisation_id = lay_out(session)[0]
        for _ in employ(session, organisation_id, PEOPLE):
            session.commit()
            session.expunge_all()
        session.add(StandingCount(organisation_id=organisation_id, counted_on=ON, begun_at=BEGAN))
        session.execute(text("ANALYZE"))  # as databases do by themselves, sooner or later
        session.commit()
    settle(url)
    return organisation_id


def count(url: str) -> None:
    """What a worker does of an open count: portion by portion, each kept."""
    with Session(create_engine(url)) as session:
        organisation_id = session.scalars(select(StandingCount.organisation_id)).one()
        ways = ways_of(session, organisation_id=organisation_id, on=ON)
        while (held := find_open_count(session, organisation_id=organisation_id)) is not None:
            step = {"count_id": held.id, "position": held.position}
            people = next_people(session, ways, after=held.position)
            found = compare(session, ways, people) if people else Found(0, 0, ())
            write_down(session, **step, upto=people[-1] if people else None, found=found, now=utc_now())
            session.commit()
            session.expunge_all()
    _say("memory", _memory(), "MiB", own_processor=round(process_time(), 1))


def _memory() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _counted(url: str, organisation_id: int) -> int:
    engine = create_engine(url)
    with Session(engine) as session:
        held = find_open_count(session, organisation_id=organisation_id)
        found = held.people if held else PEOPLE
    engine.dispose()
    return found


def _say(name: str, value: float, unit: str, **context: object) -> None:
    line = {"name": name, "value": round(value, 1), "unit": unit, "context": {"people": PEOPLE, **context}}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
