"""Status lists: one bit for each badge, set for good when the badge ends. Signed anew at each change, and in time."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.badges.addresses import Addresses
from certificates.badges.records import Badge, BadgeKey, BadgeStatusList
from kernel.errors import NotFound
from kernel.tasks.background import background_kind, open_subjects, want

PUBLISH_STATUS = "publish-badge-status"
STATUS_LISTS = background_kind(PUBLISH_STATUS, lease=timedelta(minutes=5))
# Bits of a list: the least that the standard allows (Bitstring Status List 1.0, section 6.1).
BITS = 131_072
# A fuller list would make drawing free places by chance slow.
FULL = 90_000
SIGN_EVERY = timedelta(hours=6)
# How long a copy may be relied on, should no worker run: a long weekend.
GOOD_FOR = timedelta(days=4)


def draw_place(session: Session) -> tuple[int, int]:
    """A free place, as list and index. Drawn by chance: a place tells nothing of when a badge was made."""
    number = session.scalar(select(func.max(Badge.status_list))) or 1
    if (session.scalar(select(func.count()).where(Badge.status_list == number)) or 0) >= FULL:
        number += 1
    while True:
        index = secrets.randbelow(BITS)
        taken = select(Badge.id).where(Badge.status_list == number, Badge.status_index == index)
        if session.scalar(taken) is None:
            return number, index


def ended_bits(session: Session, *, number: int) -> Sequence[int]:
    """The bits of a list that are set, lowest first."""
    return session.scalars(
        select(Badge.status_index)
        .where(Badge.status_list == number, Badge.ended_at.is_not(None))
        .order_by(Badge.status_index)
    ).all()


def want_list(session: Session, *, number: int, now: datetime) -> None:
    """Have a list signed anew, soon; also one that a worker is just signing, as that one lacks what is new."""
    want(session, STATUS_LISTS, subject=str(number), now=now)


def want_list_of_a_badge(session: Session, *, number: int, addresses: Addresses, now: datetime) -> bool:
    """Have the list of a new badge signed unless it is there, with its issuer and address; whether that was wanted."""
    found = session.get(BadgeStatusList, number)
    if found is not None and _is_of(found, addresses, _newest_key(session)):
        return False
    want_list(session, number=number, now=now)
    return True


def want_old_lists(session: Session, *, addresses: Addresses, now: datetime) -> int:
    """Have every list signed anew whose signature gets old, or is of another issuer or address; returns how many."""
    key = _newest_key(session)
    numbers = [
        found.number
        for found in session.scalars(select(BadgeStatusList).order_by(BadgeStatusList.number))
        if found.signed_at <= now - SIGN_EVERY or not _is_of(found, addresses, key)
    ]
    for number in set(map(str, numbers)) - set(open_subjects(session, STATUS_LISTS)):
        want_list(session, number=int(number), now=now)
    return len(numbers)


def _newest_key(session: Session) -> str:
    return session.scalar(select(BadgeKey.multibase).order_by(BadgeKey.id.desc()).limit(1)) or ""


def _is_of(found: BadgeStatusList, addresses: Addresses, key: str) -> bool:
    """Whether a list is what new badges point to: verifiers compare its id and its issuer with the badge's."""
    if found.credential is None:
        return False
    document = json.loads(found.credential)
    stands_in_badges = addresses.status_list(found.number), addresses.issuer_id(key)
    return (document["id"], document["issuer"]) == stands_in_badges


def store_list(
    session: Session, *, number: int, credential: str, jwt: str, good_until: datetime, now: datetime
) -> None:
    """Publish a list that was signed at ``now``."""
    session.merge(BadgeStatusList(number=number, credential=credential, jwt=jwt, signed_at=now, good_until=good_until))
    session.flush()


def stale_lists(session: Session, *, now: datetime) -> Sequence[int]:
    """The lists that nobody may rely on any more, in order."""
    return session.scalars(
        select(BadgeStatusList.number).where(BadgeStatusList.good_until <= now).order_by(BadgeStatusList.number)
    ).all()


def get_list(session: Session, *, number: int) -> BadgeStatusList:
    """A published list. Raises ``NotFound``."""
    found = session.get(BadgeStatusList, number)
    if found is None:
        raise NotFound(f"status list {number}")
    return found
