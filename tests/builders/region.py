"""Short ways to make real things for tests."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.versions import PublishOutcome, publish
from courses.content.bundle.reading import read_bundle
from courses.content.model.course import CourseDocument
from people.accounts import Account, create_account
from people.jobs.changes import ChangeOrigin
from people.jobs.employment import Employment
from people.jobs.values import Terms
from people.jobs.writing import Away, NewChange, NewJob, Source, add_jobs, record_changes
from people.organisations import Organisation, Unit, UnitKind
from people.persons import Person
from people.roles import Role, SignedInPerson, find_signed_in, grant
from people.sessions import begin_session

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
_numbers = count(1)


def an_organisation(session: Session, slug: str = "halton", name: str = "Halton Borough Council") -> Organisation:
    organisation = Organisation(slug=slug, name=name)
    session.add(organisation)
    session.flush()
    return organisation


def a_unit(
    session: Session,
    organisation: Organisation,
    name: str = "Adult Social Care",
    *,
    parent: Unit | None = None,
    kind: UnitKind = UnitKind.DIRECTORATE,
) -> Unit:
    path = f"{parent.path} / {name}" if parent else name
    unit = Unit(
        organisation_id=organisation.id, parent_id=parent.id if parent else None, kind=kind, name=name, path=path
    )
    session.add(unit)
    session.flush()
    return unit


def a_person(session: Session, unit: Unit | None = None, name: str = "Siân Nguyễn", **job: object) -> Person:
    """A person with a job in ``unit``; ``job`` changes the employment, for instance ``ends_on``."""
    person = Person(chosen_name=name, created_at=NOON)
    session.add(person)
    session.flush()
    if unit is not None:
        an_employment(session, person, unit, **job)
    return person


def an_employment(session: Session, person: Person, unit: Unit, **job: object) -> Employment:
    """A job; ``job`` changes its days, its terms or its payroll number. ``away_from`` begins long leave."""
    said: dict[str, Any] = {"payroll_number": f"P{next(_numbers):06}", "starts_on": date(2020, 4, 1), **job}
    away_from, away_until = said.pop("away_from", None), said.pop("away_until", None)
    days = {name: said.pop(name) for name in ("payroll_number", "starts_on", "ends_on") if name in said}
    terms = Terms(unit.id, **{"job_title": "Officer", "grade": "G5", **said})
    away = (Away(away_from, away_until),) if away_from else ()
    new = NewJob(person.id, unit.organisation_id, terms=terms, away=away, **days)
    (key,) = add_jobs(session, [new], source=Source(ChangeOrigin.HAND), now=NOON)
    return session.get_one(Employment, key)


def job_of(session: Session, person: Person) -> Employment:
    """The only job that a person has."""
    return session.scalars(select(Employment).where(Employment.person_id == person.id)).one()


def change_job(
    session: Session, job: Employment, on: date, *, now: datetime = NOON, run_id: int | None = None, **values: object
) -> None:
    """From a day on, a job has these values, says somebody in HR, or the run of a feed."""
    source = Source(ChangeOrigin.FEED if run_id else ChangeOrigin.HAND, run_id)
    record_changes(session, [NewChange(job.id, on, values)], source=source, now=now)


def an_account(session: Session, person: Person, *roles: Role, unit: Unit | None = None) -> Account:
    """An account that nobody can sign in to by password; ``Browser.enter_as`` opens it. ``unit`` scopes the roles."""
    account = create_account(session, person_id=person.id, username=f"person-{person.id}", password_hash="none")
    for role in roles:
        is_scoped = role in {Role.HR_LEAD, Role.MANAGER} and unit is not None
        grant(
            session,
            account_id=account.id,
            role=role,
            now=NOON,
            organisation_id=unit.organisation_id if is_scoped and unit else None,
            unit_id=unit.id if role is Role.MANAGER and unit else None,
        )
    return account


def signed_in(session: Session, account: Account) -> SignedInPerson:
    """The person of an account as a page sees them, in a session that has just begun."""
    longest = timedelta(hours=1)
    begun = begin_session(session, account_id=account.id, device="A test", now=NOON, longest=longest)
    found = find_signed_in(session, secret=begun.secret, now=NOON, unused_for=longest)
    assert found is not None
    return found


COURSE = """
format: 1
id: TC
slug: test-course
title: Test course
summary: A small course for tests.
language: en-GB
minutes: 10
pass_percent: 80
order: in-order
outcomes: ["You can answer a question"]
modules: [modules/first.md, modules/second.md]
"""
FIRST = """---
id: TC-M1
slug: first-steps
title: First steps
minutes: 4
outcomes: ["You can begin"]
---
# Hello {#TC-M1-S1}

Welcome to {{authority_name}}.

# A first question {#TC-M1-S2}

::: question TC-M1-Q1
:::

# A thought {#TC-M1-S3}

::: reflection TC-M1-R1
What would you like to change?
:::
"""
SECOND = """---
id: TC-M2
slug: second-steps
title: Second steps
minutes: 6
outcomes: ["You can finish"]
---
# A last question {#TC-M2-S1}

::: question TC-M2-Q1
:::
"""
QUESTIONS = """
- id: TC-M1-Q1
  kind: single
  about: fact
  stem: Which answer is right?
  options:
    - {text: The first, right: true, feedback: "Right. This is the one that the test course asks for."}
    - {text: The second, feedback: "Not this one. Read the question once more and try again."}
- id: TC-M2-Q1
  kind: multiple
  about: fact
  stem: Which answers are right? Select all that apply.
  options:
    - {text: One, right: true, feedback: "Yes, this one belongs here."}
    - {text: Two, right: true, feedback: "Yes, this one belongs here too."}
    - {text: Three, feedback: "This one does not belong here."}
"""


def bundle_files(**changes: str) -> dict[str, bytes]:
    """A small valid bundle; ``changes`` replace whole files: ``course``, ``first``, ``second``, ``questions``."""
    texts = {"course": COURSE, "first": FIRST, "second": SECOND, "questions": QUESTIONS, **changes}
    places = {
        "course": "course.yaml",
        "first": "modules/first.md",
        "second": "modules/second.md",
        "questions": "questions/all.yaml",
    }
    return {places[stem]: text.encode() for stem, text in texts.items()}


@cache
def a_document(**changes: str) -> CourseDocument:
    """The document of a small valid bundle; hundreds of tests want the same few."""
    outcome = read_bundle(bundle_files(**changes))
    assert outcome.document is not None, outcome.findings
    return outcome.document


def a_course(session: Session, **changes: str) -> PublishOutcome:
    """A published course of two modules: three screens with a question and a reflection, then one question."""
    return publish(session, document=a_document(**changes), account_id=None, now=NOON)


def a_follow_up(session: Session, *, weeks: int = 2, code: str = "FU") -> PublishOutcome:
    """A copy of the published course that opens so many weeks after that one and gives no certificate."""
    follows = f"follows: {{course: test-course, weeks: {weeks}}}\ncertificate: false\norder:"
    course = COURSE.replace("id: TC", f"id: {code}").replace("slug: test-course", f"slug: look-back-{code.lower()}")
    course = course.replace("Test course", f"Look back {weeks}").replace("order:", follows)
    parts = {"first": FIRST, "second": SECOND, "questions": QUESTIONS}
    return a_course(session, course=course, **{name: text.replace("TC-", f"{code}-") for name, text in parts.items()})
