"""A folder: only where it is allowed, never through a link, and left when it hangs."""

import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from app.platform.hr_sources.folders import FolderReader, opened_folder, showable, why_not_allowed
from app.platform.hr_sources.reading import Looked, Patience, look
from people.feed.sources.choosing import SourceFile, Verdict, Wanted
from people.feed.sources.problems import NeedsSomebody, SourceProblem

NOW = datetime(2026, 11, 29, 7, tzinfo=UTC)


def looked(folder: Path, *, allowed: tuple[str, ...] | None = None, **wanted: object) -> tuple[Looked, bytes]:
    into = BytesIO()
    opening = partial(opened_folder, str(folder), allowed=(str(folder),) if allowed is None else allowed)
    asked = Wanted("*.csv", **wanted)  # type: ignore[arg-type]
    return look(opening, asked, into, patience=Patience(whole=5)), into.getvalue()


def seen_in(folder: Path) -> dict[str, tuple[int, str]]:
    found, _ = looked(folder)
    return {file.name: file.stand for file, _ in found.choice.listed}


def test_a_file_is_copied_at_the_second_look(tmp_path: Path) -> None:
    (tmp_path / "Nguyễn.csv").write_bytes(b"a,b\n")
    found, copied = looked(tmp_path, seen=seen_in(tmp_path))
    assert (found.is_whole, copied) == (True, b"a,b\n")


def test_a_file_that_grew_since_the_first_look_waits_once_more(tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_bytes(b"half")
    before = seen_in(tmp_path)
    file.write_bytes(b"half and the rest")
    found, copied = looked(tmp_path, seen=before)
    assert [verdict for _, verdict in found.choice.listed] == [Verdict.STILL]
    assert copied == b""


def test_links_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "link.csv").symlink_to(tmp_path / "secret.txt")
    found, _ = looked(tmp_path)
    assert found.choice.listed == ()
    reader = FolderReader(tmp_path)
    with pytest.raises(OSError, match=r"."), reader.open(SourceFile("link.csv", str(tmp_path / "link.csv"), 1, NOW)):
        pass


def test_only_allowed_folders_are_read(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in" / "sefton", tmp_path / "out"
    inside.mkdir(parents=True)
    outside.mkdir()
    (inside / "way-out").symlink_to(outside)
    allowed = (str(tmp_path / "in"),)
    assert why_not_allowed(str(inside), allowed) is None
    for folder in (outside, inside / ".." / ".." / "out", inside / "way-out", Path("in")):
        assert why_not_allowed(str(folder), allowed) is not None
        with pytest.raises(NeedsSomebody):
            looked(folder, allowed=allowed)
    assert "has allowed no folder" in (why_not_allowed(str(inside), ()) or "")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    with pytest.raises(SourceProblem, match="If it is mounted, its server may be away"):
        looked(gone)
    gone.write_text("a file")
    with pytest.raises(SourceProblem, match=r"is a file. Enter the folder"):
        looked(gone)


def test_a_folder_that_hangs_is_left(tmp_path: Path) -> None:
    @contextmanager
    def hanging():  # type: ignore[no-untyped-def]
        time.sleep(30)
        yield FolderReader(tmp_path)

    began = time.monotonic()
    with pytest.raises(SourceProblem, match="was broken off"):
        look(hanging, Wanted("*"), BytesIO(), patience=Patience(whole=0.5))
    assert time.monotonic() - began < 15


def test_bytes_that_are_no_letters_can_be_shown_and_stored(tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/caf\xe9\x0a.csv", os.O_CREAT))
    found, _ = looked(tmp_path)
    ((file, _),) = found.choice.listed
    assert file.name == "caf\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}.csv"
    file.name.encode()
    assert showable("王芳.csv") == "王芳.csv"
