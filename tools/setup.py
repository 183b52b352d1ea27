"""Everything that must be on the machine before Common Ground, or its tests, can run.

python -m tools.setup         for `make run`
python -m tools.setup tests   for `make test`
"""

import os
import sys

from tools.console import Stop, finish
from tools.installing import debian, front_end, python_packages
from tools.paths import HERE, Paths


def for_running(paths: Paths) -> None:
    """Packages, libraries and the built front end; every step is skipped when it was done before."""
    check_can_write(paths)
    debian.ensure(paths, _needed(paths))
    python_packages.ensure(paths)
    front_end.ensure(paths)


def for_tests(paths: Paths) -> None:
    """What running needs, what the checks bring, and a browser (unless BROWSER=no)."""
    check_can_write(paths)
    needed = debian.needed_for_tests(with_browser=os.environ.get("BROWSER") != "no")
    debian.ensure(paths, {**_needed(paths), **needed})
    python_packages.ensure(paths, for_tests=True)
    front_end.ensure(paths)


def _needed(paths: Paths) -> debian.Needs:
    """What only the system's own packages bring; looked for before the first slow step, so that it is told at once."""
    return debian.needed_for_running(
        makes_environment=not python_packages.is_healthy(paths),
        brings_redis="COMMON_GROUND_REDIS_URL" not in os.environ,
    )


def check_can_write(paths: Paths) -> None:
    """Raises the operating system's own error, which `finish` puts into a sentence."""
    paths.logs.mkdir(parents=True, exist_ok=True)
    trial = paths.var / ".written"
    trial.write_bytes(b"")
    trial.unlink()


def main() -> int:
    match sys.argv[1:]:
        case []:
            for_running(HERE)
        case ["tests"]:
            for_tests(HERE)
        case _:
            raise Stop("Run it as: python -m tools.setup [tests]")
    return 0


if __name__ == "__main__":
    finish(main)
