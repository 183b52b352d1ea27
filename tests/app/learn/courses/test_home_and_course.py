"""A member of staff takes a course, page by page."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assignments.requirements import require_course
from certificates.making.rendering import CERTIFICATE_FILES, RENDER_CERTIFICATES
from certificates.record.issuing import Certificate
from courses.records.answers import Answer
from courses.records.completion import Completion
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from tests.builders import region
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import count_open
from tests.conftest import ListeningBell
from tests.reading import Browser

COURSE = "/courses/test-course"
FIRST_QUESTION = f"{COURSE}/first-steps/2"
LAST_QUESTION = f"{COURSE}/second-steps/1"


@pytest.fixture
def staff(session: Session) -> Account:
    """A member of staff whose authority asks for the test course."""
    organisation = an_organisation(session)
    person = a_person(session, a_unit(session, organisation))
    course = a_course(session)
    require_course(session, course_id=course.course_id, organisation_ids=[organisation.id], account_id=None, now=NOON)
    account = an_account(session, person)
    session.commit()
    return account


@pytest.fixture
def learner(browser: Browser, staff: Account) -> Browser:
    """That member of staff, signed in."""
    return browser.enter_as(staff)


def reach_last_question(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    learner.submit(FIRST_QUESTION, "Check my answer", answer="a")
    learner.submit(FIRST_QUESTION, "Continue")
    learner.submit(f"{COURSE}/first-steps/3", "Finish this module")


def test_home_splits_what_is_asked_from_what_is_optional(learner: Browser) -> None:
    page = learner.open("/")
    assert page.heading == "My learning"
    assert "Asked of you" in page.text
    assert "Everyone at Halton Borough Council is asked to take part" in page.text


def test_starting_leads_to_the_first_screen(learner: Browser) -> None:
    page = learner.submit(COURSE, "Start this course")
    assert page.heading == "Hello"
    assert "Module 1, screen 1 of 3" in page.text
    assert "Welcome to your organisation." in page.text


def test_feedback_stands_beside_the_chosen_option_at_once(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    page = learner.submit(FIRST_QUESTION, "Check my answer", answer="b")
    assert "Not this one. Read the question once more" in page.text
    assert "Nobody else can see it" in page.text
    assert "This is the one that the test course asks for" not in page.text


def test_no_page_gives_a_right_answer_away_before_an_answer(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    page = learner.submit(f"{COURSE}/first-steps/1", "Continue")
    assert "asks for" not in page.response.get_data(as_text=True)


def test_an_empty_answer_is_named_in_the_summary(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    page = learner.submit(FIRST_QUESTION, "Check my answer")
    assert page.status == 422
    assert page.errors == ["Select an answer"]


def test_a_screen_with_an_open_question_says_so(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    page = learner.submit(FIRST_QUESTION, "Continue")
    assert page.errors == ["Answer the question before you continue"]


def test_an_option_that_does_not_exist_is_refused_on_the_page(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    page = learner.submit(FIRST_QUESTION, "Check my answer", answer="zebra")
    assert page.status == 422
    assert len(page.errors) == 1


def test_a_later_module_is_a_clear_page_not_a_crash(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    page = learner.open(LAST_QUESTION)
    assert page.status == 409
    assert "opens when you have finished the one before it" in page.text
    assert page.links["Go to the page of the course"] == COURSE


def test_no_module_is_drawn_as_begun_before_it_is(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    assert not learner.open(COURSE).soup.select(".cg-steps .is-now")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    assert learner.open(COURSE).soup.select(".cg-steps .is-now")


def test_a_screen_before_starting_leads_to_the_course(learner: Browser) -> None:
    assert learner.open(FIRST_QUESTION).heading == "Test course"


def test_the_course_says_what_is_missing(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    page = learner.open(COURSE)
    assert "Why is this incomplete?" in page.text
    assert "You have 3 screens left in “First steps”, and then “Second steps”." in page.text


def test_resuming_opens_the_screen_where_they_stopped_also_elsewhere(
    learner: Browser, staff: Account, app: object
) -> None:
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    other_device = Browser(learner.client.application).enter_as(staff)
    assert other_device.submit(COURSE, "Continue Test course").heading == "A first question"


def test_a_reflection_is_kept_and_shown_to_its_writer(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    learner.submit(FIRST_QUESTION, "Check my answer", answer="a")
    page = learner.submit(f"{COURSE}/first-steps/3", "Save my words", text="Ask who is left out. محمد 🌱")
    assert "Ask who is left out. محمد 🌱" in page.text
    assert "Saved at" in page.text


def test_too_many_words_are_refused_and_all_of_them_come_back(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    learner.submit(FIRST_QUESTION, "Check my answer", answer="a")
    words = "ẹ́ " * 20_000
    page = learner.submit(f"{COURSE}/first-steps/3", "Save my words", text=words)
    assert page.status == 422
    assert page.errors == ["Your note must be 5,000 characters or fewer. It has 60,000"]
    assert words.strip() in page.response.get_data(as_text=True)


def test_the_last_answer_completes_the_course_and_promises_a_certificate(
    learner: Browser, session: Session, bell: ListeningBell
) -> None:
    reach_last_question(learner)
    page = learner.submit(LAST_QUESTION, "Check my answer", answer=["a", "b"])
    assert "You have finished Test course. We are preparing your certificate." in page.text
    assert bell.rung == [RENDER_CERTIFICATES]
    assert session.scalars(select(Certificate.state)).all() == [TaskState.PENDING]
    assert count_open(session, CERTIFICATE_FILES) == 1


def test_a_replayed_last_answer_leaves_one_record(learner: Browser, session: Session, bell: ListeningBell) -> None:
    reach_last_question(learner)
    target, values = learner.open(LAST_QUESTION).form("Check my answer")
    for _ in range(2):
        learner.post(target, {**values, "answer": ["a", "b"]})
    learner.submit(LAST_QUESTION, "Finish this module")
    for thing, expected in ((Answer, 2), (Completion, 1), (Certificate, 1)):
        assert session.scalar(select(func.count()).select_from(thing)) == expected
    assert bell.rung == [RENDER_CERTIFICATES]


def test_finishing_leads_to_the_certificate_on_its_way_then_ready(learner: Browser, session: Session) -> None:
    reach_last_question(learner)
    learner.submit(LAST_QUESTION, "Check my answer", answer=["a", "b"])
    assert "We are preparing your certificate" in learner.open(f"{COURSE}/finished").text
    certificate = session.scalars(select(Certificate)).one()
    waiting = learner.client.get(f"/certificates/{certificate.number}/status")
    assert waiting.status_code == 202
    assert learner.client.get(f"/certificates/{certificate.number}/file").status_code == 404


def test_a_finished_course_stays_finished_after_a_new_version(learner: Browser, session: Session) -> None:
    reach_last_question(learner)
    learner.submit(LAST_QUESTION, "Check my answer", answer=["a", "b"])
    a_course(session, course=a_new_version())
    session.commit()
    page = learner.open(COURSE)
    assert "Complete You finished this on" in page.text


def a_new_version() -> str:
    return region.COURSE.replace("Test course", "Test course, revised")


def test_somebody_without_a_job_is_told_whom_to_ask(browser: Browser, session: Session) -> None:
    a_course(session)
    account = an_account(session, a_person(session))
    session.commit()
    page = browser.enter_as(account).submit(COURSE, "Start this course")
    assert page.status == 422
    assert "Ask your HR team" in page.text


@pytest.mark.parametrize("address", ["/courses/none", "/courses/test-course/none/1", f"{COURSE}/first-steps/9"])
def test_what_does_not_exist_is_a_kind_404(learner: Browser, address: str) -> None:
    learner.submit(COURSE, "Start this course")
    page = learner.open(address)
    assert page.status == 404
    assert page.links


def test_a_form_without_its_token_is_explained(learner: Browser) -> None:
    page = learner.post(f"{COURSE}/begin", {})
    assert page.status == 400
    assert "again" in page.text
