"""Sign the badges that holders asked for, and the lists that say which badges have ended."""

from app.jobs.task_loop import PASSING, work_off
from app.platform.badge_settings import badge_addresses, read_key_file
from app.platform.current_settings import current_settings
from app.platform.work import unit_of_work
from certificates.badges.keys import BadKey, checked_key
from certificates.badges.making import BADGES, facts_of_badge, keep_public_key, store_badge
from certificates.badges.records import Badge
from certificates.badges.signing import BadgeSigner, warm_up
from certificates.badges.status import (
    GOOD_FOR,
    PUBLISH_STATUS,
    STATUS_LISTS,
    ended_bits,
    store_list,
    want_list_of_a_badge,
)
from kernel.clock import utc_now
from kernel.tasks.background import BackgroundTask
from kernel.tasks.claims import Claim, finish, hold

__all__ = ["publish_status", "sign_badges", "warm_up"]  # a worker warms up before its first fork


def sign_badges() -> None:
    """Sign everything that is wanted. One that cannot be signed says why, and keeps nobody else from theirs."""
    work_off(BADGES, _sign, passing=(*PASSING, BadKey))


def publish_status() -> None:
    """Sign every list that is wanted."""
    work_off(STATUS_LISTS, _publish, passing=(*PASSING, BadKey))


def _signer() -> BadgeSigner:
    path = current_settings().badge_key_file
    if path is None:
        raise BadKey("there is none")
    return BadgeSigner(checked_key(read_key_file(path)), badge_addresses())


def _sign(claimed: Claim[Badge]) -> None:
    with unit_of_work() as work:
        facts = facts_of_badge(work.session, badge_id=claimed.id)
    signer, now = _signer(), utc_now()
    signed = signer.sign(facts, now=now)
    with unit_of_work() as work:
        store_badge(
            work.session,
            claimed,
            credential=signed.credential,
            jwt=signed.jwt,
            multibase=signer.multibase,
            now=now,
        )
        if want_list_of_a_badge(work.session, number=facts.status_list, addresses=badge_addresses(), now=now):
            work.ring_after_commit(PUBLISH_STATUS)


def _publish(claimed: Claim[BackgroundTask]) -> None:
    signer = _signer()
    with unit_of_work() as work:
        # Held until the list is stored: a badge that ends meanwhile waits for the row, and then wants the list again.
        number, now = int(hold(work.session, claimed).subject), utc_now()
        signed = signer.sign_list(number, ended_bits(work.session, number=number), now=now)
        store_list(
            work.session,
            number=number,
            credential=signed.credential,
            jwt=signed.jwt,
            good_until=now + GOOD_FOR,
            now=now,
        )
        keep_public_key(work.session, multibase=signer.multibase, now=now)
        finish(work.session, claimed)
