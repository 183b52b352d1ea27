"""People who enlarge, recolour or print: pages load, show everything, and scroll one way only."""

import pytest

from tests.browser.region import SHIPPED
from tests.browser.visiting import DESK, PHONE, Device

# 1280 by 1024 at 400 per cent.
ENLARGED = Device(320, 256)
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


@pytest.mark.parametrize("device", [PHONE, DESK], ids=str)
def test_forced_colours_keep_pages_whole(learner, device):
    staff = learner(device, forced_colors="active")
    staff.press("Continue")
    staff.open("/learning")


@pytest.mark.parametrize(
    ("device", "context"),
    [(ENLARGED, {}), (PHONE, {"forced_colors": "active"}), (DESK, {"forced_colors": "active"})],
    ids=["enlarged", "phone", "desk"],
)
def test_the_way_in_stays_whole(visit, site, device, context):
    staff = visit(device, **context)
    staff.sign_in(site.a_learner())
    assert staff.heading == "My learning"


@pytest.mark.parametrize("username", ["hr", "admin"])
def test_forced_colours_keep_the_pages_of_work_whole(visit, username):
    visit(DESK, username=username, forced_colors="active")


def test_pages_print_without_their_controls(learner):
    staff = learner(DESK)
    staff.page.emulate_media(media="print")
    staff.look()
    assert not staff.page.get_by_role("button", name="Continue").is_visible()
    assert staff.page.get_by_role("heading", level=1).is_visible()


def test_enlarged_text_alone_stays_readable(learner):
    staff = learner(PHONE)
    for path in ("/learning", f"/courses/{SHIPPED}", "/support"):
        staff.open(path)
        staff.page.evaluate("document.documentElement.style.fontSize = '200%'")
        staff.look()
