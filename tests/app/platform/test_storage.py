"""Files in a folder: whole or not at all, and only in that folder."""

import errno
import os
from pathlib import Path

import pytest
from flask import Flask

from app.platform import storage
from app.platform.sealed.files import seal, unseal
from app.platform.storage import BucketStore, FolderStore, make_store
from config import BadSettings
from kernel.errors import FileChanged, FileMissing, StorageError
from tests.conftest import settings_for

KEY = "certificates/7K/4M/RE-7K4M-29QX-C.pdf"
A_SHEET = b"%PDF-1.7 a sheet of codes"
SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """An empty folder."""
    return FolderStore(tmp_path / "files")


def left_behind(store: FolderStore) -> list[str]:
    return [path.name for path in store.root.rglob("*") if path.is_file()]


def test_what_is_put_can_be_read_looked_up_and_removed(store: FolderStore) -> None:
    stored = store.put(KEY, b"abc")
    assert (stored.key, stored.sha256, stored.size_bytes) == (KEY, SHA256_OF_ABC, 3)
    assert store.exists(KEY)
    with store.open(KEY) as stream:
        assert stream.read() == b"abc"
    store.delete(KEY)
    store.delete(KEY)
    assert not store.exists(KEY)


def test_putting_again_replaces_the_file_and_leaves_one(store: FolderStore) -> None:
    store.put(KEY, b"first")
    store.put(KEY, b"second")
    assert left_behind(store) == ["RE-7K4M-29QX-C.pdf"]


def test_a_full_disk_keeps_the_old_file_and_leaves_no_half_one(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(KEY, b"first")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(StorageError, match=r"RE-7K4M-29QX-C\.pdf could not be written: No space left on device"):
        store.put(KEY, b"second")
    assert left_behind(store) == ["RE-7K4M-29QX-C.pdf"]
    with store.open(KEY) as stream:
        assert stream.read() == b"first"


def test_whatever_ends_a_write_leaves_no_half_file(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def time_is_up(_descriptor: int) -> None:
        raise TimeoutError("the job took too long")

    monkeypatch.setattr(storage.os, "fsync", time_is_up)
    with pytest.raises(StorageError):
        store.put(KEY, b"abc")
    assert left_behind(store) == []


def test_a_folder_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    blocked = FolderStore(tmp_path / "files")
    with pytest.raises(StorageError, match="could not be written"):
        blocked.put(KEY, b"abc")
    with pytest.raises(StorageError, match="could not be read"):
        blocked.open(KEY)
    with pytest.raises(StorageError, match="could not be removed"):
        blocked.delete(KEY)


def test_a_missing_file_says_so(store: FolderStore) -> None:
    with pytest.raises(StorageError, match="could not be read: No such file or directory"):
        store.open(KEY)


def test_a_name_that_is_too_long_says_so(store: FolderStore) -> None:
    with pytest.raises(StorageError):
        store.put("x" * 5000, b"abc")
    with pytest.raises(StorageError):
        store.exists("x" * 5000)


@pytest.mark.parametrize("key", ["../outside.pdf", "certificates/../../outside.pdf", "/etc/outside.pdf", ".."])
def test_no_key_leads_out_of_the_folder(store: FolderStore, key: str) -> None:
    for act in (store.open, store.exists, store.delete):
        with pytest.raises(StorageError, match="not a key"):
            act(key)
    with pytest.raises(StorageError, match="not a key"):
        store.put(key, b"abc")
    assert not (store.root.parent / "outside.pdf").exists()


def test_settings_choose_the_store(tmp_path: Path) -> None:
    def chosen(url: str) -> object:
        return make_store(settings_for("sqlite:///unused.db", tmp_path, storage_url=url))

    assert isinstance(chosen("s3://bucket/prefix"), BucketStore)
    assert isinstance(chosen("/srv/files"), FolderStore)
    folder = chosen("file:///srv/files")
    assert isinstance(folder, FolderStore)
    assert folder.root == Path("/srv/files")
    with pytest.raises(BadSettings, match="must be a path, or begin with one of: file, s3"):
        chosen("gs://bucket/prefix")


def test_a_listing_can_go_on_behind_any_key(store: FolderStore) -> None:
    keys = ["a-b/1", "a/1", "a/b/2", "a/b/3", "b", "c/1/2"]
    for key in keys:
        store.put(key, b"x")
    everything = [file.key for file in store.listing()]
    assert sorted(everything) == sorted(keys)
    for place, key in enumerate(everything):
        assert [file.key for file in store.listing(after=key)] == everything[place + 1 :]
    store.delete(everything[2])
    assert [file.key for file in store.listing(after=everything[2])] == everything[3:]


def test_an_empty_store_lists_nothing_and_a_blocked_one_says_so(store: FolderStore) -> None:
    assert list(store.listing()) == []
    store.root.write_text("in the way")
    with pytest.raises(StorageError, match="could not be listed"):
        list(store.listing())


def test_a_missing_file_is_told_from_one_that_cannot_be_read(store: FolderStore) -> None:
    with pytest.raises(FileMissing):
        store.read(KEY)
    store.put("a", b"x")
    with pytest.raises(StorageError) as found:
        store.read("a/b")
    assert not isinstance(found.value, FileMissing)


def test_a_killed_writer_leaves_a_part_that_is_told_apart(store: FolderStore) -> None:
    store.put(KEY, b"whole")
    (store.root / KEY).with_name(".RE-7K4M-29QX-C.pdf.1a2b.part").write_bytes(b"half")
    assert {file.key.rpartition("/")[2]: file.is_part for file in store.listing()} == {
        ".RE-7K4M-29QX-C.pdf.1a2b.part": True,
        "RE-7K4M-29QX-C.pdf": False,
    }


def test_the_folder_of_files_is_made_for_this_user_alone(tmp_path: Path) -> None:
    FolderStore(tmp_path / "files").put("certificates/one.pdf", b"%PDF-")
    assert (tmp_path / "files").stat().st_mode & 0o077 == 0


def test_a_sealed_file_is_read_again_and_shows_nothing(app: Flask) -> None:
    with app.app_context():
        sealed = seal(A_SHEET)
        assert unseal(sealed) == A_SHEET
    assert b"codes" not in sealed


def test_a_damaged_file_and_one_of_another_key_say_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        sealed = seal(A_SHEET)
        for damaged in (sealed[:-5], b"", A_SHEET):
            with pytest.raises(FileChanged):
                unseal(damaged)
        monkeypatch.setitem(app.config, "SECRET_KEY", "another secret key of an installation")
        with pytest.raises(FileChanged):
            unseal(sealed)
