"""The nightly count is wanted by housekeeping, made by a worker, and read in the administration and by ``doctor``."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.doctor.records import check_standings
from app.jobs.asked.standings import count_standings
from app.platform.work import unit_of_work
from assignments.checking.record import want_counts
from assignments.requirements import require_course
from kernel.clock import local_day, utc_now
from kernel.database import table_of
from people.jobs.terms import EmploymentTerms
from people.roles import Role
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation, job_of
from tests.reading import Browser


def test_a_planted_difference_is_named_with_its_cause(app: Flask, session: Session, browser: Browser) -> None:
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    admin = an_account(session, a_person(session, unit, "Ada Admin"), Role.ADMIN)
    person = a_person(session, unit)
    course = a_course(session)
    now = utc_now()
    require_course(
        session, course_id=course.course_id, organisation_ids=[halton.id], account_id=None, now=now - timedelta(days=9)
    )
    job = job_of(session, person).id
    table = table_of(EmploymentTerms)
    session.execute(update(table).where(table.c.employment_id == job).values(grade="G99"))
    session.commit()
    morning = now.replace(hour=9)
    with app.app_context():
        assert check_standings(session, now=now).is_ok, "nobody was counted yet"
        with unit_of_work() as work:
            want_counts(work.session, now=morning)
        count_standings()
    session.expire_all()
    found = check_standings(session, now=now)
    assert not found.is_ok
    assert "1: what is stored of a job does not follow from its history" in found.message
    page = browser.enter_as(admin).open("/manage/counts")
    assert f"Job {job} of person {person.id} is stored otherwise than its history says." in page.text
    assert local_day(morning).strftime("%Y") in page.text
