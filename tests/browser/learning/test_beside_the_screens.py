"""What stands beside the screens: the glossary, the print version, the pack for a live session and the team talks."""

import pytest

from tests.browser.region import SHIPPED
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE, PHONE_WITHOUT_SCRIPTS


@pytest.mark.parametrize("device", [PHONE, DESKTOP, PHONE_WITHOUT_SCRIPTS], ids=str)
def test_a_word_can_be_looked_up_and_left_again(visit, site, device):
    staff = visit(device, username=site.a_learner())
    staff.open(f"/courses/{SHIPPED}")
    staff.press("Start this course")
    heading = staff.heading
    staff.follow("Glossary: words in this course")
    assert staff.heading == "Glossary"
    staff.open(f"/courses/{SHIPPED}/glossary?term=hate-crime&back=welcome/1#hate-crime")
    staff.follow(f"Back to {heading}")
    assert staff.heading == heading
    staff.open(f"/courses/{SHIPPED}/glossary")
    staff.fits(320, 280)


@pytest.mark.parametrize("device", [PHONE, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_a_part_and_the_whole_course_can_be_printed(visit, site, device):
    staff = visit(device, username=site.a_learner())
    staff.open(f"/courses/{SHIPPED}/everyday-words-and-actions/print")
    staff.sees("Answers")
    staff.fits(320)
    staff.open(f"/courses/{SHIPPED}/print")
    staff.sees("Glossary")


def test_an_hr_lead_gets_the_pack_as_a_pdf(visit):
    hr = visit(DESKTOP, username="hr")
    hr.open("/live-session")
    if hr.page.get_by_role("button", name="Prepare the PDF").count():
        hr.press("Prepare the PDF")
    hr.sees("Download the pack (PDF)")
    with hr.page.expect_download() as download:
        hr.page.get_by_role("button", name="Download the pack").or_(
            hr.page.get_by_role("link", name="Download the pack")
        ).first.click()
    assert download.value.suggested_filename == "From knowing to doing - facilitator pack.pdf"


@pytest.mark.parametrize("device", [PHONE, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_a_manager_ticks_a_team_talk_and_takes_it_back(visit, device):
    manager = visit(device, username="manager")
    manager.open("/team-talks")
    manager.press("Yes, it is done")
    manager.sees("You have done a team talk")
    manager.press("Take the tick back")
    manager.sees("Yes, it is done")
    manager.fits(320)
