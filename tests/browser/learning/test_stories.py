"""A branching story with keys alone, with scripts and without, on a phone: two ways to two ends."""

import pytest
from sqlalchemy import select

from courses.records.attempts import Attempt, ModuleProgress, get_attempt
from courses.taking.progression import begin_course
from kernel.clock import utc_now
from people.accounts import Account
from tests.browser.learning.test_keyboard import Keys
from tests.browser.region import SHIPPED
from tests.browser.visiting import DESKTOP, PHONE, PHONE_WITHOUT_SCRIPTS, Visitor

MODULE, SCREEN, STORY = "being-an-active-bystander", "RE-M5-S21", "RE-M5-X1"
GOOD_WAY = ["Say “Can we pause there?", "“It is your call, and I respect it.", "“Let us talk about it properly."]
OTHER_WAY = [
    "Laugh along",
    "Hope that she has forgotten",
    "Ring ",
    "“OK, let us forget it.”",
]


@pytest.fixture
def at_the_story(visit, site):
    """Somebody who has come to the story, at a device."""

    def arrive(device) -> Visitor:
        username = site.a_learner("Ọláyínká Adébáyọ̀")
        number = _bring(site, username)
        staff = visit(device, username=username)
        staff.open(f"/courses/{SHIPPED}/{MODULE}/{number}")
        return staff

    return arrive


def _bring(site, username: str) -> int:
    with site.session() as session:
        person_id = session.scalars(select(Account.person_id).where(Account.username == username)).one()
        begin_course(session, person_id=person_id, slug=SHIPPED, now=utc_now())
        attempt = get_attempt(session, person_id=person_id, slug=SHIPPED)
        document = attempt.document(session)
        module = document.module(MODULE)
        number = [screen.id for screen in module.screens].index(SCREEN) + 1
        for before in document.modules[: document.modules.index(module)]:
            done = len(before.screens)
            session.add(
                ModuleProgress(attempt_id=attempt.id, module_id=before.id, screens_done=done, completed_at=utc_now())
            )
        session.add(ModuleProgress(attempt_id=attempt.id, module_id=module.id, screens_done=number - 1))
        session.get_one(Attempt, attempt.id).at_module = MODULE
        session.commit()
    return number


class Chooser(Keys):
    """A person who chooses with keys only."""

    def choose(self, words: str) -> None:
        for _ in range(40):
            self.press("Tab")
            if self.page.evaluate("document.activeElement.type") == "radio":
                break
        if self.name_in_focus().startswith(words):
            self.press("Space")
        for _ in range(8):
            if self.name_in_focus().startswith(words):
                break
            self.press("ArrowDown")
        assert self.name_in_focus().startswith(words)
        self.to("Make this choice")
        self.go()
        self.visitor.has_focus_on(f"{STORY}-now")


@pytest.mark.parametrize("device", [PHONE, PHONE_WITHOUT_SCRIPTS], ids=str)
def test_two_ways_through_the_meeting_with_keys_alone(at_the_story, device):
    staff = at_the_story(device)
    keys = Chooser(staff)
    staff.sees("Step 1 of about 3 In the meeting")
    for words in GOOD_WAY:
        keys.choose(words)
    staff.sees("The end of the story Several good routes")
    for words in GOOD_WAY:
        staff.sees(words)
    keys.to("Try another way")
    keys.go()
    staff.has_focus_on(f"{STORY}-now")
    for words in OTHER_WAY:
        keys.choose(words)
    staff.sees("Left as it is")
    keys.to("Back to the step before")
    keys.go()
    staff.sees("Step 3 of about 4")
    keys.to("Continue")
    keys.go()
    assert staff.heading == "Support the person first"


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_a_story_without_a_choice_or_an_end_says_what_to_do(at_the_story, device):
    staff = at_the_story(device)
    staff.press("Make this choice")
    assert staff.errors == ["Select an answer"]
    staff.press("Continue")
    assert staff.errors == ["Follow the story to one of its ends before you continue"]
    staff.choose("Laugh along, so as not to make a scene")
    staff.press("Make this choice")
    staff.fits(320)
    staff.reload()
    staff.sees("Step 2 of about 4 After the meeting")
