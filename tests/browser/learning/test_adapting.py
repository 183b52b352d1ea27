"""People who enlarge, recolour or print: pages load, show everything, and scroll one way only."""

import pytest

from tests.browser.region import SHIPPED
from tests.browser.visiting import DESKTOP, PHONE, Device

# 1280 by 1024 at 400 per cent.
ENLARGED = Device(320, 256)
# What a sheet holds within margins of a centimetre.
A4 = Device(718, 1046)
# What is kept for screen readers only is clipped on purpose, with everything in it.
CUT_OFF = """
() => {
  const isClipped = (element) =>
    element && (getComputedStyle(element).clipPath !== 'none' || isClipped(element.parentElement))
  return [...document.querySelectorAll('main *, header *, footer *')].filter((element) => {
    const box = element.getBoundingClientRect()
    const isOutside = box.width && (box.right > innerWidth + 1 || box.left < -1)
    return (isOutside || getComputedStyle(element).position === 'fixed') && !isClipped(element)
  }).map((element) => element.outerHTML.slice(0, 120))
}
"""


@pytest.fixture
def learner(visit, site):
    """Somebody on the screen of the shipped course that has the largest tables."""

    def begin(device: Device, **context: object):
        staff = visit(device, username=site.a_learner(), **context)
        staff.open(f"/courses/{SHIPPED}")
        staff.press("Start this course")
        return staff

    return begin


def test_a_learning_screen_enlarged_four_times_loses_nothing(learner):
    staff = learner(ENLARGED)
    assert staff.heading == "What this is"
    staff.press("Continue")
    assert_nothing_is_cut_off(staff)


def test_figures_enlarged_four_times_lose_nothing(visit):
    lead = visit(ENLARGED, username="hr")
    assert lead.heading == "Sefton Council"
    assert_nothing_is_cut_off(lead)


def assert_nothing_is_cut_off(visitor) -> None:
    """No word stands outside the window's width, and nothing lies fixed over the page."""
    assert visitor.page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_forced_colours_keep_pages_whole(learner, device):
    staff = learner(device, forced_colors="active")
    staff.press("Continue")
    staff.open("/learning")


@pytest.mark.parametrize(
    ("device", "context"),
    [(ENLARGED, {}), (PHONE, {"forced_colors": "active"}), (DESKTOP, {"forced_colors": "active"})],
    ids=["enlarged", "phone", "desktop"],
)
def test_the_way_in_stays_whole(visit, site, device, context):
    staff = visit(device, **context)
    staff.sign_in(site.a_learner())
    assert staff.heading == "My learning"


@pytest.mark.parametrize("username", ["hr", "admin"])
def test_forced_colours_keep_the_pages_of_work_whole(visit, username):
    visit(DESKTOP, username=username, forced_colors="active")


def test_pages_print_without_their_controls(learner):
    staff = learner(DESKTOP)
    staff.page.emulate_media(media="print")
    staff.look()
    assert not staff.page.get_by_role("button", name="Continue").is_visible()
    assert staff.page.get_by_role("heading", level=1).is_visible()


# GOV.UK Frontend prints the address after each link: for one within the site that is a path, which helps nobody.
PRINTED_BEHIND_LINKS = """
() => [...document.querySelectorAll('a[href^="/"], a[href^="#"]')]
  .map((link) => getComputedStyle(link, '::after').content)
  .filter((printed) => printed.includes('/') || printed.includes('#') || printed.includes('attr('))
"""


@pytest.mark.parametrize("path", ["/council/sefton", "/council/sefton/ratings", "/council/sefton/units"])
def test_figures_print_without_addresses_of_the_site(visit, path):
    lead = visit(DESKTOP, username="hr")
    lead.open(path)
    lead.page.emulate_media(media="print")
    assert lead.page.evaluate(PRINTED_BEHIND_LINKS) == []


def test_a_learning_screen_prints_without_addresses_of_the_site(learner):
    staff = learner(DESKTOP)
    staff.page.emulate_media(media="print")
    assert staff.page.evaluate(PRINTED_BEHIND_LINKS) == []


def test_the_bars_of_completion_begin_on_the_first_printed_page(visit):
    lead = visit(A4, username="hr")
    lead.page.emulate_media(media="print")
    first_row = lead.page.locator("table tbody tr").first.bounding_box()
    assert first_row is not None
    assert first_row["y"] + first_row["height"] < A4.height


def test_enlarged_text_alone_stays_readable(learner):
    staff = learner(PHONE)
    for path in ("/learning", f"/courses/{SHIPPED}", "/support"):
        staff.open(path)
        staff.page.evaluate("document.documentElement.style.fontSize = '200%'")
        staff.look()
