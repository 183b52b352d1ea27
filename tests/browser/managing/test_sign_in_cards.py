"""An HR lead has sign-in cards made, and somebody comes in with one on a phone."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from people.organisations import Unit
from tests.browser.live_site import LiveSite
from tests.browser.visiting import DESKTOP, PHONE, PHONE_WITHOUT_SCRIPTS, Device, Visitor
from tests.builders.region import a_person

PDFTOTEXT = shutil.which("pdftotext") or "pdftotext"
FIRST = "/council/sefton/first-sign-in"
WORDS = "Two words and a number, such as maple-lantern-42"
NAME, PASSWORD = "Ọláyínká O’Brien", "kettle anchor falcon"


@pytest.mark.smoke(str(PHONE))
@pytest.mark.parametrize("device", [PHONE, DESKTOP, PHONE_WITHOUT_SCRIPTS], ids=str)
def test_a_card_from_the_page_of_hr_to_a_first_password(visit, site: LiveSite, device: Device, tmp_path: Path) -> None:
    with site.session() as session:
        a_person(session, session.get_one(Unit, site.region.team_id), NAME)
        session.commit()
    lead = visit(device, username="hr")
    lead.open(f"{FIRST}/choice")
    lead.choose("A sign-in card on paper")
    lead.choose(WORDS)
    lead.press("Keep this choice")
    lead.sees("The choice is kept.")
    lead.fits(320)
    lead.open(FIRST)
    sheets = lead.page.locator("table a").count()
    lead.open(f"{FIRST}/new?unit={site.region.team_id}")
    lead.press("Make")
    if "cards?" in lead.heading:  # more than 50: other journeys have left people in this team
        lead.fits(320)
        lead.press("Yes, make them")
    lead.sees("will be made")
    lead.fits(320)
    lead.go(newest_sheet(lead, after=sheets))
    lead.reload_until("Download the sheet")
    lead.sees(NAME)
    lead.fits(320)
    with lead.page.expect_download() as started:
        lead.page.get_by_role("button", name="Download the sheet").click()
    path = tmp_path / "cards.pdf"
    started.value.save_as(path)
    words = subprocess.run([PDFTOTEXT, path, "-"], capture_output=True, check=True).stdout.decode()
    own = words[words.index(NAME) :]
    username, code = re.search(r"[a-z]+-[a-z]+-\d\d", own), re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", own)
    assert username is not None
    assert code is not None
    phone = visit(PHONE)
    phone.open("/card")
    phone.write("Username", username[0].upper())
    phone.write("One-time code", code[0].lower())
    phone.press("Continue")
    phone.sees(f"Your username is {username[0]}")
    phone.fits(320)
    phone.write("New password", PASSWORD)
    phone.press("Set this password")
    assert phone.heading == "My learning"
    lead.reload()
    lead.sees("Has signed in")


def newest_sheet(lead: Visitor, *, after: int) -> Locator:
    """The link to the sheet that was asked for last: it is there once the queue has begun it."""
    sheets = lead.page.locator("table a")
    for _ in range(360):
        if sheets.count() > after:
            return sheets.first
        lead.page.wait_for_timeout(250)
        lead.page.reload()
    raise AssertionError(f"The sheet never came: {lead.text}")
