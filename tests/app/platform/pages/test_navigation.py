"""The menu: each page belongs to one link of it, and what is printed says nothing of who printed it."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.platform.pages.navigation import OF_COURSES
from people.roles import Role
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page


def marked(page: Page) -> list[str]:
    return [link.get_text(strip=True) for link in page.soup.select("header [aria-current=page]")]


def test_every_page_about_a_course_belongs_to_courses(app: Flask) -> None:
    about = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/manage/courses", "/manage/uploads"))]
    pages = [rule.endpoint for rule in about if "GET" in (rule.methods or ()) and not rule.rule.endswith("/example")]
    assert len(pages) > 20
    assert [page for page in pages if not page.startswith(OF_COURSES)] == []


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.ADMIN])
def test_asking_for_a_course_and_copying_it_are_marked_in_the_menu(
    session: Session, browser: Browser, role: Role
) -> None:
    a_course(session)
    a_unit(session, an_organisation(session))
    account = an_account(session, a_person(session), role)
    session.commit()
    browser.enter_as(account)
    course = "/manage/courses/test-course"
    for path in (course, f"{course}/requirements/halton", f"{course}/versions/1/copy"):
        assert marked(browser.open(path)) == ["Courses"], path


def test_who_is_signed_in_is_said_on_the_screen_and_not_on_paper(session: Session, browser: Browser) -> None:
    account = an_account(session, a_person(session, name="Bethan Rimington"))
    session.commit()
    said = browser.enter_as(account).open("/learning").soup.find(string="You are signed in as Bethan Rimington.")
    assert said is not None
    assert "govuk-!-display-none-print" in said.parent["class"]


def test_the_course_that_was_chosen_stays_chosen_on_every_page_of_the_figures(
    session: Session, browser: Browser
) -> None:
    a_course(session)
    unit = a_unit(session, an_organisation(session))
    account = an_account(session, a_person(session, unit), Role.HR_LEAD, unit=unit)
    session.commit()
    browser.enter_as(account)
    for page in ("units", "learning", "ratings", "certificates", "downloads"):
        shown = browser.open(f"/council/halton/{page}?course=test-course")
        links = [link["href"] for link in shown.soup.select("a[href^='/council/halton']")]
        bar = {link for link in links if "?course=test-course" in link}
        for other in ("units", "people", "learning", "certificates", "downloads"):
            assert any(link.startswith(f"/council/halton/{other}?") for link in bar), (page, other)


OF_AN_HR_LEAD = ["My learning", "My certificates", "Figures", "People", "Live sessions", "Account"]
OF_AN_ADMIN = [*OF_AN_HR_LEAD[:5], "Courses", "Administration", "Account"]
OF_A_MANAGER = ["My learning", "My certificates", "My team", "Figures", "Team talks", "Account"]
INSIDE_FIGURES = ["Overview", "Units", "People", "Learning", "Certificates", "Downloads"]


def links_of(page: Page, name: str) -> list[str]:
    bar = page.soup.find("nav", attrs={"aria-label": name})
    return [link.get_text(strip=True) for link in bar.find_all("a")] if bar else []


@pytest.mark.parametrize(
    ("role", "first_row", "second_row"),
    [
        (Role.HR_LEAD, OF_AN_HR_LEAD, INSIDE_FIGURES),
        (Role.ADMIN, OF_AN_ADMIN, INSIDE_FIGURES),
        (Role.MANAGER, OF_A_MANAGER, ["Overview", "Units", "People", "Downloads", "First sign-in"]),
    ],
)
def test_each_role_has_its_own_links_and_the_same_words_inside_figures(
    session: Session, browser: Browser, role: Role, first_row: list[str], second_row: list[str]
) -> None:
    a_course(session)
    unit = a_unit(session, an_organisation(session))
    account = an_account(session, a_person(session, unit), role, unit=unit)
    session.commit()
    for path in ("", "/trend", "/units", "/people?course=test-course", "/downloads?course=test-course"):
        page = browser.enter_as(account).open(f"/council/halton{path}")
        assert links_of(page, "Main") == first_row
        assert links_of(page, "Figures") == second_row
        assert page.soup.select_one(".cg-second-bar p").get_text(strip=True) == "Halton Borough Council"
    assert marked(page) == ["Figures"]
    assert page.soup.select_one(".cg-second-bar [aria-current]").get_text(strip=True) == "Downloads"


def test_what_goes_into_the_record_of_people_stands_inside_people(session: Session, browser: Browser) -> None:
    unit = a_unit(session, an_organisation(session))
    lead = an_account(session, a_person(session, unit), Role.HR_LEAD, unit=unit)
    admin = an_account(session, a_person(session), Role.ADMIN)
    session.commit()
    for path in ("/people", "/council/halton/feed", "/council/halton/structure", "/council/halton/first-sign-in"):
        page = browser.enter_as(lead).open(path)
        assert marked(page) == ["People"]
        assert links_of(page, "People") == ["Find a person", "HR files", "Structure", "First sign-in", "Audit trail"]
    page = browser.enter_as(admin).open("/people")
    assert browser.open(page.links["Structure"]).heading == "Structure"
