"""Leaves to set the first password, by the thousand: codes on sign-in cards, and invitations by mail.

Only the browser that accepts an invitation goes on with it: mail is opened by scanners too, and passed on.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from kernel.errors import RuleBroken
from people.accounts import hash_card_code
from people.password_leaves import CARD_LASTS, INVITATION_LASTS, PasswordReset, ResetKind, end_resets_of
from people.password_resets import NOT_OPEN, as_shown, draw_code, find_open_reset, give_token
from people.sessions import digest_of


def make_card_codes(
    session: Session, *, account_ids: Sequence[int], batch_id: int, made_by_account_id: int | None, now: datetime
) -> dict[int, str]:
    """A code for each of these accounts, by their ids, for their sign-in cards: shown there, and stored as a hash.

    Links and codes of theirs from before end.
    """
    codes = {one: draw_code() for one in account_ids}
    leaves = [{"account_id": one, "code_hash": hash_card_code(code)} for one, code in codes.items()]
    shared = {"kind": ResetKind.CODE, "ends_at": now + CARD_LASTS, "made_by_account_id": made_by_account_id}
    _store_first(session, leaves, shared | {"batch_id": batch_id, "made_at": now})
    return {one: as_shown(code) for one, code in codes.items()}


def make_invitations(
    session: Session, *, account_ids: Sequence[int], batch_id: int, made_by_account_id: int | None, now: datetime
) -> dict[int, int]:
    """The id of a leave for each of these accounts, to be sent as an invitation. Leaves from before end."""
    leaves = [{"account_id": one} for one in account_ids]
    shared = {"kind": ResetKind.LINK, "ends_at": now + INVITATION_LASTS, "made_by_account_id": made_by_account_id}
    _store_first(session, leaves, shared | {"batch_id": batch_id, "made_at": now})
    open_ones = select(PasswordReset.account_id, PasswordReset.id).where(
        PasswordReset.batch_id == batch_id, PasswordReset.account_id.in_(account_ids), PasswordReset.ends_at > now
    )
    return dict(session.execute(open_ones).all())


def _store_first(session: Session, leaves: Sequence[dict[str, Any]], shared: dict[str, Any]) -> None:
    end_resets_of(session, account_ids=[one["account_id"] for one in leaves], now=shared["made_at"])
    if leaves:
        session.execute(insert(PasswordReset), [shared | one for one in leaves])


def find_invitation(session: Session, *, token: str, now: datetime) -> PasswordReset | None:
    """The invitation of which this address was sent, while it can be accepted. Looking changes nothing."""
    found = find_open_reset(session, token=token, now=now)
    return found if found and found.batch_id is not None and found.kind is ResetKind.LINK else None


def accept_invitation(session: Session, *, token: str, now: datetime) -> str:
    """The token with which the browser that accepts sets a password; the address in the mail opens nothing any more.

    Raises ``RuleBroken`` for an invitation that is over or was accepted.
    """
    found = find_invitation(session, token=token, now=now)
    if found is None:
        raise RuleBroken(NOT_OPEN)
    locked = session.get_one(PasswordReset, found.id, with_for_update=True, populate_existing=True)
    if locked.token_sha256 != digest_of(token):  # two browsers at the same moment: the first one has it
        raise RuleBroken(NOT_OPEN)
    return give_token(locked)
