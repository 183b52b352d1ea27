"""Publishes the courses shipped in courses/library, without ever undoing what people published since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from courses.catalogue import Course, CourseVersion, fingerprint_of, versions_of
from courses.content.bundle import COURSE_FILE, BundleOutcome, read_bundle, read_folder
from courses.content.findings import Finding
from courses.content.model import CourseDocument
from courses.uploads import CourseUpload, publish_upload, store_upload
from kernel.files import FileStore

LIBRARY = Path(__file__).resolve().parent.parent / "courses" / "library"
_FILE_NAME = "courses/library/{}"


@dataclass(frozen=True)
class ShippedCourse:
    """A course of the library as it stands after publishing. ``document`` is the version ``version_id``.

    ``is_set_aside``: somebody has published a version of their own, so the shipped one was left unpublished.
    """

    course_id: int
    version_id: int
    number: int
    document: CourseDocument
    is_new: bool = False
    is_set_aside: bool = False


class LibraryBroken(Exception):
    """A shipped course has errors; ``findings`` say which, ``folder`` where."""

    def __init__(self, folder: str, findings: Sequence[Finding]) -> None:
        lines = [f"{folder}/{finding.file}:{finding.line or 1}: {finding.message}" for finding in findings]
        super().__init__("\n".join(lines))


def publish_library(
    session: Session, *, store: FileStore, now: datetime, library: Path = LIBRARY
) -> tuple[ShippedCourse, ...]:
    """Publish every shipped course that is new or has changed since it was shipped last.

    Those that follow another come last. A course of which somebody has published a version of their own is left to
    them. Raises ``LibraryBroken``, ``StorageError``, and ``RuleBroken`` when another course has taken the id or
    address.
    """
    folders = sorted(path.parent for path in library.glob(f"*/{COURSE_FILE}"))
    read = [(folder.name, *_read(folder)) for folder in folders]
    read.sort(key=lambda course: course[2].follows is not None)
    return tuple(_publish(session, name, bundle, document, store, now) for name, bundle, document in read)


def _read(folder: Path) -> tuple[BundleOutcome, CourseDocument]:
    bundle = read_bundle(read_folder(folder))
    if bundle.document is None or not bundle.is_publishable:
        raise LibraryBroken(folder.name, [f for f in bundle.findings if f.severity == "error"])
    return bundle, bundle.document


def _publish(
    session: Session,
    name: str,
    bundle: BundleOutcome,
    document: CourseDocument,
    store: FileStore,
    now: datetime,
) -> ShippedCourse:
    newest = _newest_version(session, document)
    if newest is None:
        return _publish_next(session, name, bundle, document, store, now)
    is_same = newest.fingerprint == fingerprint_of(document)
    if is_same or not _is_ours(session, newest):
        stands = CourseDocument.model_validate(newest.document)
        return ShippedCourse(newest.course_id, newest.id, newest.number, stands, is_set_aside=not is_same)
    return _publish_next(session, name, bundle, document, store, now)


def _publish_next(
    session: Session,
    name: str,
    bundle: BundleOutcome,
    document: CourseDocument,
    store: FileStore,
    now: datetime,
) -> ShippedCourse:
    upload = store_upload(
        session, bundle=bundle, file_name=_FILE_NAME.format(name), store=store, account_id=None, now=now
    )
    done = publish_upload(session, upload_id=upload.upload_id, account_id=None, now=now)
    return ShippedCourse(done.course_id, done.version_id, done.number, document, is_new=True)


def _newest_version(session: Session, document: CourseDocument) -> CourseVersion | None:
    course = session.scalar(select(Course).where(Course.slug == document.slug))
    return next(iter(versions_of(session, course_id=course.id)), None) if course else None


def _is_ours(session: Session, version: CourseVersion) -> bool:
    """Whether ``publish_library`` published the version, and not a person."""
    upload = exists().where(
        CourseUpload.published_version_id == version.id,
        CourseUpload.file_name.startswith(_FILE_NAME.format("")),
    )
    return bool(session.scalar(select(upload)))
