"""How long figures take: ``python -m bench.figures.answers``.

One authority with 22,000 people (``BENCH_PEOPLE`` changes that) by ten requirements, on PostgreSQL, or on SQLite with
``BENCH_DATABASE=sqlite``: figures of today, of days that are over, by unit, grade and route, who is late, a list of
people, and twelve months: all counted anew, and then as they are kept.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import create_engine, event, select, text
from sqlalchemy.orm import Session

import app.platform.extensions
import app.platform.schema  # noqa: F401 - brings every table
from assignments.plans import find_plan
from bench.asked.region import employ, lay_out
from bench.environment import postgresql, settle
from courses.catalogue.versions import Course, get_course
from kernel.database import Base
from people.organisations import Organisation, Unit
from reports.answers.answering import answer
from reports.answers.over_months import MONTHS, over_months
from reports.earlier_days import first_day_of_record, published_days
from reports.figures.definition import EVERYBODY, By, Cut, FigureDefinition, Measure, in_unit
from reports.kept.keeping import count_day, keep
from reports.kept.record import close_days
from reports.listing.people_states import people_page
from reports.listing.wanted import LearningState, ListOfPeople, Wanted

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "22000"))
ROUNDS = 7
NOW = datetime(2027, 3, 31, 12, tzinfo=UTC)
TODAY, MONTH_END, MIDDLE = date(2027, 3, 31), date(2027, 2, 28), date(2027, 3, 12)
# What each course of the region is asked with.
KINDS = {
    "for-ever": "bench-0",
    "valid-for-a-year": "bench-2",
    "from-the-old-end": "bench-4",
    "of-an-audience": "bench-6",
}


def main() -> None:
    """Fill a database once, and print each figure as soon as it is known."""
    with _database() as url:
        if url is None:
            sys.exit(1)
        engine = create_engine(url)
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            organisation_id = lay_out(session)[0]
            for _ in employ(session, organisation_id, PEOPLE):
                session.commit()
            session.execute(text("ANALYZE"))
            session.commit()
            settle(url)
            measure(session, session.get_one(Organisation, organisation_id))
        engine.dispose()


@contextmanager
def _database() -> Iterator[str | None]:
    if os.environ.get("BENCH_DATABASE") == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'figures.db'}"
        return
    with postgresql("figures") as url:
        yield url


def measure(session: Session, authority: Organisation) -> None:
    """Every question, of every kind of requirement."""
    team = session.scalar(select(Unit.id).where(Unit.organisation_id == authority.id).order_by(Unit.id).limit(1))
    questions: dict[str, tuple[date, Cut]] = {
        "overview": (TODAY, EVERYBODY),
        "drill-down": (TODAY, in_unit(team)),
        "by-grade": (TODAY, Cut(By.GRADE)),
        "by-route": (TODAY, Cut(By.ROUTE)),
        "as-at-a-month-end": (MONTH_END, EVERYBODY),
        "as-at-any-day": (MIDDLE, EVERYBODY),
    }
    for kind, slug in KINDS.items():
        for name, (on, cut) in questions.items():
            say(session, f"{name}-{kind}", _asking(session, FigureDefinition(authority.slug, slug, on, cut)))
        late = FigureDefinition(authority.slug, slug, TODAY, measure=Measure.PAST_DATE)
        say(session, f"overview-with-late-{kind}", _asking(session, late))
        say(session, f"list-of-people-{kind}", _list(session, authority.id, get_course(session, slug=slug)))
        months, month_end = _months(session, authority, slug), FigureDefinition(authority.slug, slug, MONTH_END)
        say(session, f"months-{kind}", months)
        _keep_months(session, authority, get_course(session, slug=slug))
        say(session, f"months-kept-{kind}", months)
        say(session, f"as-at-a-month-end-kept-{kind}", _asking(session, month_end))


def _months(session: Session, authority: Organisation, slug: str) -> Callable[[], int]:
    return lambda: len(over_months(session, FigureDefinition(authority.slug, slug, TODAY), now=NOW))


def _keep_months(session: Session, authority: Organisation, course: Course) -> None:
    close_days(session, MONTH_END, now=NOW)
    session.commit()
    first = first_day_of_record(session, organisation_id=authority.id)
    for on in published_days(first=first, today=TODAY)[:MONTHS] if first else ():
        found = count_day(session, organisation_id=authority.id, course_id=course.id, on=on, now=NOW)
        if found is not None:
            keep(session, found)
    session.commit()


def _asking(session: Session, definition: FigureDefinition) -> Callable[[], int]:
    return lambda: sum(1 for _ in answer(session, definition, now=NOW).total.walk())


def _list(session: Session, organisation_id: int, course: Course) -> Callable[[], int]:
    def asked() -> int:
        plan = find_plan(session, organisation_id=organisation_id, course_id=course.id, on=TODAY)
        of = ListOfPeople(organisation_id, (), course.id, plan, TODAY)
        return people_page(session, of, Wanted(LearningState.NOT_FINISHED), page=1, size=50).found

    return asked


def say(session: Session, name: str, ask: Callable[[], int]) -> None:
    """The median of some rounds, after one that is not counted."""
    statements: list[str] = []
    found = ask()
    listener = lambda _c, _u, statement, *_: statements.append(statement)  # noqa: E731
    event.listen(session.get_bind(), "before_cursor_execute", listener)
    ask()
    event.remove(session.get_bind(), "before_cursor_execute", listener)
    times, own = [], []
    for _ in range(ROUNDS):
        began, busy = perf_counter(), process_time()
        ask()
        times.append(perf_counter() - began)
        own.append(process_time() - busy)
    context: dict[str, float] = {"people": PEOPLE, "found": found, "statements": len(statements)}
    context = {**context, "least": round(1000 * min(times), 1), "own_processor": round(1000 * median(own), 1)}
    print(json.dumps({"name": name, "value": round(1000 * median(times), 1), "unit": "ms", **context}), flush=True)


if __name__ == "__main__":
    main()
