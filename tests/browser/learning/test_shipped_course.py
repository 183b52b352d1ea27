"""The course that comes with Common Ground: every screen of its first modules, and every kind of question."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.region import SHIPPED
from tests.browser.visiting import DESKTOP_WITHOUT_SCRIPTS, PHONE, Visitor

EVENTS = [
    "The first known slave ship leaves Liverpool",
    "England’s first recorded mosque opens in Liverpool",
    "Crowds attack Black residents and Charles Wootton is killed",
    "Chinese seamen are secretly sent away from Liverpool",
    "Liverpool City Council apologises for its part in the slave trade",
]
CALM = "False rumours can put people in danger, so share calm facts"
LESSONS = {
    "1945 to 1946: Chinese seamen sent away in secret": "Involve the people a decision affects",
    "1989: formal notice about housing allocations": "Check whether a rule has unequal results",
    "2024: disorder after the Southport attack": CALM,
    "1981: Toxteth": "Everyday contact builds or breaks trust",
}
ONE_ANSWER = {
    "Check: who lives here": "12%",
    "Check: deep roots": "False",
    "“It is not an issue here”": "Offer to check the figures and bring them next week",
}
REASONS = "Check: why history matters at work"
ORDER = "Check: the order of events"
MATCH = "Check: events and their lessons"
THREE_REASONS = (
    "People may trust us less because of how they or their families were treated",
    "It shows how rules and decisions can harm people even when nobody means it",
    "It reminds us that diverse communities have always been part of this area",
)


@pytest.mark.parametrize("device", [PHONE, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_the_first_two_parts_can_be_taken_as_a_whole(visit, site, device):
    staff = visit(device, username=site.a_learner())
    staff.follow("Race equality essentials")
    staff.press("Start this course")
    take_a_part(staff)
    assert staff.heading == "Race equality essentials"
    staff.press("Continue")
    seen = take_a_part(staff)
    assert {*ONE_ANSWER, REASONS, ORDER, MATCH} <= set(seen)
    staff.sees("2 of ")
    staff.sees("modules done")


def take_a_part(staff: Visitor) -> list[str]:
    """Read and answer to the part's end. Returns the headings of its screens."""
    seen = []
    is_last = False
    while not is_last:
        seen.append(staff.heading)
        answer(staff)
        is_last = "Finish this module" in button_words(staff)
        staff.press("Finish this module" if is_last else "Continue")
    return seen


def button_words(staff: Visitor) -> list[str]:
    return staff.page.get_by_role("main").get_by_role("button").all_inner_texts()


def answer(staff: Visitor) -> None:
    heading = staff.heading
    if heading in ONE_ANSWER:
        staff.choose(ONE_ANSWER[heading])
        staff.press("Check my answer")
    elif heading == REASONS:
        for reason in THREE_REASONS:
            staff.choose(reason)
        staff.press("Check my answer")
        staff.sees("All of that is right.")
    elif heading == ORDER:
        put_in_order(staff)
    elif heading == MATCH:
        match_the_lessons(staff)


def put_in_order(staff: Visitor) -> None:
    """Once as it stands, to see what is said; then with buttons, or with the lists where no scripts run."""
    if staff.device.has_scripts:
        if rows(staff) == EVENTS:
            move(staff, "Move down", EVENTS[0])
        staff.press("Check my answer")
        staff.sees("The slave ship left in 1699")
        staff.has_focus_on("RE-M1-Q3-feedback")
        for place, event in enumerate(EVENTS):
            while rows(staff).index(event) > place:
                move(staff, "Move up", event)
        expect(staff.page.get_by_role("status")).to_contain_text("is now number")
    else:
        staff.press("Check my answer")
        assert staff.errors == ["Choose a place for every item"]
        for place, event in enumerate(EVENTS, start=1):
            staff.page.get_by_label(event, exact=True).select_option("1" if place == 2 else str(place))
        staff.press("Check my answer")
        assert staff.errors == ["Give every item a place of its own: two items share one"]
        staff.page.get_by_label(EVENTS[1], exact=True).select_option("2")
    staff.press("Try another answer" if "Try another answer" in button_words(staff) else "Check my answer")
    staff.sees("Yes. Three centuries of history sit behind the trust")
    assert rows(staff) == EVENTS or not staff.device.has_scripts


def move(staff: Visitor, words: str, event: str) -> None:
    staff.page.get_by_role("button", name=f"{words}: {event}", exact=True).click()


def rows(staff: Visitor) -> list[str]:
    def words(row: Locator) -> str:
        return next(event for event in EVENTS if event in row.inner_text())

    return [words(row) for row in staff.page.locator("[data-cg-item]").all()]


def match_the_lessons(staff: Visitor) -> None:
    events = list(LESSONS)
    staff.press("Check my answer")
    assert staff.errors
    for event in events:
        wrong = LESSONS[events[0]] if event == events[1] else LESSONS[event]
        staff.page.get_by_label(event, exact=True).select_option(label=wrong)
    staff.press("Check my answer")
    staff.sees("For each event, ask what people needed")
    staff.page.get_by_label(events[1], exact=True).select_option(label=LESSONS[events[1]])
    staff.press("Try another answer")
    staff.sees("Yes. Involve people, check results")


def test_tables_and_folds_of_the_course_fit_a_phone(visit, site):
    staff = visit(PHONE, username=site.a_learner())
    staff.open(f"/courses/{SHIPPED}")
    staff.press("Start this course")
    take_a_part(staff)
    staff.press("Continue")
    staff.page.get_by_text("Share of residents in each ethnic group").first.click()
    staff.look()
    staff.fits(320, 280)
