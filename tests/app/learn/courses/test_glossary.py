"""The glossary of a course: learners go to a word and come back; authors look it over first."""

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from courses.catalogue.versions import publish
from courses.content.bundle.reading import read_bundle
from people.accounts import Account
from people.roles import Role
from tests.app.platform.test_query_counts import counted
from tests.builders.bundles import as_file, zipped
from tests.builders.region import FIRST, NOON, a_course, a_person, a_unit, an_account, an_organisation, bundle_files
from tests.reading import Browser

GLOSSARY = """
- id: hate-crime
- id: ecole
  term: École
  meaning: A school, in the words of {{authority_name}}.
- id: zebra
  term: Zebra
  meaning: An animal.
"""
LINKING = FIRST.replace("Welcome to", "What is a {{term:hate-crime}}? Welcome to")


def files() -> dict[str, bytes]:
    return {**bundle_files(first=LINKING), "glossary.yaml": GLOSSARY.encode()}


@pytest.fixture
def account(session: Session) -> Account:
    document = read_bundle(files()).document
    assert document is not None
    publish(session, document=document, account_id=None, now=NOON)
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    session.commit()
    return account


@pytest.fixture
def learner(browser: Browser, account: Account) -> Browser:
    browser.enter_as(account)
    return browser


def begin(learner: Browser) -> None:
    learner.submit("/courses/test-course", "Start this course")


def test_the_words_stand_in_the_order_of_the_alphabet_and_accents_do_not_change_it(learner: Browser) -> None:
    page = learner.open("/courses/test-course/glossary")
    assert page.heading == "Glossary"
    assert [term.get_text() for term in page.soup.find_all("dt")] == ["École", "Hate crime", "Zebra"]
    assert "in the words of your organisation" in page.text


def test_a_link_leads_from_a_screen_to_the_word_and_back(learner: Browser) -> None:
    begin(learner)
    screen = learner.open("/courses/test-course/first-steps/1")
    words = learner.open(screen.links["hate crime"])
    assert words.url.endswith("#hate-crime") or "term=hate-crime" in words.url
    back = learner.open(words.links["Back to Hello"])
    assert back.heading == "Hello"


def test_every_screen_leads_to_the_glossary(learner: Browser) -> None:
    begin(learner)
    screen = learner.open("/courses/test-course/first-steps/1")
    assert learner.open(screen.links["Glossary: words in this course"]).heading == "Glossary"


@pytest.mark.parametrize(
    "back", ["first-steps/99", "nowhere/1", "first-steps/0", "first-steps/²", "//evil.example/1", ""]
)
def test_a_way_back_that_leads_nowhere_is_left_out(learner: Browser, back: str) -> None:
    page = learner.open(f"/courses/test-course/glossary?term=zebra&back={back}")
    assert not [words for words in page.links if words.startswith("Back to")]
    assert page.links["Test course"] == "/courses/test-course"


def test_a_course_without_a_glossary_has_no_page_for_it(browser: Browser, session: Session) -> None:
    a_course(session)
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    session.commit()
    browser.enter_as(account)
    assert browser.open("/courses/test-course/glossary").status == 404
    browser.submit("/courses/test-course", "Start this course")
    assert "Glossary: words in this course" not in browser.open("/courses/test-course/first-steps/1").links


def test_the_glossary_of_a_course_that_does_not_exist_does_not_either(learner: Browser) -> None:
    assert learner.open("/courses/nothing/glossary").status == 404


def test_authors_look_over_the_words_before_they_publish(browser: Browser, session: Session) -> None:
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))), Role.AUTHOR)
    session.commit()
    browser.enter_as(account)
    upload = browser.submit("/manage/courses/upload", "Upload and check", bundle=as_file(zipped(files())))
    page = browser.open(upload.links["Glossary"])
    assert page.heading == "Glossary"
    assert "links to 1 of them" in page.text
    screen = browser.open(upload.links["Preview it from the first screen"])
    word = browser.open(screen.links["hate crime"])
    assert "/manage/uploads/" in word.links["Back to Hello"]


def test_more_words_cost_no_more_queries(learner: Browser, session: Session, connection: Connection) -> None:
    def cost() -> int:
        learner.open("/courses/test-course/glossary")
        with counted(connection) as seen:
            assert learner.open("/courses/test-course/glossary", follow=False).status == 200
        return len(seen)

    few = cost()
    more = "".join(f"- id: word-{number}\n  term: Word {number}\n  meaning: A word.\n" for number in range(40))
    document = read_bundle({**files(), "glossary.yaml": (GLOSSARY + more).encode()}).document
    assert document is not None
    publish(session, document=document, account_id=None, now=NOON)
    session.commit()
    assert cost() == few <= 8
