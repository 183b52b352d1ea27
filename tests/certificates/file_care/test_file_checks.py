"""The nightly walk: every file against every row, in steps that survive a killed worker."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.platform.storage import FolderStore
from certificates.file_care import file_checks
from certificates.file_care.file_checks import (
    CertificateFileCheck,
    ask_for_check,
    ask_nightly,
    find_last_check,
    look,
    next_step,
    write_down,
)
from certificates.file_care.lost_files import CertificateLostFile, Loss, count_losses, files_of
from certificates.file_care.orphans import orphans_in
from certificates.making.derived_files import DERIVED_FILES, ask_for_large_print, mark_derived_file_ready
from certificates.making.rendering import CERTIFICATE_FILES, Made, mark_ready, storage_key
from certificates.record.issuing import Certificate
from kernel.errors import StorageError
from kernel.files import StoredFile
from people.accounts import Account
from tests.builders.region import NOON, a_person, an_account
from tests.builders.tasks import in_hand

TOMORROW = NOON + timedelta(days=2)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """An empty folder."""
    return FolderStore(tmp_path / "files")


def aged(store: FolderStore, key: str, when: datetime = NOON) -> None:
    os.utime(store.root / key, (when.timestamp(), when.timestamp()))


@pytest.fixture
def ready(session: Session, issued: Certificate, store: FolderStore) -> Certificate:
    """A certificate whose file is stored."""
    file = store.put(storage_key(issued.number), b"%PDF one")
    mark_ready(session, in_hand(session, CERTIFICATE_FILES, issued.id), made=[Made(issued.id, file)], now=NOON)
    aged(store, file.key)
    session.expire_all()
    return issued


def walk(session: Session, store: FolderStore, now: datetime = TOMORROW) -> CertificateFileCheck:
    ask_for_check(session, account_id=None, now=now)
    while (step := next_step(session)) is not None:
        assert write_down(session, step, look(store, step, now=now), now=now)
    found = find_last_check(session)
    assert found is not None
    return found


def test_a_walk_over_whole_files_finds_nothing(session: Session, ready: Certificate, store: FolderStore) -> None:
    found = walk(session, store)
    assert (found.files, found.is_whole, found.records is not None) == (1, True, True)
    assert found.consistency is not None
    assert found.consistency.completions_without_certificate == 0


def test_a_missing_and_a_changed_file_are_told_apart_and_heal(
    session: Session, ready: Certificate, store: FolderStore
) -> None:
    store.delete(str(ready.storage_key))
    assert (walk(session, store).missing, count_losses(session)[Loss.MISSING]) == (1, 1)
    store.put(str(ready.storage_key), b"%PDF 0ne")
    assert (walk(session, store).changed, count_losses(session)[Loss.CHANGED]) == (1, 1)
    store.put(str(ready.storage_key), b"%PDF one")
    assert walk(session, store).is_whole
    assert session.scalars(select(CertificateLostFile)).all() == []


def test_large_prints_are_looked_at_too(
    session: Session, ready: Certificate, store: FolderStore, account: Account
) -> None:
    asked = ask_for_large_print(session, certificate_id=ready.id, account_id=account.id, now=NOON)
    key = storage_key(ready.number).replace(".pdf", "-large-print.pdf")
    claimed = in_hand(session, DERIVED_FILES, asked.id)
    mark_derived_file_ready(session, claimed, file=store.put(key, b"%PDF large"), now=NOON)
    assert [file.key for file in files_of(session, certificate_id=ready.id)] == [ready.storage_key, key]
    assert walk(session, store).files == 2
    store.delete(key)
    assert walk(session, store).missing == 1


@pytest.fixture
def account(session: Session) -> Account:
    """Whoever asks."""
    return an_account(session, a_person(session))


def test_files_that_no_row_names_are_found_when_they_are_older_than_a_day(
    session: Session, ready: Certificate, store: FolderStore
) -> None:
    for key in ("certificates/AA/AA/RE-AAAA-AAAA-A.pdf", "certificate-previews/99.pdf", "media/ab/film"):
        store.put(key, b"nobody's")
        aged(store, key)
    store.put("certificates/BB/BB/RE-BBBB-BBBB-B.pdf", b"of a row that is about to be written")
    aged(store, "certificates/BB/BB/RE-BBBB-BBBB-B.pdf", TOMORROW)
    found = walk(session, store)
    assert found.first_orphans == ["certificate-previews/99.pdf", "certificates/AA/AA/RE-AAAA-AAAA-A.pdf"]
    assert (found.orphans, found.orphan_bytes) == (2, 16)
    listed = [file.key for file in orphans_in(session, store, now=TOMORROW, at_once=1)]
    assert listed == found.first_orphans


def test_a_file_whose_row_was_never_told_is_no_orphan(
    session: Session, issued: Certificate, store: FolderStore
) -> None:
    store.put(storage_key(issued.number), b"%PDF stored, then killed")
    aged(store, storage_key(issued.number))
    assert walk(session, store).orphans == 0


def test_part_files_of_the_dead_are_removed_and_those_of_the_living_stay(session: Session, store: FolderStore) -> None:
    for key, when in (("certificates/.a.pdf.1.part", NOON), ("media/.b.2.part", NOON), ("media/.c.3.part", TOMORROW)):
        store.put(key, b"half")
        aged(store, key, when)
    found = walk(session, store)
    assert (found.parts_removed, found.orphans) == (2, 0)
    assert [file.key for file in store.listing()] == ["media/.c.3.part"]


def test_the_walk_goes_on_where_a_dead_worker_stopped(
    session: Session, ready: Certificate, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_checks, "LISTED_AT_ONCE", 2)
    for number in range(5):
        store.put(f"certificates/AA/{number}/RE-{number}.pdf", b"nobody's")
        aged(store, f"certificates/AA/{number}/RE-{number}.pdf")
    ask_for_check(session, account_id=None, now=TOMORROW)
    step = next_step(session)
    assert step is not None
    seen = look(store, step, now=TOMORROW)
    assert write_down(session, step, seen, now=TOMORROW)
    assert not write_down(session, step, seen, now=TOMORROW), "another worker did this step"
    found = walk(session, store)
    assert (found.files, found.orphans) == (1, 5)


def test_a_store_that_is_away_loses_nothing(
    session: Session, ready: Certificate, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_key: str) -> bytes:
        raise StorageError("Input/output error")

    monkeypatch.setattr(store, "read", away)
    ask_for_check(session, account_id=None, now=NOON)
    step = next_step(session)
    assert step is not None
    with pytest.raises(StorageError, match="could not read any"):
        look(store, step, now=NOON)
    assert sum(count_losses(session).values()) == 0


def test_one_walk_a_night_and_one_at_a_time(session: Session, store: FolderStore) -> None:
    def walks() -> int:
        return len(session.scalars(select(CertificateFileCheck)).all())

    ask_nightly(session, now=NOON)
    ask_nightly(session, now=NOON)
    assert walks() == 1
    walk(session, store, NOON)
    ask_nightly(session, now=NOON + timedelta(hours=13))  # one in the morning: the night has not come
    assert walks() == 1
    ask_nightly(session, now=NOON + timedelta(hours=15))
    assert walks() == 2


def test_a_walk_asked_for_by_a_clock_that_ran_ahead_keeps_no_night_away(session: Session, store: FolderStore) -> None:
    walk(session, store, NOON + timedelta(days=400))
    ask_nightly(session, now=NOON)
    assert next_step(session) is not None


def test_an_empty_file_is_a_changed_one(session: Session, ready: Certificate, store: FolderStore) -> None:
    (store.root / str(ready.storage_key)).write_bytes(b"")
    assert walk(session, store).changed == 1


def test_a_stored_file_says_what_it_holds(store: FolderStore) -> None:
    assert store.put("a", b"").size_bytes == 0
    assert isinstance(store.put("a", b""), StoredFile)


def test_a_step_asks_the_database_as_often_for_many_files_as_for_one(
    session: Session, ready: Certificate, store: FolderStore
) -> None:
    def asked(now: datetime) -> int:
        ask_for_check(session, account_id=None, now=now)
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        event.listen(session.get_bind(), "before_cursor_execute", note)
        walk(session, store, now)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        return len(statements)

    few = asked(TOMORROW)
    for number in range(60):
        store.put(f"certificates/AA/{number:02}/RE-{number}.pdf", b"nobody's")
    assert asked(TOMORROW + timedelta(hours=1)) <= few + 3
