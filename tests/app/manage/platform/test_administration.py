"""The administration: one page that leads to every other, for admins only."""

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.manage.platform.administration import PAGES
from app.manage.platform.needs import Need, first_sentence
from people.accounts import Account
from people.feed.runs.record import FeedRun
from people.organisations import get_organisation
from people.roles import Role
from tests.app.manage.publishing.test_facts import a_course_with
from tests.builders.hr_files import plan_staff
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser


@pytest.fixture
def admin(session: Session) -> Account:
    """An administrator."""
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))), Role.ADMIN)
    session.commit()
    return account


def test_every_page_opens_from_the_administration(browser: Browser, admin: Account) -> None:
    links = browser.enter_as(admin).open("/manage").links
    for name in (one.name for pages in PAGES.values() for one in pages):
        page = browser.open(links[name])
        assert page.status == 200, name
        assert page.links["Administration"] == "/manage"


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.HR_LEAD])
def test_the_administration_is_for_admins(browser: Browser, session: Session, role: Role) -> None:
    unit = a_unit(session, an_organisation(session))
    account = an_account(session, a_person(session, unit), role, unit=unit)
    session.commit()
    page = browser.enter_as(account).open("/manage")
    assert page.status == 404
    assert "Administration" not in page.links


def test_when_nothing_needs_anybody_one_sentence_says_so(browser: Browser, admin: Account) -> None:
    page = browser.enter_as(admin).open("/manage")
    assert "Nothing needs you today. Everything runs by itself." in page.text


def test_what_needs_a_person_comes_first_with_the_way_there(
    app: Flask, browser: Browser, session: Session, admin: Account
) -> None:
    halton = get_organisation(session, slug="halton")
    with app.app_context():
        plan_staff(session, halton, *(f"{number},New,Person{number},Care,{number}" for number in range(3)))
    session.execute(update(FeedRun).values(is_stopped=True))
    a_course_with(session)
    session.commit()
    page = browser.enter_as(admin).open("/manage")
    assert "One thing needs you today, and one can wait until next week. Everything else runs by itself." in page.text
    assert "Today: The HR file of Halton Borough Council is stopped." in page.text
    assert "Nothing has changed yet." in page.text
    assert "This week: 2 facts are due for another look by" in page.text
    assert browser.open(page.links["Look at the plan"]).status == 200
    assert browser.open(page.links["Look at the facts"]).status == 200


@pytest.mark.parametrize(
    ("today", "soon", "said"),
    [
        (2, 2, "Two things need you today, and two can wait until next week."),
        (1, 0, "One thing needs you today."),
        (0, 1, "One thing can wait until next week."),
        (12, 0, "12 things need you today."),
    ],
)
def test_the_first_sentence_counts_both(today: int, soon: int, said: str) -> None:
    needs = [Need("", "", "", "", is_today=place < today) for place in range(today + soon)]
    assert first_sentence(needs) == (said, "Everything else runs by itself.")


def test_one_field_finds_pages_courses_certificates_and_people(
    browser: Browser, session: Session, admin: Account
) -> None:
    a_course(session)
    session.commit()
    browser.enter_as(admin)
    assert "/manage/facts" in browser.open("/manage/find?q=another+LOOK").links["Facts"]
    assert browser.open("/manage/find?q=test+cours").links["Test course"] == "/manage/courses/test-course"
    person = browser.open("/manage/find?q=Si\u00e2n", follow=True)
    assert "Siân Nguyễn" in person.links
    assert "What needs you" not in browser.open("/manage/find?q=", follow=True).text
    for typed in ("%00", "%ED%A0%80", "9" * 40, "x" * 10_000):
        assert browser.open(f"/manage/find?q={typed}", follow=True).status in (200, 404, 422)
