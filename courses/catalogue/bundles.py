"""The zip files that courses were made of: kept as they came, so that an author can have them back."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.uploads import CourseUpload, document_of_upload, media_key
from courses.catalogue.versions import CourseVersion, document_of
from courses.content.bundle.archive import read_archive
from courses.content.bundle.packing import packed
from courses.content.export.bundle_writing import files_of
from courses.content.model.course import CourseDocument
from kernel.files import FileStore

_PIECE = 1024 * 1024


@dataclass(frozen=True)
class KeptBundle:
    """A zip file that is stored: its key and its size in bytes."""

    key: str
    size_bytes: int


def bundle_key(sha256: str) -> str:
    """Where a zip file is stored: by its bytes, so that what is uploaded twice is there once."""
    return f"bundles/{sha256[:2]}/{sha256}.zip"


def keep_bundle(session: Session, *, upload_id: int, archive: BinaryIO, store: FileStore) -> None:
    """Keep the zip file that an upload was read from, byte for byte. ``archive`` is read from its beginning."""
    archive.seek(0)
    digest = hashlib.sha256()
    while piece := archive.read(_PIECE):
        digest.update(piece)
    sha256, size = digest.hexdigest(), archive.tell()
    if not store.exists(bundle_key(sha256)):
        archive.seek(0)
        store.put_from(bundle_key(sha256), archive)
    upload = session.get_one(CourseUpload, upload_id)
    upload.bundle_sha256, upload.bundle_bytes = sha256, size


def bundle_of_upload(upload: CourseUpload) -> KeptBundle | None:
    """The zip file of an upload; ``None`` for one from before they were kept."""
    if upload.bundle_sha256 is None or upload.bundle_bytes is None:
        return None
    return KeptBundle(bundle_key(upload.bundle_sha256), upload.bundle_bytes)


def find_upload_of_version(session: Session, *, version_id: int) -> CourseUpload | None:
    """The upload that made a version, and not one of the same words that was published again later.

    ``None`` for a version that no upload made. Uploads from before this was noted are taken in their order.
    """
    return session.scalar(
        select(CourseUpload)
        .where(CourseUpload.published_version_id == version_id)
        .order_by(CourseUpload.has_made_version.desc().nulls_last(), CourseUpload.id)
        .limit(1)
    )


@dataclass(frozen=True)
class BundleSource:
    """Where the files of a course come from: its zip file as it was uploaded, or what was read from it."""

    kept: KeptBundle | None
    document: CourseDocument


def source_of_upload(upload: CourseUpload, *, store: FileStore) -> BundleSource:
    """The files of an upload, published or not. Raises ``StorageError``."""
    return BundleSource(_stored(upload, store), document_of_upload(upload))


def source_of_version(session: Session, version: CourseVersion, *, store: FileStore) -> BundleSource:
    """The files of a published version. Raises ``StorageError``."""
    upload = find_upload_of_version(session, version_id=version.id)
    document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
    return BundleSource(_stored(upload, store) if upload else None, document)


def open_bundle(source: BundleSource, *, store: FileStore) -> BinaryIO:
    """A zip file of a course: byte for byte as it was uploaded, or written again. Raises ``StorageError``."""
    if source.kept is not None:
        return store.open(source.kept.key)
    return BytesIO(packed(files_of_source(source, store=store)))


def files_of_source(source: BundleSource, *, store: FileStore) -> dict[str, bytes]:
    """The files of a course by their names in the bundle. Raises ``StorageError``."""
    if source.kept is not None:
        with store.open(source.kept.key) as archive:
            return read_archive(archive).files
    media = {name: store.read(media_key(file.sha256)) for name, file in source.document.media.items()}
    return files_of(source.document, media)


def _stored(upload: CourseUpload, store: FileStore) -> KeptBundle | None:
    kept = bundle_of_upload(upload)
    return kept if kept is not None and store.exists(kept.key) else None
