"""The demo region: the same from the same seed, plausible, open to its sign-ins, and never in production."""

import hashlib
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from app.platform.demo_guard import DemoInProduction, refuse_in_production
from assignments.exemptions.record import Exemption
from assignments.reminders.owed import owed_on
from assignments.reminders.record import Reminder
from assignments.reminders.steps import Step
from assignments.requests.record import LearnerRequest, Outcome
from assignments.requirements import courses_required_by
from certificates.looks.branding import Design
from certificates.looks.branding_versions import CertificateBranding, find_current
from certificates.record.missing_certificates import completions_without_certificate
from config import Environment
from courses.content.model.course import CourseDocument
from courses.records.answers import questions_answered
from courses.records.attempts import Attempt, find_attempt
from courses.records.completion import Completion, CompletionSource, find_completion
from courses.taking.completion_rule import is_finished
from courses.taking.screens import ScreenAddress, check_open
from demo.accounts import SIGN_INS
from demo.asked.reminders import HANDFUL, TEXTS
from demo.build import BuildOutcome, build
from demo.flag import has_demo
from demo.region import read_region
from demo.storing import Taken
from kernel.errors import RuleBroken
from messages.ledger import Message
from people.accounts import Account
from people.counting import LeftOut, people_of
from people.jobs.employment import Employment
from people.jobs.reading import find_main_employment
from people.jobs.terms import EmploymentTerms
from people.organisations import Unit, UnitKind, get_organisation, organisations
from people.persons import Person
from people.roles import Role, SignedInPerson
from tests.builders.region import NOON, TODAY, a_course, a_document, an_organisation, signed_in

PEOPLE = 300
ROWS = (
    "SELECT chosen_name, email, created_at FROM person ORDER BY id",
    """SELECT o.slug, u.path, e.payroll_number, t.job_title, t.grade, t.kind, t.is_main, t.starts_on, t.ends_on
        FROM employment e JOIN employment_terms t ON t.employment_id = e.id JOIN unit u ON u.id = t.unit_id
        JOIN organisation o ON o.id = e.organisation_id ORDER BY o.slug, e.payroll_number""",
    """SELECT e.payroll_number, a.starts_on, a.ends_on, a.kind
        FROM employment e JOIN employment_absence a ON a.employment_id = e.id ORDER BY e.payroll_number""",
    "SELECT unit_path, grade, completed_at FROM completion ORDER BY id",
    """SELECT a.started_at, a.at_module, a.at_screen, n.question_id, n.try_number, n.is_right, n.answered_at
        FROM attempt a LEFT JOIN answer n ON n.attempt_id = a.id ORDER BY a.id, n.id""",
    """SELECT a.last_seen_at, m.module_id, m.screens_done, m.completed_at
        FROM attempt a JOIN module_progress m ON m.attempt_id = a.id ORDER BY a.id, m.id""",
)


def build_in(session: Session, *, seed: int = 1, people: int = PEOPLE) -> BuildOutcome:
    course = a_course(session)
    return build(
        session,
        seed=seed,
        people=people,
        course=Taken(course.course_id, course.version_id, a_document()),
        hashes={person.username: f"hash of {person.username}" for person in SIGN_INS},
        now=NOON,
    )


@pytest.fixture
def demo(session: Session) -> BuildOutcome:
    return build_in(session)


def who_is(session: Session, username: str) -> SignedInPerson:
    return signed_in(session, session.scalars(select(Account).where(Account.username == username)).one())


def fingerprint(connection: Connection, seed: int) -> str:
    """Everything that does not depend on ids, of a demo that is built and taken away again."""
    with connection.begin_nested() as savepoint:
        with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
            build_in(session, seed=seed)
            rows = [tuple(row) for statement in ROWS for row in session.execute(text(statement))]
        savepoint.rollback()
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_the_same_seed_makes_the_same_rows_and_another_makes_others(connection: Connection) -> None:
    first = fingerprint(connection, seed=7)
    assert fingerprint(connection, seed=7) == first
    assert fingerprint(connection, seed=8) != first


def test_there_are_as_many_people_as_asked_for_and_two_in_a_hundred_have_two_jobs(
    session: Session, demo: BuildOutcome
) -> None:
    assert demo.people == PEOPLE
    assert demo.jobs == PEOPLE + 6
    assert [organisation.slug for organisation in organisations(session)] == [
        "halton", "knowsley", "liverpool", "combined-authority", "sefton", "st-helens", "wirral",
    ]  # fmt: skip


def test_about_sixty_in_a_hundred_of_those_who_count_have_finished_and_twelve_are_midway(
    session: Session,
) -> None:
    build_in(session, people=1000)
    counted = finished = midway = 0
    for organisation in organisations(session):
        people = people_of(organisation_id=organisation.id, on=TODAY)
        who = select(people.c.person_id).where(people.c.left_out.is_(None))
        counted += len(session.scalars(who).all())
        finished += session.scalar(select(func.count()).where(Completion.person_id.in_(who))) or 0
        midway += session.scalar(select(func.count()).where(Attempt.person_id.in_(who))) or 0
    assert 850 < counted < 980
    assert 0.52 < finished / counted < 0.68
    assert 0.08 < midway / counted < 0.17


def test_every_reason_for_not_counting_occurs(session: Session) -> None:
    build_in(session, people=1000)
    found: set[str | None] = set()
    for organisation in organisations(session):
        everybody = people_of(organisation_id=organisation.id, on=TODAY)
        found.update(session.scalars(select(everybody.c.left_out).distinct()))
    assert found == {None, *LeftOut}


def test_completions_are_imported_lie_before_today_and_owe_no_certificate(session: Session, demo: BuildOutcome) -> None:
    completions = session.scalars(select(Completion)).all()
    assert len(completions) == demo.completions > 100
    assert {completion.source for completion in completions} == {CompletionSource.IMPORTED}
    assert max(completion.completed_at for completion in completions).date() < TODAY
    assert not completions_without_certificate(session, limit=1)


def test_nobody_finishes_before_they_start_or_after_they_leave(session: Session, demo: BuildOutcome) -> None:
    rows = session.execute(
        select(Completion.completed_at, Employment.starts_on, EmploymentTerms.ends_on)
        .join(Employment, Employment.person_id == Completion.person_id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(EmploymentTerms.is_main)
    ).all()
    assert all(starts_on < done.date() <= (ends_on or TODAY) for done, starts_on, ends_on in rows)


def test_people_midway_can_go_on_where_they_stopped(session: Session, demo: BuildOutcome) -> None:
    document = a_document()
    attempts = session.scalars(select(Attempt)).all()
    assert len(attempts) == demo.midway > 10
    for row in attempts:
        attempt = find_attempt(session, person_id=row.person_id, slug=document.slug)
        assert attempt is not None
        check_open(document, attempt, ScreenAddress(document.slug, row.at_module, row.at_screen))
        answered = questions_answered(session, attempt_id=row.id)
        assert set(answered) == questions_on_finished_screens(document, attempt.screens_done)
        assert not is_finished(document, attempt, answered.copy)
        assert row.started_at <= row.last_seen_at < NOON


def questions_on_finished_screens(document: CourseDocument, screens_done: dict[str, int]) -> set[str]:
    return {
        question_id
        for module in document.modules
        for screen in module.screens[: screens_done.get(module.id, 0)]
        for question_id in screen.question_ids
    }


def test_every_authority_asks_its_people_to_take_the_course(session: Session, demo: BuildOutcome) -> None:
    for organisation in organisations(session):
        assert [course.code for course in courses_required_by(session, organisation_id=organisation.id)] == ["TC"]


@pytest.mark.parametrize("slug", [authority.slug for authority in read_region()])
def test_each_authority_has_an_hr_lead_who_works_there(session: Session, demo: BuildOutcome, slug: str) -> None:
    lead = who_is(session, f"hr.{slug}")
    scope = lead.scope_in(slug)
    job = find_main_employment(session, person_id=lead.person_id, on=TODAY)
    assert scope is not None
    assert job is not None
    assert scope.role is Role.HR_LEAD
    assert job.organisation_id == scope.organisation_id


def test_the_member_of_staff_has_not_begun_and_the_manager_has_a_service(session: Session) -> None:
    build_in(session, people=2000)
    staff, manager = who_is(session, "staff.sefton"), who_is(session, "manager.liverpool")
    course = courses_required_by(session, organisation_id=get_organisation(session, slug="sefton").id)[0]
    assert not staff.scopes
    assert find_completion(session, person_id=staff.person_id, course_id=course.id) is None
    assert find_attempt(session, person_id=staff.person_id, slug=course.slug) is None
    unit = session.get_one(Unit, manager.scopes[0].unit_id)
    teams = select(Unit.id).where(Unit.parent_id == unit.id)
    assert unit.kind is UnitKind.SERVICE
    assert (session.scalar(select(func.count()).where(EmploymentTerms.unit_id.in_(teams))) or 0) >= 20


def test_the_author_and_the_administrator_have_no_more_than_their_role(session: Session, demo: BuildOutcome) -> None:
    assert [scope.role for scope in who_is(session, "author").scopes] == [Role.AUTHOR]
    assert [scope.role for scope in who_is(session, "admin").scopes] == [Role.ADMIN]


def test_all_three_designs_of_certificates_are_in_use(session: Session, demo: BuildOutcome) -> None:
    present = find_current(session, organisation_id=get_organisation(session, slug="sefton").id)
    assert present is not None
    assert present.document["signatories"][0]["name"] == "Siân Pritchard-Jones"
    designs = {version.document["design"] for version in session.scalars(select(CertificateBranding))}
    assert designs == set(Design)


def test_a_database_that_knows_an_organisation_is_left_alone(session: Session) -> None:
    an_organisation(session)
    with pytest.raises(RuleBroken, match="empty database"):
        build_in(session)


def test_demo_data_is_refused_in_production_and_nowhere_else(session: Session) -> None:
    refuse_in_production(session, env=Environment.PRODUCTION)
    build_in(session, people=200)
    assert has_demo(session)
    refuse_in_production(session, env=Environment.DEMO)
    with pytest.raises(DemoInProduction, match="made-up people"):
        refuse_in_production(session, env=Environment.PRODUCTION)


def test_somebody_is_exempt_and_others_have_asked_for_more_time(session: Session) -> None:
    build_in(session, people=1000)
    exempt = {row.organisation_id for row in session.scalars(select(Exemption))}
    assert exempt == {organisation.id for organisation in organisations(session)}
    assert all(row.given_by_account_id for row in session.scalars(select(Exemption)))
    outcomes = [row.outcome for row in session.scalars(select(LearnerRequest))]
    assert outcomes.count(Outcome.GRANTED) >= 5
    assert outcomes.count(None) >= 5


@pytest.mark.parametrize("slug", [authority.slug for authority in read_region()])
def test_each_authority_has_a_manager_who_works_there(session: Session, demo: BuildOutcome, slug: str) -> None:
    manager = who_is(session, f"manager.{slug}")
    assert manager.units_in(slug)


def test_a_handful_is_reminded_on_the_first_working_day_and_the_others_were_before(session: Session) -> None:
    build_in(session, people=2000)
    wirral = get_organisation(session, slug="wirral").id
    has_address = set(session.scalars(select(Person.id).where(Person.email.is_not(None))))
    assert 3 <= len(owed_by(session, wirral, TODAY) & has_address) <= HANDFUL
    by_text = set(session.scalars(select(Person.id).where(Person.email.is_(None), Person.work_mobile.is_not(None))))
    assert 1 <= len(owed_by(session, wirral, TODAY) & by_text) <= TEXTS
    own = select(Reminder.step).where(Reminder.organisation_id == wirral)
    assert session.scalars(own.where(Reminder.step == Step.LATE_4)).all()
    later = set[int]().union(*(owed_by(session, wirral, TODAY + timedelta(days=days)) for days in range(1, 8)))
    assert len(later & has_address) <= 4 * HANDFUL, "nor is there a flood in the week after"
    waiting = select(func.count()).where(Message.due_at < NOON - timedelta(days=1), Message.sent_at.is_(None))
    assert session.scalar(waiting) == 0


def owed_by(session: Session, organisation_id: int, on: date) -> set[int]:
    return {one.person_id for some in owed_on(session, organisation_id=organisation_id, on=on) for one in some}
