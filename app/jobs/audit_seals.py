"""Seal what was added to the audit trail. Whoever is writing an entry is waited for, and waits for nobody."""

from time import sleep

from flask import current_app

from app.jobs.time_limit import LONGEST_SECONDS, TimeLimit
from app.platform.queue import ring
from app.platform.work import unit_of_work
from kernel.audit_seals.horizon import Horizon, look_ahead, who_still_writes
from kernel.audit_seals.sealing import SEAL_TRAIL, seal_up_to
from kernel.audit_seals.seals import find_last_seal
from kernel.clock import utc_now

AT_ONCE = 2_000
# A page writes for milliseconds. What takes longer, such as an import, is left to the next minute.
LOOKS, SECONDS_BETWEEN = 40, 0.05


def seal_trail() -> None:
    """Seal everything below which nothing can be added any more. Safe at any time, twice and at once too."""
    with unit_of_work() as work:
        horizon = look_ahead(work.session)
    if not _has_come_to_rest(horizon):
        current_app.logger.info("The audit trail is sealed later: somebody is writing to it for long")
        return
    limit = TimeLimit(SEAL_TRAIL, LONGEST_SECONDS)
    while _seal_portion(horizon) == AT_ONCE:
        if limit.is_over:
            ring(SEAL_TRAIL)
            break


def _seal_portion(horizon: Horizon) -> int:
    with unit_of_work() as work:
        sealed = seal_up_to(work.session, entry_id=horizon.entry_id, at_once=AT_ONCE, now=utc_now())
        last = find_last_seal(work.session)
        noted = (last.entry_id, last.seal_sha256) if sealed and last else None
    if noted is not None:
        # In the log, which is often kept elsewhere: somebody who rewrites the whole chain cannot change it there.
        current_app.logger.info("The audit trail is sealed up to entry %s: %s", *noted)
    return sealed


def _has_come_to_rest(horizon: Horizon) -> bool:
    """Whether everybody has ended who may have drawn a lower id than the horizon's."""
    for look in range(LOOKS):
        if look:
            sleep(SECONDS_BETWEEN)
        with unit_of_work() as work:
            if not who_still_writes(work.session, horizon):
                return True
    return False
