"""Two tabs of one learner, with the script that saves by itself: what the older one holds replaces nothing newer."""

import pytest
from playwright.sync_api import expect

from tests.browser.learning.test_staff_journey import answer_the_first_question, begin
from tests.browser.visiting import DESKTOP, PHONE

FIELD = "For you alone"
NEWER, OLDER = "Three hundred more words from the phone", "A first line, and one more word"


def field_of(page):
    return page.get_by_label(FIELD, exact=True)


def status_of(page):
    return page.get_by_role("status")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_words_of_an_older_tab_wait_until_somebody_chooses(visit, site, device):
    staff = visit(device, username=site.a_learner())
    begin(staff)
    answer_the_first_question(staff)
    older, newer = staff.page, staff.page.context.new_page()
    newer.goto(older.url)
    for words in ("Three hundred", NEWER):  # saved twice from one page, as somebody types
        with newer.expect_response("**/reflections/*") as saved:
            field_of(newer).fill(words)
        assert saved.value.status == 200
        expect(status_of(newer)).to_contain_text("Saved at")
    with older.expect_response("**/reflections/*") as refused:
        field_of(older).fill(OLDER)
    assert refused.value.status == 409
    expect(status_of(older)).to_contain_text("Not saved: look at both")
    staff.sees(NEWER)
    staff.faults.clear()  # the answer of 409
    staff.look()
    expect(older.get_by_role("button", name="Save my words")).to_have_count(0)
    address = older.url
    older.get_by_role("button", name="Finish this module").click()  # not without a choice
    expect(older.locator(".cg-clash")).to_be_focused()
    assert older.url == address
    field_of(older).fill(f"{OLDER}, and more")
    staff.press("Save what I typed here")
    expect(field_of(older)).to_have_value(f"{OLDER}, and more")
    staff.sees("Saved at")


def test_whoever_was_signed_out_is_told_in_place_and_comes_back_to_their_words(visit, site):
    username = site.a_learner()
    staff = visit(PHONE, username=username)
    begin(staff)
    answer_the_first_question(staff)
    staff.page.context.clear_cookies()
    field_of(staff.page).fill(OLDER)
    expect(status_of(staff.page)).to_contain_text("Not saved: you have been signed out")
    staff.faults.clear()  # the answer of 403
    staff.press("Save my words")
    staff.sees("Your last answer was not saved.")
    staff.write("Username", username)
    staff.write("Password", "a long demo password")
    staff.press("Sign in")
    staff.sees("Your last answer was not saved, because you were signed out.")
    expect(field_of(staff.page)).to_have_value(OLDER)


def test_going_on_waits_until_the_last_words_are_saved(visit, site):
    staff = visit(PHONE, username=site.a_learner())
    begin(staff)
    answer_the_first_question(staff)
    address = staff.page.url
    field_of(staff.page).fill(NEWER)
    staff.press("Finish this module")
    staff.open(address.removeprefix(site.address))
    expect(field_of(staff.page)).to_have_value(NEWER)


def test_going_on_stays_where_words_cannot_be_saved(visit, site):
    staff = visit(PHONE, username=site.a_learner())
    begin(staff)
    answer_the_first_question(staff)
    address = staff.page.url
    staff.page.route("**/reflections/*", lambda route: route.abort())
    field_of(staff.page).fill(NEWER)
    staff.page.get_by_role("button", name="Finish this module").click()
    expect(status_of(staff.page)).to_contain_text("Not saved: we could not reach Common Ground")
    expect(field_of(staff.page)).to_be_focused()
    assert staff.page.url == address
    expect(field_of(staff.page)).to_have_value(NEWER)
    staff.page.unroute("**/reflections/*")
    staff.faults.clear()  # the answer that never came
