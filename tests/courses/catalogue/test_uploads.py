"""Uploads: kept with their media, published once, put aside for ever, and locked while either happens."""

import hashlib
from io import BytesIO
from typing import BinaryIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.uploads import (
    CourseUpload,
    discard_upload,
    document_of_upload,
    get_upload,
    media_key,
    publish_upload,
    store_upload,
    waiting_uploads,
    warnings_of,
)
from courses.catalogue.versions import CourseVersion
from courses.content.bundle.reading import BundleOutcome, read_bundle
from kernel.audit import entries_for
from kernel.errors import NotFound, RuleBroken, StorageError
from kernel.files import StoredFile
from tests.builders.bundles import PICTURE
from tests.builders.region import COURSE, FIRST, NOON, a_course, a_document, a_person, an_account, bundle_files

WITH_PICTURE = FIRST.replace("Welcome to", "![A grey point](media/point.png)\n\nWelcome to")


class MemoryStore:
    """A store that remembers what was put, and may be full."""

    def __init__(self, *, is_full: bool = False) -> None:
        self.files: dict[str, bytes] = {}
        self.puts = 0
        self.is_full = is_full

    def put(self, key: str, data: bytes) -> StoredFile:
        if self.is_full:
            raise StorageError(f"{key} could not be written: No space left on device")
        self.puts += 1
        self.files[key] = data
        return StoredFile(key, hashlib.sha256(data).hexdigest(), len(data))

    def open(self, key: str) -> BinaryIO:
        return BytesIO(self.files[key])

    def exists(self, key: str) -> bool:
        return key in self.files

    def delete(self, key: str) -> None:
        self.files.pop(key, None)


def a_bundle(**changes: str) -> BundleOutcome:
    files = bundle_files(**changes)
    if "media/point.png" in changes.get("first", ""):
        files["media/point.png"] = PICTURE
    return read_bundle(files)


def keep(session: Session, bundle: BundleOutcome, store: MemoryStore | None = None) -> int:
    return store_upload(
        session,
        bundle=bundle,
        file_name="course.zip",
        store=store or MemoryStore(),
        account_id=None,
        now=NOON,
    ).upload_id


def an_author(session: Session) -> int:
    return an_account(session, a_person(session)).id


def test_an_upload_reads_back_as_the_same_document(session: Session) -> None:
    upload = get_upload(session, upload_id=keep(session, a_bundle()))
    assert document_of_upload(upload) == a_document()
    assert (upload.title, upload.uploaded_at) == ("Test course", NOON)


def test_media_are_stored_by_their_bytes_and_only_once(session: Session) -> None:
    store = MemoryStore()
    keep(session, a_bundle(first=WITH_PICTURE), store)
    keep(session, a_bundle(first=WITH_PICTURE), store)
    assert store.files == {media_key(hashlib.sha256(PICTURE).hexdigest()): PICTURE}
    assert store.puts == 1


def test_a_bundle_with_errors_leaves_no_row_and_no_file(session: Session) -> None:
    store = MemoryStore()
    bundle = a_bundle(first=WITH_PICTURE.replace("A grey point", ""))
    with pytest.raises(RuleBroken, match="This bundle has errors"):
        keep(session, bundle, store)
    assert store.files == {}
    assert session.scalars(select(CourseUpload)).all() == []


def test_a_full_disk_is_an_error_and_leaves_no_row(session: Session) -> None:
    with pytest.raises(StorageError):
        keep(session, a_bundle(first=WITH_PICTURE), MemoryStore(is_full=True))
    assert session.scalars(select(CourseUpload)).all() == []


def test_warnings_stay_with_the_upload(session: Session) -> None:
    bundle = read_bundle({**bundle_files(), "media/point.png": PICTURE})
    upload = get_upload(session, upload_id=keep(session, bundle))
    assert [(warning.severity, warning.file) for warning in warnings_of(upload)] == [("warning", "media/point.png")]


def test_a_course_that_follows_one_nobody_has_published_is_kept_with_a_warning(session: Session) -> None:
    follows = "follows:\n  course: test-curse\n  weeks: 2\norder:"
    other = COURSE.replace("slug: test-course", "slug: look-back").replace("order:", follows)
    upload = get_upload(session, upload_id=keep(session, a_bundle(course=other)))
    (warning,) = warnings_of(upload)
    assert (warning.severity, warning.file, warning.line) == ("warning", "course.yaml", 11)
    assert warning.message.startswith("No course with the slug test-curse is published")
    publish_upload(session, upload_id=upload.id, account_id=None, now=NOON)


def test_a_question_for_people_of_a_course_that_nobody_published_is_a_warning(session: Session) -> None:
    a_course(session)
    other = COURSE.replace("slug: test-course", "slug: look-back")
    first = FIRST.replace("TC-M1-Q1", "TC-M1-Q1 for=test-course,test-curse") + "\nText.\n"
    first = first.replace("# A first question {#TC-M1-S2}\n", "# A first question {#TC-M1-S2}\n\nText.\n")
    (warning,) = warnings_of(get_upload(session, upload_id=keep(session, a_bundle(course=other, first=first))))
    assert warning.message.startswith("A question is for people who completed test-curse, and no course")


def test_a_course_that_follows_a_published_one_has_no_warning(session: Session) -> None:
    a_course(session)
    other = COURSE.replace("slug: test-course", "slug: look-back")
    other = other.replace("order:", "follows: {course: test-course, weeks: 2}\norder:")
    assert warnings_of(get_upload(session, upload_id=keep(session, a_bundle(course=other)))) == ()


def test_a_very_long_file_name_is_cut_to_what_fits(session: Session) -> None:
    upload = store_upload(
        session, bundle=a_bundle(), file_name="x" * 400, store=MemoryStore(), account_id=None, now=NOON
    )
    assert len(get_upload(session, upload_id=upload.upload_id).file_name) == 255


def test_publishing_makes_a_version_and_a_record(session: Session) -> None:
    upload_id, author = keep(session, a_bundle()), an_author(session)
    outcome = publish_upload(session, upload_id=upload_id, account_id=author, now=NOON, expected_number=1)
    assert (outcome.number, outcome.is_new) == (1, True)
    (entry,) = entries_for(session, subject_type="course", subject_id=outcome.course_id)
    assert (entry.action, entry.actor_account_id) == ("course-published", author)
    assert entry.detail == {"version": 1, "upload": upload_id}
    assert waiting_uploads(session) == []


def test_publishing_an_upload_twice_gives_the_version_it_made(session: Session) -> None:
    upload_id = keep(session, a_bundle())
    publish_upload(session, upload_id=upload_id, account_id=None, now=NOON)
    later = keep(session, a_bundle(first=WITH_PICTURE))
    publish_upload(session, upload_id=later, account_id=None, now=NOON)
    again = publish_upload(session, upload_id=upload_id, account_id=None, now=NOON)
    assert (again.number, again.is_new) == (1, False)
    assert len(session.scalars(select(CourseVersion)).all()) == 2


def test_content_that_stands_already_makes_no_version(session: Session) -> None:
    a_course(session)
    outcome = publish_upload(session, upload_id=keep(session, a_bundle()), account_id=None, now=NOON, expected_number=1)
    assert (outcome.number, outcome.is_new) == (1, False)
    (entry,) = entries_for(session, subject_type="course", subject_id=outcome.course_id)
    assert entry.action == "course-published-already"


def test_a_number_that_somebody_else_took_is_refused(session: Session) -> None:
    a_course(session)
    upload_id = keep(session, a_bundle(first=WITH_PICTURE))
    with pytest.raises(RuleBroken, match="Somebody else has published version 1"):
        publish_upload(session, upload_id=upload_id, account_id=None, now=NOON, expected_number=1)


def test_an_id_of_another_course_is_refused(session: Session) -> None:
    a_course(session)
    other = keep(session, a_bundle(course=COURSE.replace("slug: test-course", "slug: other-course")))
    with pytest.raises(RuleBroken, match="Another course already uses the id TC"):
        publish_upload(session, upload_id=other, account_id=None, now=NOON)


def test_a_discarded_upload_cannot_be_opened_or_published(session: Session) -> None:
    upload_id, author = keep(session, a_bundle()), an_author(session)
    discard_upload(session, upload_id=upload_id, account_id=author, now=NOON)
    assert waiting_uploads(session) == []
    with pytest.raises(NotFound):
        get_upload(session, upload_id=upload_id)
    with pytest.raises(NotFound):
        publish_upload(session, upload_id=upload_id, account_id=author, now=NOON)
    actions = [entry.action for entry in entries_for(session, subject_type="course-upload", subject_id=upload_id)]
    assert actions == ["course-uploaded", "course-upload-discarded"]


def test_a_published_upload_cannot_be_discarded(session: Session) -> None:
    upload_id = keep(session, a_bundle())
    publish_upload(session, upload_id=upload_id, account_id=None, now=NOON)
    with pytest.raises(RuleBroken, match="has been published"):
        discard_upload(session, upload_id=upload_id, account_id=an_author(session), now=NOON)


def test_waiting_uploads_come_newest_first(session: Session) -> None:
    first, second = keep(session, a_bundle()), keep(session, a_bundle(first=WITH_PICTURE))
    assert [upload.id for upload in waiting_uploads(session)] == [second, first]
