"""Whether certificates can be signed here, and for how long. Without a key they are unsigned, and that is said."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from app.doctor.check import Check, ok, problem
from app.platform.signing_settings import signing_setup
from certificates.signing.signer import SigningSetup
from config import Environment, Settings

ROOT = Path(__file__).resolve().parents[2]
PROBE = Path(__file__).with_name("signing_probe.py")
EXPIRES_SOON = timedelta(days=60)
_PATIENCE = 60  # seconds
_NAME = "signatures"


def probe(setup: SigningSetup, script: Path = PROBE) -> Mapping[str, object]:
    """What the probe found of a key: its facts, or an ``error``."""
    # The password goes through the pipe: arguments and environments of processes can be seen by others.
    done = subprocess.run(  # noqa: S603 - a command of our own, no shell
        [sys.executable, "-P", str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=json.dumps(asdict(setup)),
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    try:
        found: dict[str, object] = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return {"error": last}
    return found


def check_signing(settings: Settings, *, now: datetime) -> Iterator[Check]:
    """The key opens, is no test key in production, is not about to end, and the time-stamp server answers."""
    setup = signing_setup(settings)
    if setup is None:
        yield ok(
            _NAME,
            "Off: certificates are not signed. To sign them, see COMMON_GROUND_SIGNING_KEY_FILE in docs/running.md.",
        )
        return
    found = probe(setup)
    yield _check_key(settings, setup, found, now)
    if found.get("stamp_error"):
        meanwhile = (
            "Files are signed without one" if setup.can_do_without_stamp else "Certificates wait until it answers"
        )
        yield problem("time-stamps", f"{found['stamp_error']}. {meanwhile}.")
    elif setup.time_stamp_url and not found["error"]:
        yield ok("time-stamps", f"{setup.time_stamp_url} answers.")


def _check_key(settings: Settings, setup: SigningSetup, found: Mapping[str, object], now: datetime) -> Check:
    if found["error"]:
        return problem(_NAME, f"Certificates wait, because they cannot be signed: {found['error']}.")
    who, valid_until = f"{found['subject']} ({found['fingerprint']})", datetime.fromisoformat(str(found["valid_until"]))
    if settings.env is Environment.PRODUCTION and found["is_for_tests"]:
        return problem(_NAME, f"The key of {who} is for tests. Set COMMON_GROUND_SIGNING_KEY_FILE to your own.")
    if valid_until <= now:
        return problem(_NAME, f"Certificates wait: the signing certificate of {who} ended on {valid_until:%d %B %Y}.")
    if datetime.fromisoformat(str(found["valid_from"])) > now:
        return problem(_NAME, f"Certificates wait: the signing certificate of {who} is not valid yet.")
    if valid_until - now < EXPIRES_SOON:
        return problem(
            _NAME,
            f"The signing certificate of {who} ends on {valid_until:%d %B %Y}. Have a new one made before then: "
            "certificates cannot be signed afterwards.",
        )
    if setup.key_file and Path(setup.key_file).stat().st_mode & 0o077:
        return problem(_NAME, f"Others can read the signing key. Run: chmod 600 {setup.key_file}")
    return ok(_NAME, f"By {who}, until {valid_until:%d %B %Y}.")
