"""Somebody who has never written a course begins: guide, example, change, upload, preview, publish."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from courses.content.bundle.reading import read_upload
from courses.marking import BUILT_IN
from kernel.clock import local_day, utc_now
from people.roles import Role
from tests.builders.bundles import as_file, zipped
from tests.builders.region import a_person, an_account
from tests.reading import Browser

pytestmark = pytest.mark.usefixtures("store")
UPLOAD = "/manage/courses/upload"


@pytest.fixture
def author(session: Session, browser: Browser) -> Browser:
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    return browser.enter_as(account)


def example(author: Browser) -> bytes:
    with author.client.get(author.open(UPLOAD).links["Download an example course"]) as response:
        return response.data


def test_a_newcomer_downloads_changes_uploads_previews_and_publishes_the_example(author: Browser) -> None:
    with zipfile.ZipFile(io.BytesIO(example(author))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert {name.partition("/")[0] for name in files} == {"example-course"}
    course = "example-course/course.yaml"
    files[course] = files[course].replace(b"Example: a name said right", b"Names in our team")
    page = author.submit(UPLOAD, "Upload and check", bundle=as_file(zipped(files)))
    assert page.heading == "Names in our team"
    assert "Worth another look" not in page.text
    preview = author.open(page.links["Preview it from the first screen"])
    assert preview.status == 200
    done = author.submit(page.url, "Publish as version 1", asked="nobody")
    assert "version 1 is published" in done.text


def test_the_example_holds_every_kind_of_question_and_nothing_to_put_right(author: Browser) -> None:
    bundle = read_upload(io.BytesIO(example(author)), today=local_day(utc_now()))
    assert bundle.findings == ()
    assert bundle.document is not None
    kinds = {question.kind for question in bundle.document.questions.values()}
    assert kinds == {kind.key for kind in BUILT_IN}


def test_the_facts_of_the_example_need_no_look_for_years(author: Browser) -> None:
    later = local_day(utc_now()) + timedelta(days=365)
    assert read_upload(io.BytesIO(example(author)), today=later).findings == ()


def test_the_guide_is_a_page_whose_links_lead_to_its_parts_and_to_the_schema(author: Browser) -> None:
    page = author.open(author.open(UPLOAD).links["How to write a course"])
    assert page.status == 200
    headings = {str(heading["id"]) for heading in page.soup.main.find_all(["h2", "h3"])}
    links = [link for link in page.links.values() if link.startswith("#") and link != "#main"]
    assert len(links) > 15
    assert [link for link in links if link[1:] not in headings] == []
    with author.client.get(page.links["The schema"]) as response:
        assert response.get_json()["title"].startswith("Common Ground course format")


def test_the_guide_shows_its_examples_as_they_are_typed(author: Browser) -> None:
    page = author.open("/manage/courses/format")
    assert "{{fact:RE-F-PORT}}" in page.text
    assert re.search(r"::: question RE-M1-Q1", page.text)
