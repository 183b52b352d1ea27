"""Where files are kept: a folder, or a bucket of any S3-compatible store. fsspec speaks to both."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import fsspec
from botocore.exceptions import BotoCoreError, ClientError
from flask import Flask, current_app

from config import BadSettings, Settings
from kernel.errors import FileMissing, StorageError
from kernel.files import FileStore, ListedFile, StoredFile, StoreKind
from kernel.plugs import installed

FAILURES = (OSError, BotoCoreError, ClientError)
# How much of a file is fetched and held at a time; left alone, s3fs would fetch 50 MB before the first byte is sent.
PIECE = 1024 * 1024
# S3 takes no more than 10,000 pieces of one file.
UPLOAD_PIECE = 8 * PIECE
PART = ".part"
# A bucket that is away must not hold a page for the minutes that boto would try.
BUCKET_PATIENCE = {"connect_timeout": 2, "read_timeout": 20, "retries": {"max_attempts": 1}}


def _stored(key: str, data: bytes) -> StoredFile:
    return StoredFile(key, hashlib.sha256(data).hexdigest(), len(data))


def _copied(key: str, source: BinaryIO, target: BinaryIO) -> StoredFile:
    """Copy piece by piece; what was copied."""
    digest, size = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        target.write(piece)
        digest.update(piece)
        size += len(piece)
    return StoredFile(key, digest.hexdigest(), size)


class FolderStore:
    """Files in a folder: written beside their place first, then renamed, so nobody reads half a file."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _path(self, key: str) -> Path:
        # Keys are ours; should one ever be made from what somebody typed, it leads nowhere else.
        if key.startswith("/") or ".." in key.split("/"):
            raise StorageError(f"{key} is not a key of this store")
        return self.root / key

    def put(self, key: str, data: bytes) -> StoredFile:
        with self._whole(key) as file:
            file.write(data)
        return _stored(key, data)

    def put_from(self, key: str, source: BinaryIO) -> StoredFile:
        with self._whole(key) as file:
            return _copied(key, source, file)

    @contextmanager
    def _whole(self, key: str) -> Iterator[BinaryIO]:
        path = self._path(key)
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)  # certificates hold names
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            # Not the folder: that costs as much again for each file, and should a power cut take the name with it, the
            # nightly check finds that, and the same bytes can be made again.
            part.replace(path)
        except OSError as problem:
            raise StorageError(f"{key} could not be written: {problem.strerror or problem}") from problem
        finally:
            with suppress(OSError):  # it is there only when something went wrong, a job's time limit included
                part.unlink(missing_ok=True)

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except OSError as problem:
            raise _unreadable(key, problem) from problem

    def read(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except OSError as problem:
            raise _unreadable(key, problem) from problem

    def exists(self, key: str) -> bool:
        try:
            return self._path(key).exists()
        except OSError as problem:
            raise StorageError(f"{key} could not be looked up: {problem.strerror or problem}") from problem

    def delete(self, key: str) -> None:
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as problem:
            raise StorageError(f"{key} could not be removed: {problem.strerror or problem}") from problem

    def listing(self, after: str = "") -> Iterator[ListedFile]:
        return self._below(self.root, (), tuple(after.split("/")) if after else ())

    def _below(self, folder: Path, parents: tuple[str, ...], after: tuple[str, ...]) -> Iterator[ListedFile]:
        # One folder's names are held at a time, never those of the whole store.
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except FileNotFoundError:
            return
        except OSError as problem:
            raise StorageError(f"{folder} could not be listed: {problem.strerror or problem}") from problem
        for entry in entries:
            place = (*parents, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if place >= after[: len(place)]:
                    yield from self._below(Path(entry.path), place, after)
            elif place > after:
                with suppress(FileNotFoundError):  # renamed or removed since
                    state = entry.stat(follow_symlinks=False)
                    changed_at = datetime.fromtimestamp(state.st_mtime, UTC)
                    yield ListedFile("/".join(place), state.st_size, changed_at, entry.name.endswith(PART))


def _unreadable(key: str, problem: OSError) -> StorageError:
    kind = FileMissing if isinstance(problem, FileNotFoundError) else StorageError
    return kind(f"{key} could not be read: {problem.strerror or problem}")


class BucketStore:
    """Files in a bucket. A put is whole or not at all by itself."""

    def __init__(self, url: str, endpoint_url: str | None) -> None:
        self.url = url.rstrip("/")
        self.endpoint_url = endpoint_url

    def _place(self, key: str) -> tuple[fsspec.AbstractFileSystem, str]:
        # fsspec keeps one connection per process and starts afresh after a fork, so ask it each time.
        return cast(
            tuple[fsspec.AbstractFileSystem, str],
            fsspec.core.url_to_fs(
                f"{self.url}/{key}",
                endpoint_url=self.endpoint_url,
                use_listings_cache=False,
                config_kwargs=BUCKET_PATIENCE,
            ),
        )

    def put(self, key: str, data: bytes) -> StoredFile:
        try:
            files, path = self._place(key)
            files.pipe_file(path, data)
        except FAILURES as problem:
            raise StorageError(f"{key} could not be written: {problem}") from problem
        return _stored(key, data)

    def put_from(self, key: str, source: BinaryIO) -> StoredFile:
        try:
            files, path = self._place(key)
            # In a transaction, because closing a file after a failure would store half of it.
            with files.transaction, files.open(path, "wb", block_size=UPLOAD_PIECE) as target:
                return _copied(key, source, target)
        except FAILURES as problem:
            raise StorageError(f"{key} could not be written: {problem}") from problem

    def open(self, key: str) -> BinaryIO:
        try:
            files, path = self._place(key)
            return cast(BinaryIO, files.open(path, "rb", block_size=PIECE, cache_type="readahead"))
        except FileNotFoundError as problem:
            raise FileMissing(f"{key} could not be read: {problem}") from problem
        except FAILURES as problem:
            raise StorageError(f"{key} could not be read: {problem}") from problem

    def read(self, key: str) -> bytes:
        try:
            files, path = self._place(key)
            return cast(bytes, files.cat_file(path))
        except FileNotFoundError as problem:
            raise FileMissing(f"{key} could not be read: {problem}") from problem
        except FAILURES as problem:
            raise StorageError(f"{key} could not be read: {problem}") from problem

    def exists(self, key: str) -> bool:
        try:
            files, path = self._place(key)
            return bool(files.exists(path))
        except FAILURES as problem:
            raise StorageError(f"{key} could not be looked up: {problem}") from problem

    def delete(self, key: str) -> None:
        try:
            files, path = self._place(key)
            files.rm_file(path)
        except FileNotFoundError:
            return
        except FAILURES as problem:
            raise StorageError(f"{key} could not be removed: {problem}") from problem

    def listing(self, after: str = "") -> Iterator[ListedFile]:
        bucket, _, prefix = self.url.removeprefix("s3://").partition("/")
        inside = f"{prefix}/" if prefix else ""
        more = True
        while more:
            try:
                files, _ = self._place("")
                # A thousand at a time: what fsspec offers for this holds the whole bucket's names at once.
                page = files.call_s3("list_objects_v2", Bucket=bucket, Prefix=inside, StartAfter=inside + after)
            except FAILURES as problem:
                raise StorageError(f"The bucket could not be listed: {problem}") from problem
            for item in page.get("Contents", ()):
                after = item["Key"].removeprefix(inside)
                yield ListedFile(after, item["Size"], item["LastModified"].astimezone(UTC))
            more = page["IsTruncated"]


class Folders:
    """A path, with ``file://`` before it or not."""

    key = "file"

    def open(self, url: str, endpoint_url: str | None) -> FileStore:  # noqa: ARG002 - the signature of a StoreKind
        return FolderStore(Path(url.removeprefix("file://")))


class Buckets:
    """A bucket of any S3-compatible store."""

    key = "s3"

    def open(self, url: str, endpoint_url: str | None) -> FileStore:
        return BucketStore(url, endpoint_url)


ENTRY_POINT_GROUP = "common_ground.file_stores"
BUILT_IN: tuple[StoreKind, ...] = (Folders(), Buckets())


def make_store(settings: Settings) -> FileStore:
    """The store that ``COMMON_GROUND_STORAGE_URL`` names. Raises ``BadSettings`` when no such store is installed."""
    scheme, separator, _ = settings.storage_url.partition("://")
    kinds = installed(ENTRY_POINT_GROUP, BUILT_IN)
    kind = kinds.get(scheme if separator else Folders.key)
    if kind is None:
        raise BadSettings(f"COMMON_GROUND_STORAGE_URL must be a path, or begin with one of: {', '.join(kinds)}")
    return kind.open(settings.storage_url, settings.s3_endpoint_url)


def file_store() -> FileStore:
    """The application's store."""
    found: FileStore = current_app.extensions["common-ground-files"]
    return found


def is_storage_writable() -> bool:
    """Whether a small file can be stored and removed now."""
    key = f"probes/{secrets.token_hex(8)}"
    try:
        file_store().put(key, b"ready")
        file_store().delete(key)
    except StorageError:
        return False
    return True


def init_storage(app: Flask, settings: Settings) -> None:
    """Give the application its store."""
    app.extensions["common-ground-files"] = make_store(settings)
