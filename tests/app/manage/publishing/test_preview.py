"""The preview: each authority's wording, every piece of feedback, and nothing that could be sent."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.local_wording import change_local_wording
from courses.records.answers import Answer
from courses.records.attempts import Attempt
from people.roles import Role
from tests.builders.region import NOON, QUESTIONS, SECOND, a_course, a_person, an_account, an_organisation
from tests.reading import Browser

PREVIEW = "/manage/courses/test-course/versions/1/preview"
MORE_KINDS = """
- id: TC-M2-Q2
  kind: order
  about: policy
  stem: What comes first?
  items: ["Listen", "Ask", "Act"]
  feedback: {right: "That is the order that works.", wrong: "Begin by listening to the person."}
- id: TC-M2-Q3
  kind: match
  about: law
  stem: Which word fits?
  rows:
    - {item: "A rule for all that burdens some", answer: "Indirect"}
    - {item: "Treated worse because of race", answer: "Direct"}
  extra_choices: ["Victimisation"]
  feedback: {right: "Both words fit.", wrong: "Read the two lines again."}
- id: TC-M2-Q4
  kind: scenario
  about: behaviour
  story: "Sam hears a joke in {{authority_name}}."
  stem: What would help most?
  options:
    - {text: "Say something", best: true, feedback: "Yes, and say it calmly to both of them."}
    - {text: "Tell a manager", acceptable: true, feedback: "That helps too, a little later perhaps."}
    - {text: "Nothing", feedback: "Then the person who was hurt stays alone with it."}
"""


@pytest.fixture
def author(session: Session, browser: Browser) -> Browser:
    account = an_account(session, a_person(session), Role.AUTHOR)
    places = "".join(f"\n# Part {n} {{#TC-M2-S{n}}}\n\n::: question TC-M2-Q{n}\n:::\n" for n in (2, 3, 4))
    a_course(session, second=SECOND + places, questions=QUESTIONS + MORE_KINDS)
    session.commit()
    return browser.enter_as(account)


def test_an_authority_reads_its_own_words(author: Browser, session: Session) -> None:
    sefton = an_organisation(session, "sefton", "Sefton Council")
    account = an_account(session, a_person(session), Role.ADMIN)
    change_local_wording(
        session,
        organisation_id=sefton.id,
        token="authority_name",
        text="Sefton <b>Council</b>",
        account_id=account.id,
        now=NOON,
    )
    session.commit()
    page = author.open(f"{PREVIEW}/first-steps/1?authority=sefton")
    assert "Welcome to Sefton <b>Council</b>." in page.text
    following = next(url for words, url in page.links.items() if words.startswith("Next"))
    assert following.endswith("/first-steps/2?authority=sefton")


def test_screens_follow_each_other_across_modules(author: Browser) -> None:
    page = author.open(f"{PREVIEW}/first-steps/3")
    assert {words.split()[0]: url for words, url in page.links.items() if words.startswith(("Next", "Previous"))} == {
        "Previous": f"{PREVIEW}/first-steps/2",
        "Next": f"{PREVIEW}/second-steps/1",
    }
    assert not [words for words in author.open(f"{PREVIEW}/first-steps/1").links if words.startswith("Previous")]


def test_every_option_shows_its_feedback(author: Browser) -> None:
    text = author.open(f"{PREVIEW}/first-steps/2").text
    assert "Right. This is the one that the test course asks for." in text
    assert "Not this one. Read the question once more and try again." in text
    assert "It counts towards finishing." in text


def test_many_order_match_and_scenario_show_what_is_right(author: Browser) -> None:
    many = author.open(f"{PREVIEW}/second-steps/1")
    assert "This one does not belong here." in many.text
    order = author.open(f"{PREVIEW}/second-steps/2")
    assert "When all of it is right. That is the order that works." in order.text
    assert "Otherwise. Begin by listening to the person." in order.text
    assert [box.find("option", selected=True)["value"] for box in order.soup.find_all("select")[1:]] == [
        "1",
        "2",
        "3",
    ]
    match = author.open(f"{PREVIEW}/second-steps/3")
    chosen = [box.find("option", selected=True).get_text() for box in match.soup.find_all("select")[1:]]
    assert chosen == ["Indirect", "Direct"]
    scenario = author.open(f"{PREVIEW}/second-steps/4").text
    assert "Sam hears a joke in your organisation." in scenario
    assert "That helps too, a little later perhaps." in scenario


def test_a_private_note_cannot_be_written_in_a_preview(author: Browser, session: Session) -> None:
    page = author.open(f"{PREVIEW}/first-steps/3")
    assert "What would you like to change?" in page.text
    assert not page.soup.main.find("textarea")
    assert [form.get("method") for form in page.soup.main.find_all("form")] == ["get"]
    assert session.scalar(select(func.count()).select_from(Attempt)) == 0
    assert session.scalar(select(func.count()).select_from(Answer)) == 0
