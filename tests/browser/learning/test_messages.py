"""Somebody chooses what is mailed to them, and an administrator looks at what could not be."""

import pytest

from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE


@pytest.mark.parametrize("device", [PHONE, DESKTOP, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_choices_about_messages_are_kept(visit, site, device):
    learner = visit(device, username=site.a_learner())
    learner.open("/messages")
    assert learner.heading == "Messages"
    learner.fits(320)
    learner.page.get_by_label("Once a day, at 8 in the morning").check()
    learner.page.get_by_label("No", exact=True).check()
    learner.press("Save")
    learner.sees("Your choices are saved")
    assert learner.page.get_by_label("Once a day, at 8 in the morning").is_checked()
    assert learner.page.get_by_label("No", exact=True).is_checked()


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_a_choice_that_nobody_offered_is_explained(visit, site, device):
    learner = visit(device, username=site.a_learner())
    learner.open("/messages")
    learner.page.locator("input[value=daily]").evaluate("radio => { radio.value = 'never'; radio.checked = true }")
    learner.press("Save")
    assert learner.errors == ["Select when to tell you about certificates"]


@pytest.mark.parametrize("device", [PHONE, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_an_administrator_finds_how_messages_stand(visit, device):
    admin = visit(device, username="admin")
    admin.open("/manage")
    admin.follow("Messages by email and text")
    assert admin.heading == "Messages by email and text"
    admin.sees("Mail leaves through")
    admin.fits(320)
