"""A file of past learning that is undone takes back what a correction had put in the place of what it brought."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.amending.amending import FILE_TAKEN_BACK, NewAmendment, amend
from courses.amending.amending import undo as take_back
from courses.amending.record import CompletionAmendment, Fault
from courses.records.completion import Completion, is_standing
from kernel.clock import local_day
from kernel.errors import RuleBroken
from people.organisations import Organisation
from people.persons import Person
from tests.builders.region import NOON, a_course, a_person, a_unit, an_organisation
from tests.courses.history.files import applied, apply, undo

LINE = "P1,Siân Nguyễn,,Test course,05/03/2024,"
BROUGHT, RIGHT = date(2024, 3, 5), date(2024, 5, 3)
LATER = NOON + timedelta(days=2)


@pytest.fixture
def halton(session: Session) -> Organisation:
    found = an_organisation(session)
    a_course(session)
    return found


@pytest.fixture
def siân(session: Session, halton: Organisation) -> Person:
    return a_person(session, a_unit(session, halton), payroll_number="P1")


def standing(session: Session, person: Person) -> list[date]:
    rows = session.scalars(select(Completion).where(Completion.person_id == person.id, is_standing()))
    return sorted(local_day(one.completed_at) for one in rows)


def put_right(session: Session, person: Person, new: NewAmendment) -> CompletionAmendment:
    held = session.scalars(select(Completion).where(Completion.person_id == person.id, is_standing())).one()
    return session.get_one(CompletionAmendment, amend(session, held, new, by=None, now=LATER).amendment_id)


def test_undoing_reaches_what_took_its_place_and_applying_again_brings_that_back(
    session: Session, halton: Organisation, siân: Person
) -> None:
    run = applied(session, halton, LINE)
    assert standing(session, siân) == [BROUGHT]
    put_right(session, siân, NewAmendment(Fault.WRONG_DAY, "Typed the wrong way round", completed_on=date(2024, 5, 4)))
    put_right(session, siân, NewAmendment(Fault.WRONG_DAY, "One day off", completed_on=RIGHT))
    assert standing(session, siân) == [RIGHT]
    undo(session, run)
    assert standing(session, siân) == []
    apply(session, run)
    assert standing(session, siân) == [RIGHT]


def test_undoing_reaches_whoever_it_belonged_to_in_truth(session: Session, halton: Organisation, siân: Person) -> None:
    other = a_person(session, a_unit(session, halton, "Parks"), "王芳")
    run = applied(session, halton, LINE)
    put_right(session, siân, NewAmendment(Fault.WRONG_PERSON, "Another number", person_id=other.id))
    assert (standing(session, siân), standing(session, other)) == ([], [BROUGHT])
    undo(session, run)
    assert (standing(session, siân), standing(session, other)) == ([], [])


def test_what_was_recorded_by_mistake_stays_away_when_the_file_is_applied_again(
    session: Session, halton: Organisation, siân: Person
) -> None:
    run = applied(session, halton, LINE)
    put_right(session, siân, NewAmendment(Fault.IN_ERROR, "Somebody else was there"))
    undo(session, run)
    apply(session, run)
    assert standing(session, siân) == []


def test_a_correction_of_what_was_undone_with_its_file_brings_nothing_back(
    session: Session, halton: Organisation, siân: Person
) -> None:
    run = applied(session, halton, LINE)
    row = put_right(session, siân, NewAmendment(Fault.WRONG_DAY, "Wrong", completed_on=RIGHT))
    undo(session, run)
    with pytest.raises(RuleBroken, match=FILE_TAKEN_BACK), session.begin_nested():
        take_back(session, row, by=None, now=LATER)
    assert standing(session, siân) == []
    apply(session, run)
    session.refresh(row)
    take_back(session, row, by=None, now=LATER)
    assert standing(session, siân) == [BROUGHT]
