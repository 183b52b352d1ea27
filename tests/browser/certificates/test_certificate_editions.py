"""A certificate's life after it was issued, with a real PDF: shown, checked, replaced, corrected, revoked."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.making.rendering import RENDER_CERTIFICATES
from certificates.record.issuing import Certificate, issue_for_completion
from courses.catalogue.versions import Course, get_current_version
from courses.records.completion import record_completion
from kernel.clock import utc_now
from people.accounts import Account
from people.persons import Person
from tests.browser.live_site import LiveSite
from tests.browser.region import SMALL
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE, Visitor

NAME = "Ọláyínká Nguyễn-Siân محمد"


def certificate_of(site: LiveSite, username: str) -> str:
    """The number of a certificate that this person has just earned; the site's worker makes its file."""
    with site.session() as session:
        course = session.scalars(select(Course).where(Course.slug == SMALL)).one()
        version = get_current_version(session, course_id=course.id)
        (event,) = record_completion(
            session,
            person_id=session.scalars(select(Account.person_id).where(Account.username == username)).one(),
            course_id=course.id,
            cycle=1,
            course_version_id=version.id,
            now=utc_now(),
        )
        outcome = issue_for_completion(session, completion_id=event.completion_id, now=utc_now())
        assert outcome is not None
        session.commit()
    site.ring(RENDER_CERTIFICATES)
    return outcome.number


def rename(session: Session, number: str, name: str) -> None:
    certificate = session.scalars(select(Certificate).where(Certificate.number == number)).one()
    session.get_one(Person, certificate.person_id).chosen_name = name
    session.commit()


def wait_for_the_file(admin: Visitor) -> None:
    admin.reload_until("State Ready", "State Failed")
    admin.sees("File Stored")


def download(staff: Visitor, path: Path) -> Path:
    with staff.page.expect_download() as started:
        staff.page.get_by_role("link", name="Download your certificate (PDF").click()
    started.value.save_as(path)
    return path


def check_file(anybody: Visitor, path: Path) -> None:
    anybody.open("/verify/file")
    anybody.page.locator("input[type=file]").set_input_files(path)
    anybody.press("Check this file")


@pytest.mark.parametrize("device", [PHONE, DESKTOP, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_a_certificate_is_shown_checked_corrected_and_revoked(visit, site, tmp_path, device):
    username = site.a_learner(name=NAME)
    number = certificate_of(site, username)
    admin, staff, anybody = visit(device, username="admin"), visit(device, username=username), visit(device)
    admin.open("/manage/certificates")
    admin.write("Find by number", number.lower())
    admin.press("Find")
    wait_for_the_file(admin)
    staff.open(f"/certificates/{number}")
    path = download(staff, tmp_path / "certificate.pdf")
    show_the_name(staff, anybody)
    check_files(anybody, path, tmp_path / "changed.pdf")
    corrected = correct_the_name(site, staff, number)
    revoke_it(admin, corrected)
    anybody.open(f"/verify/{number}")
    assert anybody.heading == "This certificate was replaced"
    anybody.follow(corrected)
    assert anybody.heading == "This certificate was revoked"
    anybody.fits(320)
    staff.open(f"/certificates/{corrected}")
    staff.sees("“Taken by somebody else”")
    staff.fits(320)
    staff.open("/certificates")
    staff.sees("Revoked")
    staff.fits(320)


def show_the_name(staff: Visitor, anybody: Visitor) -> None:
    staff.follow("Show somebody your full name")
    staff.press("Make a link")
    assert staff.errors == ["Select how long the link works"]
    staff.choose("30 days")
    staff.write("Who is it for? (optional)", "A new job")
    staff.press("Make a link")
    staff.fits(320)
    address = staff.page.locator(".govuk-inset-text a").inner_text()
    path = "/verify/" + address.split("/verify/")[1]
    anybody.open(path)
    anybody.sees(NAME)
    anybody.fits(320)
    staff.press("Withdraw")
    anybody.open(path)
    anybody.sees("This link does not show the full name")
    assert "Nguyễn" not in anybody.text


def check_files(anybody: Visitor, path: Path, changed: Path) -> None:
    anybody.open("/verify/file")
    anybody.press("Check this file")
    assert anybody.errors == ["Select a certificate file"]
    check_file(anybody, path)
    assert anybody.heading == "This is the file that we issued"
    anybody.fits(320)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    changed.write_bytes(data)
    check_file(anybody, changed)
    assert anybody.heading == "This is not a file that we issued"
    changed.write_bytes(bytes(data) + b"\n" * 6 * 1024 * 1024)
    anybody.open("/verify/file")
    anybody.page.locator("input[type=file]").set_input_files(changed)
    anybody.press("Check this file")
    assert anybody.heading == "That file is too large"


def correct_the_name(site: LiveSite, staff: Visitor, number: str) -> str:
    with site.session() as session:
        rename(session, number, "Ọláyínká Siân")
    staff.open(f"/certificates/{number}")
    staff.follow("Correct the name")
    staff.press("Make a new certificate")
    staff.sees("Your new certificate has the corrected name")
    staff.fits(320)
    return staff.page.url.rpartition("/")[2]


def revoke_it(admin: Visitor, number: str) -> None:
    admin.open(f"/manage/certificates/{number}")
    admin.follow("Revoke this certificate")
    admin.press("Revoke")
    assert admin.errors == ["Select a reason"]
    admin.fits(320)
    admin.choose("Another reason")
    admin.write("What should the holder know? (optional)", "Taken by somebody else")
    admin.press("Revoke")
    admin.sees("The certificate is revoked from now on")
    admin.fits(320)
    admin.open("/manage/certificates?state=every")
    admin.fits(320)
    admin.open("/manage/certificates/checks")
    admin.fits(320)
