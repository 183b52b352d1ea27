"""Requirements: asked once for each authority, never twice, and shown to those who count there."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assignments.asked import required_courses_of
from assignments.requirements import (
    Requirement,
    courses_required_by,
    require_course,
    requiring_organisations,
)
from kernel.audit import entries_for
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_employment, an_organisation

DUE = date(2027, 3, 31)


def ask_all(session: Session, course_id: int, *organisation_ids: int, due_on: date | None = None) -> int:
    return require_course(
        session,
        course_id=course_id,
        organisation_ids=organisation_ids,
        account_id=None,
        now=NOON,
        due_on=due_on,
    )


def test_asking_counts_only_those_who_did_not_ask_before(session: Session) -> None:
    course = a_course(session).course_id
    halton, wirral = an_organisation(session), an_organisation(session, "wirral", "Wirral Council")
    assert ask_all(session, course, halton.id, due_on=DUE) == 1
    assert ask_all(session, course, halton.id, wirral.id) == 1
    assert ask_all(session, course, halton.id, wirral.id) == 0
    found = requiring_organisations(session, course_ids=[course])[course]
    assert [(item.organisation_name, item.due_on) for item in found] == [
        ("Halton Borough Council", DUE),
        ("Wirral Council", None),
    ]


def test_the_same_authority_twice_in_one_request_is_asked_once(session: Session) -> None:
    course, halton = a_course(session).course_id, an_organisation(session)
    assert ask_all(session, course, halton.id, halton.id) == 1


def test_asking_is_on_record_and_asking_nobody_is_not(session: Session) -> None:
    course, halton = a_course(session).course_id, an_organisation(session)
    ask_all(session, course, halton.id, due_on=DUE)
    ask_all(session, course, halton.id)
    (entry,) = entries_for(session, subject_type="course", subject_id=course)
    assert entry.action == "course-asked-for"
    assert entry.detail == {"organisations": [halton.id], "due_on": "2027-03-31"}


def test_the_database_refuses_a_second_requirement_in_force(session: Session) -> None:
    course, halton = a_course(session).course_id, an_organisation(session)
    ask_all(session, course, halton.id)
    session.add(Requirement(course_id=course, organisation_id=halton.id, asked_at=NOON))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_withdrawn_requirement_asks_nobody_and_may_be_asked_again(session: Session) -> None:
    course, halton = a_course(session).course_id, an_organisation(session)
    person = a_person(session, a_unit(session, halton))
    ask_all(session, course, halton.id)
    session.scalars(select(Requirement)).one().withdrawn_at = NOON + timedelta(days=1)
    session.flush()
    assert required_courses_of(session, person_id=person.id, on=TODAY) == {}
    assert requiring_organisations(session, course_ids=[course]) == {course: ()}
    assert courses_required_by(session, organisation_id=halton.id) == []
    assert ask_all(session, course, halton.id) == 1


def test_a_person_is_asked_by_those_who_employ_them_on_the_day(session: Session) -> None:
    course, halton = a_course(session).course_id, an_organisation(session)
    unit = a_unit(session, halton)
    ask_all(session, course, halton.id, due_on=DUE)
    here = a_person(session, unit)
    gone = a_person(session, unit, ends_on=TODAY - timedelta(days=1))
    last_day = a_person(session, unit, ends_on=TODAY)
    coming = a_person(session, unit, starts_on=TODAY + timedelta(days=1))
    asked = {p.id: required_courses_of(session, person_id=p.id, on=TODAY) for p in (here, gone, last_day, coming)}
    assert [bool(asked[p.id]) for p in (here, gone, last_day, coming)] == [True, False, True, False]
    found = asked[here.id][course]
    assert (found.organisation_name, found.due_on) == ("Halton Borough Council", DUE)


def test_with_two_jobs_the_main_employer_is_named(session: Session) -> None:
    course = a_course(session).course_id
    halton, wirral = an_organisation(session), an_organisation(session, "wirral", "Wirral Council")
    person = a_person(session, a_unit(session, halton))
    an_employment(session, person, a_unit(session, wirral), is_main=False)
    ask_all(session, course, halton.id, wirral.id)
    asked = required_courses_of(session, person_id=person.id, on=TODAY)[course]
    assert asked.organisation_name == "Halton Borough Council"


@pytest.mark.parametrize("main_is_first", [True, False])
def test_with_two_dates_the_earliest_counts(session: Session, main_is_first: bool) -> None:
    course = a_course(session).course_id
    halton, wirral = an_organisation(session), an_organisation(session, "wirral", "Wirral Council")
    person = a_person(session, a_unit(session, halton))
    an_employment(session, person, a_unit(session, wirral), is_main=False)
    early, late = DUE - timedelta(days=90), DUE
    ask_all(session, course, halton.id, due_on=early if main_is_first else late)
    ask_all(session, course, wirral.id, due_on=late if main_is_first else early)
    assert required_courses_of(session, person_id=person.id, on=TODAY)[course].due_on == early


def test_a_date_wins_over_no_date(session: Session) -> None:
    course = a_course(session).course_id
    halton, wirral = an_organisation(session), an_organisation(session, "wirral", "Wirral Council")
    person = a_person(session, a_unit(session, halton))
    an_employment(session, person, a_unit(session, wirral), is_main=False)
    ask_all(session, course, halton.id)
    ask_all(session, course, wirral.id, due_on=DUE)
    assert required_courses_of(session, person_id=person.id, on=TODAY)[course].due_on == DUE


def test_courses_asked_by_an_authority_come_in_the_order_of_asking(session: Session) -> None:
    halton = an_organisation(session)
    course = a_course(session).course_id
    ask_all(session, course, halton.id)
    assert [found.id for found in courses_required_by(session, organisation_id=halton.id)] == [course]
