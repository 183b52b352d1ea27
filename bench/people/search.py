"""How long it takes to find a person among 300,000 by name, number and unit: ``python -m bench.people.search``.

On both databases, once among the names alone, and once as the page asks that admins search on.
"""

import json
import os
import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.orm import Session

import app.platform.schema  # noqa: F401 - brings every table
from bench.environment import postgresql
from kernel.clock import local_day, utc_now
from kernel.database import Base, table_of
from kernel.typed import search_words
from people.directory import people_like
from people.jobs.employment import Employment, bare_number
from people.jobs.terms import EmploymentKind, EmploymentTerms
from people.names.person_words import make_searchable
from people.names.search import FoundPeople, people_named
from people.organisations import Organisation, Unit, UnitKind
from people.persons import Person
from people.visibility import PeopleScope

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "300000"))
ROUNDS = 15
AUTHORITIES, TEAMS = 7, 900
BEGAN = date(2020, 4, 1)
TERMS = {
    "starts_on": BEGAN,
    "ends_on": None,
    "job_title": "Officer",
    "grade": "",
    "kind": EmploymentKind.EMPLOYEE,
    "hours_per_week": 37.0,
    "contract": "",
    "site": "",
    "manager_id": None,
    "is_main": True,
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words("Amina Siân Nguyễn Mohammed Olga Wei Ọláyínká Mary-Jane Patrick Fatima Łukasz Chidi Aoife Noor Grace")
LAST = _words("Okafor Hughes O’Brien Khan Иванова 王芳 العلي Sørensen de-la-Cruz Smith Jones Begum Nowak Murphy Brown")
SYLLABLES = _words("ba chi do fe gu han iq jo kal le min nor ol pra qui ros sha tor ul ver win xi yam zo")
# A number, its figures alone, a directorate, a team, both with a part of a name, and nobody.
TYPED = ("WR0123456", "123456", "directorate 3", "team 417", "nguyen team 417", "hughes directorate 3", "999999")
SEARCHES = ("nguyen", "o'brien", "amina okafor", "a", "王", "hamm", "sian hughes", "mary jane delacruz", "zzz", "a e")


def main() -> None:
    """Fill each database once, and print the milliseconds of each search."""
    with tempfile.TemporaryDirectory() as folder:
        measure("sqlite", f"sqlite:///{Path(folder) / 'people.db'}")
        with postgresql("people") as url:
            if url is not None:
                measure("postgresql", url)


def measure(database: str, url: str) -> None:
    """One database: how long it takes to store the words, and then to search."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        random, now = Random(7), utc_now()  # noqa: S311 - made-up names
        rows = [{"chosen_name": _name(random), "created_at": now} for _ in range(PEOPLE)]
        session.execute(insert(table_of(Person)), rows)
        _employ(session)
        began = perf_counter()
        make_searchable(session, person_ids=session.scalars(select(Person.id)).all())
        session.commit()
        _say(f"people-made-searchable-{database}", PEOPLE / (perf_counter() - began), "people/s")
        session.execute(text("ANALYZE"))  # as both databases do by themselves, sooner or later
        session.commit()
        everybody, today = PeopleScope(None), local_day(now)
        for typed in SEARCHES:
            ask = partial(people_named, session, search_words(typed))
            _say(f"people-named-{database}", *_timed(ask), typed=typed)
        for typed in (*SEARCHES, *TYPED):
            ask = partial(people_like, session, typed=typed, scope=everybody, on=today)
            _say(f"people-found-{database}", *_timed(ask), typed=typed)
    engine.dispose()


def _timed(ask: Callable[[], FoundPeople]) -> tuple[float, str, int]:
    times, found = [], 0
    for _ in range(ROUNDS):
        began = perf_counter()
        found = len(ask().person_ids)
        times.append((perf_counter() - began) * 1000)
    return median(times), "ms", found


def _employ(session: Session) -> None:
    """A job for each person, in one of so many teams of so many authorities."""
    session.add_all(Organisation(slug=f"a{place}", name=f"Authority {place}") for place in range(AUTHORITIES))
    session.flush()
    authorities = session.scalars(select(Organisation.id).order_by(Organisation.id)).all()
    units = [_unit(place, authorities[place % AUTHORITIES]) for place in range(TEAMS)]
    session.execute(insert(table_of(Unit)), units)
    teams = session.execute(select(Unit.id, Unit.organisation_id).order_by(Unit.id)).all()
    people = session.scalars(select(Person.id).order_by(Person.id)).all()
    homes = [teams[place % TEAMS] for place in range(len(people))]
    jobs = [_job(place, key, home[1]) for place, (key, home) in enumerate(zip(people, homes, strict=True))]
    session.execute(insert(table_of(Employment)), jobs)
    keys = session.scalars(select(Employment.id).order_by(Employment.id)).all()
    terms = [{**TERMS, "employment_id": key, "unit_id": home[0]} for key, home in zip(keys, homes, strict=True)]
    session.execute(insert(table_of(EmploymentTerms)), terms)


def _unit(place: int, organisation_id: int) -> dict[str, object]:
    path = f"Directorate {place % 8} / Service {place % 60} / Team {place}"
    return {"organisation_id": organisation_id, "kind": UnitKind.TEAM, "name": f"Team {place}", "path": path}


def _job(place: int, person_id: int, organisation_id: int) -> dict[str, object]:
    number = f"WR{place:07}"
    return {
        "person_id": person_id,
        "organisation_id": organisation_id,
        "payroll_number": number,
        "bare_number": bare_number(number),
        "starts_on": BEGAN,
    }


def _name(random: Random) -> str:
    """A common name, or one that few bear, as in a real list."""
    first = random.choice(FIRST) if random.random() < 0.3 else "".join(random.choices(SYLLABLES, k=2)).title()
    last = random.choice(LAST) if random.random() < 0.2 else "".join(random.choices(SYLLABLES, k=3)).title()
    return f"{first} {last}"


def _say(name: str, value: float, unit: str, found: int | None = None, **context: object) -> None:
    context = {**context, "people": PEOPLE, **({} if found is None else {"found": found})}
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit, "context": context}), flush=True)


if __name__ == "__main__":
    main()
