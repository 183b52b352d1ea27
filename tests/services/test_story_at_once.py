"""A branching story in several tabs at the same moment, on a database that really commits: every step counts once."""

import pytest
from sqlalchemy import select

from courses.catalogue.versions import publish
from courses.records.answers import Answer
from courses.taking.stories import StoryStep
from kernel.clock import utc_now
from tests.builders.region import a_document
from tests.builders.stories import IN_COURSE
from tests.reading import Browser
from tests.services.conftest import COURSE, Site
from tests.services.test_at_once import TABS, all_at_once, another_tab, how_many

pytestmark = pytest.mark.slow
STORY = f"{COURSE}/first-steps/3"
CHOOSE = "Make this choice"


@pytest.fixture
def learner(site: Site) -> Browser:
    """Somebody on the screen with the story."""
    account = site.learner()
    with site.session() as session:
        publish(session, document=a_document(**IN_COURSE), account_id=None, now=utc_now())
    browser = site.browser(account)
    browser.submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/first-steps/1", "Continue")
    browser.submit(f"{COURSE}/first-steps/2", "Check my answer", answer="a")
    browser.submit(f"{COURSE}/first-steps/2", "Continue")
    return browser


def test_tabs_that_choose_differently_at_one_node_take_one_step(site: Site, learner: Browser) -> None:
    target, values = learner.open(STORY).form(CHOOSE)

    def post(number: int) -> int:
        return another_tab(learner).post(target, data={**values, "answer": f"meeting-{'abc'[number % 3]}"}).status_code

    assert all_at_once(post) == [302] * TABS
    assert how_many(site, StoryStep) == 1


def test_tabs_that_reach_the_end_and_go_back_at_once_keep_one_answer_of_a_whole_way(
    site: Site, learner: Browser
) -> None:
    learner.submit(STORY, CHOOSE, answer="meeting-b")
    forward, values = learner.open(STORY).form(CHOOSE)
    back, back_values = learner.open(STORY).form("Back to the step before")

    def post(number: int) -> int:
        form = (forward, {**values, "answer": "farida-a"}) if number % 2 else (back, back_values)
        return another_tab(learner).post(form[0], data=form[1]).status_code

    assert all_at_once(post) == [302] * TABS
    assert how_many(site, StoryStep) == 2
    with site.session() as session:
        stories = session.scalars(select(Answer.response).where(Answer.question_id == "TC-M1-X1")).all()
    assert stories in ([], [["meeting-b", "farida-a"]])
