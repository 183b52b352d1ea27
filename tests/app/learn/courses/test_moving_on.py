"""Somebody moves from one authority to another: what they have learned comes along, and nobody uploads anything."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.requirements import require_course
from courses.catalogue.versions import get_course
from courses.records.completion import Completion, CompletionSource, record_completion
from kernel.clock import local_day, utc_now
from people.accounts import Account
from people.jobs.employment import Employment
from people.organisations import Organisation
from people.persons import Person
from reports.completion import completion_figures
from reports.listing.people_states import people_page
from reports.listing.wanted import ListOfPeople, Wanted
from tests.builders.region import (
    a_course,
    a_person,
    a_unit,
    an_account,
    an_employment,
    an_organisation,
    change_job,
    job_of,
)
from tests.reading import Browser

DAY = timedelta(days=1)
MOVED = timedelta(days=30)


@dataclass(frozen=True)
class Move:
    """A person who completed the course at Halton, and a month ago moved to Sefton."""

    session: Session
    person: Person
    account: Account
    halton: Organisation
    sefton: Organisation
    course_id: int

    def figure(self, organisation: Organisation, days_ago: int) -> tuple[int, int]:
        """How many count for an authority on a day, and how many of them are complete."""
        found = completion_figures(
            self.session,
            organisation=organisation,
            course=get_course(self.session, slug="test-course"),
            on=local_day(utc_now()) - days_ago * DAY,
            now=utc_now(),
        )
        counts = found.total.counts
        return (counts.people, counts.complete) if counts else (0, 0)

    def names(self, organisation: Organisation) -> list[str]:
        """Who stands in the list of an authority's people."""
        of = ListOfPeople(organisation.id, (), self.course_id, None, local_day(utc_now()))
        return [one.name for one in people_page(self.session, of, Wanted(), page=1, size=50).people]


@pytest.fixture
def move(session: Session) -> Move:
    now, today = utc_now(), local_day(utc_now())
    halton, sefton = an_organisation(session), an_organisation(session, "sefton", "Sefton Council")
    care, libraries = a_unit(session, halton), a_unit(session, sefton, "Libraries")
    course = a_course(session)
    ids = [halton.id, sefton.id]
    require_course(session, course_id=course.course_id, organisation_ids=ids, account_id=None, now=now)
    for unit in (care, libraries):
        for number in range(20):
            a_person(session, unit, f"Somebody {number}")
    person = a_person(session, care, "Ọláyínká Siân")
    record_completion(
        session,
        person_id=person.id,
        course_id=course.course_id,
        cycle=1,
        course_version_id=course.version_id,
        now=now - 2 * MOVED,
    )
    change_job(session, job_of(session, person), today - MOVED, now=now - MOVED, held=False)
    an_employment(session, person, libraries, starts_on=today - MOVED)
    account = an_account(session, person)
    session.commit()
    return Move(session, person, account, halton, sefton, course.course_id)


def test_what_was_completed_elsewhere_counts_from_the_first_day(move: Move) -> None:
    assert [move.figure(move.sefton, days) for days in (31, 30, 0)] == [(20, 0), (21, 1), (21, 1)]


def test_the_former_employer_keeps_its_figures_and_sees_no_more_of_the_person(move: Move) -> None:
    assert [move.figure(move.halton, days) for days in (31, 30)] == [(21, 1), (20, 0)]
    assert "Ọláyínká Siân" not in move.names(move.halton)
    assert "Ọláyínká Siân" in move.names(move.sefton)


def test_the_completion_says_for_ever_where_it_was_earned(move: Move) -> None:
    row = move.session.scalars(select(Completion)).one()
    assert (row.organisation_id, row.unit_path, row.source) == (
        move.halton.id, "Adult Social Care", CompletionSource.PLATFORM,
    )  # fmt: skip


def test_the_person_is_told_that_the_new_employer_accepts_it(move: Move, app: Flask) -> None:
    page = Browser(app).enter_as(move.account).open("/learning")
    assert "That was before you joined Sefton Council, which accepts it." in page.text
    assert "Nothing more is asked of you at the moment." in page.text


def test_somebody_who_stayed_is_told_nothing_of_the_kind(move: Move, app: Flask) -> None:
    change_job(move.session, job_number(move, 0), local_day(utc_now()) - MOVED, now=utc_now(), held=True)
    change_job(move.session, job_number(move, 1), local_day(utc_now()) - MOVED, now=utc_now(), held=False)
    move.session.commit()
    assert "which accepts it" not in Browser(app).enter_as(move.account).open("/learning").text


def test_whoever_comes_back_has_what_they_had(move: Move) -> None:
    today = local_day(utc_now())
    change_job(move.session, job_number(move, 1), today, now=utc_now(), held=False)
    change_job(move.session, job_number(move, 0), today, now=utc_now(), held=True)
    move.session.commit()
    assert [move.figure(move.halton, days) for days in (31, 15, 0)] == [(21, 1), (20, 0), (21, 1)]
    assert [move.figure(move.sefton, days) for days in (15, 0)] == [(21, 1), (20, 0)]


def test_two_authorities_at_once_each_count_the_person_once(move: Move) -> None:
    change_job(move.session, job_number(move, 0), local_day(utc_now()), now=utc_now(), held=True)
    move.session.commit()
    assert move.figure(move.halton, 0) == move.figure(move.sefton, 0) == (21, 1)


def job_number(move: Move, place: int) -> Employment:
    return move.session.scalars(
        select(Employment).where(Employment.person_id == move.person.id).order_by(Employment.id)
    ).all()[place]
