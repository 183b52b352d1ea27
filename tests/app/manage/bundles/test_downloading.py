"""An author gets back the files of a course: as they were uploaded, or written again."""

import io
import zipfile

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.storage import FolderStore
from courses.catalogue.shipped import publish_library
from courses.catalogue.uploads import CourseUpload
from courses.catalogue.versions import CourseVersion, fingerprint_of
from courses.content.bundle.reading import read_upload
from kernel.audit import entries_for
from people.roles import Role
from tests.builders.bundles import PICTURE, Upload, as_file, zipped
from tests.builders.region import FIRST, NOON, a_course, a_person, a_unit, an_account, an_organisation, bundle_files
from tests.reading import Browser

pytestmark = pytest.mark.usefixtures("store")
FILES = "/manage/courses/test-course/versions/1/files"


@pytest.fixture
def author(session: Session, browser: Browser) -> Browser:
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    return browser.enter_as(account)


def publish(browser: Browser, upload: Upload) -> None:
    page = browser.submit("/manage/courses/upload", "Upload and check", bundle=upload)
    assert page.heading == "Test course", page.text
    browser.submit(page.url, "Publish as version 1", asked="nobody")


def test_a_published_version_is_downloaded_byte_for_byte(author: Browser, session: Session) -> None:
    data = zipped({**bundle_files(), "README.md": b"Only for us."})
    publish(author, as_file(data))
    with author.client.get(FILES) as response:
        assert response.data == data
        assert response.headers["Content-Length"] == str(len(data))
        assert "test-course-version-1.zip" in response.headers["Content-Disposition"]
    page = author.open("/manage/courses/test-course/versions/1")
    assert "as it was uploaded, byte for byte" in page.text
    course_id = session.scalars(select(CourseVersion.course_id)).one()
    noted = [entry.action for entry in entries_for(session, subject_type="course", subject_id=course_id)]
    assert noted == ["course-published", "course-downloaded"]


def test_asking_only_for_the_size_takes_nothing_out(author: Browser, session: Session) -> None:
    publish(author, as_file(zipped(bundle_files())))
    with author.client.head(FILES) as response:
        assert int(response.headers["Content-Length"]) > 500
    course_id = session.scalars(select(CourseVersion.course_id)).one()
    assert len(entries_for(session, subject_type="course", subject_id=course_id)) == 1


def test_an_upload_that_waits_can_be_downloaded_too(author: Browser) -> None:
    data = zipped(bundle_files())
    page = author.submit("/manage/courses/upload", "Upload and check", bundle=as_file(data))
    with author.client.get(page.links["Download its files"]) as response:
        assert response.data == data


def test_a_version_from_before_zips_were_kept_is_written_again(author: Browser, session: Session) -> None:
    first = FIRST.replace("Welcome to", "![A grey point](media/point.png)\n\nWelcome to")
    publish(author, as_file(zipped({**bundle_files(first=first), "media/point.png": PICTURE})))
    upload = session.scalars(select(CourseUpload)).one()
    upload.bundle_sha256 = upload.bundle_bytes = None
    session.commit()
    assert "Written again from what was published" in author.open("/manage/courses/test-course/versions/1").text
    with author.client.get(FILES) as response:
        bundle = read_upload(io.BytesIO(response.data))
    assert bundle.document is not None, bundle.findings
    assert fingerprint_of(bundle.document) == session.scalars(select(CourseVersion.fingerprint)).one()
    assert bundle.media == {"media/point.png": PICTURE}


def test_a_version_that_no_upload_made_is_written_again(author: Browser, session: Session) -> None:
    a_course(session)
    session.commit()
    with author.client.get(FILES) as response:
        assert read_upload(io.BytesIO(response.data)).is_publishable


def test_a_lost_zip_file_is_written_again(author: Browser, store: FolderStore, session: Session) -> None:
    publish(author, as_file(zipped(bundle_files())))
    for file in list(store.listing()):
        if file.key.startswith("bundles/"):
            store.delete(file.key)
    with author.client.get(FILES) as response:
        assert read_upload(io.BytesIO(response.data)).is_publishable


def test_of_two_uploads_with_the_same_words_the_one_that_made_the_version_is_given_out(author: Browser) -> None:
    waiting = author.submit(
        "/manage/courses/upload", "Upload and check", bundle=as_file(zipped({**bundle_files(), "NOTES.md": b"first"}))
    )
    made = zipped({**bundle_files(), "NOTES.md": b"second"})
    publish(author, as_file(made))
    _, token = author.open(waiting.url).form("Discard this upload")
    assert "was published already" in author.post(waiting.url, {**token, "number": "1"}).text
    with author.client.get(FILES) as response:
        assert response.data == made


def test_shipped_courses_are_kept_as_the_files_of_their_folders(
    author: Browser, session: Session, store: FolderStore
) -> None:
    publish_library(session, store=store, now=NOON)
    session.commit()
    with author.client.get("/manage/courses/front-line-services/versions/1/files") as response:
        names = zipfile.ZipFile(io.BytesIO(response.data)).namelist()
        bundle = read_upload(io.BytesIO(response.data))
    assert names[0] == "course.yaml"
    assert "shared-facts.yaml" in names
    assert bundle.is_publishable


def test_a_shipped_version_from_before_gets_its_files_at_the_next_start(session: Session, store: FolderStore) -> None:
    publish_library(session, store=store, now=NOON)
    for upload in session.scalars(select(CourseUpload)):
        upload.bundle_sha256 = upload.bundle_bytes = None
    publish_library(session, store=store, now=NOON)
    assert all(upload.bundle_sha256 for upload in session.scalars(select(CourseUpload)))


@pytest.mark.parametrize("role", [None, Role.HR_LEAD, Role.MANAGER])
def test_nobody_else_is_given_the_files(app: Flask, session: Session, role: Role | None) -> None:
    a_course(session)
    unit = a_unit(session, an_organisation(session))
    account = an_account(session, a_person(session, unit), *([role] if role else []), unit=unit)
    session.commit()
    browser = Browser(app).enter_as(account)
    for address in (FILES, "/manage/courses/test-course/versions/1/copy", "/manage/courses/example"):
        assert browser.open(address).status == 404
