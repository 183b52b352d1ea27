"""Other builds to measure against: a commit in a work tree of its own, with what it needs to run."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.environment import ROOT

PINS = ("requirements.txt", "requirements-dev.txt", "constraints.txt")


@contextmanager
def work_tree(commit: str) -> Iterator[Path]:
    """A folder that holds this commit, set up to run, for as long as the block lasts."""
    revision = _git("rev-parse", "--verify", f"{commit}^{{commit}}").strip()
    folder = ROOT / "var" / "launch-day" / revision[:12]
    if folder.exists():
        _remove(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _git("worktree", "add", "--detach", "--force", str(folder), revision)
    try:
        _set_up(folder)
        yield folder
    finally:
        _remove(folder)


def _set_up(folder: Path) -> None:
    """The packages of this build where their pins are the same, else its own; then its style sheet and scripts."""
    if all((folder / name).read_bytes() == (ROOT / name).read_bytes() for name in PINS if (folder / name).exists()):
        (folder / ".venv").symlink_to(ROOT / ".venv")
    subprocess.run(["make", "setup"], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _git("worktree", "prune")


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout
