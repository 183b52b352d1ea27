"""Run as a process of its own: opens the signing key that stands on its input and prints, as JSON, what it found.

Nothing may import this: it loads pyHanko.
"""

import json
import sys
from dataclasses import replace

from certificates.signing.opening import open_signer
from certificates.signing.signer import SigningFailed, SigningSetup
from certificates.signing.time_stamps import TimeStampServer
from kernel.clock import utc_now


def main() -> None:
    """Print the key's facts or ``{"error": …}``; ``stamp_error`` is null when the time-stamp server answered."""
    setup = SigningSetup(**json.load(sys.stdin))
    try:
        key = open_signer(replace(setup, time_stamp_url=None), now=utc_now).key
    except SigningFailed as problem:
        json.dump({"error": str(problem)}, sys.stdout)
        return
    found = {
        "error": None,
        "subject": key.subject,
        "fingerprint": key.short_fingerprint,
        "is_for_tests": key.is_for_tests,
        "valid_from": key.valid_from.isoformat(),
        "valid_until": key.valid_until.isoformat(),
        "stamp_error": None,
    }
    if setup.time_stamp_url:
        try:
            TimeStampServer(setup.time_stamp_url, can_do_without=False).space("sha256")
        except SigningFailed as problem:
            found["stamp_error"] = str(problem)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
