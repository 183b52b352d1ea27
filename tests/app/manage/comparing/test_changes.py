"""An author sees in words what a version, or an upload, changes."""

import pytest
from sqlalchemy.orm import Session

from people.roles import Role
from tests.builders.bundles import a_bundle
from tests.builders.region import FIRST, QUESTIONS, a_course, a_person, an_account
from tests.reading import Browser

pytestmark = pytest.mark.usefixtures("store")
URL = "/manage/courses/test-course/versions/{}/changes"
OTHER_KEY = QUESTIONS.replace("{text: The first, right: true,", "{text: The first,").replace(
    "{text: The second,", "{text: The second, right: true,"
)


@pytest.fixture
def author(session: Session, browser: Browser) -> Browser:
    a_course(session)
    a_course(session, first=FIRST.replace("Welcome to", "A warm welcome to"))
    a_course(session, first=FIRST.replace("Welcome to", "A warm welcome to"), questions=OTHER_KEY)
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    return browser.enter_as(account)


def test_old_and_new_words_stand_side_by_side_and_say_which_they_are(author: Browser) -> None:
    page = author.open(URL.format(2))
    assert page.heading == "What is different"
    assert "Version 2, compared with version 1. Screens: 1." in page.text
    assert "removed: Welcome (end)" in page.text
    assert "added: A warm welcome (end)" in page.text


def test_another_right_answer_comes_first(author: Browser) -> None:
    page = author.open(URL.format(3) + "?from=1")
    headings = [heading.get_text() for heading in page.soup.main.find_all("h2")]
    assert headings == ["Questions with another right answer", "Screens"]
    assert "Another answer counts as right now. Look at these first." in page.text


def test_any_earlier_version_can_be_chosen_and_no_other(author: Browser) -> None:
    assert author.open(author.open(URL.format(3)).links["version 1"]).status == 200
    statuses = [author.open(URL.format(number)).status for number in (1, 4, 0)]
    assert statuses == [404, 404, 404]
    assert author.open(URL.format(2) + "?from=3").status == 404


def test_an_upload_names_changed_keys_first_and_leads_to_every_change(author: Browser) -> None:
    page = author.submit("/manage/courses/upload", "Upload and check", bundle=a_bundle(questions=QUESTIONS))
    assert "Another answer is right in 1 question: TC-M1-Q1" in page.text
    changes = author.open(page.links["See every change in words"])
    assert "This upload, compared with version 3." in changes.text


def test_an_upload_of_a_new_course_has_nothing_to_be_compared_with(browser: Browser, session: Session) -> None:
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    page = browser.enter_as(account).submit("/manage/courses/upload", "Upload and check", bundle=a_bundle())
    assert "See every change in words" not in page.links
    assert browser.open(f"{page.url}/changes").status == 404


def test_the_page_of_a_version_leads_to_its_changes(author: Browser) -> None:
    page = author.open("/manage/courses/test-course/versions/2")
    assert page.links["See what changed since version 1"] == URL.format(2)
    first = author.open("/manage/courses/test-course/versions/1")
    assert not [link for link in first.links if link.startswith("See what changed")]
