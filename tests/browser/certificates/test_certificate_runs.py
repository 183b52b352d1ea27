"""Certificates for many people at once, in a browser and with the site's own worker: watched; then a zip."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from certificates.record.audiences import Audience
from certificates.zips.requests import ask_for_archive
from courses.catalogue.versions import Course, PublishOutcome, get_current_version
from courses.records.completion import CompletionSource
from kernel.clock import local_day, utc_now
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.organisations import Unit
from people.persons import Person
from tests.browser.live_site import LiveSite
from tests.browser.region import LONGEST_NAME, SMALL
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE, Visitor
from tests.builders.certificate_batches import NAMES, completed

CERTIFICATES_URL = "/council/sefton/certificates"


def import_history(site: LiveSite, number: int) -> None:
    """So many more people of a team completed the small course before it was here."""
    with site.session() as session:
        course = session.scalars(select(Course).where(Course.slug == SMALL)).one()
        version = get_current_version(session, course_id=course.id)
        outcome = PublishOutcome(course.id, version.id, version.number, is_new=False)
        unit = session.get_one(Unit, site.region.team_id)
        names = (*NAMES, LONGEST_NAME)
        first, *_ = completed(session, outcome, unit, number, source=CompletionSource.IMPORTED, names=names)
        session.execute(update(Person).where(Person.id == first).values(email=f"p{first}@sefton.example"))
        session.commit()


@pytest.mark.smoke(str(DESKTOP))
@pytest.mark.parametrize("device", [PHONE, DESKTOP, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_an_hr_lead_issues_for_people_whose_completion_was_imported(visit, site, tmp_path, device):
    import_history(site, 30)
    lead = visit(device, username="hr")
    lead.open(CERTIFICATES_URL)
    lead.fits(320)
    lead.press("Issue certificates")
    lead.press("Show who would get one")
    assert lead.errors == ["Select a course"]
    lead.fits(320)
    lead.page.get_by_label("Course").select_option("test-course")
    lead.choose("Also give one to people whose completion was imported")
    lead.press("Show who would get one")
    lead.sees("30 people would get a certificate.")
    lead.fits(320)
    lead.sees("29 of them have no email address in their record")
    lead.press("Issue 30 certificates")
    assert lead.errors == ["Select whether they get an email"]
    lead.fits(320)
    lead.choose("Yes, as soon as each certificate is ready")
    lead.press("Issue 30 certificates")
    for _ in range(360):
        if "30 files are ready" in lead.text and "1 email sent" in lead.text:
            break
        lead.page.wait_for_timeout(250)
        if not device.has_scripts:
            lead.follow("See how far it is now")
    lead.sees("Done 30 of 30 certificates issued. 30 files are ready.")
    lead.sees("1 email sent")
    lead.look()
    lead.fits(320)
    lead.open(CERTIFICATES_URL)
    lead.fits(320)
    take_a_zip(lead, tmp_path / "certificates.zip")
    admin = visit(device, username="admin")
    admin.open("/council/every-authority/certificates")
    admin.fits(320)
    admin.open("/council/sefton/certificates/reissue?course=test-course")
    admin.go(admin.page.locator("form button.govuk-button--warning"))
    assert admin.errors == ["Select a reason", "Select whether they get an email"]
    admin.choose("The document had a fault")
    admin.go(admin.page.locator("form button.govuk-button--warning"))
    assert admin.errors == ["Select whether they get an email"]
    admin.fits(320)


def take_a_zip(lead: Visitor, path: Path) -> None:
    lead.press("Download certificates as a zip")
    lead.fits(320)
    lead.press("Show what would be in it")
    lead.fits(320)
    lead.press("Make the zip")
    for _ in range(360):
        if "Download the zip" in lead.text:
            break
        lead.page.wait_for_timeout(250)
        if not lead.device.has_scripts:
            lead.follow("See whether it is ready")
    lead.look()
    lead.fits(320)
    with lead.page.expect_download() as started:
        lead.page.get_by_role("button", name="Download the zip").click()
    started.value.save_as(path)
    with ZipFile(path) as archive:
        pdfs = [name for name in archive.namelist() if name.endswith(".pdf")]
        assert len(pdfs) >= 30
        assert archive.read(pdfs[0]).startswith(b"%PDF")


@pytest.mark.parametrize("device", [PHONE, DESKTOP, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_a_zip_that_is_being_made_is_cancelled(visit, site, device):
    archive_id = a_zip_in_hand(site)
    lead = visit(device, username="hr")
    lead.open(f"{CERTIFICATES_URL}/zips/{archive_id}")
    lead.sees("Being made 4,200 of 12,000 certificates looked at.")
    lead.fits(320)
    lead.press("Cancel this zip")
    lead.sees("Nothing of this zip is kept")
    lead.sees("Nobody can download it")
    lead.fits(320)
    lead.open(CERTIFICATES_URL)
    assert lead.table("Zips")[1][2] == "Cancelled"


def a_zip_in_hand(site: LiveSite) -> int:
    """A zip that a worker elsewhere is in the middle of."""
    with site.session() as session:
        unit, now = session.get_one(Unit, site.region.team_id), utc_now()
        account_id = session.scalars(select(Account.id).order_by(Account.id)).first()
        audience = Audience(None, unit.organisation_id, on=local_day(now))
        archive = ask_for_archive(session, audience, wanted=12_000, account_id=account_id, now=now)
        archive.state, archive.claims, archive.claimed_at, archive.done = TaskState.WORKING, 1, now, 4_200
        session.commit()
        return archive.id
