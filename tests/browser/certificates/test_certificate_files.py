"""A lost file, seen by its holder and by an admin, and made again by a real worker, byte for byte."""

import pytest

from certificates.making.rendering import storage_key
from tests.browser.certificates.test_certificate_editions import certificate_of, wait_for_the_file
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE

CHECKS = "/manage/certificates/checks"


@pytest.mark.parametrize("device", [PHONE, DESKTOP, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_a_changed_file_is_handed_to_nobody_until_it_is_made_again(visit, site, device):
    username = site.a_learner()
    number = certificate_of(site, username)
    admin, staff = visit(device, username="admin"), visit(device, username=username)
    admin.open(f"/manage/certificates/{number}")
    wait_for_the_file(admin)
    path = site.files / storage_key(number)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    staff.open(f"/certificates/{number}/file", status=503)
    assert staff.heading == "We cannot give you this file at the moment"
    staff.fits(320)
    admin.open(CHECKS)
    admin.press("Look at everything now")
    admin.reload_until("read and compared")
    admin.sees("1 stored file is missing or changed.")
    admin.fits(320)
    admin.follow(number)
    admin.sees("Changed since it was stored, so nobody gets it")
    admin.press("Make the lost file again")
    admin.reload_until("Stored, and unchanged")
    admin.fits(320)
    assert path.read_bytes() == whole
    admin.open(CHECKS)
    admin.sees("What was lost has been put right since.")
    staff.open(f"/certificates/{number}")
    with staff.page.expect_download():
        staff.page.get_by_role("link", name="Download your certificate (PDF").click()
