"""The zip of certificates itself: opened again, whatever the store does."""

import csv
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from io import BytesIO, StringIO
from tempfile import TemporaryFile
from zipfile import ZipFile

import pytest

from certificates.zips import writing
from certificates.zips.contents import Entry
from certificates.zips.writing import ArchiveCounts, ArchiveTooLarge, write_archive
from kernel.errors import FileMissing, StorageError
from tests.builders.certificate_batches import NAMES
from tests.builders.region import NOON


class MemoryStore:
    """A store in memory that loses files, changes them or goes away."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.reads_left = 1_000_000

    def read(self, key: str) -> bytes:
        self.reads_left -= 1
        if self.reads_left < 0:
            raise StorageError("the store does not answer")
        if key not in self.files:
            raise FileMissing(key)
        return self.files[key]


def entry(store: MemoryStore, number: int, name: str = "Siân Jones", **changes: object) -> Entry:
    data, key = f"%PDF {number}".encode(), f"certificates/{number}.pdf"
    store.files[key] = data
    values: dict[str, object] = {
        "certificate_id": number,
        "number": f"TC-0000-{number:04}-A",
        "holder_name": name,
        "organisation_name": "Halton Borough Council",
        "unit_path": "Adult Social Care / Home Care",
        "course_title": "Test course",
        "course_version": 2,
        "completed_on": date(2026, 11, 20),
        "valid_until": None,
        "issued_at": NOON,
        "is_revoked": False,
        "storage_key": key,
        "sha256": sha256(data).hexdigest(),
        **changes,
    }
    return Entry(**values)


def zipped(store: MemoryStore, *batches: Sequence[Entry]) -> tuple[ZipFile, ArchiveCounts, list[int]]:
    target, heard = BytesIO(), []
    counts = write_archive(target, batches, store, title="Halton", now=NOON, note_progress=heard.append)
    return ZipFile(target), counts, heard


def index_of(archive: ZipFile) -> list[dict[str, str]]:
    data = archive.read("index.csv")
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"))))


def test_the_zip_holds_each_file_by_number_an_index_and_a_note() -> None:
    store = MemoryStore()
    entries = [entry(store, number, name) for number, name in enumerate(NAMES)]
    archive, counts, heard = zipped(store, entries[:3], entries[3:])
    assert archive.testzip() is None
    assert (counts, heard) == (ArchiveCounts(5, 0), [3, 5])
    rows = index_of(archive)
    assert [row["name"] for row in rows] == list(NAMES)
    for number, row in enumerate(rows):
        assert archive.read(row["file"]) == f"%PDF {number}".encode()
        assert (row["completed on"], row["version"], row["note"]) == ("2026-11-20", "2", "")
    assert "5 certificates are in the folder" in archive.read("README.txt").decode()
    assert len(archive.namelist()) == 7


def test_revoked_unmade_lost_and_changed_ones_are_listed_and_left_out() -> None:
    store = MemoryStore()
    entries = [
        entry(store, 1, is_revoked=True, storage_key=None, sha256=None),
        entry(store, 2, storage_key=None, sha256=None),
        entry(store, 3, storage_key="certificates/nowhere.pdf"),
        entry(store, 4, sha256="0" * 64),
        entry(store, 5),
    ]
    archive, counts, _ = zipped(store, entries)
    assert counts == ArchiveCounts(included=1, missing=2)
    assert [row["note"] for row in index_of(archive)] == [
        "Revoked: left out",
        "Not made yet: left out",
        "The file is missing from the store: left out",
        "The file in the store is not the one that was issued: left out",
        "",
    ]
    assert [name for name in archive.namelist() if name.endswith(".pdf")] == ["certificates/TC-0000-0005-A.pdf"]
    assert "4 more are listed" in archive.read("README.txt").decode()


@pytest.mark.parametrize("name", ["=1+1", "+44", "@x", "\tx", "＝HYPERLINK"])
def test_no_name_runs_in_a_spreadsheet(name: str) -> None:
    store = MemoryStore()
    archive, _, _ = zipped(store, [entry(store, 1, name)])
    assert index_of(archive)[0]["name"] == f"'{name}"


def test_a_store_that_goes_away_midway_ends_it() -> None:
    store = MemoryStore()
    entries = [entry(store, number) for number in range(5)]
    store.reads_left = 3
    with pytest.raises(StorageError, match="does not answer"):
        zipped(store, entries)


def test_one_that_grows_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_BYTES", 200)
    store = MemoryStore()
    with pytest.raises(ArchiveTooLarge, match="Choose a part of the authority"):
        zipped(store, [entry(store, number) for number in range(5)])


def test_four_thousand_come_batch_by_batch_and_all_arrive() -> None:
    store = MemoryStore()
    first = entry(store, 1)
    batch = [first] * 200
    with TemporaryFile() as target:
        counts = write_archive(
            target,
            ([entry_with(first, place * 200 + n) for n, _ in enumerate(batch)] for place in range(20)),
            store,
            title="Halton",
            now=NOON,
            note_progress=lambda _: None,
        )
        assert counts.included == 4_000
        assert len(ZipFile(target).namelist()) == 4_002


def entry_with(first: Entry, number: int) -> Entry:
    return Entry(**{**vars(first), "number": f"TC-{number:08}-A"})
