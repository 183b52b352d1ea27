"""Publishes the courses shipped in courses/library, without ever undoing what people published since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from courses.catalogue.bundles import find_upload_of_version, keep_bundle
from courses.catalogue.uploads import CourseUpload, publish_upload, store_upload
from courses.catalogue.versions import Course, CourseVersion, fingerprint_of, versions_of
from courses.content.bundle.packing import packed
from courses.content.bundle.reading import COURSE_FILE, BundleOutcome, read_bundle, read_folder
from courses.content.model.course import CourseDocument
from courses.content.source.findings import Finding
from kernel.files import FileStore

LIBRARY = Path(__file__).resolve().parents[1] / "library"
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
    read = [_read(folder) for folder in folders]
    read.sort(key=lambda shipped: shipped.document.follows is not None)
    return tuple(_publish(session, shipped, store, now) for shipped in read)


@dataclass(frozen=True)
class _Folder:
    """A course of the library as it was read."""

    name: str
    files: dict[str, bytes]
    bundle: BundleOutcome
    document: CourseDocument


def _read(folder: Path) -> _Folder:
    files = read_folder(folder)
    bundle = read_bundle(files)
    if bundle.document is None or not bundle.is_publishable:
        raise LibraryBroken(folder.name, [f for f in bundle.findings if f.severity == "error"])
    return _Folder(folder.name, files, bundle, bundle.document)


def _publish(session: Session, shipped: _Folder, store: FileStore, now: datetime) -> ShippedCourse:
    newest = _newest_version(session, shipped.document)
    if newest is None:
        return _publish_next(session, shipped, store, now)
    is_same = newest.fingerprint == fingerprint_of(shipped.document)
    if is_same:
        _keep_what_is_missing(session, newest, shipped, store)
    if is_same or not _is_ours(session, newest):
        stands = CourseDocument.model_validate(newest.document)
        return ShippedCourse(newest.course_id, newest.id, newest.number, stands, is_set_aside=not is_same)
    return _publish_next(session, shipped, store, now)


def _publish_next(session: Session, shipped: _Folder, store: FileStore, now: datetime) -> ShippedCourse:
    upload = store_upload(
        session,
        bundle=shipped.bundle,
        file_name=_FILE_NAME.format(shipped.name),
        store=store,
        account_id=None,
        now=now,
    )
    keep_bundle(session, upload_id=upload.upload_id, archive=BytesIO(packed(shipped.files)), store=store)
    done = publish_upload(session, upload_id=upload.upload_id, account_id=None, now=now)
    return ShippedCourse(done.course_id, done.version_id, done.number, shipped.document, is_new=True)


def _keep_what_is_missing(session: Session, version: CourseVersion, shipped: _Folder, store: FileStore) -> None:
    """A version that was shipped before zip files were kept gets the files that made it."""
    upload = find_upload_of_version(session, version_id=version.id)
    if upload is not None and upload.bundle_sha256 is None and upload.file_name == _FILE_NAME.format(shipped.name):
        keep_bundle(session, upload_id=upload.id, archive=BytesIO(packed(shipped.files)), store=store)


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
