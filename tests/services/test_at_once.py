"""The same thing twice at the same moment, on a database that really commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.jobs.housekeeping import run_housekeeping
from app.platform.work import unit_of_work
from certificates.making.rendering import CERTIFICATE_FILES
from certificates.record.issuing import Certificate
from courses.records.answers import Answer
from courses.records.attempts import Attempt
from courses.records.completion import Completion
from courses.reflection.reflections import Reflection
from courses.taking.progression import finish_screen
from courses.taking.screens import OpenScreen, ScreenAddress, open_screen
from kernel.clock import utc_now
from kernel.tasks.claims import claim
from tests.reading import Browser
from tests.services.conftest import (
    COURSE,
    LAST_QUESTION,
    Site,
    complete_many,
    promise_many,
    reach_last_question,
)

pytestmark = pytest.mark.slow
TABS = 4


def all_at_once(act: Callable[[int], object]) -> list:
    """What each of several threads got that did this at the same moment."""
    gate = Barrier(TABS)

    def run(number: int) -> object:
        gate.wait()
        return act(number)

    with ThreadPoolExecutor(TABS) as pool:
        return list(pool.map(run, range(TABS)))


def another_tab(learner: Browser) -> FlaskClient:
    """A second window of the same browser: the same cookie, and so the same token in its forms."""
    cookie = learner.client.get_cookie("common-ground")
    assert cookie is not None
    tab = learner.client.application.test_client()
    tab.set_cookie("common-ground", cookie.value)
    return tab


def how_many(site: Site, thing: type) -> int:
    with site.session() as session:
        return session.scalar(select(func.count()).select_from(thing)) or 0


def test_two_tabs_with_the_same_last_answer_leave_one_record(site: Site) -> None:
    learner = site.browser(site.learner())
    reach_last_question(learner)
    target, values = learner.open(LAST_QUESTION).form("Check my answer")

    def post(_: int) -> int:
        return another_tab(learner).post(target, data={**values, "answer": ["a", "b"]}).status_code

    assert all_at_once(post) == [302] * TABS
    assert [how_many(site, thing) for thing in (Answer, Completion, Certificate)] == [2, 1, 1]


def test_a_tab_that_had_to_wait_goes_on_from_what_the_other_one_stored(site: Site) -> None:
    account = site.learner()
    site.browser(account).submit(COURSE, "Start this course")
    has_the_screen = Event()

    def at(session: Session, screen_number: int) -> OpenScreen:
        address = ScreenAddress("test-course", "first-steps", screen_number)
        return open_screen(session, address, person_id=account.person_id, now=utc_now())

    def finish_the_first() -> None:
        with site.session(is_writing=True) as session:
            here = at(session, 1)
            has_the_screen.set()
            sleep(0.5)  # the other one begins to wait
            finish_screen(session, here, now=utc_now())

    def open_the_second() -> dict[str, int]:
        has_the_screen.wait()
        with site.session(is_writing=True) as session:
            return at(session, 2).attempt.screens_done

    with ThreadPoolExecutor(2) as pool:
        finishing, opening = pool.submit(finish_the_first), pool.submit(open_the_second)
        finishing.result()
        assert opening.result() == {"TC-M1": 1}


def test_two_tabs_that_start_a_course_start_it_once(site: Site) -> None:
    learner = site.browser(site.learner())
    target, values = learner.open(COURSE).form("Start this course")

    def post(_: int) -> int:
        return another_tab(learner).post(target, data=values).status_code

    assert all_at_once(post) == [302] * TABS
    assert how_many(site, Attempt) == 1


def test_of_tabs_that_save_a_reflection_one_does_and_the_others_learn_of_it(site: Site) -> None:
    learner = site.browser(site.learner())
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    learner.submit(f"{COURSE}/first-steps/2", "Check my answer", answer="a")
    target, values = learner.open(f"{COURSE}/first-steps/3").form("Save my words")

    def post(number: int) -> int:
        return another_tab(learner).post(target, data={**values, "text": f"Words of tab {number}"}).status_code

    answers = all_at_once(post)
    assert sorted(answers) == [302, *[409] * (TABS - 1)]
    with site.session() as session:
        assert session.scalars(select(Reflection)).one().text == f"Words of tab {answers.index(302)}"


def test_workers_at_the_same_moment_claim_different_certificates(site: Site) -> None:
    promise_many(site, 40)

    def batch(_: int) -> list[int]:
        with site.app.app_context(), unit_of_work() as work:
            claimed = claim(work.session, CERTIFICATE_FILES, limit=10, now=utc_now())
            return list(claimed.ids) if claimed else []

    batches = all_at_once(batch)
    together = [identity for batch in batches for identity in batch]
    assert len(together) == len(set(together))
    assert all(len(batch) <= 10 for batch in batches)


def test_housekeeping_at_the_same_moment_issues_once(site: Site) -> None:
    complete_many(site, 10)

    def keep(_: int) -> None:
        with site.app.app_context():
            run_housekeeping()

    all_at_once(keep)
    assert how_many(site, Certificate) == 10
