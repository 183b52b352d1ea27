"""docs/adding-a-plug.md, walked through: its store is installed, named in the settings, and used by the platform."""

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from app.doctor.installation import check_disk_space, check_privacy_of_files, check_storage
from app.platform.storage import make_store
from config import ROOT, BadSettings, Settings
from kernel.errors import FileMissing
from kernel.files import FileStore
from tests.architecture.documents import files_shown_in
from tests.conftest import settings_for
from tests.documents.packages import install

SHOWN = files_shown_in(ROOT / "docs" / "adding-a-plug.md")
KEY = "certificates/ab/RE-7K4M-29QX-C.pdf"
Settled = Callable[[], Settings]


@pytest.fixture
def settled(tmp_path: Path) -> Settled:
    """The settings as the page shows them, with both folders below ``tmp_path``."""
    name, _, url = SHOWN["settings.env"].strip().partition("=")
    assert name == "COMMON_GROUND_STORAGE_URL"
    here = url.replace("/srv/files", f"{tmp_path}/first").replace("/srv-copy/files", f"{tmp_path}/second")
    return lambda: settings_for("sqlite:///unused.db", tmp_path, storage_url=here)


@pytest.fixture
def store(settled: Settled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileStore:
    (tmp_path / "packages").mkdir()
    install(SHOWN, tmp_path / "packages", monkeypatch)
    return make_store(settled())


def test_without_the_package_the_start_ends_and_names_the_stores_that_are_there(settled: Settled) -> None:
    with pytest.raises(BadSettings, match="COMMON_GROUND_STORAGE_URL must be a path, or begin with one of: file, s3"):
        make_store(settled())


def test_every_file_is_in_both_folders(store: FileStore, tmp_path: Path) -> None:
    store.put(KEY, b"one")
    store.put_from("zips/1.zip", BytesIO(b"many"))
    for folder in (tmp_path / "first", tmp_path / "second"):
        assert ((folder / KEY).read_bytes(), (folder / "zips/1.zip").read_bytes()) == (b"one", b"many")
    store.delete(KEY)
    assert not store.exists(KEY)
    assert [file.key for file in store.listing()] == ["zips/1.zip"]


def test_what_the_first_folder_has_lost_is_read_from_the_second(store: FileStore, tmp_path: Path) -> None:
    store.put(KEY, b"one")
    (tmp_path / "first" / KEY).unlink()
    with store.open(KEY) as stream:
        assert (store.read(KEY), stream.read(), store.exists(KEY)) == (b"one", b"one", True)
    (tmp_path / "second" / KEY).unlink()
    with pytest.raises(FileMissing):
        store.read(KEY)


def test_the_doctor_tries_it_and_knows_that_it_is_no_folder_of_ours(store: FileStore, settled: Settled) -> None:
    url = settled().storage_url
    assert [check.is_ok for check in (check_storage(store), check_privacy_of_files(url), check_disk_space(url))] == [
        True
    ] * 3


def test_the_site_is_ready_with_it(app: Flask, store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "common-ground-files", store)
    assert app.test_client().get("/readyz").get_json()["storage"] == "ready"


def test_a_package_that_claims_a_key_of_another_ends_the_start_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install({**SHOWN, "two_folders.py": SHOWN["two_folders.py"].replace('"mirror"', '"s3"')}, tmp_path, monkeypatch)
    environment = {
        "COMMON_GROUND_ENV": "test",
        "COMMON_GROUND_SECRET_KEY": "x" * 40,
        "COMMON_GROUND_DATABASE_URL": f"sqlite:///{tmp_path}/plugs.db",
        "COMMON_GROUND_REDIS_URL": "redis://127.0.0.1:1",
        "COMMON_GROUND_STORAGE_URL": str(tmp_path),
        "COMMON_GROUND_PUBLIC_URL": "http://localhost",
        "PYTHONPATH": str(tmp_path),
    }
    ran = subprocess.run(
        [sys.executable, "-c", "import wsgi"], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert ran.stderr.splitlines() == [
        "Common Ground cannot start. A package that is installed beside it does not fit:",
        "Two plugs of the group common_ground.file_stores are called 's3'. Remove one of the packages.",
    ]
