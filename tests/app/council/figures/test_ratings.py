"""HR leads and admins see what an authority’s people say about themselves, and nobody’s own answer."""

import pytest
from sqlalchemy.orm import Session

from assignments.requirements import require_course
from people.organisations import Organisation, Unit
from people.roles import Role
from tests.builders.own_words import a_course_about_oneself
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser
from tests.reports.test_ratings import people_say

RATINGS = "/council/halton/ratings"


@pytest.fixture
def halton(session: Session) -> Organisation:
    a_course_about_oneself(session)
    return an_organisation(session)


@pytest.fixture
def care(session: Session, halton: Organisation) -> Unit:
    return a_unit(session, halton)


@pytest.fixture
def lead(session: Session, browser: Browser, care: Unit) -> Browser:
    return browser.enter_as(an_account(session, a_person(session), Role.HR_LEAD, unit=care))


def test_the_lead_sees_shares_averages_and_who_answered(session: Session, lead: Browser, halton: Organisation) -> None:
    people_say(session, halton, "22222244455")
    session.commit()
    page = lead.open(RATINGS)
    assert page.heading == "What people say about themselves"
    assert page.table("Share who agree, and average")[0] == {
        "Statement": "I can speak up",
        "Before": "40%, average 2.9",
        "Before, looking back": "not asked",
        "After": "not shown",
    }
    (before, *_) = page.table("Who answered")
    assert before["Answered"] == "10 or more"


def test_the_cautions_are_printed(session: Session, lead: Browser, halton: Organisation) -> None:
    people_say(session, halton, "4" * 10)
    session.commit()
    text = lead.open(RATINGS).text
    assert "A rise in confidence is no proof of a change in behaviour." in text
    assert "People who answer at 12 weeks may differ from those who do not." in text
    assert "grow in steps of 10" in text


def test_nine_answers_show_nothing(session: Session, lead: Browser, halton: Organisation) -> None:
    people_say(session, halton, "4" * 9)
    session.commit()
    page = lead.open(RATINGS)
    assert "No figures yet" in page.text
    assert "%" not in page.text


def test_answers_in_words_have_a_table_of_shares(session: Session, lead: Browser, halton: Organisation) -> None:
    page = lead.open(lead.open(RATINGS).links["What I have done"])
    assert "What I have done" in page.text
    assert lead.open(f"{RATINGS}?of=TC-X").status == 404


def test_the_picture_is_an_svg_that_loads_nothing(session: Session, lead: Browser, halton: Organisation) -> None:
    people_say(session, halton, "4" * 10)
    session.commit()
    response = lead.client.get(f"{RATINGS}.svg?of=TC-C&width=narrow")
    assert response.mimetype == "image/svg+xml"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_the_figures_lead_there(session: Session, lead: Browser, halton: Organisation) -> None:
    course = a_course_about_oneself(session)
    require_course(session, course_id=course.course_id, organisation_ids=[halton.id], account_id=None, now=NOON)
    session.commit()
    assert lead.open("/council/halton/learning").links["What people say about themselves"] == RATINGS


@pytest.mark.parametrize(
    "address", ["/council/wirral/ratings", "/council/wirral/ratings.svg", "/council/nowhere/ratings"]
)
def test_another_authority_does_not_exist(session: Session, lead: Browser, address: str) -> None:
    an_organisation(session, "wirral", "Wirral Council")
    session.commit()
    assert lead.open(address).status == 404


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUTHOR, None])
def test_others_do_not_see_them(session: Session, browser: Browser, care: Unit, role: Role | None) -> None:
    roles = (role,) if role else ()
    browser.enter_as(an_account(session, a_person(session), *roles, unit=care))
    assert browser.open(RATINGS).status == 404


def test_an_admin_sees_each_authority(session: Session, browser: Browser, care: Unit) -> None:
    an_organisation(session, "wirral", "Wirral Council")
    browser.enter_as(an_account(session, a_person(session), Role.ADMIN))
    session.commit()
    page = browser.open("/manage/ratings")
    assert "Halton Borough Council" in page.text
    assert browser.open(page.links["Wirral Council"]).status == 200


def test_without_courses_that_ask_the_page_says_so(session: Session, browser: Browser) -> None:
    an_organisation(session)
    browser.enter_as(an_account(session, a_person(session), Role.ADMIN))
    session.commit()
    assert "Nothing is asked yet" in browser.open(RATINGS).text
