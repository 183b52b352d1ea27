"""Certificates for many people at once before they start: who would get one, what is confirmed, and who may."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.record.issuing import issue_for_completion
from people.organisations import Unit
from people.persons import Person
from people.roles import Role
from tests.app.council.certificates.runs_for_tests import (
    CERTIFICATES,
    EVERY,
    IMPORTED,
    ISSUE,
    an_admin,
    complete,
    how_many,
    start,
    token,
    work_off,
)
from tests.builders.certificate_batches import completed
from tests.builders.region import NOON, a_course, a_follow_up, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser


def test_a_page_without_runs_says_what_it_is_for(lead: Browser) -> None:
    page = lead.open(CERTIFICATES)
    assert page.heading == "Issue certificates"
    assert "No runs yet" in page.text
    assert "Issue certificates anew" not in page.links


def test_the_preview_says_who_and_how_many_and_who_is_left_out(lead: Browser, session: Session, unit: Unit) -> None:
    complete(session, unit, 2)
    complete(session, unit, 30, IMPORTED)
    page = lead.open(ISSUE)
    assert "2 people would get a certificate." in page.text
    assert "30 completed it before it was here." in page.text
    assert [row["Name"] for row in page.table("Who would get one")] == ["Nguyễn Thị Minh", "Siân Jones"]
    page = lead.open(page.links["Give them one as well"])
    assert "32 people would get a certificate. 30 of them completed the course before it was here." in page.text
    assert len(page.table("Who would get one")) == 25
    assert len(lead.open(f"{ISSUE}&imported=yes&page=2").table("Who would get one")) == 7
    assert lead.open(f"{ISSUE}&imported=yes&page=3").status == 404


def test_names_that_no_font_holds_are_said_before_anything_is_issued(
    lead: Browser, session: Session, unit: Unit
) -> None:
    complete(session, unit, 2)
    assert "no font here holds" not in lead.open(ISSUE).text
    session.scalars(select(Person).where(Person.chosen_name == "Siân Jones")).one().chosen_name = "ଓଡ଼ିଆ Jones"
    session.commit()
    assert "Some of these names have letters that no font here holds: Odia." in lead.open(ISSUE).text


def test_numbers_that_changed_are_shown_and_asked_for_again(lead: Browser, session: Session, unit: Unit) -> None:
    complete(session, unit, 2)
    target, values = lead.open(ISSUE).form("Issue 2 certificates")
    complete(session, unit, 1)
    page = lead.post(target, values)
    assert page.status == 422
    assert page.errors == ["The numbers have changed since you looked. Look at them again, then confirm"]
    target, values = page.form("Issue 3 certificates")
    assert lead.post(target, values).heading.endswith(": issue certificates")


def test_confirming_twice_starts_one_run(lead: Browser, session: Session, unit: Unit) -> None:
    complete(session, unit, 2)
    target, values = lead.open(ISSUE).form("Issue 2 certificates")
    lead.post(target, values)
    page = lead.post(target, values)
    assert page.errors == ["A run for the same people is under way. Let it finish or cancel it first"]


def test_nobody_to_issue_to_is_said_plainly(lead: Browser, session: Session, unit: Unit) -> None:
    assert "Nobody here has completed this course" in lead.open(ISSUE).text
    completed(session, a_follow_up(session), unit, 2)
    session.commit()
    assert "This course gives no certificate" in lead.open(f"{CERTIFICATES}/issue?course=look-back-fu").text
    (only,) = completed(session, a_course(session), unit, 1)
    issue_for_completion(session, completion_id=only, now=NOON)
    session.commit()
    page = lead.open(ISSUE)
    assert "Nobody would get a certificate." in page.text
    page = lead.post(f"{CERTIFICATES}/issue", {**token(lead), "course": "test-course", "seen": "0-0-0"})
    assert page.errors == ["Nobody here would get a certificate, so there is nothing to issue"]


def test_a_choice_that_is_not_there_is_an_error_beside_the_field(lead: Browser, session: Session) -> None:
    page = lead.open(f"{CERTIFICATES}/issue?course=no-such&unit=999999")
    assert page.status == 422
    assert page.errors == ["Select a course", "Select a directorate, service or team of this authority"]
    assert lead.open(f"{CERTIFICATES}/issue?course=").errors == ["Select a course"]


def test_a_unit_of_another_authority_cannot_be_chosen(lead: Browser, session: Session) -> None:
    other = a_unit(session, an_organisation(session, "wirral", "Wirral Council"))
    session.commit()
    page = lead.open(f"{ISSUE}&unit={other.id}")
    assert page.errors == ["Select a directorate, service or team of this authority"]


@pytest.mark.parametrize("role", [None, Role.MANAGER, Role.AUTHOR])
def test_nobody_else_may_issue(session: Session, unit: Unit, app: Flask, role: Role | None) -> None:
    account = an_account(session, a_person(session, unit), *([role] if role else []), unit=unit)
    session.commit()
    for address in (CERTIFICATES, f"{CERTIFICATES}/issue", f"{CERTIFICATES}/reissue"):
        assert Browser(app).enter_as(account).open(address).status == 404


def test_an_admin_issues_for_every_authority_at_once(session: Session, unit: Unit, app: Flask) -> None:
    complete(session, unit, 2)
    complete(session, a_unit(session, an_organisation(session, "wirral", "Wirral Council")), 1)
    admin = an_admin(session, app)
    page = admin.open(f"{EVERY}/issue?course=test-course")
    assert {row["Where they work"].split(",")[0] for row in page.table("Who would get one")} == {
        "Halton Borough Council",
        "Wirral Council",
    }
    start(admin, 3, f"{EVERY}/issue?course=test-course")
    work_off(admin)
    assert how_many(session) == 3


def test_an_admin_replaces_certificates_with_a_reason(session: Session, unit: Unit, app: Flask) -> None:
    complete(session, unit, 3)
    admin = an_admin(session, app)
    start(admin, 3)
    work_off(admin)
    url = f"{CERTIFICATES}/reissue?course=test-course"
    assert admin.submit(url, "Replace 3 certificates").errors == ["Select a reason"]
    page = admin.submit(url, "Replace 3 certificates", reason="other")
    assert page.errors == ["Say what the reason is. The holder reads it"]
    page = admin.submit(url, "Replace 3 certificates", reason="template-fault", words="The logo was wrong")
    assert page.heading.endswith(": issue certificates anew")
    work_off(admin)
    assert "Done 3 of 3 certificates issued." in admin.open(page.url).text
    assert how_many(session) == 6
