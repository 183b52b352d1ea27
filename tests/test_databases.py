"""Each run has databases and folders of its own; it drops them, and clears away what killed runs left."""

import os
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from kernel.clock import utc_now
from tests.conftest import NewDatabase
from tests.databases import (
    DATABASES,
    FOLDERS,
    RUN,
    SERVER,
    administering,
    drop,
    drop_old_databases,
    name_at,
    postgresql_only,
    remove_old_folders,
)

NOW = utc_now()
LONG_AGO, LATELY = NOW - timedelta(hours=7), NOW - timedelta(hours=5)


@pytest.fixture
def server(a_database: NewDatabase) -> Iterator[Connection]:
    assert SERVER is not None
    with administering(SERVER) as connection:
        yield connection


def names(server: Connection) -> set[str]:
    return set(server.scalars(text("SELECT datname FROM pg_database")).all())


@postgresql_only
def test_a_database_is_dropped_when_a_test_is_done_with_it_or_fails(
    server: Connection, a_database: NewDatabase, tmp_path: Path
) -> None:
    made: set[str] = set()

    def fail_beside_two() -> None:
        with a_database(tmp_path) as url, a_database(tmp_path) as other:
            made.update(str(make_url(address).database) for address in (url, other))
            assert {name for name in names(server) if name in made and RUN in name} == made
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_beside_two()
    assert len(made) == 2
    assert not names(server) & made


@postgresql_only
def test_what_a_killed_run_left_on_a_server_is_dropped_hours_later_and_nothing_else(server: Connection) -> None:
    old, young = f"{name_at(LONG_AGO)}{RUN}_left", f"{name_at(LATELY)}{RUN}_left"
    foreign = f"{DATABASES}of_somebody_else_{RUN}"
    for name in (old, young, foreign):
        server.execute(text(f"CREATE DATABASE {name}"))
    try:
        assert SERVER is not None
        drop_old_databases(SERVER, now=NOW)
        assert names(server) & {old, young, foreign} == {young, foreign}
    finally:
        for name in (old, young, foreign):
            drop(server, name)


def test_folders_that_a_killed_run_left_are_removed_hours_later_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name, moment in ((f"{FOLDERS}old", LONG_AGO), (f"{FOLDERS}young", LATELY), ("common-ground-1000", LONG_AGO)):
        (tmp_path / name / "data").mkdir(parents=True)
        os.utime(tmp_path / name, (moment.timestamp(), moment.timestamp()))
    remove_old_folders(now=NOW)
    assert {path.name for path in tmp_path.iterdir()} == {f"{FOLDERS}young", "common-ground-1000"}
