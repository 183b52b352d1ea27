"""All that a job is can be corrected by hand, with what it was before, and nobody reaches further than their role."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from people.job_care import JobSpan, hand_changes, job_records
from people.jobs.employment import Employment
from people.persons import Person
from people.roles import Role
from people.visibility import PeopleScope
from tests.app.people.conftest import Region
from tests.builders.region import a_person, an_account, an_employment
from tests.clock import today
from tests.reading import Browser

BEGAN = date(2020, 4, 1)
CORRECT = "Correct this job"


@pytest.fixture
def kim(session: Session, region: Region) -> Person:
    person = a_person(session, region.halton, "Kim Lee", payroll_number="418226")
    session.commit()
    return person


def where(session: Session, person: Person) -> str:
    key = session.scalars(select(Employment.id).where(Employment.person_id == person.id)).one()
    return f"/people/{person.id}/jobs/{key}/correct"


def spans(session: Session, person: Person) -> tuple[JobSpan, ...]:
    session.expire_all()
    [job] = job_records(session, person_id=person.id, scope=PeopleScope(None))
    return job.spans


def day(value: date | None) -> list[str]:
    return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]


def test_everything_that_a_job_is_can_be_corrected(
    lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    a_person(session, region.halton, "Ann Wu", payroll_number="500001")
    session.commit()
    values = {
        "grade": "G8",
        "kind": "agency",
        "hours_per_week": "30.5",
        "contract": "Fixed",
        "site": "Depot",
        "manager": "500001",
    }
    page = lead.submit(where(session, kim), CORRECT, **values, since=day(today()), reason="As agreed")
    assert "The record is corrected" in page.text
    now, before = spans(session, kim)
    found = (now.grade, now.kind.value, now.hours_per_week, now.contract, now.site, now.manager_payroll_number)
    assert found == ("G8", "agency", 30.5, "Fixed", "Depot", "500001")
    assert (before.grade, before.ends_on) == ("G5", today(-1))
    assert "kind of job “employee” → “agency”" in page.text
    assert "payroll number of the manager “500001”" in page.text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "job-corrected")).one()
    assert set(entry.detail["terms"].split()) == {"grade", "kind", "hours_per_week", "contract", "site", "manager_id"}


@pytest.mark.parametrize("first", [date(2019, 1, 7), date(2021, 2, 1)])
def test_the_first_day_of_a_job_is_corrected_and_that_is_taken_back(
    lead: Browser, session: Session, kim: Person, first: date
) -> None:
    lead.submit(where(session, kim), CORRECT, first_day=day(first), reason="A slip")
    assert [(one.starts_on, one.ends_on) for one in spans(session, kim)] == [(first, None)]


def test_a_last_day_is_set_and_taken_out_again(admin: Browser, session: Session, kim: Person) -> None:
    last = today(30)
    admin.submit(where(session, kim), CORRECT, last_day=day(last), reason="Fixed term")
    assert [one.ends_on for one in spans(session, kim)] == [last]
    admin.submit(where(session, kim), CORRECT, last_day=day(None), reason="Made permanent")
    assert [(one.starts_on, one.ends_on) for one in spans(session, kim)] == [(BEGAN, None)]
    early = admin.submit(where(session, kim), CORRECT, last_day=day(date(2019, 1, 1)), reason="x")
    assert early.errors == ["The last day must not be before the first day"]


def test_what_cannot_be_is_said_beside_its_field(lead: Browser, session: Session, region: Region, kim: Person) -> None:
    path = where(session, kim)
    nobody = lead.submit(path, CORRECT, manager="9", since=day(today()), reason="x")
    assert nobody.errors == ["No job here has the payroll number 9"]
    oneself = lead.submit(path, CORRECT, manager="418226", since=day(today()), reason="x")
    assert oneself.errors == ["Nobody can be managed by themselves"]
    ann = a_person(session, region.halton, "Ann Wu", payroll_number="500001")
    session.commit()
    lead.submit(path, CORRECT, manager="500001", since=day(today()), reason="x")
    ring = lead.submit(where(session, ann), CORRECT, manager="418226", since=day(today()), reason="x")
    assert ring.errors == ["Nobody can be managed by somebody who manages them"]
    assert lead.submit(path, CORRECT, grade="G9", reason="x").errors == ["Enter the day from which it holds"]
    many = lead.submit(path, CORRECT, hours_per_week="200", since=day(today()), reason="x")
    assert many.errors == ["Hours a week must be between 0 and 168"]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUTHOR, Role.HR_LEAD])
def test_neither_names_nor_the_last_day_of_somebody_with_such_a_role_are_for_an_hr_lead(
    lead: Browser, admin: Browser, session: Session, region: Region, kim: Person, role: Role
) -> None:
    an_account(session, kim, role, unit=region.halton)
    session.commit()
    refused = ["This person has a role that only an admin may help with"]
    assert lead.submit(f"/people/{kim.id}/names", "Save the names", full="Kim Other").errors == refused
    assert lead.submit(where(session, kim), CORRECT, last_day=day(today()), reason="x").errors == refused
    session.expire_all()
    assert kim.chosen_name == "Kim Lee"
    admin.submit(f"/people/{kim.id}/names", "Save the names", full="Kim Other")
    session.expire_all()
    assert kim.chosen_name == "Kim Other"


def test_the_main_job_is_another_one_and_one_alone(
    lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    second = an_employment(session, kim, region.halton, is_main=False)
    session.commit()
    address = f"/people/{kim.id}/jobs/{second.id}/correct"
    page = lead.submit(address, CORRECT, is_main="yes", since=day(today()), reason="HR asked")
    assert "The record is corrected" in page.text
    session.expire_all()
    jobs = job_records(session, person_id=kim.id, scope=PeopleScope(None))
    assert {job.payroll_number: [span.is_main for span in job.spans] for job in jobs} == {
        "418226": [False, True],
        second.payroll_number: [True, False],
    }
    changes = hand_changes(session, person_id=kim.id, scope=PeopleScope(None))
    [made_main] = [one.id for one in changes if one.values.get("is_main")]
    _, values = lead.open(f"/people/{kim.id}").form(f"Take back the change from {today().day} {today():%B %Y}")
    assert "The change is taken back" in lead.post(f"/people/{kim.id}/changes/{made_main}/undo", values).text
    session.expire_all()
    jobs = job_records(session, person_id=kim.id, scope=PeopleScope(None))
    assert {job.payroll_number: [span.is_main for span in job.spans] for job in jobs} == {
        "418226": [True],
        second.payroll_number: [False],
    }
