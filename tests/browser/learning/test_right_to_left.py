"""Pages that run from right to left, as they will in Arabic or Urdu: mirrored whole, nothing apart from its words."""

import pytest

from tests.browser.visiting import DESKTOP, PHONE, Device, Visitor

TURN_AROUND = "document.documentElement.dir = 'rtl'"
# A circle or a box is drawn beside the words of its label; how far apart, and on which side of them.
CONTROLS = """
() => [...document.querySelectorAll('.govuk-radios__label, .govuk-checkboxes__label')].map((label) => {
  const item = label.parentElement.getBoundingClientRect()
  const drawn = getComputedStyle(label, '::before')
  const left = item.left + parseFloat(drawn.left)
  const right = left + parseFloat(drawn.width)
  const range = document.createRange()
  range.selectNodeContents(label)
  const words = range.getBoundingClientRect()
  const control = label.control.getBoundingClientRect()
  const isRightToLeft = document.documentElement.dir === 'rtl'
  return {
    apart: Math.round(isRightToLeft ? left - words.right : words.left - right),
    isUnderPointer: control.left - 2 <= left && right <= control.right + 2,
  }
})
"""
WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def reader(visit, site):
    """Somebody who may open the pages that learners see."""

    def begin(device: Device) -> Visitor:
        return visit(device, username=site.a_learner())

    return begin


def turned_around(visitor: Visitor, measure: str) -> tuple[list, list]:
    """What is measured on the page as it is, and from right to left."""
    before = visitor.page.evaluate(measure)
    visitor.page.evaluate(TURN_AROUND)
    assert not visitor.page.evaluate(WIDER_THAN_THE_WINDOW)
    return before, visitor.page.evaluate(measure)


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_circles_stand_beside_their_words_from_right_to_left_too(reader, device):
    staff = reader(device)
    staff.open("/messages")
    before, after = turned_around(staff, CONTROLS)
    assert before == after
    assert len(before) == 7
    assert all(0 < one["apart"] < 30 and one["isUnderPointer"] for one in after)


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_boxes_to_tick_stand_beside_their_words_from_right_to_left_too(visit, device):
    lead = visit(device, username="hr")
    lead.open("/council/sefton/certificates/issue")
    before, after = turned_around(lead, CONTROLS)
    assert before == after != []
    assert all(0 < one["apart"] < 30 and one["isUnderPointer"] for one in after)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/verify", "/support", "/privacy"])
def test_public_pages_stay_whole_from_right_to_left(visit, path):
    anybody = visit(PHONE)
    anybody.open(path)
    turned_around(anybody, CONTROLS)
    anybody.look()
