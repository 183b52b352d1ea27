"""Local wording: an authority's own words, saved whole, on record, and never over somebody else's."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.local_wording import LocalWording, change_local_wording, local_wording_of
from kernel.audit import entries_for
from people.organisations import Organisation
from people.roles import Role
from tests.builders.region import COURSE, FIRST, NOON, a_course, a_person, an_account, an_organisation
from tests.reading import Browser

URL = "/manage/local-wording/halton"
SAVE = "Save the wording"
TOKENS = COURSE + 'tokens:\n  area_count: {default: "many", authorities: {halton: "4,502 people"}}\n'


@pytest.fixture
def halton(session: Session) -> Organisation:
    organisation = an_organisation(session)
    session.commit()
    return organisation


@pytest.fixture
def admin(session: Session, browser: Browser) -> Browser:
    account = an_account(session, a_person(session), Role.ADMIN)
    session.commit()
    return browser.enter_as(account)


def own_words(session: Session, organisation: Organisation) -> dict[str, str]:
    session.expire_all()
    return local_wording_of(session, organisation_id=organisation.id)


def test_the_list_says_how_much_is_an_authority_s_own(admin: Browser, halton: Organisation) -> None:
    assert admin.open("/manage/local-wording").table("Authorities and their wording") == [
        {"Authority": "Halton Borough Council", "In its own words": "General wording"}
    ]
    page = admin.submit(URL, SAVE, token_staff_network="Together at Halton")
    assert "Halton Borough Council: 1 text is changed" in page.text
    assert page.table("Authorities and their wording")[0]["In its own words"] == "1 text"


def test_the_general_words_stand_beside_each_field(admin: Browser, halton: Organisation) -> None:
    page = admin.open(URL)
    assert "General words: “Cheshire Constabulary”" in page.text
    assert "There are no general words: when empty, nothing is shown" in page.text


def test_tokens_of_a_course_can_be_changed_too(admin: Browser, halton: Organisation, session: Session) -> None:
    a_course(session, course=TOKENS, first=FIRST.replace("Welcome to", "We serve {{area_count}} at"))
    session.commit()
    page = admin.open(URL)
    assert "Used in Test course. General words: “4,502 people”" in page.text
    admin.submit(URL, SAVE, token_area_count="4,600 people")
    assert own_words(session, halton) == {"area_count": "4,600 people"}


def test_saving_keeps_what_differs_and_is_on_record(admin: Browser, halton: Organisation, session: Session) -> None:
    admin.submit(URL, SAVE, token_authority_name="  Halton \r\n", token_police_force="")
    assert own_words(session, halton) == {"authority_name": "Halton"}
    entries = entries_for(session, subject_type="organisation", subject_id=halton.id)
    assert [(entry.action, entry.detail) for entry in entries] == [
        ("local-wording-changed", {"tokens": ["authority_name"]})
    ]
    page = admin.submit(URL, SAVE)
    assert "nothing was different, so nothing changed" in page.text
    assert len(session.scalars(select(LocalWording)).all()) == 1


def test_an_empty_field_brings_the_general_words_back(admin: Browser, halton: Organisation, session: Session) -> None:
    admin.submit(URL, SAVE, token_eia_route="Form E4")
    admin.submit(URL, SAVE, token_eia_route=" ")
    assert own_words(session, halton) == {}


def test_words_that_are_too_long_are_named_and_kept_on_the_page(
    admin: Browser, halton: Organisation, session: Session
) -> None:
    page = admin.submit(URL, SAVE, token_staff_network="x" * 2001)
    assert (page.status, page.errors) == (422, ["Staff network must be 2,000 characters or fewer"])
    assert page.form(SAVE)[1]["token_staff_network"].strip() == "x" * 2001
    assert own_words(session, halton) == {}


def test_markup_in_wording_stays_text(admin: Browser, halton: Organisation, session: Session) -> None:
    a_course(session)
    session.commit()
    admin.submit(URL, SAVE, token_authority_name="<script>alert(1)</script>")
    assert not admin.open(URL).soup.main.find("script")
    screen = admin.open("/manage/courses/test-course/versions/1/preview/first-steps/1?authority=halton")
    assert "Welcome to <script>alert(1)</script>." in screen.text


def test_what_somebody_else_changed_meanwhile_is_not_undone(
    admin: Browser, halton: Organisation, session: Session
) -> None:
    target, values = admin.open(URL).form(SAVE)
    other = an_account(session, a_person(session), Role.ADMIN)
    change_local_wording(
        session, organisation_id=halton.id, token="eia_route", text="Form E4", account_id=other.id, now=NOON
    )
    session.commit()
    admin.post(target, {**values, "token_staff_network": "Together"})
    assert own_words(session, halton) == {"eia_route": "Form E4", "staff_network": "Together"}


def test_what_two_people_changed_is_shown_twice_before_one_of_them_counts(
    admin: Browser, halton: Organisation, session: Session
) -> None:
    target, values = admin.open(URL).form(SAVE)
    admin.submit(URL, SAVE, token_eia_route="Form E4")
    page = admin.post(target, {**values, "token_eia_route": "Form F5", "token_staff_network": "Together"})
    assert page.status == 409
    assert [error.partition(" was")[0] for error in page.errors] == ["Equality impact assessments"]
    assert "Saved now: “Form E4”" in page.text
    assert own_words(session, halton) == {"eia_route": "Form E4"}
    again = page.form(SAVE)[1]
    assert (again["token_eia_route"].strip(), again["token_staff_network"].strip()) == ("Form F5", "Together")
    admin.post(target, again)
    assert own_words(session, halton) == {"eia_route": "Form F5", "staff_network": "Together"}


def test_an_authority_that_does_not_exist_is_not_found(admin: Browser) -> None:
    assert admin.open("/manage/local-wording/narnia").status == 404
