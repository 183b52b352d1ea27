"""What the rooms may ask of a file store. ``app/platform/storage.py`` has the real ones: a folder and a bucket."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from kernel.errors import FileChanged


@dataclass(frozen=True)
class StoredFile:
    """A file that is safely stored: its key, the SHA-256 of its bytes in hexadecimal, and its size in bytes."""

    key: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class ListedFile:
    """A file as a listing shows it. ``is_part``: a writer has not finished it, or died before it could."""

    key: str
    size_bytes: int
    changed_at: datetime
    is_part: bool = False


class FileStore(Protocol):
    """A store of whole files under keys such as ``certificates/ab/cd/RE-….pdf``. All raise ``StorageError``."""

    def put(self, key: str, data: bytes) -> StoredFile:
        """Store ``data`` whole or not at all; replaces what was there."""
        ...

    def put_from(self, key: str, source: BinaryIO) -> StoredFile:
        """Store everything that is left to read in ``source``, piece by piece; else as ``put``."""
        ...

    def open(self, key: str) -> BinaryIO:
        """A readable binary stream; the caller closes it."""
        ...

    def read(self, key: str) -> bytes:
        """All of a small file. Raises ``FileMissing`` when the store answers and has none."""
        ...

    def exists(self, key: str) -> bool:
        """Whether a file is stored under ``key``."""
        ...

    def delete(self, key: str) -> None:
        """Remove the file if it is there."""
        ...

    def listing(self, after: str = "") -> Iterator[ListedFile]:
        """Every file, one by one, in an order of the store's own; ``after`` goes on behind a key that it gave."""
        ...


class StoreKind(Protocol):
    """A kind of store, called by what its addresses begin with: ``s3`` for ``s3://bucket/prefix``."""

    @property
    def key(self) -> str:
        """What stands before ``://``."""
        ...

    def open(self, url: str, endpoint_url: str | None) -> FileStore:
        """The store at ``url``; ``endpoint_url`` is where its service answers, if that is not the usual place."""
        ...


def read_unchanged(store: FileStore, *, key: str, sha256: str) -> bytes:
    """All of a small file, when its bytes are those that were stored.

    Raises ``FileMissing``, ``FileChanged``, or ``StorageError`` when the store does not answer.
    """
    data = store.read(key)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FileChanged(f"{key} is not the file that was stored")
    return data
