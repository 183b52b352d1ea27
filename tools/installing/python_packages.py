"""The virtual environment and what pip puts into it."""

import os
import subprocess
import sys

from tools.console import run_quietly, step
from tools.installing.causes import cause_in
from tools.installing.stamps import Stamp, fingerprint
from tools.paths import Paths

RUN = "requirements.txt"
TEST = "requirements-dev.txt"


def ensure(paths: Paths, *, for_tests: bool = False) -> None:
    """Make the virtual environment hold exactly the pinned packages; does nothing when it already does."""
    stamps = [_stamp(paths, RUN), *([_stamp(paths, TEST)] if for_tests else [])]
    healthy = is_healthy(paths)
    if healthy and stamps[-1].is_fresh():
        return
    if not healthy:
        _create(paths)
        # The digest holds pyvenv.cfg, which has just been written.
        stamps = [_stamp(paths, RUN), *([_stamp(paths, TEST)] if for_tests else [])]
    with step("Installing the Python packages, about a minute"):
        _install(paths, TEST if for_tests else RUN)
    for stamp in stamps:
        stamp.write()


def _stamp(paths: Paths, name: str) -> Stamp:
    # It lives in the environment, so that deleting the environment forgets it.
    files = [paths.root / RUN, paths.root / TEST] if name == TEST else [paths.root / RUN]
    constraints = paths.root / "constraints.txt"
    return Stamp(
        paths.environment / f"{name}.stamp",
        fingerprint(files=[*files, constraints, paths.environment / "pyvenv.cfg"]),
    )


def is_healthy(paths: Paths) -> bool:
    """Whether the environment's Python starts: its base may have been removed or upgraded."""
    if not paths.python.exists():
        return False
    tried = subprocess.run([str(paths.python), "-c", "import pip"], capture_output=True, check=False)
    return tried.returncode == 0


def _create(paths: Paths) -> None:
    with step("Making the virtual environment"):
        run_quietly(
            [sys.executable, "-m", "venv", "--clear", paths.environment],
            log=paths.logs / "venv.log",
            otherwise="Python could not make a virtual environment in .venv: free 1 GB and try again",
            cwd=paths.root,
        )


def _install(paths: Paths, requirements: str) -> None:
    quiet = ("--no-input", "--progress-bar=off", "--disable-pip-version-check")
    wanted = (f"--requirement={requirements}", "--constraint=constraints.txt")
    run_quietly(
        [paths.python, "-m", "pip", "install", "--prefer-binary", "--retries=2", *quiet, *wanted],
        log=paths.logs / "pip.log",
        otherwise=f"The Python packages in {requirements} could not be installed",
        cause=cause_in,
        cwd=paths.root,
        environ=paths.with_caches(os.environ),
        attempts=2,
    )
