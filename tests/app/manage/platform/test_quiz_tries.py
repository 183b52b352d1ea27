"""An admin gives one person another try at a quiz, with a reason that they read."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.records.attempts import Attempt
from kernel.audit import AuditEntry
from people.accounts import Account
from people.roles import Role
from tests.app.learn.quizzes.test_quizzes import QUIZ, SCREEN, enter, sit
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

TRIES = "/manage/quiz-tries"
LIMITED = "  mode: check\n  attempts: 1\n  pause: 2 hours\n"


@pytest.fixture
def learner(browser: Browser, session: Session) -> Account:
    """Somebody who has used their only try."""
    account = enter(browser, session, LIMITED)
    sit(browser, right=False)
    return account


@pytest.fixture
def admin(browser: Browser, session: Session, learner: Account) -> Browser:
    person = a_person(session, a_unit(session, an_organisation(session, "sefton", "Sefton Council")), name="Ọláyínká")
    account = an_account(session, person, Role.ADMIN)
    session.commit()
    return Browser(browser.client.application).enter_as(account)


def ask(browser: Browser) -> None:
    browser.submit(f"{QUIZ}/another-try", "Send", reason="The fire bell rang. 王芳")


def test_a_request_is_answered_with_more_tries_that_the_learner_can_use(admin: Browser, browser: Browser) -> None:
    assert "Nobody waits for an answer." in admin.open(TRIES).text
    ask(browser)
    assert admin.open("/manage/courses").links["1 person asks for another try at a quiz"] == TRIES
    page = admin.open(TRIES)
    assert "1 person asks for another try." in page.text
    row = page.table("Requests, oldest first")[0]
    assert (row["Name"], row["Reason"], row["So far"]) == ("Siân Nguyễn", "The fire bell rang. 王芳", "1 try")
    review = next(url for words, url in page.links.items() if words.startswith("Answer"))
    page = admin.open(review)
    assert "They have begun 1 try of 1." in page.text
    page = admin.submit(review, "Give this", extra_attempts="2", waives_pause="y", reason="Of course, good luck.")
    assert "Nobody waits for an answer." in page.text
    page = browser.open(SCREEN)
    assert "You were given 2 more tries, without the pause: “Of course, good luck.”" in page.text
    assert sit(browser, sitting=2).heading == "You passed"


def test_a_request_can_be_declined_with_a_reason_that_is_read(admin: Browser, browser: Browser) -> None:
    ask(browser)
    review = next(url for words, url in admin.open(TRIES).links.items() if words.startswith("Answer"))
    admin.post(review, {**admin.open(review).form("Give this")[1], "decline": "yes", "reason": "Let us talk first."})
    page = browser.open(SCREEN)
    assert "Your request was not given this time: “Let us talk first.”" in page.text
    assert "Ask for another try" in page.links


def test_somebody_who_has_not_asked_can_be_helped(admin: Browser, learner: Account, session: Session) -> None:
    assert admin.submit(TRIES, "Continue", username="").errors == ["Enter a username"]
    page = admin.submit(TRIES, "Continue", username="nobody")
    assert page.errors == ["Nobody with this username has begun the course"]
    page = admin.submit(TRIES, "Continue", username=learner.username.upper())
    assert page.heading == "Siân Nguyễn"
    admin.submit(page.url, "Give this", extra_attempts="1", reason="A second look helps.")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "quiz-adjusted")).one()
    assert "A second look" not in str(entry.detail)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"reason": ""}, "Write a reason"),
        ({"reason": "x" * 501}, "The reason must be 500 characters or fewer"),
        ({"reason": "Yes.", "extra_attempts": "99"}, "More tries must be a whole number between 0 and 10"),
        ({"reason": "Yes.", "extra_attempts": "0"}, "Give at least one more try, or let the pause fall away"),
    ],
)  # fmt: skip
def test_what_cannot_be_given_is_said_and_kept(
    admin: Browser, session: Session, fields: dict[str, str], error: str
) -> None:
    review = f"{TRIES}/{session.scalars(select(Attempt.id)).one()}/TC-QUIZ-1"
    page = admin.submit(review, "Give this", **fields)
    assert (page.status, page.errors) == (422, [error])
    assert fields["reason"] in page.response.get_data(as_text=True)


def test_it_is_for_admins_alone_and_for_quizzes_with_limits(admin: Browser, browser: Browser, session: Session) -> None:
    attempt_id = session.scalars(select(Attempt.id)).one()
    assert browser.open(TRIES).status == 404
    assert browser.open(f"{TRIES}/{attempt_id}/TC-QUIZ-1").status == 404
    assert admin.open(f"{TRIES}/{attempt_id}/TC-QUIZ-9").status == 404
    assert admin.open(f"{TRIES}/999/TC-QUIZ-1").status == 404


def test_the_pages_show_neither_answers_nor_scores(admin: Browser, browser: Browser, session: Session) -> None:
    ask(browser)
    review = f"{TRIES}/{session.scalars(select(Attempt.id)).one()}/TC-QUIZ-1"
    for page in (admin.open(TRIES), admin.open(review)):
        words = page.text.lower()
        assert not any(word in words for word in ("0 of 3", "not passed", "statement", "% right"))
