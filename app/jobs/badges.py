"""Sign the badges that holders asked for, and the lists that say which badges have ended."""

from flask import current_app

from app.badges import badge_addresses, read_key_file
from app.queue import ring
from app.work import unit_of_work
from certificates.badges.keys import BadKey, checked_key
from certificates.badges.making import (
    badges_to_sign,
    facts_of_badge,
    keep_public_key,
    mark_badge_failed,
    store_badge,
)
from certificates.badges.signing import BadgeSigner, warm_up
from certificates.badges.status import (
    GOOD_FOR,
    PUBLISH_STATUS,
    claim_list,
    lists_to_sign,
    owe_missing_list,
    store_list,
)
from kernel.clock import utc_now

__all__ = ["publish_status", "sign_badges", "warm_up"]  # a worker warms up before its first fork

BATCH = 20


def sign_badges() -> None:
    """Sign everything that is wanted. One that cannot be signed says why, and keeps nobody else from theirs."""
    is_any_list_owed = False
    while wanted := _wanted():
        for badge_id in wanted:
            is_any_list_owed = _sign(badge_id) or is_any_list_owed
    if is_any_list_owed:
        ring(PUBLISH_STATUS)


def publish_status() -> None:
    """Sign every list that is owed. Raises ``BadKey``; the promise then stays open, and housekeeping rings again."""
    with unit_of_work() as work:
        numbers = lists_to_sign(work.session)
    for number in numbers:
        _publish(number)


def _wanted() -> tuple[int, ...]:
    with unit_of_work() as work:
        return tuple(badges_to_sign(work.session, limit=BATCH))


def _signer() -> BadgeSigner:
    path = current_app.config["SETTINGS"].badge_key_file
    if path is None:
        raise BadKey("there is none")
    return BadgeSigner(checked_key(read_key_file(path)), badge_addresses())


def _sign(badge_id: int) -> bool:
    """Sign one badge; whether its status list is still to be published for the first time."""
    with unit_of_work() as work:
        facts = facts_of_badge(work.session, badge_id=badge_id)
    try:
        signer = _signer()
        signed = signer.sign(facts, now=utc_now())
    except Exception as problem:
        # Whatever it is: one badge that cannot be signed must not keep the others from their holders.
        current_app.logger.error("Badge %s could not be signed", badge_id, exc_info=problem)
        with unit_of_work() as work:
            mark_badge_failed(work.session, badge_id=badge_id, reason=str(problem) or repr(problem), now=utc_now())
        return False
    with unit_of_work() as work:
        store_badge(
            work.session,
            badge_id=badge_id,
            credential=signed.credential,
            jwt=signed.jwt,
            multibase=signer.multibase,
            now=utc_now(),
        )
        return owe_missing_list(work.session, number=facts.status_list, now=utc_now())


def _publish(number: int) -> None:
    signer = _signer()
    with unit_of_work() as work:
        now = utc_now()
        signed = signer.sign_list(number, claim_list(work.session, number=number, now=now), now=now)
        store_list(work.session, number=number, signed=signed, good_until=now + GOOD_FOR, now=now)
        keep_public_key(work.session, multibase=signer.multibase, now=now)
