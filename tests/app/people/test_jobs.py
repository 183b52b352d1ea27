"""A job is corrected and ended by hand, and both are taken back."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.records.attempts import Attempt
from kernel.clock import utc_now
from people.accounts import Account
from people.job_care import job_records
from people.jobs.changes import EmploymentChange
from people.jobs.employment import Employment
from people.persons import Person
from people.roles import Role
from people.visibility import PeopleScope
from people.ways_in.settling import close_after_last_days
from tests.app.people.conftest import Region
from tests.builders.certificates import issued_to
from tests.builders.region import a_course, a_person, an_account, an_employment
from tests.clock import today
from tests.reading import Browser


@pytest.fixture
def kim(session: Session, region: Region) -> Person:
    person = a_person(session, region.halton, "Kim Lee", payroll_number="418 226")
    session.commit()
    return person


def job_of(session: Session, person: Person) -> Employment:
    return session.query(Employment).filter_by(person_id=person.id).order_by(Employment.id).first()


def spans(session: Session, person: Person) -> list[tuple[str, date, date | None]]:
    session.expire_all()
    [job] = job_records(session, person_id=person.id, scope=PeopleScope(None))
    return [(span.job_title, span.starts_on, span.ends_on) for span in job.spans]


def day(value: date) -> list[str]:
    return [str(value.day), str(value.month), str(value.year)]


def test_a_job_has_ended_after_its_last_day_and_that_is_taken_back(
    lead: Browser, session: Session, kim: Person
) -> None:
    end = f"/people/{kim.id}/jobs/{job_of(session, kim).id}/end"
    far = lead.submit(end, "End this job", last_day=day(date(9999, 12, 31)), reason="Retires")
    assert far.errors == ["Last day must not be more than two years ahead"]
    last = date(today().year + 1, 9, 30)
    page = lead.submit(end, "End this job", last_day=day(last), reason="Retires")
    assert f"From 1 October {last.year}: the job has ended, because “Retires”." in page.text
    assert spans(session, kim) == [("Officer", date(2020, 4, 1), last)]
    assert "ended a job of Kim Lee" in page.text
    lead.submit(f"/people/{kim.id}", f"Take back the change from 1 October {last.year}")
    assert spans(session, kim) == [("Officer", date(2020, 4, 1), None)]


def test_whose_last_job_ended_signs_in_no_more_until_that_is_taken_back(
    lead: Browser, session: Session, kim: Person
) -> None:
    account = an_account(session, kim)
    session.commit()
    end = f"/people/{kim.id}/jobs/{job_of(session, kim).id}/end"
    lead.submit(end, "End this job", last_day=day(today()), reason="Retires")
    session.refresh(account)
    assert account.is_active  # today is worked still
    assert close_after_last_days(session, on=today(1), now=utc_now()) == 1
    session.commit()
    session.refresh(account)
    assert not account.is_active


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUTHOR, Role.HR_LEAD])
def test_the_job_of_somebody_with_a_role_is_ended_by_an_admin_alone(
    lead: Browser, admin: Browser, session: Session, kim: Person, region: Region, role: Role
) -> None:
    an_account(session, kim, role, unit=region.halton)
    session.commit()
    end = f"/people/{kim.id}/jobs/{job_of(session, kim).id}/end"
    refused = lead.submit(end, "End this job", last_day=day(today()), reason="Retires")
    assert refused.errors == ["This person has a role that only an admin may help with"]
    assert [span[2] for span in spans(session, kim)] == [None]
    admin.submit(end, "End this job", last_day=day(today()), reason="Retires")
    assert [span[2] for span in spans(session, kim)] == [today()]


def test_the_lead_ends_the_job_of_a_manager_of_the_authority(
    lead: Browser, session: Session, kim: Person, region: Region
) -> None:
    an_account(session, kim, Role.MANAGER, unit=region.halton)
    session.commit()
    lead.submit(
        f"/people/{kim.id}/jobs/{job_of(session, kim).id}/end", "End this job", last_day=day(today()), reason="-"
    )
    assert [span[2] for span in spans(session, kim)] == [today()]


def test_whose_last_job_had_ended_already_is_out_at_once_and_comes_back(
    admin: Browser, session: Session, kim: Person
) -> None:
    account = an_account(session, kim)
    session.commit()
    end = f"/people/{kim.id}/jobs/{job_of(session, kim).id}/end"
    last = today(-3)
    page = admin.submit(end, "End this job", last_day=day(last), reason="Retired")
    session.refresh(account)
    assert not account.is_active
    [back] = [name for name in page.buttons if name.startswith("Take back the change from")]
    admin.submit(f"/people/{kim.id}", back)
    session.refresh(account)
    assert account.is_active


def test_a_last_day_before_the_first_and_a_missing_reason_are_refused(
    lead: Browser, session: Session, kim: Person
) -> None:
    end = f"/people/{kim.id}/jobs/{job_of(session, kim).id}/end"
    assert lead.submit(end, "End this job").errors == ["Enter the last day", "Enter why the job ends"]
    early = lead.submit(end, "End this job", last_day=day(date(2020, 3, 31)), reason="x")
    assert early.errors == ["The last day must not be before the first day of the job"]
    lead.submit(end, "End this job", last_day=day(date(2020, 5, 1)), reason="Left")
    assert lead.open(end).status == 404  # nobody who works there any more: only admins go on


def test_whose_last_job_here_had_ended_is_still_found_by_the_hr_lead_who_takes_it_back(
    lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    account = an_account(session, kim)
    issued_to(session, kim.id, a_course(session))
    session.commit()
    job = job_of(session, kim)
    end = f"/people/{kim.id}/jobs/{job.id}/end"
    page = lead.submit(end, "End this job", last_day=day(date(2021, 3, 31)), reason="Retired")
    assert page.status == 200
    assert "The last day of the job is in the record" in page.text
    assert "Kim Lee has no job in your authority today." in page.text
    assert page.buttons == [*page.buttons[:-1], "Take back the change from 1 April 2021"]
    assert not {"Learning", "Sign-in help", "Certificates"} & {one.get_text() for one in page.soup.find_all("h2")}
    for found in ("kim lee", "418 226"):
        [row] = lead.open(f"/people?name={found}").table("People who were found")
        assert row["Name"] == "Kim Lee"
    for way in ("names", "account", "jobs/new", "asked"):
        assert lead.open(f"/people/{kim.id}/{way}").status == 404, way
    lead.submit(f"/people/{kim.id}", "Take back the change from 1 April 2021")
    assert spans(session, kim) == [("Officer", date(2020, 4, 1), None)]
    session.refresh(account)
    assert account.is_active
    assert lead.open(f"/people/{kim.id}/names").status == 200


def test_after_ninety_days_and_for_another_authority_nobody_is_there(
    app: Flask, lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    an_account(session, kim)
    elsewhere = an_account(session, a_person(session, region.sefton, "Mo"), Role.HR_LEAD, unit=region.sefton)
    session.commit()
    end = f"/people/{kim.id}/jobs/{job_of(session, kim).id}/end"
    lead.submit(end, "End this job", last_day=day(date(2021, 3, 31)), reason="Retired")
    assert lead.open(f"/people/{kim.id}").status == 200
    assert Browser(app).enter_as(elsewhere).open(f"/people/{kim.id}").status == 404
    change = session.scalars(select(EmploymentChange).where(EmploymentChange.reason == "Retired")).one()
    change.recorded_at -= timedelta(days=92)
    session.commit()
    assert lead.open(f"/people/{kim.id}").status == 404
    assert "Nobody in your authority" in lead.open("/people?name=kim").text


def test_a_correction_holds_from_its_day_on(admin: Browser, session: Session, kim: Person) -> None:
    correct = f"/people/{kim.id}/jobs/{job_of(session, kim).id}/correct"
    since = day(date(2024, 2, 29))
    same = admin.submit(correct, "Correct this job", since=since, reason="x")
    assert same.errors == ["Nothing of this differs from what the record says for that day"]
    early = admin.submit(correct, "Correct this job", job_title="Chief", since=day(date(2019, 1, 1)), reason="x")
    assert early.errors == ["The job is not held on that day"]
    page = admin.submit(correct, "Correct this job", job_title="Chief", since=since, reason="Promoted")
    assert spans(session, kim) == [
        ("Chief", date(2024, 2, 29), None),
        ("Officer", date(2020, 4, 1), date(2024, 2, 28)),
    ]
    assert [row["Job"].split()[0] for row in page.table("Jobs with dates")] == ["Chief", "Officer"]


def test_a_job_elsewhere_does_not_exist_for_an_hr_lead(
    lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    there = an_employment(session, kim, region.sefton, is_main=False)
    session.commit()
    for act in ("end", "correct"):
        assert lead.open(f"/people/{kim.id}/jobs/{there.id}/{act}").status == 404
    (seen,) = (row["Job"] for row in lead.open(f"/people/{kim.id}").table("Jobs with dates"))
    assert "Adult Social Care, Halton Borough Council" in seen


def test_somebody_without_an_account_is_given_one(lead: Browser, session: Session, kim: Person) -> None:
    add = f"/people/{kim.id}/account"
    assert lead.submit(add, "Add the account").errors == ["Enter a username"]
    page = lead.submit(add, "Add the account", username="Kim.Lee")
    assert "The username is “ kim.lee ”" in page.text
    again = lead.submit(add, "Add the account", username="other")
    assert again.errors == ["This person has an account already"]
    assert session.query(Account).filter_by(person_id=kim.id).one().username == "kim.lee"


def test_a_username_that_is_taken_is_not_given_twice(
    lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    an_account(session, a_person(session, region.halton, "Kim Other")).username = "kim.lee"
    session.commit()
    page = lead.submit(f"/people/{kim.id}/account", "Add the account", username="KIM.LEE")
    assert page.errors == ["The username kim.lee is taken. Choose another one"]


def test_learning_is_shown_as_begun_or_finished_and_certificates_by_number(
    lead: Browser, session: Session, kim: Person
) -> None:
    course = a_course(session)
    certificate = issued_to(session, kim.id, course)
    session.commit()
    page = lead.open(f"/people/{kim.id}")
    [row] = page.table("Courses begun and finished")
    assert row["State"] == "Finished"
    [shown] = page.table("Certificates")
    assert shown["Number"] == certificate.number
    assert "You cannot see answers, marks or anything they wrote." in page.text
    assert session.query(Attempt).count() == 0
