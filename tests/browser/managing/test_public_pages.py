"""The pages that anybody may open."""

import pytest

from tests.browser.visiting import DESKTOP, PHONE, PHONE_WITHOUT_SCRIPTS, BadPage

FAINT_WORDS = """(part) => {
  const words = document.createElement("p")
  words.textContent = "faint"
  words.style.color = "#ddd"
  document.querySelector(part).append(words)
}"""
DEVICES = pytest.mark.parametrize("device", [PHONE, DESKTOP, PHONE_WITHOUT_SCRIPTS], ids=str)


@DEVICES
def test_public_pages_open_for_everybody(visit, device):
    anybody = visit(device)
    for path in ("/accessibility", "/privacy", "/support", "/verify"):
        anybody.open(path)
        anybody.fits(320)
    anybody.open("/nowhere", status=404)
    assert anybody.heading == "We cannot find that page"


@DEVICES
def test_a_number_that_we_did_not_issue_gets_a_kind_answer(visit, device):
    anybody = visit(device)
    anybody.open("/verify")
    anybody.press("Check this number")
    assert anybody.errors == ["Enter a certificate number"]
    anybody.write("Certificate number", "re 7k4m 29qx c")
    anybody.press("Check this number")
    assert anybody.errors == ["This is the example. Enter the number that is printed on the certificate"]
    anybody.write("Certificate number", "re ej8x 60fh y")
    anybody.press("Check this number")
    assert anybody.heading == "We did not issue this certificate"
    anybody.follow("Check another number")
    assert anybody.heading == "Check a certificate"


def test_the_skip_link_leads_past_the_navigation(visit):
    anybody = visit(PHONE)
    anybody.open("/support")
    anybody.page.keyboard.press("Tab")
    anybody.page.keyboard.press("Enter")
    anybody.has_focus_on("main")


def test_the_support_page_uses_the_words_of_the_visitors_authority(visit):
    admin = visit(DESKTOP, username="admin")
    admin.open("/manage/local-wording/sefton")
    admin.write("Support for staff", "the Sefton listening line")
    admin.press("Save the wording")
    admin.open("/support")
    admin.sees("For somebody to talk to in confidence: the Sefton listening line.")
    anybody = visit(PHONE)
    anybody.open("/support")
    anybody.sees("For somebody to talk to in confidence: your employee assistance programme.")


@pytest.mark.parametrize("part", ["main", "header", "footer"])
def test_faint_words_are_found_in_every_part_of_a_page_that_was_good_before(visit, part):
    visitor = visit(PHONE)
    visitor.open("/accessibility")
    visitor.page.evaluate(FAINT_WORDS, part)
    with pytest.raises(BadPage, match="color-contrast"):
        visitor.look()
