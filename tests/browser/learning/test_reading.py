"""What each reader meets their own way: hard detail, the table of areas, and the examples that fit their job."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.learning.test_shipped_course import answer, button_words
from tests.browser.region import SHIPPED
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE, Visitor

DEVICES = [PHONE, DESKTOP_WITHOUT_SCRIPTS]


def go_to(staff: Visitor, heading: str) -> None:
    """Continue until the screen with this heading."""
    while staff.heading != heading:
        answer(staff)
        is_last = "Finish this module" in button_words(staff)
        staff.press("Finish this module" if is_last else "Continue")
        if is_last:
            staff.press("Continue")


def on_paper(staff: Visitor, words: Locator, *, is_there: bool) -> None:
    """Folds open on paper, but who left hard detail shut does not find it there."""
    staff.page.emulate_media(media="print")
    expect(words).to_be_visible(visible=is_there)
    staff.page.emulate_media(media="screen")


def opens_the_rest_and_asks_for_nothing(staff: Visitor) -> None:
    """Both versions are in the page: opening, shutting and printing one sends no request and changes no address."""
    asked: list[str] = []
    staff.page.on("request", lambda request: asked.append(request.url))
    address = staff.page.url
    staff.sees("between 1919 and 2024".capitalize())
    rest = staff.page.locator("summary", has_text="Read all of it")
    person = staff.page.get_by_text("Charles Wootton, a young seaman")
    expect(person).to_be_hidden()
    rest.focus()
    staff.page.keyboard.press("Enter")
    expect(person).to_be_visible()
    staff.fits(320)
    on_paper(staff, person, is_there=True)
    staff.page.get_by_text("More about 1919").click()
    staff.sees("A crowd chased him")
    rest.focus()
    staff.page.keyboard.press("Space")
    expect(person).to_be_hidden()
    on_paper(staff, person, is_there=False)
    assert (asked, staff.page.url) == ([], address)


@pytest.mark.parametrize("device", DEVICES, ids=str)
def test_examples_a_sorted_table_and_the_short_version(visit, site, device):
    staff = visit(device, username=site.a_learner())
    staff.open(f"/courses/{SHIPPED}")
    staff.press("Start this course")
    go_to(staff, "Pick your examples")
    expect(staff.page.get_by_label("Customer service and libraries")).to_be_checked()
    staff.choose("Streets, parks and depots")
    staff.press("Continue")
    go_to(staff, "Who lives here")
    staff.sees("(your area)")
    staff.fits(320)
    staff.page.get_by_label("Order of the table").first.select_option(label="Residents, highest first")
    staff.press("Sort the table")
    staff.sees("Order: Residents, highest first")
    assert staff.page.get_by_role("rowheader").first.inner_text() == "City region"
    staff.page.get_by_text("Share of residents in each ethnic group").first.click()
    second = staff.page.locator("#sort2-table")
    second.get_by_label("Order of the table").select_option(label="White British, lowest first")
    staff.press("Sort the table", within=second)
    expect(second.get_by_role("rowheader").first).to_have_text("Liverpool")
    staff.sees("Order: Residents, highest first")
    staff.fits(320)
    go_to(staff, "Detail: harm that people remember")
    opens_the_rest_and_asks_for_nothing(staff)
    go_to(staff, "“It is not an issue here”")
    staff.sees("a leaflet about bins and recycling")
    staff.sees("Ste, says")
    staff.open(f"/courses/{SHIPPED}")
    staff.follow("Change your examples")
    expect(staff.page.get_by_label("Streets, parks and depots")).to_be_checked()
    staff.choose("Schools and early years")
    staff.press("Save your choice")
    staff.sees("Your examples: Schools and early years")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_authors_preview_a_set_of_their_choice(visit, site, device):
    author = visit(device, username="admin")
    author.open(f"/manage/courses/{SHIPPED}/versions/1/preview/why-race-equality-matters-here/1")
    author.page.get_by_label("Examples").select_option(label="Managers")
    author.press("Show this wording")
    expect(author.page.get_by_label("Examples")).to_have_value("managers")
