"""HR leads word messages themselves, look at them as one of their people, and go back to earlier words."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assignments.requirements import Requirement, require_course
from assignments.wording_previews import fillable_for
from kernel.audit import AuditEntry
from kernel.clock import local_day, utc_now
from messages.ledger import Message
from messages.templates.texts import Text
from messages.templates.versions import worded
from people.organisations import Unit
from people.persons import Person
from people.roles import Role
from tests.builders.programmes import complete
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation, job_of
from tests.reading import Browser

NUDGE = "/requirements/halton/wording/nudge"
BODY = "((who asks)) asks you, ((name)).\n\n((how it stands))\n\n((link))\n\nDiolch!"


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def person(session: Session, unit: Unit) -> Person:
    course = a_course(session)
    due_on = local_day(utc_now()) + timedelta(days=9)
    ids = [unit.organisation_id]
    require_course(session, course_id=course.course_id, organisation_ids=ids, account_id=None, now=NOON, due_on=due_on)
    return a_person(session, unit, "Siân Nguyễn")


@pytest.fixture
def lead(session: Session, browser: Browser, unit: Unit, person: Person) -> Browser:
    account = an_account(session, a_person(session, unit, "Ọláyínká Adé"), Role.HR_LEAD, unit=unit)
    session.commit()
    return browser.enter_as(account)


def number_of(session: Session, person: Person) -> str:
    return job_of(session, person).payroll_number


def test_words_are_looked_at_as_a_real_person_saved_and_taken_back(
    lead: Browser, session: Session, person: Person
) -> None:
    page = lead.open(lead.open("/requirements").links["How messages read"])
    page = lead.open(page.links["A nudge by a manager or HR lead"])
    seen = lead.submit(
        NUDGE, "Look at it", preview="yes", subject="Diolch: ((course))", body=BODY, person=number_of(session, person)
    )
    assert "As Siân Nguyễn would get it" in seen.text
    assert "Ọláyínká Adé asks you, Siân Nguyễn." in seen.text
    assert "Diolch: Test course" in seen.text
    assert "You get this message because" in seen.text
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "message-words-previewed")).all()
    assert entry.subject_id == str(person.id)
    assert session.scalar(select(func.count(Message.id))) == 0
    saved = lead.submit(NUDGE, "Save", subject="Diolch: ((course))", body=BODY)
    assert "Saved. The next messages read like this" in saved.text
    today = local_day(utc_now())
    ids = {"organisation_id": job_of(session, person).organisation_id, "person_id": person.id}
    session.expire_all()
    made = worded(session, fillable_for(session, Text.NUDGE, **ids, who_asks="Bo", on=today))
    assert made.subject == "Diolch: Test course"
    assert made.paragraphs[-1] == "Diolch!"
    assert "Your own words" in lead.open("/requirements/halton/wording").text
    back = lead.submit(NUDGE, "Go back to the usual words")
    assert "hold again" in back.text
    assert "Use again version 1" in " ".join(back.buttons)


def test_the_text_message_stands_beside_the_email_and_its_parts_are_counted(
    lead: Browser, session: Session, person: Person
) -> None:
    words = {"subject": "Diolch", "body": BODY, "short": "((course)): ŵythnos ar ôl"}
    seen = lead.submit(NUDGE, "Look at it", preview="yes", **words, person=number_of(session, person))
    assert "Common Ground: Test course: ŵythnos ar ôl. http://localhost/courses/test-course To stop texts:" in seen.text
    assert "2 parts of a text: each is paid for." in seen.text
    refused = lead.submit(NUDGE, "Save", **{**words, "short": "Open ((link)) ((corse))"})
    assert refused.status == 422
    assert "Take ((link)) out of the text message" in refused.text
    assert "((corse)) stands for nothing here" in refused.text
    assert "Saved" in lead.submit(NUDGE, "Save", **words).text
    assert "Text message: ((course)): ŵythnos ar ôl" in lead.open(NUDGE).text


def test_all_faults_are_said_at_once_beside_the_person_who_is_none(lead: Browser, session: Session, unit: Unit) -> None:
    other = a_unit(session, an_organisation(session, "sefton", "Sefton Council"))
    stranger = a_person(session, other, "Stranger Jones")
    session.commit()
    number = number_of(session, stranger)
    page = lead.submit(NUDGE, "Look at it", preview="yes", subject="", body="<i>Hi</i> ((corse))", person=number)
    assert page.status == 422
    for words in (
        "Enter a subject",
        "without HTML",
        "Did you mean ((course))?",
        "Put ((link)) into the message",
        "Nobody who works for Halton",
    ):
        assert words in page.text
    assert "Stranger Jones" not in page.text
    assert "Did you mean ((course))? Put ((who asks))" in page.text, "no full stop after a question"
    assert len(page.errors) > 5, "each fault is a line of the summary"
    page = lead.submit(NUDGE, "Save", subject="", body="<i>Hi</i>")
    assert page.status == 422
    assert "Nobody has changed these words yet" in page.text


def test_whoever_saves_after_somebody_else_sees_theirs_and_can_save_again(lead: Browser) -> None:
    before = lead.open(NUDGE)
    theirs = {"subject": "Theirs", "body": "Their ((who asks))\n\n((link))"}
    lead.submit(NUDGE, "Save", **theirs)
    target, values = before.form("Save")
    mine = {**values, "subject": "Mine", "body": BODY}
    told = lead.post(target or NUDGE, mine)
    assert (told.status, "Somebody else saved other words meanwhile" in told.text) == (422, True)
    assert "Their ((who asks))" in told.text, "their words can be looked at"
    target, values = told.form("Save")
    assert "Saved. The next messages read like this" in lead.post(target or NUDGE, values).text
    for seen in ("²", "9" * 5000):
        assert lead.post(NUDGE, {**values, "seen": seen}).status in (200, 422)


def test_whoever_has_nothing_to_finish_is_no_fault_of_the_message(lead: Browser, session: Session, unit: Unit) -> None:
    gone = a_person(session, unit, "王芳")
    for course_id in session.scalars(select(Requirement.course_id)):
        complete(session, gone, course_id, utc_now())
    session.commit()
    fields = {"subject": "Hello", "body": BODY, "person": number_of(session, gone)}
    page = lead.submit(NUDGE, "Look at it", preview="yes", **fields)
    assert page.errors == ["王芳 has nothing to finish today. Choose somebody who has"]
    assert page.links[page.errors[0]] == "#person"


def test_nobody_else_words_them(session: Session, lead: Browser) -> None:
    assert lead.open("/requirements/sefton/wording/nudge").status == 404
    assert lead.open("/requirements/halton/wording/farewell").status == 404
