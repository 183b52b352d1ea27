"""Files in the shapes that HR systems export are read by what is suggested, kept as it is, and everybody joins."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import utc_now
from kernel.typed import searchable
from people.feed.runs.deciding import decide
from people.feed.runs.record import Choice, FeedRun
from people.jobs.terms import EmploymentKind
from people.organisations import Organisation
from tests.app.council.feed.hr_systems import SYSTEMS, System
from tests.app.council.feed.test_sending import FEED, kept
from tests.people.feed.runs import jobs_now, work
from tests.reading import Browser, Page

# Name without accents, e-mail address, title, kind of worker, hours, first and last day, and which of them manages.
PEOPLE = (
    (
        {"sian o'brien"},
        "sian@council.example",
        "Head of Care",
        EmploymentKind.EMPLOYEE,
        Decimal(37),
        date(2019, 4, 1),
        None,
        None,
    ),
    (
        {"minh nguyen"},
        "minh@council.example",
        "Carer",
        EmploymentKind.EMPLOYEE,
        Decimal("18.5"),
        date(2021, 2, 1),
        None,
        0,
    ),
    ({"amina khan"}, "", "Carer", EmploymentKind.AGENCY, Decimal(37), date(2026, 6, 1), date(2027, 3, 31), 0),
    ({"芳 王", "fang wang"}, "", "Relief Carer", EmploymentKind.CASUAL, None, date(2023, 6, 1), None, 0),
)


def read(browser: Browser, system: System, mapping: str) -> Page:
    file = (BytesIO(system.data), system.file_name)
    return browser.submit(FEED, "Read the file", file=file, mapping=mapping)


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_file_of_a_usual_system_is_read_by_what_is_suggested(
    name: str, session: Session, bringer: Browser, sefton: Organisation
) -> None:
    system = SYSTEMS[name]
    assert "is kept as version 1." in kept(bringer, read(bringer, system, "new"), name=name).text
    plan = read(bringer, system, name)
    assert (plan.heading, "Adds 4 people." in plan.text) == ("What this file would do", True)
    run = session.scalars(select(FeedRun).order_by(FeedRun.id.desc()).limit(1)).one()
    decide(session, run_id=run.id, choice=Choice.ALL, by=None, now=utc_now())
    work(session, now=utc_now())
    jobs = jobs_now(session, sefton, now=utc_now())
    for number, (names, email, title, kind, hours, first, last, manager) in zip(system.numbers, PEOPLE, strict=True):
        job = jobs[number]
        assert searchable(job.full_name).replace("’", "'") in names
        assert (job.job_title, job.kind, job.hours_per_week) == (title, kind, hours)
        assert (job.starts_on, job.ends_on) == (first, last)
        assert job.manager_payroll_number == (None if manager is None else system.numbers[manager])
        assert job.unit[-1] == "Care Homes"
        assert (job.email or "").casefold() == email
