"""Somebody changes the past while somebody else closes its days or counts them, each on a connection of their own."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.platform.extensions import writing
from kernel.database import Base
from people.jobs.employment import Employment
from people.persons import Person
from reports.kept.keeping import count_day, keep, kept_on
from reports.kept.record import close_days
from tests.builders.programmes import another_course, complete
from tests.builders.region import NOON, TODAY, a_person, a_unit, an_organisation, change_job
from tests.conftest import NewDatabase
from tests.databases import postgresql_only

LAST = TODAY - timedelta(days=1)
BEFORE = NOON - timedelta(days=3)


@pytest.fixture
def engine(a_database: NewDatabase, tmp_path: Path) -> Iterator[Engine]:
    with a_database(tmp_path) as url:
        own = create_engine(url)
        Base.metadata.create_all(own)
        yield writing(own)
        own.dispose()


@pytest.fixture
def ids(engine: Engine) -> dict[str, int]:
    """Of an authority with one person, and of a course."""
    with Session(engine) as session, session.begin():
        halton = an_organisation(session)
        person = a_person(session, a_unit(session, halton))
        return {"organisation": halton.id, "course": another_course(session, "AA", "Asked"), "person": person.id}


@postgresql_only
def test_no_day_is_closed_while_a_change_of_it_is_under_way(engine: Engine, ids: dict[str, int]) -> None:
    with Session(engine) as changing, Session(engine) as closing:
        complete(changing, changing.get_one(Person, ids["person"]), ids["course"], BEFORE)
        assert not close_days(closing, LAST, now=NOON), "it would leave no mark"
        closing.rollback()
        changing.commit()
        assert close_days(closing, LAST, now=NOON)
        closing.commit()


@postgresql_only
def test_what_is_committed_between_counting_and_keeping_makes_the_count_void(
    engine: Engine, ids: dict[str, int]
) -> None:
    key = {"organisation_id": ids["organisation"], "course_id": ids["course"]}
    with Session(engine) as counting, Session(engine) as changing:
        close_days(counting, LAST, now=NOON)
        counting.commit()
        job = changing.query(Employment).one()
        change_job(changing, job, LAST, now=NOON, held=False)
        # Not committed yet, so it is neither seen nor marked for whoever counts.
        count = count_day(counting, on=LAST, now=NOON, **key)
        assert count is not None
        assert count.values["people"] == 1
        changing.commit()
        keep(counting, count)
        counting.commit()
        assert kept_on(counting, [LAST], **key) == {}
        again = count_day(counting, on=LAST, now=NOON, **key)
        assert again is not None
        assert again.values["people"] == 0
        keep(counting, again)
        assert set(kept_on(counting, [LAST], **key)) == {LAST}
