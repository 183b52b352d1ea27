"""Whether this installation makes badges, and where they live."""

import os
from pathlib import Path

from app.platform.current_settings import current_settings
from certificates.badges.addresses import Addresses
from certificates.badges.keys import BadKey
from certificates.badges.status import PUBLISH_STATUS, STATUS_LISTS
from kernel.clock import utc_now
from kernel.tasks.control import is_any_due
from kernel.unit_of_work import UnitOfWork

# Nothing runs in the parts of a badge, whoever opens them as a page.
FILE_POLICY = "default-src 'none'; sandbox"


def badge_addresses() -> Addresses:
    """The addresses of badges on this site."""
    return Addresses(current_settings().public_url.rstrip("/"))


def are_badges_made() -> bool:
    """Whether there is a key to sign badges with; the doctor looks whether it is a good one."""
    return current_settings().badge_key_file is not None


def ring_for_ended_badges(work: UnitOfWork) -> None:
    """Have the lists signed that this work made old, without waiting for housekeeping."""
    if is_any_due(work.session, STATUS_LISTS, now=utc_now()):
        work.ring_after_commit(PUBLISH_STATUS)


def read_key_file(path: str) -> str:
    """What stands in a key file. Raises ``BadKey``."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError as problem:
        raise BadKey(f"it could not be read: {problem.strerror or problem}") from problem


def write_key(path: Path, key: str) -> None:
    """Write a new key that only this user can read. Raises ``FileExistsError``: a key is never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(key)
