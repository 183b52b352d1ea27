"""How long it takes to know how everybody stands: ``python -m bench.asked.evaluating``.

22,000 people of seven authorities by ten requirements each, on both databases: everybody, 300 who were moved, the
reminders of a day, the figures and lists of the largest authority, and one person's explanation and own page.
"""

import json
import os
import resource
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

import app.platform.schema  # noqa: F401 - brings every table
from assignments.asked import required_courses_of
from assignments.plans import Plan, find_plan, plans_on
from assignments.reminders.owed import owed_on
from assignments.requirements import Requirement
from assignments.standing.explaining import explain
from assignments.standing.people_asked import Asked, asked_of
from bench.asked.region import BEGAN, ON, employ, lay_out
from bench.environment import postgresql, settle
from kernel.database import Base
from people.jobs.changes import ChangeOrigin
from people.jobs.employment import Employment
from people.jobs.writing import NewChange, Source, record_changes
from people.organisations import Organisation, Unit
from reports.completion import counted_groups
from reports.listing.people_states import people_page
from reports.listing.wanted import LearningState, ListOfPeople, Wanted

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "22000"))
MOVED = 300
ROUNDS = 5
# The largest authority has a third of the people.
_SHARES = (0.34, 0.2, 0.14, 0.1, 0.1, 0.07, 0.05)


def main() -> None:
    """Fill each database once, and print each figure as soon as it is known."""
    with tempfile.TemporaryDirectory() as folder:
        measure("sqlite", f"sqlite:///{Path(folder) / 'asked.db'}")
        with postgresql("asked") as url:
            if url is not None:
                measure("postgresql", url)


def measure(database: str, url: str) -> None:
    """One database."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ids = lay_out(session)
        for organisation_id, share in zip(ids, _SHARES, strict=True):
            for _ in employ(session, organisation_id, round(PEOPLE * share)):
                session.commit()
        session.execute(text("ANALYZE"))
        session.commit()
        settle(url)
        _measure_everybody(session, database, ids)
        _measure_moved(session, database, ids[0])
        _measure_pages(session, database, ids[0])
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        _say(f"memory-{database}", Timing(most, 0, 0), "MiB")
    engine.dispose()


def _measure_everybody(session: Session, database: str, ids: list[int]) -> None:
    def everybody() -> int:
        return sum(sum(1 for _ in asked_of(session, _plans(session, key), on=ON)) for key in ids)

    def reminders() -> int:
        return sum(len(portion) for key in ids for portion in owed_on(session, organisation_id=key, on=ON))

    _say(f"evaluate-everybody-{database}", _timed(everybody, 1), "s")
    _say(f"evaluate-everybody-again-{database}", _timed(everybody, 2), "s")
    _say(f"reminders-of-a-day-{database}", _timed(reminders, 2), "s")


def _measure_moved(session: Session, database: str, organisation_id: int) -> None:
    """A feed moves 300 people to another team and grade: the writing of it, and asking how they stand then."""
    jobs = session.execute(
        select(Employment.id, Employment.person_id)
        .where(Employment.organisation_id == organisation_id)
        .order_by(Employment.id.desc())
        .limit(MOVED)
    ).all()
    team = session.scalar(select(Unit.id).where(Unit.organisation_id == organisation_id).order_by(Unit.id).limit(1))
    people = [person_id for _, person_id in jobs]
    before = {_key(one) for one in asked_of(session, _plans(session, organisation_id), on=ON, person_ids=people)}
    changes = [NewChange(key, ON - timedelta(days=1), {"unit_id": team, "grade": "G7"}) for key, _ in jobs]

    def move() -> int:
        source = Source(ChangeOrigin.FEED, 1)
        return record_changes(session, changes, source=source, now=BEGAN + timedelta(days=450)).change_count

    def again() -> int:
        found = {_key(one) for one in asked_of(session, _plans(session, organisation_id), on=ON, person_ids=people)}
        return len(found ^ before)

    _say(f"move-300-{database}", _timed(move, 1), "s")
    session.commit()
    _say(f"evaluate-300-moved-{database}", _timed(again, ROUNDS), "s")


def _key(one: Asked) -> tuple[int, int]:
    return one.person_id, one.plan.requirement_id


def _measure_pages(session: Session, database: str, organisation_id: int) -> None:
    authority = session.get_one(Organisation, organisation_id)
    plans = _plans(session, organisation_id)
    old_end, of_some = plans[4], plans[5]
    person_id = session.scalar(
        select(Employment.person_id).where(Employment.organisation_id == organisation_id).order_by(Employment.id)
    )

    def figures(course_id: int) -> Callable[[], int]:
        return lambda: sum(
            1 for _ in counted_groups(session, organisation=authority, course_id=course_id, on=ON).total.walk()
        )

    def late() -> int:
        plan = find_plan(session, organisation_id=organisation_id, course_id=of_some.course_id, on=ON)
        of = ListOfPeople(organisation_id, (), of_some.course_id, plan, ON)
        return people_page(session, of, Wanted(LearningState.PAST_DATE), page=1, size=50).found

    def own() -> int:
        return len(required_courses_of(session, person_id=person_id or 0, on=ON))

    def why(course_id: int) -> Callable[[], int]:
        return lambda: len(explain(session, person_id=person_id or 0, course_id=course_id, on=ON).sentence)

    for name, ask in (
        ("figures-for-ever", figures(plans[0].course_id)),
        ("figures-old-end", figures(old_end.course_id)),
        ("figures-of-an-audience", figures(of_some.course_id)),
        ("list-of-late-people", late),
        ("own-page", own),
        ("explain", why(of_some.course_id)),
        ("explain-a-programme", why(plans[9].course_id)),
    ):
        _say(f"{name}-{database}", _timed(ask, ROUNDS), "ms")


def _plans(session: Session, organisation_id: int) -> tuple[Plan, ...]:
    return plans_on(session, Requirement.organisation_id == organisation_id, on=ON)


@dataclass(frozen=True)
class Timing:
    """The median of some rounds in seconds, those of our own processor in it, and how much was found."""

    seconds: float
    own: float
    found: int


def _timed(ask: Callable[[], int], rounds: int) -> Timing:
    times, own, found = [], [], 0
    for _ in range(rounds):
        began, busy = perf_counter(), process_time()
        found = ask()
        times.append(perf_counter() - began)
        own.append(process_time() - busy)
    return Timing(median(times), median(own), found)


def _say(name: str, timing: Timing, unit: str) -> None:
    scale = 1000 if unit == "ms" else 1
    context = {"people": PEOPLE, "found": timing.found, "own_processor": round(timing.own * scale, 2)}
    line = {"name": name, "value": round(timing.seconds * scale, 2), "unit": unit, "context": context}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
