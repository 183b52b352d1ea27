"""Halton with two directorates, a service in each, two teams and some people, and its HR leads."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.clock import local_day, utc_now
from people.organisations import Organisation, Unit, UnitKind
from people.roles import Role
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page

NEW = "/council/halton/structure/reorganisations/new"


@dataclass(frozen=True)
class Halton:
    """Units by what they are called."""

    organisation: Organisation
    care: Unit
    home: Unit
    day: Unit
    night: Unit
    places: Unit
    parks: Unit


@pytest.fixture
def halton(session: Session) -> Halton:
    organisation = an_organisation(session)
    care, places = a_unit(session, organisation, "Care"), a_unit(session, organisation, "Places")
    home = a_unit(session, organisation, "Home care", parent=care, kind=UnitKind.SERVICE)
    parks = a_unit(session, organisation, "Parks", parent=places, kind=UnitKind.SERVICE)
    day = a_unit(session, organisation, "Day", parent=home, kind=UnitKind.TEAM)
    night = a_unit(session, organisation, "Night", parent=home, kind=UnitKind.TEAM)
    for unit, people in ((home, 2), (day, 3), (night, 4)):
        for _ in range(people):
            a_person(session, unit)
    session.commit()
    return Halton(organisation, care, home, day, night, places, parks)


def a_lead(app: Flask, session: Session, halton: Halton, name: str = "Kofi Darko") -> Browser:
    account = an_account(session, a_person(session, name=name), Role.HR_LEAD, unit=halton.care)
    session.commit()
    return Browser(app).enter_as(account)


@pytest.fixture
def lead(app: Flask, session: Session, halton: Halton) -> Browser:
    return a_lead(app, session, halton)


def in_days(days: int) -> date:
    return local_day(utc_now()) + timedelta(days=days)


def add(page: Page, browser: Browser, kind: str, **typed: str) -> Page:
    """Put one more change into the list of a page."""
    _, fields = page.form("Add this change")
    named = {f"{kind}-{name}": words for name, words in typed.items()}
    return browser.post(NEW, {**fields, "kind": kind, **named, "act": "add"})


def see(page: Page, browser: Browser, title: str = "One team", day: date | None = None) -> Page:
    """Ask what it would do."""
    _, fields = page.form("See what it would do")
    on = day or in_days(30)
    parts: list[Any] = [str(on.day), str(on.month), f"{on.year:04}"]
    return browser.post(NEW, {**fields, "title": title, "day": parts, "act": "see"})


def choose(page: Page, browser: Browser, choice: str) -> Page:
    """Choose what should happen on the page that says what it would do."""
    _, fields = page.form("Continue")
    days = [str(one["value"]) for one in page.soup.find_all("input", attrs={"name": "day"})]
    return browser.post(NEW, {**fields, "day": days, "choice": choice})


def said(page: Page) -> str:
    """Everything on a page, also what was just done; names in quotation marks as they are seen."""
    return " ".join(page.soup.get_text(" ").split()).replace("“ ", "“").replace(" ”", "”")
