"""Two tabs send the same form at the same moment: the database lets one be first, and the other finds out."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.platform.extensions import writing
from courses.content.model.personal import Moment, StatementsBlock
from courses.reflection.plans import PlanWords, find_plan, write_plan
from courses.reflection.ratings import chosen_values, save_ratings
from courses.taking.progression import begin_course
from kernel.database import Base
from kernel.seen import ChangedMeanwhile
from messages.choices import Choices, Frequency, choices_of, choose
from tests.builders.own_words import a_course_about_oneself
from tests.builders.region import NOON, a_person, a_unit, an_organisation
from tests.builders.screens import at_screen
from tests.conftest import NewDatabase

STATEMENTS = StatementsBlock(instrument_id="TC-C", moment=Moment.BEFORE)
Act = Callable[[Session], object]


@pytest.fixture
def engine(a_database: NewDatabase, tmp_path: Path) -> Iterator[Engine]:
    with a_database(tmp_path) as url:
        own = create_engine(url)
        Base.metadata.create_all(own)
        yield writing(own)
        own.dispose()


@pytest.fixture
def person_id(engine: Engine) -> int:
    """Somebody who has begun the course."""
    with Session(engine) as session, session.begin():
        person_id = a_person(session, a_unit(session, an_organisation(session))).id
        a_course_about_oneself(session)
        begin_course(session, person_id=person_id, slug="test-course", now=NOON)
    return person_id


def at_once(engine: Engine, *acts: Act) -> list[bool]:
    """Whether each act was kept, all begun at the same moment."""
    barrier, kept = Barrier(len(acts)), [False] * len(acts)

    def run(place: int) -> None:
        with Session(engine) as session:
            barrier.wait(timeout=30)
            try:
                acts[place](session)
                session.commit()
                kept[place] = True
            except ChangedMeanwhile:
                session.rollback()

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return kept


def planning(person_id: int, action: str) -> Act:
    words = PlanWords("a name is new", action)
    return lambda session: write_plan(
        session, person_id=person_id, form_id="TC-PLAN", words=words, is_new=False, now=NOON, seen=""
    )


def rating(person_id: int, **values: str) -> Act:
    def rate(session: Session) -> None:
        here = at_screen(session, person_id, "first-steps", 1)
        save_ratings(session, here, place=STATEMENTS, values=values, now=NOON, seen="")

    return rate


def test_of_two_plans_one_is_kept_and_the_other_is_not_lost_unseen(engine: Engine, person_id: int) -> None:
    kept = at_once(engine, planning(person_id, "ask"), planning(person_id, "listen"))
    assert sorted(kept) == [False, True]
    with Session(engine) as session:
        plan = find_plan(session, person_id=person_id, form_id="TC-PLAN")
    assert plan is not None
    assert plan.action == ("ask" if kept[0] else "listen")


def test_of_two_choices_beside_one_statement_one_is_kept(engine: Engine, person_id: int) -> None:
    kept = at_once(engine, rating(person_id, C1="2"), rating(person_id, C1="4"))
    assert sorted(kept) == [False, True]
    with Session(engine) as session:
        assert chosen_values(session, person_id=person_id, place=STATEMENTS) == {"C1": "2" if kept[0] else "4"}


def test_choices_beside_two_statements_are_both_kept(engine: Engine, person_id: int) -> None:
    assert at_once(engine, rating(person_id, C1="2"), rating(person_id, C2="4")) == [True, True]
    with Session(engine) as session:
        assert chosen_values(session, person_id=person_id, place=STATEMENTS) == {"C1": "2", "C2": "4"}


def test_the_first_choices_about_messages_from_two_tabs_both_count(engine: Engine, person_id: int) -> None:
    seen = "certificates=0 follow_ups=0"  # an older page than both
    first, second = Choices(Frequency.DAILY, True), Choices(Frequency.DAILY, True)
    acts = [
        lambda session, one=one: choose(session, person_id=person_id, choices=one, now=NOON) for one in (first, second)
    ]
    assert at_once(engine, *acts) == [True, True]
    with Session(engine) as session:
        assert choices_of(session, person_ids=[person_id])[person_id] == first
        with pytest.raises(ChangedMeanwhile):
            choose(session, person_id=person_id, choices=Choices(Frequency.AT_ONCE, True), now=NOON, seen=seen)
