"""Somebody whose completion was withdrawn: they read it, take the course again, and get a new certificate."""

from sqlalchemy.orm import Session

from app.wiring import ensure_certificate
from certificates.changes.revoking import revoke
from certificates.record.history import Reason
from certificates.record.issuing import certificates_for
from courses.catalogue.versions import get_course
from courses.records.completion import find_completion
from kernel.unit_of_work import UnitOfWork
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.screens import take_course
from tests.reading import Browser

COURSE = "/courses/test-course"
NOTE = f"{COURSE}/first-steps/3"


def test_a_learner_reads_that_it_no_longer_counts_and_completes_the_course_again(
    browser: Browser, session: Session
) -> None:
    course = a_course(session)
    person = a_person(session, a_unit(session, an_organisation(session)))
    account = an_account(session, person)
    take_course(session, person.id)
    session.commit()
    learner = browser.enter_as(account)
    learner.submit(NOTE, "Save my words", text="Ask who is left out")
    completion = find_completion(session, person_id=person.id, course_id=course.course_id)
    assert completion is not None
    ensure_certificate(completion.id, UnitOfWork(session, {}), now=NOON)
    (first,) = certificates_for(session, person_id=person.id)
    revoke(
        session,
        certificate_number=first.number,
        reason=Reason.ISSUED_IN_ERROR,
        words="",
        account_id=account.id,
        now=NOON,
    )
    session.commit()
    page = learner.open(COURSE)
    assert "Your answers begin anew. Your own notes, plans and ratings are kept." in page.text
    assert "You have no certificate that counts at the moment." in learner.open("/certificates").text
    assert "Since 21 November 2026 that no longer counts" in page.text
    assert "the course was not complete" in page.text
    assert "0 of 2 modules done" in page.text
    assert learner.open(f"{COURSE}/finished").status == 404
    home = learner.open("/learning").text
    assert "Since 21 November 2026 that no longer counts, because of your certificate" in home
    assert "You can complete the course again, and then get a new one." in home
    assert "You have finished" not in home
    assert "In progress" not in home
    learner.submit(COURSE, "Start again Test course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    assert "In progress" in learner.open("/learning").text
    assert "Start again Test course" not in learner.open(COURSE).buttons
    take_course(session, person.id)
    session.commit()
    again = find_completion(session, person_id=person.id, course_id=get_course(session, slug="test-course").id)
    assert again is not None
    assert again.id != completion.id
    assert "no longer counts" not in learner.open(COURSE).text
    assert learner.open(NOTE).form("Save my words")[1]["text"] == "Ask who is left out"
    learner.submit(NOTE, "Save my words", text="")
    assert learner.open(NOTE).form("Save my words")[1]["text"] == ""
