"""Whether certificates can be drawn here: fonts, WeasyPrint's libraries, and a whole test certificate."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.doctor.check import Check, ok, problem

ROOT = Path(__file__).resolve().parents[2]
PROBE = Path(__file__).with_name("pdf_probe.py")
_PATIENCE = 60  # seconds
_LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def probe(script: Path = PROBE, *, is_whole: bool = False) -> Mapping[str, str | None]:
    """What the probe found: an error for each of fonts, libraries and pdf, or ``None`` where all is well.

    With ``is_whole`` the certificate is drawn as workers draw it that reuse no drawings.
    """
    # As a script and not with -m, which would load the whole application; -P keeps this folder off the path.
    done = subprocess.run(  # noqa: S603 - a command of our own, no shell
        [sys.executable, "-P", str(script), "whole" if is_whole else "filled-in"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    try:
        found: dict[str, str | None] = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return {"fonts": None, "libraries": None, "pdf": last}
    return found


def checks_of(found: Mapping[str, str | None]) -> Iterator[Check]:
    """What the probe found, in words."""
    fonts, libraries, pdf = found["fonts"], found["libraries"], found["pdf"]
    yield (problem("fonts", f"{fonts}.") if fonts else ok("fonts", "Every script of the test name has its font."))
    if libraries:
        advice = f"On Debian and Ubuntu: apt-get install {_LIBRARIES}"
        yield problem("pdf libraries", f"WeasyPrint cannot be loaded: {libraries}. {advice}")
    elif pdf:
        yield problem("test certificate", f"It could not be drawn: {pdf}.")
    else:
        yield ok("pdf libraries", "WeasyPrint and its libraries load.")
        yield ok("test certificate", "A test certificate can be drawn.")
