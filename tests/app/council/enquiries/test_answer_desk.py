"""The answer desk as an HR lead meets it: note, pick figures, draft, edit, send; and nobody else’s."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel.clock import local_day, utc_now
from people.organisations import Unit
from people.persons import Person
from people.roles import Role
from reports.answers.published import PublishedFigure
from reports.enquiries.record import EnquiryEvent
from tests.builders.region import a_course, a_person, an_account, an_organisation
from tests.reading import Browser, Page
from tests.reports.taken_course import people_in

LIST = "/council/halton/questions"
LONG_AGO = utc_now() - timedelta(days=800)


def day(on) -> list[str]:
    return [str(on.day), str(on.month), str(on.year)]


@pytest.fixture
def noted(lead: Browser, session: Session, unit: Unit) -> Page:
    people_in(session, unit, 83, course=a_course(session), complete=41, at=LONG_AGO)
    session.execute(update(Person).values(created_at=LONG_AGO))
    session.commit()
    lead.submit(
        f"{LIST}/new", "Note the question", kind="foi", reference="FOI 2027/1", question="How many?\nBy team.",
        received_on=day(local_day(utc_now())), due_on=["", "", ""],
    )  # fmt: skip
    return lead.open(lead.open(LIST).links["FOI 2027/1"])


def url(page: Page, *more: str) -> str:
    return "/".join((page.url.partition("?")[0], *more))


def last_month() -> list[str]:
    return day(local_day(utc_now()).replace(day=1) - timedelta(days=1))


def with_figure(lead: Browser, noted: Page) -> Page:
    return lead.submit(
        noted.url, "Add the figure", course="test-course", on=last_month(), by="grade", is_public=None, number=""
    )


def test_all_that_is_missing_is_said_at_once(lead: Browser) -> None:
    page = lead.submit(f"{LIST}/new", "Note the question", reference="", question="", received_on=["", "", ""])
    assert page.errors == [
        "Select who asks", "Enter a reference", "Enter the question", "Enter the day on which it came",
    ]  # fmt: skip


def test_a_question_is_answered_with_a_published_figure_and_sent(lead, session, noted) -> None:
    assert "The day is 20 working days later" in noted.text
    with_figure(lead, noted)
    number = session.scalars(select(PublishedFigure.number)).one()
    page = lead.open(noted.url)
    assert number in page.links
    lead.submit(noted.url, "Draft it from the figures")
    drafted = lead.open(noted.url)
    text = drafted.soup.find("textarea", {"name": "words"}).get_text()
    assert "people were counted for the course “Test course”" in text
    lead.submit(noted.url, "Save the answer", words=f"{text.strip()}\n\nYours sincerely")
    assert "Yours sincerely" in lead.open(url(noted, "printed")).text
    tomorrow = day(local_day(utc_now()) + timedelta(days=1))
    assert lead.submit(noted.url, "Mark as sent", sent_on=tomorrow).errors == [
        "The day on which it was sent must be today or earlier"
    ]
    lead.submit(noted.url, "Mark as sent", sent_on=day(local_day(utc_now())))
    assert "No question waits for an answer." in lead.open(LIST).text
    assert lead.open(f"{LIST}?show=sent").table("Questions")[0]["Reference"].strip("\u2068\u2069") == "FOI 2027/1"
    acts = session.scalars(select(EnquiryEvent.act).order_by(EnquiryEvent.id)).all()
    assert [one.value for one in acts] == ["figure-added", "drafted", "edited", "sent"]


def test_a_figure_of_today_or_of_nobody_is_refused_in_words(lead, session, noted) -> None:
    today = day(local_day(utc_now()))
    page = lead.submit(noted.url, "Add the figure", course="test-course", on=today, by="unit", number="")
    assert (page.status, page.errors[0].startswith("Today is not over")) == (422, True)
    page = lead.submit(noted.url, "Add the figure", course="test-course", on=["", "", ""], by="unit", number="")
    assert page.errors == ["Enter a day that is over, or the number of a published figure"]
    page = lead.submit(noted.url, "Add the figure", course="test-course", on=["", "", ""], by="unit", number="FIG-1")
    assert page.errors == ["This authority has published no figure with this number"]


def test_what_somebody_saved_meanwhile_is_not_lost(lead, session, noted) -> None:
    _, fields = noted.form("Save the answer")
    lead.submit(noted.url, "Save the answer", words="First")
    stale = lead.client.post(url(noted, "answer"), data={**fields, "words": "Second"})
    assert stale.status_code == 422
    assert "First" in stale.get_data(as_text=True)
    assert "Somebody has changed the answer since you opened this page" in stale.get_data(as_text=True)


def test_nobody_else_sees_it(lead, session, noted, unit) -> None:
    an_organisation(session, "wirral", "Wirral Council")
    manager = an_account(session, a_person(session, unit, "Manager"), Role.MANAGER, unit=unit)
    session.commit()
    assert lead.open("/council/wirral/questions").status == 404
    assert lead.open(noted.url.replace("halton", "wirral")).status == 404
    assert Browser(lead.client.application).enter_as(manager).open(LIST).status == 404
