"""Status lists: one bit for each badge, set for good when the badge ends. Signed anew at each change, and in time."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.badges.records import Badge, BadgeStatusList
from kernel import outbox
from kernel.errors import NotFound

PUBLISH_STATUS = "publish-badge-status"
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


def claim_list(session: Session, *, number: int, now: datetime) -> Sequence[int]:
    """Keep the promise of a list, and return the bits to sign, lowest first. Both in the work that stores the list.

    The promise comes first: a badge that ends meanwhile waits for its row, and then owes the list again.
    """
    outbox.keep(session, job=PUBLISH_STATUS, subjects=[str(number)], now=now)
    return session.scalars(
        select(Badge.status_index)
        .where(Badge.status_list == number, Badge.ended_at.is_not(None))
        .order_by(Badge.status_index)
    ).all()


def owe_list(session: Session, *, number: int, now: datetime) -> None:
    """Have a list signed anew, soon."""
    outbox.promise_anew(session, job=PUBLISH_STATUS, subject=str(number), now=now)


def owe_missing_list(session: Session, *, number: int, now: datetime) -> bool:
    """Have a list signed for the first time; whether it was missing."""
    is_missing = session.get(BadgeStatusList, number) is None
    if is_missing:
        owe_list(session, number=number, now=now)
    return is_missing


def owe_ageing_lists(session: Session, *, now: datetime) -> int:
    """Have every list signed anew whose signature gets old; returns how many there are."""
    numbers = session.scalars(
        select(BadgeStatusList.number)
        .where(BadgeStatusList.signed_at <= now - SIGN_EVERY)
        .order_by(BadgeStatusList.number)
    ).all()
    for number in set(map(str, numbers)) - set(outbox.open_subjects(session, job=PUBLISH_STATUS)):
        owe_list(session, number=int(number), now=now)
    return len(numbers)


def lists_to_sign(session: Session) -> tuple[int, ...]:
    """The lists that are owed, longest waiting first."""
    return tuple(map(int, outbox.open_subjects(session, job=PUBLISH_STATUS)))


def store_list(session: Session, *, number: int, signed: str, good_until: datetime, now: datetime) -> None:
    """Publish a list that was signed at ``now``."""
    session.merge(BadgeStatusList(number=number, signed=signed, signed_at=now, good_until=good_until))
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
