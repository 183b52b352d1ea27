"""What an admin can do to one certificate, and the checks that everything fits together."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.doctor import records
from app.jobs.certificate_files import check_files
from app.jobs.housekeeping import run_housekeeping
from certificates.changes.reissuing import correct_own_name
from certificates.file_care.consistency import consistency
from certificates.making.rendering import RENDER_CERTIFICATES
from certificates.record.issuing import Certificate
from courses.catalogue.versions import get_course
from courses.records.completion import Completion, find_completion
from kernel.audit import entries_for
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from people.persons import Person
from people.roles import Role
from tests.builders.certificates import completed_by, issued_for
from tests.builders.region import NOON, a_course, a_follow_up, a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.reading import Browser, Page

QUEUE = "/manage/certificates"


@pytest.fixture
def admin(session: Session, browser: Browser) -> Browser:
    account = an_account(session, a_person(session, name="Ada Admin"), Role.ADMIN)
    session.commit()
    return browser.enter_as(account)


def a_completion(session: Session) -> int:
    person = a_person(session, a_unit(session, an_organisation(session)), "Someone Private")
    return completed_by(session, person.id)


@pytest.fixture
def certificate(session: Session) -> Certificate:
    """A certificate whose file is wanted."""
    found = issued_for(session, a_completion(session))
    session.commit()
    return found


def change(admin: Browser, certificate: Certificate, act: str, button: str, **fields: str) -> Page:
    return admin.submit(f"{QUEUE}/{certificate.number}/{act}", button, **fields)


def test_the_page_of_a_certificate_names_the_script_that_no_font_holds(
    admin: Browser, certificate: Certificate, session: Session
) -> None:
    assert "no font here holds" not in admin.open(f"{QUEUE}/{certificate.number}").text
    certificate.holder_name = "ཚེ་རིང"
    session.commit()
    page = admin.open(f"{QUEUE}/{certificate.number}")
    assert "The name has letters that no font here holds: Tibetan." in page.text


def test_the_page_of_a_certificate_has_times_and_no_name(admin: Browser, certificate: Certificate) -> None:
    page = admin.open(f"{QUEUE}/{certificate.number}")
    assert page.heading == f"Certificate {certificate.number}"
    for words in ("State Waiting", "Issued 21 November 2026 at 12:00", "Name S••• P•••", "Test course, version 1"):
        assert words in page.text
    assert "Private" not in page.text


def test_a_wrong_number_is_a_clear_page(admin: Browser) -> None:
    page = admin.open(f"{QUEUE}/RE-NONE")
    assert (page.status, page.heading) == (404, "No certificate has this number")


def test_issuing_anew_makes_a_file_and_shows_both(
    admin: Browser, session: Session, certificate: Certificate, bell: ListeningBell
) -> None:
    page = change(admin, certificate, "reissue", "Issue anew", reason="template-fault", words="The logo was cut off")
    assert "A new certificate is on its way" in page.text
    rows = page.table("Certificates of this completion")
    assert [row["Now"] for row in rows][1] == "Valid, with no end date"
    (event,) = page.table("What happened")
    assert event["What"] == "Replaced: the document had a fault. “The logo was cut off”"
    assert (event["Number"], event["By"]) == (certificate.number, "Ada Admin")
    assert bell.rung == [RENDER_CERTIFICATES]
    assert consistency(session).is_whole


def test_a_corrected_name_needs_another_name_on_record(
    admin: Browser, session: Session, certificate: Certificate
) -> None:
    page = change(admin, certificate, "reissue", "Issue anew", reason="name-corrected")
    assert page.status == 422
    assert "has the name that the record holds already" in page.errors[0]
    session.get_one(Person, certificate.person_id).chosen_name = "Another Person"
    session.commit()
    page = change(admin, certificate, "reissue", "Issue anew", reason="name-corrected")
    assert "Name A••• P•••" in page.text


def test_a_holder_who_corrected_their_name_is_not_named(
    admin: Browser, session: Session, certificate: Certificate
) -> None:
    holder = session.get_one(Person, certificate.person_id)
    account = an_account(session, holder)
    holder.chosen_name = "Another Private"
    correct_own_name(
        session, certificate_number=certificate.number, person_id=holder.id, account_id=account.id, now=utc_now()
    )
    session.commit()
    page = admin.open(f"{QUEUE}/{certificate.number}")
    assert [row["By"] for row in page.table("What happened")] == ["Its holder"]
    assert "Private" not in page.text


def test_revoking_and_restoring_are_on_record(admin: Browser, session: Session, certificate: Certificate) -> None:
    page = change(admin, certificate, "revoke", "Revoke", reason="wrong-person")
    assert "Revoked on" in page.text
    assert "Restore this certificate" in page.links
    assert "Revoke this certificate" not in page.links
    page = change(admin, certificate, "restore", "Restore", reason="other", words="They were right")
    assert "The certificate is valid again" in page.text
    assert [row["What"] for row in page.table("What happened")] == [
        "Revoked: it was issued to the wrong person.",
        "Restored: another reason. “They were right”",
    ]
    actions = [e.action for e in entries_for(session, subject_type="certificate", subject_id=certificate.number)]
    assert actions == ["certificate-revoked", "certificate-restored"]


def test_the_page_for_revoking_says_which_reasons_take_the_completion_too(
    admin: Browser, session: Session, certificate: Certificate
) -> None:
    text = admin.open(f"{QUEUE}/{certificate.number}/revoke").text
    assert "Two of the reasons say that the course was not completed" in text
    assert "With these, the completion no longer counts in any figure either" in text
    change(admin, certificate, "revoke", "Revoke", reason="issued-in-error")
    assert find_completion(session, person_id=certificate.person_id, course_id=the_course(session)) is None
    change(admin, certificate, "restore", "Restore", reason="revoked-in-error")
    assert find_completion(session, person_id=certificate.person_id, course_id=the_course(session)) is not None


def the_course(session: Session) -> int:
    return get_course(session, slug="test-course").id


@pytest.mark.parametrize(
    ("act", "button", "fields", "error"),
    [
        ("revoke", "Revoke", {}, "Select a reason"),
        ("revoke", "Revoke", {"reason": "nonsense"}, "Select a reason"),
        ("revoke", "Revoke", {"reason": "name-corrected"}, "Select a reason"),
        ("revoke", "Revoke", {"reason": "other"}, "Say what the reason is. The holder reads it"),
        ("reissue", "Issue anew", {"reason": "other", "words": "x" * 301}, "must be 300 characters or fewer"),
        ("restore", "Restore", {"reason": "revoked-in-error"}, "This certificate is not revoked"),
    ],
)
def test_what_cannot_be_done_says_why_and_keeps_what_was_typed(
    admin: Browser, certificate: Certificate, act: str, button: str, fields: dict[str, str], error: str
) -> None:
    page = change(admin, certificate, act, button, **fields)
    assert page.status == 422
    assert error in page.errors[0]
    assert "Why?" in page.text
    assert page.form(button)[1]["words"].strip() == fields.get("words", "")


def test_only_admins_change_certificates(
    admin: Browser, browser: Browser, session: Session, certificate: Certificate
) -> None:
    assert admin.open(f"{QUEUE}/{certificate.number}/burn").status == 404
    browser.enter_as(an_account(session, a_person(session), Role.AUTHOR))
    session.commit()
    for page in ("", "/revoke", "/reissue", "/restore"):
        assert browser.open(f"{QUEUE}/{certificate.number}{page}").status == 404
    assert browser.open(f"{QUEUE}/checks").status == 404


def looked_at(app: Flask, admin: Browser) -> Page:
    """The page after a worker has looked at everything."""
    with app.app_context():
        check_files()
    return admin.open(f"{QUEUE}/checks")


def test_before_the_first_night_nothing_is_claimed(admin: Browser) -> None:
    page = admin.open(f"{QUEUE}/checks")
    assert "Nothing has been looked at yet." in page.text
    assert "Everything fits together." not in page.text


def test_everything_fits_together(app: Flask, admin: Browser, session: Session, certificate: Certificate) -> None:
    page = looked_at(app, admin)
    assert "Everything fits together." in page.text
    assert {row["Found"] for row in page.table("What was looked for")} == {"0"}
    assert records.check_consistency(session).is_ok


def test_what_does_not_fit_is_counted_here_and_by_the_doctor(
    app: Flask, admin: Browser, session: Session, certificate: Certificate
) -> None:
    follow_up = a_follow_up(session)
    completion_id = completed_by(session, certificate.person_id, follow_up)
    certificate.completion_id = completion_id
    session.commit()
    page = looked_at(app, admin)
    assert "Not everything fits together." in page.text
    assert [row["Found"] for row in page.table("What was looked for")][5:] == ["1", "0", "1"]
    check = records.check_consistency(session)
    assert not check.is_ok
    assert "certificates that their completion does not earn: 1" in check.message


def test_a_ready_certificate_whose_file_is_gone_is_named(
    app: Flask, admin: Browser, session: Session, certificate: Certificate
) -> None:
    certificate.state, certificate.storage_key = TaskState.DONE, "certificates/gone.pdf"
    certificate.sha256, certificate.ready_at = "0" * 64, NOON
    session.commit()
    page = looked_at(app, admin)
    assert "1 stored file is missing or changed." in page.text
    assert certificate.number in page.links
    assert "File Missing from the file store" in admin.open(f"{QUEUE}/{certificate.number}").text


def test_whoever_only_previews_or_manages_earns_nothing(
    app: Flask, admin: Browser, session: Session, bell: ListeningBell
) -> None:
    an_organisation(session)
    a_course(session)
    session.commit()
    version = "/manage/courses/test-course/versions/1"
    admin.open(version)
    for place in ("first-steps/1", "first-steps/2", "first-steps/3", "second-steps/1"):
        assert admin.open(f"{version}/preview/{place}").status == 200
    with app.app_context():
        run_housekeeping()
    for thing in (Completion, Certificate):
        assert session.scalar(select(func.count()).select_from(thing)) == 0
    assert bell.rung == []
