"""The print version: a part or a whole course on one page, answers last, and nothing of anybody's on it."""

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from courses.catalogue.local_wording import change_local_wording
from courses.catalogue.versions import publish
from courses.content.bundle.reading import read_bundle
from people.accounts import Account
from tests.app.platform.test_query_counts import counted
from tests.builders.region import FIRST, NOON, a_course, a_follow_up, a_person, a_unit, an_account, an_organisation
from tests.courses.content.bundles import a_bundle as a_small_bundle
from tests.courses.content.checks.test_question_findings import (
    CLOZE,
    MATCH,
    MULTIPLE,
    NUMBER,
    ORDER,
    SCENARIO,
    SHORT,
    TRUEFALSE,
)
from tests.courses.teams.test_team_talks import publish_shipped
from tests.reading import Browser

PART, WHOLE = "/courses/test-course/first-steps/print", "/courses/test-course/print"


@pytest.fixture
def account(session: Session) -> Account:
    organisation = an_organisation(session)
    account = an_account(session, a_person(session, a_unit(session, organisation), "Ọláyínká Nguyễn"))
    change_local_wording(
        session,
        organisation_id=organisation.id,
        token="authority_name",
        text="Halton & friends",
        account_id=account.id,
        now=NOON,
    )
    session.commit()
    return account


@pytest.fixture
def learner(browser: Browser, session: Session, account: Account) -> Browser:
    a_course(session)
    session.commit()
    browser.enter_as(account)
    return browser


def test_a_part_stands_on_one_page_in_the_words_of_the_readers_authority(learner: Browser) -> None:
    page = learner.open(PART)
    assert page.heading == "First steps"
    for words in ("Hello", "Welcome to Halton & friends", "A first question", "Question 1", "Answers"):
        assert words in page.text
    assert "Glossary" not in page.text


def test_the_answers_stand_behind_everything_else(learner: Browser) -> None:
    sections = [heading.get_text() for heading in learner.open(PART).soup.main.find_all("h2")]
    assert sections[-1] == "Answers"
    before, answers = learner.open(PART).text.split(" Answers ")
    assert "Not this one" not in before
    assert "Right" in answers


def test_the_whole_course_has_every_part_and_numbers_its_questions_through(learner: Browser) -> None:
    page = learner.open(WHOLE)
    assert page.heading == "Test course"
    parts = [heading.get_text() for heading in page.soup.main.find_all("h2")]
    assert parts[0].startswith("1. First steps")
    assert parts[1].startswith("2. ")
    numbers = [h.get_text() for h in page.soup.main.find_all(["h3", "h4"]) if h.get_text().startswith("Question")]
    half = len(numbers) // 2
    assert numbers[:half] == numbers[half:] == [f"Question {number}" for number in range(1, half + 1)]


def test_nothing_that_somebody_wrote_or_is_called_is_on_the_page(learner: Browser) -> None:
    learner.submit("/courses/test-course", "Start this course")
    learner.submit("/courses/test-course/first-steps/1", "Continue")
    learner.submit("/courses/test-course/first-steps/2", "Check my answer", answer="a")
    learner.submit("/courses/test-course/first-steps/2", "Continue")
    reflection = learner.open("/courses/test-course/first-steps/3").soup.find("textarea")
    learner.submit("/courses/test-course/first-steps/3", "Save my words", **{reflection["name"]: "A secret of mine"})
    assert "A secret of mine" in str(learner.open("/courses/test-course/first-steps/3").soup)
    page = learner.open(WHOLE)
    assert "A secret of mine" not in str(page.soup)
    assert "Nguyễn" not in str(page.soup)
    assert "checked" not in [key for field in page.soup.main.find_all("input") for key in field.attrs]


def test_the_page_has_no_fields_because_a_pen_fills_it_in(learner: Browser) -> None:
    main = learner.open(WHOLE).soup.main
    assert main.find_all(["input", "textarea", "select", "button"]) == []


def test_screens_lead_to_the_print_version_of_their_part(learner: Browser) -> None:
    learner.submit("/courses/test-course", "Start this course")
    screen = learner.open("/courses/test-course/first-steps/1")
    assert learner.open(screen.links["Print version of this module"]).heading == "First steps"
    course = learner.open("/courses/test-course")
    assert learner.open(course.links["Print version of the whole course"]).heading == "Test course"


@pytest.mark.parametrize("address", ["/courses/nothing/print", "/courses/test-course/nothing/print"])
def test_what_does_not_exist_cannot_be_printed(learner: Browser, address: str) -> None:
    assert learner.open(address).status == 404


def test_a_course_that_is_not_open_yet_cannot_be_printed(learner: Browser, session: Session) -> None:
    a_follow_up(session)
    session.commit()
    slug = "/courses/look-back-fu"
    assert learner.open(f"{slug}/print").status == 404
    assert "Print version of the whole course" not in learner.open(slug).links


def test_visitors_have_to_sign_in_first(browser: Browser, session: Session) -> None:
    a_course(session)
    session.commit()
    assert "/sign-in" in browser.open(WHOLE).url


PENS = [
    (MULTIPLE, "A"),
    (TRUEFALSE, "A"),
    (ORDER, "1"),
    (MATCH, ": "),
    (SCENARIO, "Right"),
    (NUMBER, "12%"),
    (SHORT, "The Equality Duty; PSED"),
    (CLOZE, "Gap 2 of 2: habits"),
]


@pytest.mark.parametrize(("questions", "answer"), PENS, ids=[text.split("kind: ")[1].split()[0] for text, _ in PENS])
def test_every_kind_of_question_can_be_answered_with_a_pen(
    browser: Browser, session: Session, account: Account, questions: str, answer: str
) -> None:
    document = read_bundle(a_small_bundle(questions=questions)).document
    assert document is not None
    publish(session, document=document, account_id=None, now=NOON)
    session.commit()
    browser.enter_as(account)
    before, answers = browser.open("/courses/race-equality/why/print").text.split(" Answers ")
    assert "Question 1" in before
    assert answer in answers


def test_what_people_say_about_themselves_has_room_on_paper(
    browser: Browser, session: Session, account: Account
) -> None:
    publish_shipped(session, "race-equality-essentials")
    session.commit()
    browser.enter_as(account)
    text = browser.open("/courses/race-equality-essentials/print").text
    for words in ("Strongly agree", "Prefer not to say", "If this happens:", "Plans to borrow", "Glossary"):
        assert words in text


def test_a_longer_course_costs_no_more_queries(
    app: Flask, learner: Browser, session: Session, connection: Connection
) -> None:
    def cost() -> int:
        learner.open(WHOLE)
        with counted(connection) as seen:
            assert learner.open(WHOLE, follow=False).status == 200
        return len(seen)

    short = cost()
    more = "".join(f"\n# More {number} {{#TC-M1-S{number}}}\n\nWords.\n" for number in range(40, 70))
    a_course(session, first=FIRST + more)
    session.commit()
    assert cost() == short
    assert short <= 8


def test_the_first_sheet_of_a_whole_course_says_what_is_in_it(learner: Browser) -> None:
    page = learner.open(WHOLE)
    places = {words: page.soup.find(id=link.removeprefix("#")) for words, link in page.links.items() if link[:1] == "#"}
    contents = [words for words in places if words not in {"Skip to main content"}]
    assert contents[0] == "First steps"
    assert "The answers" in contents
    assert all(places.values())
    assert page.text.index("What is in it") < page.text.index("1. First steps")
