"""A member of staff takes a quiz: starts, answers, looks through, hands in, and reads what came of it."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.course_pages import question_views
from courses.quizzes import sittings
from courses.records.quiz_records import QuizAnswer, QuizSitting
from people.accounts import Account
from people.roles import Role
from tests.builders.quizzes import a_quiz_course
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page

COURSE = "/courses/test-course"
SCREEN = f"{COURSE}/look-back/2"
QUIZ = f"{SCREEN}/quiz"


def enter(browser: Browser, session: Session, rules: str = "", **changes: object) -> Account:
    """Somebody who has reached the quiz."""
    a_quiz_course(session, rules, **changes)
    person = a_person(session, a_unit(session, an_organisation(session)))
    account = an_account(session, person, Role.AUTHOR)
    session.commit()
    browser.enter_as(account)
    browser.submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/look-back/1", "Continue")
    return account


def answer(browser: Browser, position: int, *, right: bool = True, sitting: int = 1, **more: str) -> Page:
    url = f"{QUIZ}/{sitting}/{position}"
    is_many = bool(browser.open(url).soup.find("input", {"name": "answer", "type": "checkbox"}))
    given = (["a", "b"] if right else ["c"]) if is_many else ("a" if right else "b")
    return browser.submit(url, "Save and go on", answer=given, **more)


def sit(browser: Browser, *, right: bool = True, sitting: int = 1, **more: str) -> Page:
    browser.submit(SCREEN, "Take it again" if sitting > 1 else "Start the quiz")
    for position in (1, 2, 3):
        answer(browser, position, right=right, sitting=sitting, **more)
    return browser.submit(f"{QUIZ}/{sitting}", "Hand in")


def how_many(session: Session, thing: type) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(thing)) or 0


def test_the_screen_says_how_the_quiz_works_before_it_starts(browser: Browser, session: Session) -> None:
    enter(browser, session, "  attempts: 2\n  pause: 2 hours\n  certainty: true\n")
    page = browser.open(SCREEN)
    assert page.heading == "What do you remember?"
    for words in (
        "3 questions, and no time limit",
        "It is practice.",
        "2 times",
        "pause of 2 hours",
        "how sure you are",
    ):
        assert words in page.text
    assert "Finish this module" not in page.buttons


def test_answers_are_saved_one_by_one_and_can_be_changed(browser: Browser, session: Session) -> None:
    enter(browser, session)
    page = browser.submit(SCREEN, "Start the quiz")
    assert page.heading == "Question 1 of 3"
    assert answer(browser, 1, right=False).heading == "Question 2 of 3"
    page = browser.open(f"{QUIZ}/1/1")
    assert "You can change it until you hand the quiz in. Nobody else can see it." in page.text
    assert page.soup.find("input", {"name": "answer", "checked": True})
    assert "Not quite" not in page.text
    answer(browser, 1)
    assert how_many(session, QuizAnswer) == 1
    stored = session.scalars(select(QuizAnswer)).one()
    assert stored.is_right
    assert stored.seconds is not None
    assert 0 <= stored.seconds < 100


def test_a_quiz_goes_on_where_it_stopped(browser: Browser, session: Session) -> None:
    account = enter(browser, session)
    browser.submit(SCREEN, "Start the quiz")
    answer(browser, 1)
    elsewhere = Browser(browser.client.application).enter_as(account)
    page = elsewhere.open(SCREEN)
    assert "You have answered 1 of 3 questions. Your answers are saved." in page.text
    assert elsewhere.submit(SCREEN, "Carry on").heading == "Question 2 of 3"


def test_an_answer_that_is_missing_is_asked_for_beside_the_question(browser: Browser, session: Session) -> None:
    enter(browser, session, "  certainty: true\n")
    browser.submit(SCREEN, "Start the quiz")
    page = browser.submit(f"{QUIZ}/1/1", "Save and go on")
    assert page.status == 422
    assert page.errors[1] == "Select how sure you are"
    assert all(page.soup.find(id=link.removeprefix("#")) for text, link in page.links.items() if text in page.errors)
    page = answer(browser, 1)
    assert page.errors == ["Select how sure you are"]
    assert page.soup.find("input", {"name": "answer", "checked": True})
    assert answer(browser, 1, certainty="fairly-sure").heading == "Question 2 of 3"
    assert answer(browser, 2, certainty="quite").errors == ["Select how sure you are"]


def test_handing_in_too_early_names_what_is_missing(browser: Browser, session: Session) -> None:
    enter(browser, session)
    browser.submit(SCREEN, "Start the quiz")
    answer(browser, 2)
    page = browser.open(f"{QUIZ}/1")
    assert "2 questions still need an answer" in page.text
    page = browser.submit(f"{QUIZ}/1", "Hand in")
    assert (page.status, page.errors) == (422, ["Answer question 1", "Answer question 3"])
    assert page.links["Question 3"] == f"{QUIZ}/1/3"


def test_handing_in_shows_what_was_right_and_why(browser: Browser, session: Session) -> None:
    enter(browser, session)
    browser.submit(SCREEN, "Start the quiz")
    for position in (1, 2):
        answer(browser, position)
    page = answer(browser, 3, right=False)
    assert page.heading == "Look through your answers"
    page = browser.submit(f"{QUIZ}/1", "Hand in")
    assert page.heading == "You have handed it in"
    assert "2 of 3 questions right." in page.text
    assert page.text.count("Not yet right") == 1
    assert "Right answer" in page.text
    assert browser.submit(f"{QUIZ}/1", "Continue").heading == "Test course"


def test_a_check_says_how_many_are_needed_and_offers_another_try(browser: Browser, session: Session) -> None:
    enter(browser, session, "  mode: check\n  feedback: on-pass\n  attempts: 3\n")
    page = sit(browser, right=False)
    assert page.heading == "Not passed yet"
    assert "0 of 3 questions right. You pass with 3." in page.text
    assert "You have 2 tries left." in page.text
    assert "because of reason" not in page.text
    assert "Right answer" not in page.response.get_data(as_text=True)
    refused = browser.post(SCREEN, browser.open(SCREEN).form("Take it again")[1])
    assert (refused.status, refused.errors) == (422, ["Pass the quiz before you continue"])
    page = sit(browser, sitting=2)
    assert page.heading == "You passed"
    assert "because of reason" in page.text
    assert "because of reason" in browser.open(f"{QUIZ}/1").text
    assert browser.submit(f"{QUIZ}/2", "Continue").status == 200


def test_feedback_at_once_stands_beside_each_answer_which_stays(browser: Browser, session: Session) -> None:
    enter(browser, session, "  feedback: at-once\n")
    browser.submit(SCREEN, "Start the quiz")
    target, values = browser.open(f"{QUIZ}/1/1").form("Save and go on")
    page = answer(browser, 1, right=False)
    assert page.heading == "Question 1 of 3"
    assert "Not yet right" in page.text
    assert page.links["Next question"] == f"{QUIZ}/1/2"
    before = session.scalars(select(QuizAnswer.response)).one()
    browser.post(target, {**values, "answer": "a"})
    session.expire_all()
    assert session.scalars(select(QuizAnswer.response)).one() == before


def test_being_sure_and_wrong_is_taken_up_kindly(browser: Browser, session: Session) -> None:
    enter(browser, session, "  certainty: true\n")
    page = sit(browser, right=False, certainty="very-sure")
    assert "You were very sure, and this is a common mix-up. It is worth another look." in page.text
    assert "You were very sure of 3 answers, and none of them was right." in page.text
    assert {answer.certainty for answer in session.scalars(select(QuizAnswer))} == {"very-sure"}


def test_going_back_after_handing_in_changes_nothing(browser: Browser, session: Session) -> None:
    enter(browser, session, "  attempts: 1\n")
    start_target, start_values = browser.open(SCREEN).form("Start the quiz")
    browser.post(start_target, start_values)
    target, values = browser.open(f"{QUIZ}/1/1").form("Save and go on")
    for position in (1, 2, 3):
        answer(browser, position)
    browser.submit(f"{QUIZ}/1", "Hand in")
    assert browser.open(f"{QUIZ}/1/1").heading == "You have handed it in"
    assert browser.post(target, {**values, "answer": "b"}).heading == "You have handed it in"
    assert browser.post(f"{QUIZ}/1", {"csrf_token": values["csrf_token"]}).heading == "You have handed it in"
    assert browser.post(start_target, start_values).heading == "You have handed it in"
    assert how_many(session, QuizSitting) == 1
    assert session.scalars(select(QuizSitting.right_answers)).one() == 3


def test_nobody_is_locked_out_another_try_can_be_asked_for(browser: Browser, session: Session) -> None:
    enter(browser, session, "  mode: check\n  attempts: 1\n")
    page = sit(browser, right=False)
    assert "You have no tries left." in page.text
    ask = page.links["Ask for another try"]
    assert browser.submit(ask, "Send", reason="").errors == ["Write why you would like another try"]
    long = "x" * 501
    page = browser.submit(ask, "Send", reason=long)
    assert long in page.response.get_data(as_text=True)
    page = browser.submit(ask, "Send", reason="The bus was early. 王芳")
    assert "You asked for another try on" in page.text
    assert "Nobody has answered yet." in page.text
    assert "Nobody has answered yet." in browser.open(ask).text


def test_nobody_asks_for_what_they_have(browser: Browser, session: Session) -> None:
    enter(browser, session, "  attempts: 2\n")
    sit(browser)
    assert browser.open(f"{QUIZ}/another-try").heading == "What do you remember?"
    values = {**browser.open(SCREEN).form("Take it again")[1], "reason": "Just in case."}
    assert "there is nothing to ask for" in browser.post(f"{QUIZ}/another-try", values).response.get_data(as_text=True)


def test_a_pause_is_said_with_its_end(browser: Browser, session: Session) -> None:
    enter(browser, session, "  pause: 2 hours\n")
    page = sit(browser)
    assert "Your next try opens on" in page.text
    assert "Take it again" not in page.buttons
    assert "Ask to take it sooner" in page.links
    values = browser.open(COURSE).form("Sign out")[1]
    page = browser.post(QUIZ, {**values, "try_number": "2"})
    assert "The next try is not open yet." in page.response.get_data(as_text=True)


def test_a_pause_from_a_wrong_clock_can_be_counted_anew(browser: Browser, session: Session) -> None:
    enter(browser, session, "  pause: 2 hours\n")
    sit(browser)
    sitting = session.scalars(select(QuizSitting)).one()
    session.execute(update(QuizSitting).values(pause_from=sitting.pause_from.replace(year=2090)))
    session.commit()
    page = browser.submit(SCREEN, "Count the pause from now")
    assert "Your next try opens on" in page.text
    assert "2090" not in page.text


def test_what_is_known_can_be_skipped_and_says_so(browser: Browser, session: Session) -> None:
    enter(browser, session, "  pre_test_for: [TC-M1, TC-M2]\n", first=True, order="in-order")
    assert "you can skip “First steps” and “Second steps”: with 3 of 3 right" in browser.open(SCREEN).text
    sit(browser)
    page = browser.submit(f"{QUIZ}/1", "Skip these modules")
    assert "Select the modules that you would like to skip" in page.response.get_data(as_text=True)
    page = browser.submit(f"{QUIZ}/1", "Skip these modules", modules=["TC-M1"])
    assert "Skipped" in page.text
    assert page.soup.find(string=lambda text: "You have 1 screen left in “Second steps”" in text)
    page = browser.submit(SCREEN, "Skip these modules", modules=["TC-M2"])
    assert page.heading.startswith("You have finished")


def test_a_question_whose_kind_is_gone_says_so_and_holds_nobody_up(
    browser: Browser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(browser, session)
    browser.submit(SCREEN, "Start the quiz")
    drawn = session.scalars(select(QuizSitting.question_ids)).one()
    for position, key in enumerate(drawn, start=1):
        if key.startswith("TC-B"):
            answer(browser, position)
    installed = sittings.kind_of
    for place in (sittings, question_views):
        monkeypatch.setattr(place, "kind_of", lambda key: None if key == "multiple" else installed(key))
    gone = drawn.index("TC-M2-Q1") + 1
    page = browser.open(f"{QUIZ}/1/{gone}")
    assert "This question cannot be shown at the moment. It does not count." in page.text
    assert "Does not count" in browser.open(f"{QUIZ}/1").text
    assert "2 of 2 questions right." in browser.submit(f"{QUIZ}/1", "Hand in").text


@pytest.mark.parametrize("path", ["/2", "/1/4", "/1/0", "/1/answers/TC-M1-Q1", "/7/1"])
def test_what_is_not_in_a_sitting_does_not_exist(browser: Browser, session: Session, path: str) -> None:
    enter(browser, session)
    browser.submit(SCREEN, "Start the quiz")
    assert browser.open(QUIZ + path).status == 404


def test_somebody_elses_sitting_does_not_exist(browser: Browser, session: Session) -> None:
    enter(browser, session)
    sit(browser)
    person = a_person(session, a_unit(session, an_organisation(session, "sefton", "Sefton Council")))
    other = an_account(session, person)
    session.commit()
    stranger = Browser(browser.client.application).enter_as(other)
    assert stranger.open(f"{QUIZ}/1").status == 404
    stranger.submit(COURSE, "Start this course")
    assert stranger.open(f"{QUIZ}/1").status in (404, 409)
    stranger.submit(f"{COURSE}/look-back/1", "Continue")
    assert stranger.open(f"{QUIZ}/1").status == 404


def test_an_author_sees_the_rules_a_draw_and_the_bank_and_nothing_is_stored(browser: Browser, session: Session) -> None:
    enter(browser, session)
    preview = "/manage/courses/test-course/versions/1/preview/look-back/2"
    page = browser.open(preview)
    assert "It is practice." in page.text
    assert page.text.index("One sitting, as an example") < page.text.index("What it may also ask")
    assert all(f"TC-B{number}" in page.text for number in range(1, 7))
    assert browser.open(page.links["Show another draw"]).status == 200
    assert how_many(session, QuizSitting) == 0
