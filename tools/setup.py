"""Everything that must be on the machine before Common Ground, or its tests, can run.

python -m tools.setup         for `make run`
python -m tools.setup tests   for `make test`
"""

import os
import sys

from tools import debian, front_end, python_packages
from tools.console import Stop, finish
from tools.places import HERE, Places


def for_running(places: Places) -> None:
    """Packages, libraries and the built front end; every step is skipped when it was done before."""
    check_can_write(places)
    python_packages.ensure(places)
    debian.ensure_pdf_libraries(places)
    front_end.ensure(places)


def for_tests(places: Places) -> None:
    """What running needs, what the checks bring, and a browser (unless BROWSER=no)."""
    check_can_write(places)
    python_packages.ensure(places, for_tests=True)
    debian.ensure_pdf_libraries(places)
    front_end.ensure(places)
    debian.ensure_test_programs(places)
    if os.environ.get("BROWSER") != "no":
        debian.ensure_browser(places)


def check_can_write(places: Places) -> None:
    """Raises the operating system's own error, which `finish` puts into a sentence."""
    places.logs.mkdir(parents=True, exist_ok=True)
    trial = places.var / ".written"
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
