"""Sefton with forty people, its HR leads, and a file that would end half of their jobs."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs.imports.feeds import apply_feeds
from kernel.clock import utc_now
from people.accounts import Account
from people.feed.runs.deciding import decide
from people.feed.runs.record import Choice, FeedRun
from people.organisations import Organisation
from people.roles import Role
from tests.builders.hr_files import plan_staff
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser


@pytest.fixture
def sefton(app: Flask, session: Session) -> Organisation:
    """Sefton with forty carers, in two directorates."""
    organisation = an_organisation(session, "sefton", "Sefton")
    with app.app_context():
        run = plan_staff(session, organisation, *staff(40))
        decide(session, run_id=run.id, choice=Choice.ALL, by=None, now=utc_now())
        session.commit()
        apply_feeds()
    return organisation


def staff(count: int) -> list[str]:
    """Rows of so many people; every second one cleans streets."""
    units = ("Adult Social Care", "Street Cleansing")
    return [f"{place:05},Person Nº{place},{units[place % 2]},Carer" for place in range(count)]


def an_hr_lead(session: Session, sefton: Organisation, name: str) -> Account:
    unit = a_unit(session, sefton, f"HR {name}")
    account = an_account(session, a_person(session, name=name), Role.HR_LEAD, unit=unit)
    session.commit()
    return account


@pytest.fixture
def kofi(session: Session, sefton: Organisation) -> Account:
    """Who brought the file."""
    return an_hr_lead(session, sefton, "Kofi Darko")


@pytest.fixture
def stopped(app: Flask, session: Session, sefton: Organisation, kofi: Account) -> FeedRun:
    """A file with half of the people and a row without a name, brought by Kofi."""
    rows = [*staff(20), "00100,,Adult Social Care,Carer"]
    with app.app_context():
        return plan_staff(session, sefton, *rows, everybody=True, by=kofi.id)


def work_off(app: Flask) -> None:
    """What a worker does with files."""
    with app.app_context():
        apply_feeds()


@pytest.fixture
def bringer(app: Flask, kofi: Account) -> Browser:
    return Browser(app).enter_as(kofi)


@pytest.fixture
def second(app: Flask, session: Session, sefton: Organisation) -> Browser:
    """Another HR lead of Sefton."""
    return Browser(app).enter_as(an_hr_lead(session, sefton, "Mei Lin Harper"))
