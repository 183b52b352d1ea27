"""Everything that staff do can be done with keys alone, and the focus is always seen."""

from playwright.sync_api import Page, expect

from tests.browser.region import PASSWORD
from tests.browser.visiting import DESKTOP, PHONE, Visitor

# What shows only while an element has the focus: GOV.UK draws it on the element, or on a control's label.
SHOWS_FOCUS = """
() => {
  const element = document.activeElement
  if (!element || element === document.body) return 'nothing has the focus'
  const box = element.getBoundingClientRect()
  const isInView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
  if (!isInView) return 'the focus is outside the window'
  const look = (one, part) => {
    const style = one && getComputedStyle(one, part)
    return style ? [style.boxShadow, style.outlineStyle, style.outlineWidth, style.outlineColor,
      style.backgroundColor, style.borderWidth].join() : ''
  }
  const drawn = () => {
    const label = element.labels && element.labels[0]
    return [look(element), look(element, '::before'), look(label, '::before')].join()
  }
  const focused = drawn()
  element.blur()
  const blurred = drawn()
  element.focus({ preventScroll: true })
  return focused === blurred ? 'the focus is not seen on ' + element.outerHTML.slice(0, 120) : ''
}
"""


class Keys:
    """A person who uses keys only. ``to`` steps on with Tab and sees the focus at each step."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page

    def to(self, name: str) -> None:
        passed = []
        for _ in range(40):
            self.page.keyboard.press("Tab")
            problem = self.page.evaluate(SHOWS_FOCUS)
            assert not problem, f"{self.page.url}: {problem}"
            passed.append(self.name_in_focus())
            if passed[-1].startswith(name):
                return
        raise AssertionError(f"Tab never came to “{name}”: {passed}")

    def name_in_focus(self) -> str:
        return self.page.evaluate(
            "() => (document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()"
        )

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, key: str = "Enter") -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.visitor.look()


def test_a_question_can_be_answered_with_keys_alone(visit, site):
    staff = visit(DESKTOP)
    keys = Keys(staff)
    staff.open("/")
    keys.to("Username")
    staff.page.keyboard.type(site.a_learner())
    keys.to("Password")
    staff.page.keyboard.type(PASSWORD)
    keys.to("Sign in")
    keys.go()
    keys.to("Test course")
    keys.go()
    keys.to("Start this course")
    keys.go("Space")
    keys.to("Continue")
    keys.go()
    keys.to("The")
    keys.press("ArrowDown", "ArrowUp", "Space")
    keys.to("Check my answer")
    keys.go()
    staff.has_focus_on("TC-M1-Q1-feedback")
    keys.to("Continue")
    keys.go()
    assert staff.heading == "A thought"
    keys.to("For you alone")
    staff.page.keyboard.type("A thought of my own")
    keys.to("Finish this module")
    keys.go()
    assert staff.heading == "Test course"


def test_the_menu_of_a_phone_opens_with_keys(visit, site):
    keys = Keys(visit(PHONE, username=site.a_learner()))
    keys.page.reload()
    keys.to("Menu")
    keys.press("Enter")
    keys.to("My certificates")
    keys.go()
    assert keys.visitor.heading == "My certificates"


def test_errors_lead_to_their_fields_with_keys(visit):
    anybody = visit(PHONE)
    keys = Keys(anybody)
    anybody.open("/sign-in")
    anybody.press("Sign in")
    keys.to("Enter your password")
    keys.press("Enter")
    expect(anybody.page.get_by_label("Password", exact=True)).to_be_focused()
    keys.to("Show")
    keys.press("Enter")
    expect(anybody.page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
