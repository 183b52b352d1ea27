"""The course pages of authors: versions, who is asked, and who may open them at all."""

import pytest
from sqlalchemy.orm import Session

from assignments.requirements import require_course
from courses.catalogue.versions import publish
from people.roles import Role
from tests.builders.bundles import a_bundle
from tests.builders.region import (
    FIRST,
    NOON,
    a_course,
    a_document,
    a_follow_up,
    a_person,
    a_unit,
    an_account,
    an_organisation,
)
from tests.reading import Browser

ADMIN_ONLY = ["/manage/local-wording", "/manage/local-wording/halton", "/manage/certificates"]
AUTHORS = [
    "/manage/courses",
    "/manage/courses/upload",
    "/manage/courses/test-course",
    "/manage/courses/test-course/versions/1",
    "/manage/courses/test-course/versions/1/preview/first-steps/1",
]
TICK = "Which authorities should ask their people to take it?"


def enter(session: Session, browser: Browser, *roles: Role) -> Browser:
    unit = a_unit(session, an_organisation(session))
    account = an_account(session, a_person(session, unit), *roles, unit=unit)
    a_course(session)
    session.commit()
    return browser.enter_as(account)


@pytest.mark.parametrize("roles", [(), (Role.HR_LEAD,), (Role.MANAGER,)])
def test_for_staff_hr_leads_and_managers_these_pages_do_not_exist(
    browser: Browser, session: Session, roles: tuple[Role, ...]
) -> None:
    enter(session, browser, *roles)
    assert [url for url in AUTHORS + ADMIN_ONLY if browser.open(url).status != 404] == []


def test_an_author_opens_courses_but_not_wording_or_the_queue(browser: Browser, session: Session) -> None:
    enter(session, browser, Role.AUTHOR)
    assert [url for url in AUTHORS if browser.open(url).status != 200] == []
    assert [url for url in ADMIN_ONLY if browser.open(url).status != 404] == []


def test_an_admin_opens_everything(browser: Browser, session: Session) -> None:
    enter(session, browser, Role.ADMIN)
    assert [url for url in AUTHORS + ADMIN_ONLY if browser.open(url).status != 200] == []


@pytest.mark.parametrize("url", AUTHORS + ADMIN_ONLY)
def test_nobody_else_comes_further_than_the_sign_in_page(browser: Browser, url: str) -> None:
    assert browser.open(url, follow=False).location.startswith("/sign-in")


def test_staff_cannot_post_either(browser: Browser, session: Session) -> None:
    enter(session, browser)
    token = browser.open("/").form("Sign out")[1]["csrf_token"]
    posts = ["/manage/courses/upload", "/manage/uploads/1", "/manage/uploads/1/discard"]
    posts += [
        "/manage/courses/test-course",
        "/manage/local-wording/halton",
        "/manage/certificates/TC-1/retry",
    ]
    assert [url for url in posts if browser.post(url, {"csrf_token": token}).status != 404] == []


def test_the_list_says_what_is_published_and_who_asks(browser: Browser, session: Session) -> None:
    enter(session, browser, Role.AUTHOR)
    page = browser.open("/manage/courses")
    row = page.table("Published courses")[0]
    assert row["Course"] == "Test course"
    assert row["Version"] == "1"
    assert row["Published"] == "21 November 2026"
    assert row["Asked for by"] == "Nobody yet"
    assert "Upload a course" in page.links


def test_a_version_says_when_it_opens_and_whether_it_gives_a_certificate(browser: Browser, session: Session) -> None:
    enter(session, browser, Role.AUTHOR)
    a_follow_up(session)
    session.commit()
    page = browser.open("/manage/courses/test-course/versions/1")
    assert "Opens To everybody at once Certificate One for everybody who completes it" in page.text
    page = browser.open("/manage/courses/look-back-fu/versions/1")
    assert "Opens To each person two weeks after they complete test-course Certificate None" in page.text


def test_an_empty_platform_says_what_to_do(browser: Browser, session: Session) -> None:
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    page = browser.enter_as(account).open("/manage/courses")
    assert "No course is published yet." in page.text
    assert "Nothing here yet" in page.text


def test_more_authorities_can_be_asked(browser: Browser, session: Session) -> None:
    enter(session, browser, Role.AUTHOR)
    sefton = an_organisation(session, "sefton", "Sefton Council")
    session.commit()
    page = browser.submit(
        "/manage/courses/test-course",
        "Ask these authorities’ people",
        organisations=[str(sefton.id)],
        due_on=["31", "3", "2030"],
    )
    page = browser.submit(page.url, "Ask the people of 1 authority")
    assert "1 more authority asks for this course now" in page.text
    rows = page.table("Authorities that ask for this course")
    assert [(row["Authority"], row["To finish by"]) for row in rows] == [("Sefton Council", "31 March 2030")]
    assert "Halton Borough Council" in page.text


def test_asking_nobody_is_an_error_that_says_so(browser: Browser, session: Session) -> None:
    enter(session, browser, Role.AUTHOR)
    page = browser.submit("/manage/courses/test-course", "Ask these authorities’ people")
    assert (page.status, page.errors) == (422, ["Select at least one authority"])


@pytest.mark.parametrize("sent", ["99999", "halton", "-1"])
def test_an_authority_that_does_not_exist_is_not_asked(browser: Browser, session: Session, sent: str) -> None:
    enter(session, browser, Role.AUTHOR)
    page = browser.submit("/manage/courses/test-course", "Ask these authorities’ people", organisations=[sent])
    assert page.status in {200, 422}
    assert "Nobody is asked to take it yet." in page.text


def test_when_everybody_asks_there_is_no_form_left(browser: Browser, session: Session) -> None:
    enter(session, browser, Role.AUTHOR)
    course_id = a_course(session).course_id
    other = an_organisation(session, "wirral", "Wirral Council")
    require_course(session, course_id=course_id, organisation_ids=[other.id - 1, other.id], account_id=None, now=NOON)
    session.commit()
    page = browser.open("/manage/courses/test-course")
    assert "Every authority asks its people to take it." in page.text
    assert "Ask these authorities’ people" not in page.buttons


def test_an_old_version_stays_to_be_read(browser: Browser, session: Session) -> None:
    enter(session, browser, Role.AUTHOR)
    changed = a_document(first=FIRST.replace("Welcome to", "Now welcome to"))
    publish(session, document=changed, account_id=None, now=NOON)
    session.commit()
    page = browser.open("/manage/courses/test-course/versions/1")
    assert "An older version." in page.text
    assert "new starters get version 2" in page.text
    old = browser.open(page.links["Preview it from the first screen"])
    assert "Welcome to your organisation." in old.text
    new = browser.open("/manage/courses/test-course/versions/2/preview/first-steps/1")
    assert "Now welcome to your organisation." in new.text


@pytest.mark.parametrize(
    "url",
    [
        "/manage/courses/no-course",
        "/manage/courses/test-course/versions/7",
        "/manage/courses/test-course/versions/1/preview/first-steps/0",
        "/manage/courses/test-course/versions/1/preview/first-steps/4",
        "/manage/courses/test-course/versions/1/preview/no-module/1",
        "/manage/courses/test-course/versions/1/preview/first-steps/1?authority=narnia",
        "/manage/uploads/999",
    ],
)
def test_what_does_not_exist_is_not_found(browser: Browser, session: Session, url: str) -> None:
    enter(session, browser, Role.AUTHOR)
    assert browser.open(url).status == 404


def test_the_outline_counts_screens_minutes_and_questions(browser: Browser, session: Session) -> None:
    enter(session, browser, Role.AUTHOR)
    page = browser.open("/manage/courses/test-course/versions/1")
    assert "10 minutes, 2 modules, 4 screens" in page.text
    assert "2 questions, of which 2 count" in page.text
    assert "80% right at any try: 2 of 2 scored questions" in page.text
    assert "A thought , a private note" in page.text or "A thought, a private note" in page.text


def test_an_upload_is_previewed_before_anybody_sees_it(browser: Browser, session: Session) -> None:
    enter(session, browser, Role.AUTHOR)
    changed = a_bundle(first=FIRST.replace("Welcome to", "Soon welcome to"))
    page = browser.submit("/manage/courses/upload", "Upload and check", bundle=changed)
    preview = browser.open(page.links["Preview it from the first screen"])
    assert preview.heading == "Hello"
    assert "Preview: nothing is saved" in preview.text
    assert "Soon welcome to your organisation." in preview.text
    listed = browser.open("/manage/courses").text
    assert "1 course is published. 1 upload waits for somebody to look and publish." in listed
    assert "Test course, not published" in preview.text
