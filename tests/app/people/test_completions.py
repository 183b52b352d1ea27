"""HR leads put a completion right: they see the figures before anything is saved, and can take it back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.changes.revoking import restore, revoke
from certificates.record.history import Reason
from certificates.record.issuing import find_for_completion
from courses.catalogue.versions import PublishOutcome
from courses.records.completion import Completion, is_standing, record_completion
from kernel.clock import local_day, utc_now
from people.accounts import Account
from people.persons import Person
from tests.app.people.conftest import Region
from tests.builders.certificates import issued_for
from tests.builders.region import a_course, a_person
from tests.clock import today
from tests.reading import Browser, Page


def certified(session: Session, person: Person, course: PublishOutcome) -> None:
    """Completed five days ago, with a certificate."""
    ids = {"person_id": person.id, "course_id": course.course_id, "course_version_id": course.version_id}
    (event,) = record_completion(session, **ids, cycle=1, now=utc_now() - timedelta(days=5))
    issued_for(session, event.completion_id)


@pytest.fixture
def kim(session: Session, region: Region) -> Person:
    """One of twelve who have completed nothing, and has a certificate herself."""
    course = a_course(session)
    for place in range(11):
        a_person(session, region.halton, f"Person {place}", payroll_number=f"X{place}")
    person = a_person(session, region.halton, "Kim Lee", payroll_number="418")
    certified(session, person, course)
    session.commit()
    return person


def done(session: Session, person: Person) -> Completion | None:
    session.expire_all()
    return session.scalar(select(Completion).where(Completion.person_id == person.id, is_standing()))


def confirm(lead: Browser, preview: Page) -> Page:
    target, values = preview.form("Save the correction")
    return lead.post(target, values)


def day() -> list[str]:
    return [str(today(-30).day), str(today(-30).month), str(today(-30).year)]


def test_a_day_is_put_right_after_a_preview_and_taken_back(lead: Browser, session: Session, kim: Person) -> None:
    first = done(session, kim)
    assert first is not None
    assert "how to correct them" in lead.open(f"/people/{kim.id}").text
    address = f"/people/{kim.id}/completions/{first.id}/correct"
    preview = lead.submit(address, "See what would change", fault="wrong-day", completed_on=day(), reason="Register")
    assert preview.heading == "Check the correction"
    assert "complete, as before" in preview.text
    assert "is revoked, and its holder reads why" in preview.text
    assert done(session, kim) == first, "nothing is saved yet"
    page = confirm(lead, preview)
    assert "Lead Okafor corrected it" in page.text
    second = done(session, kim)
    assert second is not None
    assert local_day(second.completed_at) == today(-30)
    certificate = find_for_completion(session, completion_id=first.id)
    assert certificate is not None
    assert certificate.is_revoked
    (button,) = [one for one in page.buttons if one.startswith("Take back the correction of Test course")]
    lead.submit(f"/people/{kim.id}/completions", button)
    assert done(session, kim) == first
    session.expire_all()
    again = find_for_completion(session, completion_id=first.id)
    assert again is not None
    assert not again.is_revoked


def test_a_certificate_that_was_revoked_again_for_another_reason_stays_revoked(
    lead: Browser, session: Session, kim: Person
) -> None:
    first = done(session, kim)
    assert first is not None
    address = f"/people/{kim.id}/completions/{first.id}/correct"
    confirm(lead, lead.submit(address, "See what would change", fault="in-error", reason="Not there"))
    certificate = find_for_completion(session, completion_id=first.id)
    assert certificate is not None
    lead_id = session.scalars(select(Account.id)).first()
    by = {"certificate_number": certificate.number, "words": "", "account_id": lead_id, "now": utc_now()}
    restore(session, **by, reason=Reason.REVOKED_IN_ERROR)
    revoke(session, **by, reason=Reason.COURSE_WITHDRAWN)
    session.commit()
    page = lead.open(f"/people/{kim.id}/completions")
    (button,) = [one for one in page.buttons if one.startswith("Take back the correction of Test course")]
    lead.submit(f"/people/{kim.id}/completions", button)
    assert done(session, kim) == first
    session.refresh(certificate)
    assert certificate.is_revoked


def test_a_mistake_changes_the_figure_and_small_ones_are_not_said(lead: Browser, session: Session, kim: Person) -> None:
    first = done(session, kim)
    assert first is not None
    address = f"/people/{kim.id}/completions/{first.id}/correct"
    preview = lead.submit(address, "See what would change", fault="in-error", reason="Not there")
    assert "1 of 13 complete now, 0 after it." in preview.text


def test_it_belongs_to_somebody_else(lead: Browser, session: Session, kim: Person) -> None:
    first = done(session, kim)
    assert first is not None
    address = f"/people/{kim.id}/completions/{first.id}/correct"
    nobody = lead.submit(address, "See what would change", fault="wrong-person", person="nobody", reason="Namesake")
    assert nobody.errors == ["Nobody whom you look after has this number or username"]
    preview = lead.submit(address, "See what would change", fault="wrong-person", person="X3", reason="Namesake")
    assert "Person 3 completed" in preview.text
    page = confirm(lead, preview)
    assert "It was recorded for Kim Lee and belongs to Person 3" in page.text
    assert done(session, kim) is None


def test_what_is_missing_is_said_beside_the_fields(lead: Browser, session: Session, kim: Person) -> None:
    first = done(session, kim)
    assert first is not None
    page = lead.submit(f"/people/{kim.id}/completions/{first.id}/correct", "See what would change")
    assert page.status == 422
    assert page.errors == ["Select what is wrong", "Enter why you correct it"]


def test_pressing_twice_says_what_has_happened(lead: Browser, session: Session, kim: Person) -> None:
    first = done(session, kim)
    assert first is not None
    address = f"/people/{kim.id}/completions/{first.id}/correct"
    preview = lead.submit(address, "See what would change", fault="in-error", reason="Not there")
    page = confirm(lead, preview)
    assert "The completion is corrected" in page.text
    (button,) = [one for one in page.buttons if one.startswith("Take back the correction")]
    undo = page.form(button)
    assert "Somebody has corrected this completion already" in confirm(lead, preview).text
    assert "Somebody has corrected this completion already" in lead.open(address).text
    assert undo[0] is not None
    assert "The correction is taken back" in lead.post(*undo).text
    assert "Somebody has taken this correction back already" in lead.post(*undo).text


def test_a_slip_in_the_year_and_a_long_reason_are_said_in_words(lead: Browser, session: Session, kim: Person) -> None:
    first = done(session, kim)
    assert first is not None
    fields = {"fault": "wrong-day", "completed_on": ["1", "1", "0202"], "reason": "x" * 301}
    page = lead.submit(f"/people/{kim.id}/completions/{first.id}/correct", "See what would change", **fields)
    assert page.errors == [
        "The day must not be more than a hundred years ago",
        "The answer to “Why do you correct it?” must have 300 characters or fewer",
    ]


def test_people_of_another_authority_are_not_found(lead: Browser, session: Session, region: Region) -> None:
    person = a_person(session, region.sefton, "Sam Sefton")
    certified(session, person, a_course(session))
    session.commit()
    first = done(session, person)
    assert first is not None
    for address in (f"/people/{person.id}/completions", f"/people/{person.id}/completions/{first.id}/correct"):
        assert lead.open(address).status == 404
