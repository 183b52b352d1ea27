"""Somebody who is there gets another job by hand, and it is taken back."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from people.feed.runs.record import FeedItem
from people.job_care import job_records
from people.jobs.employment import Employment
from people.organisations import Organisation
from people.persons import Person
from people.visibility import PeopleScope
from tests.app.people.conftest import Region
from tests.builders.hr_files import plan_staff
from tests.builders.region import a_person
from tests.clock import today
from tests.reading import Browser, Page


@pytest.fixture
def kim(session: Session, region: Region) -> Person:
    person = a_person(session, region.halton, "Kim Lee", payroll_number="418 226")
    session.commit()
    return person


def add(browser: Browser, person: Person, unit_id: int, where: str = "", **changes: object) -> Page:
    day = today(-10)
    typed = {
        "unit_id": str(unit_id),
        "payroll": "418 227",
        "job_title": "Night warden",
        "kind": "casual",
        "since": [str(day.day), str(day.month), str(day.year)],
        "reason": "Not in the HR file yet",
        **changes,
    }
    return browser.submit(f"/people/{person.id}/jobs/new{where}", "Add this job", **typed)


def jobs(session: Session, person: Person) -> list[tuple[str, str]]:
    session.expire_all()
    found = job_records(session, person_id=person.id, scope=PeopleScope(None))
    return sorted((one.payroll_number, one.spans[0].job_title) for one in found)


def test_a_lead_adds_a_job_in_their_authority_and_takes_it_back_and_adds_it_again(
    lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    page = add(lead, kim, region.halton.id)
    assert "The job is in the record" in page.text
    assert "added a job of Kim Lee" in page.text
    assert jobs(session, kim) == [("418 226", "Officer"), ("418 227", "Night warden")]
    [back] = [name for name in page.buttons if name.startswith("Take back the change from")]
    page = lead.submit(f"/people/{kim.id}", back)
    assert jobs(session, kim) == [("418 226", "Officer")]
    add(lead, kim, region.halton.id, job_title="Day warden")
    assert jobs(session, kim) == [("418 226", "Officer"), ("418 227", "Day warden")]
    assert session.query(Employment).filter_by(person_id=kim.id).count() == 2


def test_an_admin_chooses_the_authority_and_a_lead_has_no_other(
    admin: Browser, lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    assert "Sefton Council" in admin.open(f"/people/{kim.id}/jobs/new").links
    add(admin, kim, region.sefton.id, "?authority=sefton")
    assert len(jobs(session, kim)) == 2
    page = lead.open(f"/people/{kim.id}/jobs/new?authority=sefton")
    assert "With Halton Borough Council." in page.text
    assert add(lead, kim, region.sefton.id, payroll="9").errors == ["Select one of the answers to Unit"]


def test_a_payroll_number_that_is_taken_is_refused(
    lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    a_person(session, region.halton, "Another One", payroll_number="777")
    session.commit()
    for number in ("777", "418 226"):
        page = add(lead, kim, region.halton.id, payroll=number)
        assert page.errors == [f"Halton Borough Council has a job with the payroll number {number} already"]
    assert len(jobs(session, kim)) == 1


def test_what_is_missing_is_named(lead: Browser, kim: Person) -> None:
    page = lead.submit(f"/people/{kim.id}/jobs/new", "Add this job")
    assert page.errors == [
        "Select a unit", "Enter a payroll number", "Enter the first day of the job", "Enter why you add it",
    ]  # fmt: skip


def test_a_job_that_was_changed_since_is_ended_and_not_taken_back(
    lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    add(lead, kim, region.halton.id)
    job = session.scalars(select(Employment).where(Employment.payroll_number == "418 227")).one()
    correct = f"/people/{kim.id}/jobs/{job.id}/correct"
    since = [str(today().day), str(today().month), str(today().year)]
    page = lead.submit(correct, "Correct this job", job_title="Chief", since=since, reason="x")
    assert len([one for one in page.buttons if one.startswith("Take back")]) == 1


def test_the_plan_of_an_hr_file_meets_the_job(
    app: Flask, lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    add(lead, kim, region.halton.id)
    halton = session.get_one(Organisation, region.halton.organisation_id)
    with app.app_context():
        run = plan_staff(session, halton, "418 227,Kim Lee,Adult Social Care,Night manager")
        [item] = session.scalars(select(FeedItem).where(FeedItem.run_id == run.id)).all()
        assert (item.kind.value, item.employment_id is not None) == ("change", True)


def test_somebody_elsewhere_does_not_exist_for_a_lead(lead: Browser, session: Session, region: Region) -> None:
    other = a_person(session, region.sefton, "Elsewhere")
    session.commit()
    assert lead.open(f"/people/{other.id}/jobs/new").status == 404
