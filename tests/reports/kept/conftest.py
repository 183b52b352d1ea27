"""An authority with a course and a programme that it asks for, and people of every sort."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from assignments.audiences.rules import OnGrade
from assignments.audiences.saved import add_audience
from assignments.due.rules import DueRule
from assignments.exemptions.record import Exemption, ExemptionReason
from assignments.periods.rules import Lasts, PeriodRule
from assignments.requirements import Asking, require_course
from people.organisations import Organisation, Unit
from people.persons import Person
from tests.builders.programmes import a_programme, another_course, complete
from tests.builders.region import NOON, a_person, a_unit, an_organisation

OCTOBER = date(2026, 10, 31)
BEFORE = NOON - timedelta(days=100)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Halton:
    """``asked`` and ``other`` are the courses of the programme. ``done`` have finished both, ``midway`` the first."""

    organisation: Organisation
    sefton: Organisation
    care: Unit
    parks: Unit
    asked: int
    other: int
    programme: int
    audience_id: int
    done: list[Person]
    midway: list[Person]
    idle: list[Person]
    exempt: Person

    @property
    def everybody(self) -> list[Person]:
        return [*self.done, *self.midway, *self.idle]


@pytest.fixture
def halton(session: Session) -> Halton:
    here, sefton = an_organisation(session), an_organisation(session, "sefton", "Sefton")
    care, parks = a_unit(session, here), a_unit(session, here, "Parks")
    asked, other = another_course(session, "AA", "Asked"), another_course(session, "OO", "Other")
    audience_id = add_audience(
        session, organisation_id=here.id, name="Graded", rule=OnGrade(("G5", "G6")), account_id=None, now=BEFORE
    )
    programme = a_programme(session, here, (asked,), (other,), at=BEFORE)
    for course_id, asking in (
        (asked, Asking(audience_id, DueRule(), PeriodRule(Lasts.MONTHS, 12))),
        (programme, Asking()),
    ):
        require_course(
            session, course_id=course_id, organisation_ids=[here.id], account_id=None, now=BEFORE, asking=asking
        )
    people = [a_person(session, care if place % 3 else parks) for place in range(66)]
    done, midway, idle = people[:22], people[22:44], people[44:]
    for person in (*done, *midway):
        complete(session, person, asked, BEFORE)
    for person in done:
        complete(session, person, other, BEFORE)
    a_person(session, care, away_from=OCTOBER - 9 * DAY)
    a_person(session, parks, kind="agency")
    exempt = a_person(session, care)
    session.add(
        Exemption(
            person_id=exempt.id,
            organisation_id=here.id,
            course_id=asked,
            reason=ExemptionReason.OTHER,
            evidence="",
            starts_on=OCTOBER - 40 * DAY,
            ends_on=OCTOBER + 40 * DAY,
            given_at=BEFORE,
        )
    )
    session.execute(update(Person).values(created_at=NOON - timedelta(days=900)))
    session.flush()
    return Halton(here, sefton, care, parks, asked, other, programme, audience_id, done, midway, idle, exempt)
