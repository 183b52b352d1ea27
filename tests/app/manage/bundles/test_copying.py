"""A course is copied under a new id, to be changed and published on its own."""

import io

import pytest
from sqlalchemy.orm import Session

from courses.catalogue.versions import current_versions
from courses.content.bundle.reading import read_upload
from people.roles import Role
from tests.builders.region import a_course, a_person, an_account
from tests.reading import Browser

pytestmark = pytest.mark.usefixtures("store")
COPY, BUTTON = "/manage/courses/test-course/versions/1/copy", "Make the copy"


@pytest.fixture
def author(session: Session, browser: Browser) -> Browser:
    a_course(session)
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    return browser.enter_as(account)


def test_a_copy_waits_as_an_upload_is_downloaded_and_is_published_as_a_course_of_its_own(
    author: Browser, session: Session
) -> None:
    page = author.submit(COPY, BUTTON, title="Another course", course_id=" nc ", slug="Another-Course")
    assert page.heading == "Another course"
    assert "This would be a new course." in page.text
    with author.client.get(page.links["Download its files"]) as response:
        copy = read_upload(io.BytesIO(response.data))
    assert copy.document is not None
    assert next(screen.id for _, screen in copy.document.screens()) == "NC-M1-S1"
    author.submit(page.url, "Publish as version 1", asked="nobody")
    assert {course.code for course, _ in current_versions(session)} == {"TC", "NC"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "Enter a title"),
        ({"title": "\u200b"}, "Enter a title"),
        ({"slug": "\u200b"}, "Enter a part of the web address"),
        ({"title": "x" * 201}, "Title must be 200 characters or fewer"),
        ({"course_id": ""}, "Enter an id"),
        ({"course_id": "9A"}, "The id must be one to eight capital letters and digits, a letter first"),
        ({"course_id": "ABCDEFGHI"}, "The id must be one to eight capital letters and digits, a letter first"),
        ({"course_id": "tc"}, "The course at /courses/test-course has the id TC. Choose another"),
        ({"slug": ""}, "Enter a part of the web address"),
        ({"slug": "a b"}, "The part of the web address must be small letters, digits and single hyphens"),
        ({"slug": "a" * 61}, "Part of the web address must be 60 characters or fewer"),
        ({"slug": "upload"}, "A page for authors has this address. Choose another"),
        ({"slug": "test-course"}, "The course TC has this address. Choose another"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(author: Browser, fields: dict[str, str], message: str) -> None:
    page = author.submit(COPY, BUTTON, **{"title": "Another", "course_id": "NC", "slug": "another", **fields})
    assert (page.status, page.errors) == (422, [message])


def test_everything_that_is_wrong_is_said_at_once(author: Browser) -> None:
    page = author.submit(COPY, BUTTON, title="Another", course_id="TC", slug="test-course")
    assert len(page.errors) == 2


@pytest.mark.parametrize(("slug", "course_id"), [("null", "NC"), ("true", "ON"), ("123", "NULL"), ("1e5", "YES")])
def test_words_that_mean_something_to_yaml_are_good_ids_and_addresses(
    author: Browser, slug: str, course_id: str
) -> None:
    page = author.submit(COPY, BUTTON, title="No", course_id=course_id, slug=slug)
    assert (page.status, page.heading) == (200, "No")
    assert "This would be a new course." in page.text
