"""Debian and Ubuntu packages that Python and npm cannot bring."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress

from tools.console import Stop, run_quietly, step
from tools.places import Places

# WeasyPrint draws certificates with these; it loads them by the same names.
PDF_LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
TEST_PROGRAMS = {"git": "git", "poppler-utils": "pdftotext"}
# The one without windows first: the others draw a whole window for each visitor, which costs half a second of work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def ensure_pdf_libraries(places: Places) -> None:
    """Install the libraries that draw certificates, where they are missing."""
    missing = [package for package, library in PDF_LIBRARIES.items() if not _loads(library)]
    if missing:
        install(places, missing, purpose="to draw certificates")


def ensure_test_programs(places: Places) -> None:
    """Install the programs that tests look at certificates and at the repository with."""
    missing = [package for package, program in TEST_PROGRAMS.items() if shutil.which(program) is None]
    if missing:
        install(places, missing, purpose="for the tests")


def ensure_browser(places: Places) -> None:
    """Install Chromium for the browser tests, where no browser of its family is found."""
    if find_browser() is not None:
        return
    with suppress(Stop):  # Ubuntu has no such package.
        install(places, ["chromium-headless-shell"], purpose="for the browser tests")
        return
    try:
        install(places, ["chromium"], purpose="for the browser tests")
    except Stop as reason:
        # Ubuntu has it as a snap only, and not everybody may install anything.
        raise Stop(f"{reason} Any Chromium or Chrome will do; make test BROWSER=no goes without.") from None


def find_browser() -> str | None:
    """The path of a Chromium or Chrome on this machine."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def install(places: Places, packages: Sequence[str], *, purpose: str) -> None:
    """Install packages with apt; raises `Stop` naming the command when we may not do it ourselves."""
    names = " ".join(packages)
    by_hand = f"Common Ground needs {names} {purpose}: run 'sudo apt-get install {names}'"
    if shutil.which("apt-get") is None:
        raise Stop(
            f"Common Ground needs {names} {purpose}: install what your system calls them, "
            "then run the same command again."
        )
    prefix = _as_root()
    if prefix is None:
        raise Stop(f"{by_hand} and then the same command again.")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=120"]
    with step(f"Installing {names} {purpose}"):
        # Lists that were never fetched, or are old, name packages that cannot be had.
        script = f"{' '.join(apt)} update; {' '.join(apt)} install -y --no-install-recommends {names}"
        run_quietly(
            ["sh", "-c", script],
            log=places.logs / "apt.log",
            otherwise=f"{by_hand} by hand, because apt could not do it from here",
            cwd=places.root,
        )


def _as_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
