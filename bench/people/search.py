"""How long it takes to find a person among 300,000 by name, on both databases: ``python -m bench.people.search``."""

import json
import os
import tempfile
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.orm import Session

import app.platform.schema  # noqa: F401 - brings every table
from bench.environment import postgresql
from kernel.clock import utc_now
from kernel.database import Base, table_of
from kernel.typed import search_words
from people.names.person_words import make_searchable
from people.names.search import people_named
from people.persons import Person

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "300000"))
ROUNDS = 15


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words("Amina Siân Nguyễn Mohammed Olga Wei Ọláyínká Mary-Jane Patrick Fatima Łukasz Chidi Aoife Noor Grace")
LAST = _words("Okafor Hughes O’Brien Khan Иванова 王芳 العلي Sørensen de-la-Cruz Smith Jones Begum Nowak Murphy Brown")
SYLLABLES = _words("ba chi do fe gu han iq jo kal le min nor ol pra qui ros sha tor ul ver win xi yam zo")
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
        began = perf_counter()
        make_searchable(session, person_ids=session.scalars(select(Person.id)).all())
        session.commit()
        _say(f"people-made-searchable-{database}", PEOPLE / (perf_counter() - began), "people/s")
        session.execute(text("ANALYZE"))  # as both databases do by themselves, sooner or later
        session.commit()
        for typed in SEARCHES:
            times, found = [], 0
            for _ in range(ROUNDS):
                began = perf_counter()
                found = len(people_named(session, search_words(typed)).person_ids)
                times.append((perf_counter() - began) * 1000)
            _say(f"people-found-{database}", median(times), "ms", typed=typed, found=found, people=PEOPLE)
    engine.dispose()


def _name(random: Random) -> str:
    """A common name, or one that few bear, as in a real list."""
    first = random.choice(FIRST) if random.random() < 0.3 else "".join(random.choices(SYLLABLES, k=2)).title()
    last = random.choice(LAST) if random.random() < 0.2 else "".join(random.choices(SYLLABLES, k=3)).title()
    return f"{first} {last}"


def _say(name: str, value: float, unit: str, **context: object) -> None:
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit, "context": context}), flush=True)


if __name__ == "__main__":
    main()
