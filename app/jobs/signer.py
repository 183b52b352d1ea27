"""The signing key of a worker: opened once, and kept."""

import os

from flask import current_app

from app.platform.current_settings import current_settings
from app.platform.signing_settings import signing_setup
from certificates.signing.opening import open_signer
from certificates.signing.signer import Signer, SigningFailed, SigningSetup
from kernel.clock import utc_now

_opened: dict[tuple[SigningSetup, int], Signer] = {}


def worker_signer() -> Signer | None:
    """The signer that the settings name, ``None`` when they name none. Raises ``SigningFailed``.

    One that cannot be opened is tried again for the next certificate: its file or token may be there by then.
    """
    setup = signing_setup(current_settings())
    if setup is None:
        return None
    # A token's library does not survive a fork, so each process opens it for itself; a key in memory does.
    place = (setup, os.getpid() if setup.key_file is None else 0)
    if place not in _opened:
        _opened[place] = open_signer(setup, now=utc_now)
    return _opened[place]


def open_before_forks() -> None:
    """Open a key that forks can share. Should that fail, each certificate says why."""
    setup = signing_setup(current_settings())
    if setup is None or setup.key_file is None:
        return
    try:
        worker_signer()
    except SigningFailed as problem:
        current_app.logger.error("Certificates cannot be signed: %s", problem)
