"""A temporary folder that goes when its process goes, however that ends.

A job that is forked ends without Python's finalisers, and a killed process without anything. So all that a worker, or
one of its jobs, puts into the temporary folder stands in a folder of its own, which whoever started it removes. Should
that one be killed too, the next worker does it: the lock on the folder is gone with the last process that had it.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "common-ground-worker-"
_UNLOCKED = "common-ground-new-worker-"


@contextmanager
def temporary_folder_of_its_own() -> Iterator[None]:
    """Let the temporary files of this process and of those that it starts stand in one folder; remove it at the end."""
    before = tempfile.gettempdir()
    remove_abandoned(Path(before))
    folder, lock = _locked_folder(before)
    _use(folder)
    try:
        yield
    finally:
        _use(before)
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_abandoned(parent: Path) -> None:
    """Remove the folders of processes that were killed together with those that should have removed them."""
    for folder in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else was faster, or the folder is another user's
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(lock)


def _locked_folder(parent: str) -> tuple[str, int]:
    """A new folder, and the lock on it. It has its name only when it is locked, so nobody finds it abandoned before."""
    unlocked = tempfile.mkdtemp(prefix=_UNLOCKED, dir=parent)
    lock = os.open(unlocked, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    folder = unlocked.replace(_UNLOCKED, PREFIX)
    Path(unlocked).rename(folder)
    return folder, lock


def _use(folder: str) -> None:
    tempfile.tempdir = os.environ["TMPDIR"] = folder
