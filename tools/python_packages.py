"""The virtual environment and what pip puts into it."""

import subprocess
import sys

from tools import debian
from tools.console import run_quietly, step
from tools.places import Places
from tools.stamps import Stamp, fingerprint

RUN = "requirements.txt"
TEST = "requirements-dev.txt"


def ensure(places: Places, *, for_tests: bool = False) -> None:
    """Make the virtual environment hold exactly the pinned packages; does nothing when it already does."""
    stamps = [_stamp(places, RUN), *([_stamp(places, TEST)] if for_tests else [])]
    healthy = _is_healthy(places)
    if healthy and stamps[-1].is_fresh():
        return
    if not healthy:
        _create(places)
        # The digest holds pyvenv.cfg, which has just been written.
        stamps = [_stamp(places, RUN), *([_stamp(places, TEST)] if for_tests else [])]
    with step("Installing the Python packages, about a minute"):
        _install(places, TEST if for_tests else RUN)
    for stamp in stamps:
        stamp.write()


def _stamp(places: Places, name: str) -> Stamp:
    # It lives in the environment, so that deleting the environment forgets it.
    files = [places.root / RUN, places.root / TEST] if name == TEST else [places.root / RUN]
    constraints = places.root / "constraints.txt"
    return Stamp(
        places.environment / f"{name}.stamp",
        fingerprint(files=[*files, constraints, places.environment / "pyvenv.cfg"]),
    )


def _is_healthy(places: Places) -> bool:
    """Whether the environment's Python starts: its base may have been removed or upgraded."""
    if not places.python.exists():
        return False
    tried = subprocess.run([str(places.python), "-c", "import pip"], capture_output=True, check=False)
    return tried.returncode == 0


def _create(places: Places) -> None:
    tried = subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False)
    if tried.returncode != 0:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        debian.install(places, [package], purpose="to make a virtual environment")
    with step("Making the virtual environment"):
        run_quietly(
            [sys.executable, "-m", "venv", "--clear", places.environment],
            log=places.logs / "venv.log",
            otherwise="Python could not make a virtual environment in .venv: free 1 GB and try again",
            cwd=places.root,
        )


def _install(places: Places, requirements: str) -> None:
    quiet = ("--no-input", "--progress-bar=off", "--disable-pip-version-check")
    wanted = (f"--requirement={requirements}", "--constraint=constraints.txt")
    run_quietly(
        [places.python, "-m", "pip", "install", "--prefer-binary", "--retries=2", *quiet, *wanted],
        log=places.logs / "pip.log",
        otherwise=(
            f"The Python packages in {requirements} could not be installed: "
            "check the network connection and run the same command again"
        ),
        cwd=places.root,
        attempts=2,
    )
