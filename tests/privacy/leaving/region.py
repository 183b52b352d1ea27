"""An authority in which everything has happened that makes numbers differ, and a neighbour beside it."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from assignments.due.rules import DueRule, written_due
from assignments.exemptions.giving import NewExemption, give_exemption
from assignments.exemptions.record import ExemptionReason
from assignments.requirements import Requirement, require_course
from certificates.changes.revoking import revoke
from certificates.record.history import Reason
from courses.catalogue.versions import PublishOutcome
from people.jobs.terms import EmploymentKind
from people.organisations import Organisation
from people.reorganisation.steps import Rename
from reports.answers.published import publish
from reports.figures.definition import FigureDefinition
from tests.builders.certificates import issued_to, make_file
from tests.builders.region import (
    NOON,
    TODAY,
    a_course,
    a_person,
    a_unit,
    an_account,
    an_employment,
    an_organisation,
    change_job,
    job_of,
)
from tests.builders.reorganisations import reorganised
from tests.reports.taken_course import another_course, begin, finish, people_in

BEFORE = TODAY - timedelta(days=100)
LONG_AGO = NOON - timedelta(days=400)


def a_busy_authority(session: Session) -> tuple[Organisation, PublishOutcome]:
    """Halton with leavers, double jobs, transfers, exempt, absent and agency people, a renamed unit and corrections."""
    halton, wirral = an_organisation(session), an_organisation(session, "wirral", "Wirral Council")
    care, roads = a_unit(session, halton), a_unit(session, halton, "Roads, “north” & =south")
    docks = a_unit(session, wirral, "Docks")
    course, other = a_course(session), another_course(session)
    for one in (course, other):
        require_course(session, course_id=one.course_id, organisation_ids=[halton.id], account_id=None, now=LONG_AGO)
    session.flush()
    people = people_in(session, care, 14, course=course, complete=6, in_progress=3)
    people_in(session, roads, 5, course=other, complete=2, in_progress=1, grade="")
    people_in(session, docks, 4, course=course, complete=4)
    for requirement in session.query(Requirement):
        requirement.due_on = BEFORE + timedelta(days=30)
        requirement.due_rule = written_due(DueRule(day=requirement.due_on, grace_days=7))
    session.flush()
    _odd_ones(session, course, care, roads, docks)
    days = (TODAY - timedelta(days=5), TODAY + timedelta(days=30))
    new = NewExemption(
        people[10].id, halton.id, course.course_id, ExemptionReason.EQUAL_TRAINING, "Seen", *days, changes_past=True
    )
    give_exemption(session, new, by=None, now=NOON)
    _certificates(session, care, course)
    reorganised(session, roads, Rename(roads.id, "Highways"), on=TODAY - timedelta(days=3))
    month_end = date(2026, 10, 31)
    for person in session.query(type(people[0])):
        person.created_at = LONG_AGO
    session.flush()
    publish(session, FigureDefinition("halton", "test-course", month_end), is_public=True, account_id=None, now=NOON)
    return halton, course


def _odd_ones(session: Session, course: PublishOutcome, care, roads, docks) -> None:  # type: ignore[no-untyped-def]
    left = a_person(session, care, "Lee Left", ends_on=TODAY - timedelta(days=50))
    finish(session, course, left, care, NOON - timedelta(days=80))
    session.flush()
    twice = a_person(session, care, "'=Two Jobs", is_main=False)
    an_employment(session, twice, roads, grade="G9")
    elsewhere = a_person(session, docks, "From Elsewhere", ends_on=TODAY - timedelta(days=20))
    finish(session, course, elsewhere, docks, NOON - timedelta(days=60))
    an_employment(session, elsewhere, care, starts_on=TODAY - timedelta(days=10))
    gone = a_person(session, care, "Went Away", ends_on=TODAY - timedelta(days=40))
    an_employment(session, gone, docks, starts_on=TODAY - timedelta(days=39))
    finish(session, course, gone, docks, NOON - timedelta(days=2))
    a_person(session, care, "On Leave", away_from=TODAY - timedelta(days=9))
    a_person(session, care, "Agency", kind=EmploymentKind.AGENCY)
    a_person(session, care, "Comes Later", starts_on=TODAY + timedelta(days=9))
    moved = a_person(session, care, "Moved")
    change_job(session, job_of(session, moved), TODAY - timedelta(days=4), unit_id=roads.id)
    begin(session, course, moved)


def _certificates(session: Session, care, course: PublishOutcome) -> None:  # type: ignore[no-untyped-def]
    admin = an_account(session, a_person(session, care, "Ada Admin"))
    issued = [make_file(issued_to(session, a_person(session, care).id, course)) for _ in range(4)]
    for certificate, reason in zip(issued, (Reason.ISSUED_IN_ERROR, Reason.OTHER), strict=False):
        revoke(
            session,
            certificate_number=certificate.number,
            reason=reason,
            words="It was agreed by telephone" if reason is Reason.OTHER else "",
            account_id=admin.id,
            now=NOON,
        )
