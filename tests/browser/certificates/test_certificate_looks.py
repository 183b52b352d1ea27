"""An administrator gives an authority's certificates a look, and sees it while typing."""

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE
from tests.certificates.pictures_for_tests import a_picture

LOGO = {"name": "logo.png", "mimeType": "image/png", "buffer": a_picture()}
SIGNATURE = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": a_picture(900, 300, "JPEG")}


@pytest.mark.parametrize("device", [PHONE, DESKTOP, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_a_look_is_typed_seen_put_right_and_saved(visit, device):
    admin = visit(device, username="admin")
    admin.open("/manage/certificate-looks")
    admin.follow("Sefton")
    assert admin.heading.startswith("Certificates of Sefton")
    admin.choose("Horizon")
    admin.write("Main colour", "#f3b229")
    admin.page.get_by_label("Logo", exact=True).set_input_files(LOGO)
    if not device.has_scripts:
        admin.press("Preview")
    expect(admin.page.get_by_role("img", name="logo")).to_be_visible()
    admin.sees("Too light to read: the main colour has a contrast of 1.8 to 1 with white.")
    if device.has_scripts:
        admin.page.get_by_label("Words before the name").first.fill(f"Seen on a {device}")
        expect(admin.page.get_by_role("article")).to_contain_text(f"Seen on a {device}")
    admin.press("Save as a new version")
    assert admin.errors[0].startswith("Main colour is too light to read")
    admin.fits(320)
    admin.write("Main colour", "#103050")
    admin.page.get_by_label("Words before the name").first.fill(f"Said on a {device}")
    person = admin.page.get_by_role("group", name="Person 1")
    person.get_by_label("Name", exact=True).fill("Ọláyínká Nguyễn")
    person.get_by_label("Job title").fill("Chief Executive")
    person.get_by_label("Signature", exact=True).set_input_files(SIGNATURE)
    admin.press("Save as a new version")
    admin.sees("is saved. Certificates issued from now on have it")
    expect(admin.page.get_by_role("article")).to_contain_text(f"Said on a {device}")
    expect(admin.page.get_by_role("img", name="Signature of Ọláyínká Nguyễn")).to_be_visible()
