"""A year of an authority of 22,000, from September 2027 on, with the clock set: ``python -m bench.asked.year``.

Leavers, returners, long leave, a reorganisation, Easter, both nights when the clocks change and 29 February; a feed
every week, reminders noted every working day, twice as after a crash, and sent at eight. A plain judge looks at each.
``BENCH_PEOPLE`` changes how many there are, ``BENCH_UNTIL`` the day before which it ends.
"""

import json
import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

import app.platform.schema  # noqa: F401 - brings every table
from bench.asked.played.authority import an_authority
from bench.asked.played.year import AFTER, FIRST, Year
from bench.environment import postgresql, settle
from kernel.clock import LOCAL
from kernel.database import Base

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "22000"))
UNTIL = date.fromisoformat(os.environ.get("BENCH_UNTIL", AFTER.isoformat()))
COMPOSE_EACH = 50


def main() -> None:
    """Fill, play, and print what was judged."""
    with _a_database() as url:
        engine = create_engine(url)
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            random = Random(2027)  # noqa: S311 - made-up people
            authority = an_authority(session, PEOPLE, now=datetime.combine(FIRST, time(0, 1), LOCAL), random=random)
            session.execute(text("ANALYZE"))
            session.commit()
            settle(url)
            year = Year(session, authority, random, compose_each=COMPOSE_EACH, keep=session.commit)
            began, busy = perf_counter(), process_time()
            year.play(until=UNTIL)
            judge = authority.judge
            line = {
                "people": PEOPLE,
                "days": (UNTIL - FIRST).days,
                "seconds": round(perf_counter() - began, 1),
                "own_processor": round(process_time() - busy, 1),
                "memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
                "reminders_noted": year.noted,
                "messages_sent": year.sent,
                "composed": year.composed,
                "found_not_needed": year.not_needed,
                "doubled": judge.doubled,
                "wrong": len(judge.wrong),
                "first_wrong": judge.wrong[:5],
            }
            print(json.dumps(line), flush=True)
        engine.dispose()


@contextmanager
def _a_database() -> Iterator[str]:
    with postgresql("year") as url:
        if url is not None:
            yield url
            return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'year.db'}"


if __name__ == "__main__":
    main()
