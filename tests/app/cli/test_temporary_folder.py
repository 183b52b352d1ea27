"""Temporary files go with their process; what a killed one leaves, the next one finds."""

import os
import tempfile
from pathlib import Path

import pytest

from app.cli.temporary_folder import PREFIX, remove_abandoned, temporary_folder_of_its_own


@pytest.fixture
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files stand while nobody says otherwise."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_is_not_cleared_away_goes_with_the_folder(parent: Path) -> None:
    with temporary_folder_of_its_own():
        left = Path(tempfile.mkdtemp())
        assert left.is_relative_to(parent)
        assert Path(os.environ["TMPDIR"]) == left.parent != parent
    assert list(parent.iterdir()) == []
    assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(parent)


def test_a_forked_process_that_ends_without_finalisers_leaves_nothing(parent: Path) -> None:
    with temporary_folder_of_its_own():
        pid = os.fork()
        if pid == 0:
            tempfile.mkdtemp()
            os._exit(0)
        os.waitpid(pid, 0)
    assert list(parent.iterdir()) == []


def test_the_folder_of_a_living_process_stays_and_that_of_a_dead_one_goes(parent: Path) -> None:
    dead = parent / f"{PREFIX}dead"
    (dead / "fonts").mkdir(parents=True)
    theirs = parent / "something-else"
    theirs.mkdir()
    with temporary_folder_of_its_own():
        living = Path(tempfile.gettempdir())
        remove_abandoned(parent)
        assert living.exists()
        assert not dead.exists()
    assert list(parent.iterdir()) == [theirs]


def test_a_link_is_not_followed(parent: Path) -> None:
    elsewhere = parent / "elsewhere"
    elsewhere.mkdir()
    (parent / f"{PREFIX}link").symlink_to(elsewhere)
    remove_abandoned(parent)
    assert elsewhere.exists()
