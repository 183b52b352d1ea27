"""A member of staff types a number, types a few words, and fills the gaps of a text."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.marking.question import opaque_id
from courses.records.answers import Answer
from people.roles import Role
from tests.builders.region import FIRST, a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page

COURSE = "/courses/test-course"
NUMBER, SHORT, GAPS = (f"{COURSE}/first-steps/{screen}" for screen in (2, 3, 4))
PREVIEW = "/manage/courses/test-course/versions/1/preview/first-steps"
QUESTIONS = """
- id: TC-M1-Q1
  kind: number
  about: fact
  stem: What share of people is it?
  answer: 12
  tolerance: 0.5
  unit: "%"
  feedback: {right: "Yes, about one in eight.", wrong: "Read the table again.", too_high: "It is less than that."}
- id: TC-M1-Q2
  kind: short
  about: law
  stem: Which duty do councils have?
  accepted: [Public Sector Equality Duty, PSED]
  not_accepted:
    - {text: Equality Act, feedback: "That is the Act, and the duty stands in it."}
  feedback: {right: "Yes, the duty is right.", wrong: "It has four words."}
- id: TC-M1-Q3
  kind: cloze
  about: fact
  stem: Complete the sentence.
  text: "Racism in {{authority_name}} can be **[[individual|shared]]** and [[law|*habit]]."
  gap_feedback:
    - {wrong: "Think of one person."}
  feedback: {right: "Both fit.", wrong: "Read it aloud."}
- id: TC-M2-Q1
  kind: truefalse
  about: fact
  stem: It is so.
  options:
    - {text: "True", right: true, feedback: "Yes."}
    - {text: "False", feedback: "No."}
"""
SCREENS = FIRST[: FIRST.index("# A first question")] + "".join(
    f"# Question {number} {{#TC-M1-S{number + 1}}}\n\n::: question TC-M1-Q{number}\n:::\n\n" for number in (1, 2, 3)
)


@pytest.fixture
def learner(browser: Browser, session: Session) -> Browser:
    """Somebody who has begun a course with a question of each kind, and may also see it as its author does."""
    a_course(session, first=SCREENS, questions=QUESTIONS)
    person = a_person(session, a_unit(session, an_organisation(session)))
    account = an_account(session, person, Role.AUTHOR)
    session.commit()
    browser.enter_as(account)
    browser.submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/first-steps/1", "Continue")
    return browser


@pytest.fixture
def at_words(learner: Browser) -> Browser:
    learner.submit(NUMBER, "Check my answer", answer="12")
    learner.submit(NUMBER, "Continue")
    return learner


@pytest.fixture
def at_gaps(at_words: Browser) -> Browser:
    at_words.submit(SHORT, "Check my answer", answer="PSED")
    at_words.submit(SHORT, "Continue")
    return at_words


def field(page: Page) -> dict[str, str]:
    return page.soup.find("input", {"name": "answer"}).attrs


def test_a_number_is_typed_with_its_unit_or_without(learner: Browser, session: Session) -> None:
    page = learner.submit(NUMBER, "Check my answer", answer=" 20,5 % ")
    assert "Not quite. It is less than that." in page.text
    assert "about one in eight" not in page.text
    assert field(page)["value"] == "20,5 %"
    page = learner.submit(NUMBER, "Try another answer", answer="12.5")
    assert "Right. Yes, about one in eight." in page.text
    stored = session.scalars(select(Answer).order_by(Answer.try_number)).all()
    assert [(answer.response, answer.points) for answer in stored] == [("20,5 %", 0), ("12.5", 1)]


def test_the_field_of_a_number_brings_the_right_keyboard_and_says_its_unit(learner: Browser) -> None:
    page = learner.open(NUMBER)
    shown = field(page)
    assert (shown["inputmode"], shown["autocomplete"], shown["spellcheck"]) == ("decimal", "off", "false")
    assert "The unit is %." in page.text
    assert "about one in eight" not in page.response.get_data(as_text=True)


@pytest.mark.parametrize("typed", ["", "twelve", "1" * 50_000])
def test_what_is_no_number_is_refused_and_shown_again(learner: Browser, typed: str) -> None:
    page = learner.submit(NUMBER, "Check my answer", answer=typed)
    assert page.status == 422
    assert page.errors == ["Type a number, such as 7 or 7.5"]
    assert page.soup.find(id=page.links["Type a number, such as 7 or 7.5"].removeprefix("#"))
    assert field(page)["value"] == typed[:200]


def test_words_are_accepted_as_people_write_them(at_words: Browser) -> None:
    page = at_words.submit(SHORT, "Check my answer", answer="equality act")
    assert "Not quite. That is the Act, and the duty stands in it." in page.text
    assert "PSED" not in page.response.get_data(as_text=True)
    page = at_words.submit(SHORT, "Try another answer", answer="the public-sector equalty duty")
    assert "Yes, the duty is right." in page.text


def test_too_many_words_are_refused(at_words: Browser) -> None:
    page = at_words.submit(SHORT, "Check my answer", answer="x" * 50_000)
    assert page.errors == ["Your answer must be 200 characters or fewer"]


def test_gaps_are_lists_with_names_in_a_sentence(at_gaps: Browser) -> None:
    page = at_gaps.open(GAPS)
    assert [label.get_text(" ") for label in page.soup.main.find_all("label")] == ["Gap 1 of 2 1", "Gap 2 of 2 2"]
    assert "Racism in your organisation can be" in page.text
    assert page.soup.main.find("strong").find("select")


def test_each_gap_is_marked_and_says_what_was_chosen(at_gaps: Browser, session: Session) -> None:
    first = {"row-g1": opaque_id("shared"), "row-g2": opaque_id("habit")}
    page = at_gaps.submit(GAPS, "Check my answer", **first)
    assert "Gap 1 of 2: shared. Think of one person." in page.text
    assert "Gap 2 of 2: habit. Right" in page.text
    assert "Read it aloud." in page.text
    page = at_gaps.submit(GAPS, "Try another answer", **{**first, "row-g1": opaque_id("individual")})
    assert "Both fit." in page.text
    tries = session.scalars(select(Answer).where(Answer.question_id == "TC-M1-Q3").order_by(Answer.try_number)).all()
    assert [(answer.points, answer.out_of, answer.is_right) for answer in tries] == [(1, 2, False), (2, 2, True)]


def test_an_empty_gap_is_named_and_the_other_keeps_its_choice(at_gaps: Browser) -> None:
    page = at_gaps.submit(GAPS, "Check my answer", **{"row-g1": opaque_id("shared")})
    assert page.errors == ["Choose an answer for every gap"]
    assert page.links["Choose an answer for every gap"].endswith("g2")
    assert [option["value"] for option in page.soup.main.find_all("option", selected=True)] == [opaque_id("shared")]


def test_an_author_sees_what_is_accepted_and_all_feedback(learner: Browser) -> None:
    number = learner.open(f"{PREVIEW}/2").text
    assert "Right: 11.5% to 12.5%." in number
    assert "When it is too high. It is less than that." in number
    short = learner.open(f"{PREVIEW}/3").text
    assert "Right: Public Sector Equality Duty; PSED." in short
    assert "When it is “Equality Act”. That is the Act, and the duty stands in it." in short
    gaps = learner.open(f"{PREVIEW}/4")
    chosen = [option.get_text() for option in gaps.soup.find("fieldset").find_all("option", selected=True)]
    assert chosen == ["individual", "habit"]
    assert "Otherwise: Think of one person." in gaps.text
