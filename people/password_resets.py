"""Ways to a new password without the old one: a link by mail, or a one-time code on paper from HR or an admin.

Whether whoever made a code may help its person is asked when it is made and each time it is used: roles and jobs
change in the two weeks between.
"""

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from kernel.clock import local_day
from kernel.errors import RuleBroken
from people.accounts import (
    Account,
    card_hash_of_nobody,
    find_account,
    fits,
    hash_of_nobody,
    hash_password,
    locked_account,
    store_password,
)
from people.directory import is_looked_after, unit_in
from people.password_leaves import (
    LASTS,
    PasswordReset,
    ResetKind,
    begin_reset,
    end_resets,
)
from people.persons import Person
from people.roles import HeldRole, Role, roles_of
from people.sessions import digest_of, end_sessions
from people.visibility import PeopleScope, find_people_scope, may_let_in

# Crockford's alphabet: no I, L, O or U, so that what is read aloud or off paper is not mistaken.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS = 10
_READ_AS = str.maketrans("ILO", "110")
# A code has 50 bits: so many wrong ones guess it with a chance below one in a thousand million. At the limit for one
# address (600 an hour) they take ten weeks and a code lasts two, so a stranger cannot use them up for its person.
MOST_WRONG_CODES = 1_000_000
# Asked for by anybody who knows a username, so they are few; each works until its hour is over.
MOST_LINKS_AN_HOUR = 3
NOT_OPEN = "This link or code has been used, or its time is over. Ask for a new one"


def ask_for_link(session: Session, *, username: str, now: datetime) -> PasswordReset | None:
    """Leave for the active account of this username, to be sent by mail; ``None`` when there is no such account, no
    address, or when links enough are on their way.

    Nobody is told which: whoever asks gets the same answer. It may be a stranger, so what is open stays open.
    """
    found = _find_account(session, username)
    account = locked_account(session, account_id=found.id) if found else None
    if account is None or not session.get_one(Person, account.person_id).email:
        return None
    sent = select(func.count()).where(
        PasswordReset.account_id == account.id,
        PasswordReset.kind == ResetKind.LINK,
        PasswordReset.made_at > now - LASTS[ResetKind.LINK],
    )
    if (session.scalar(sent) or 0) >= MOST_LINKS_AN_HOUR:
        return None
    return begin_reset(session, account_id=account.id, kind=ResetKind.LINK, now=now)


def make_code(session: Session, *, account_id: int, made_by_account_id: int | None, now: datetime) -> str:
    """A code for an account, to be handed to its person: shown this once, and stored as a hash.

    Links and codes from before end: whoever makes one is trusted to.
    """
    code = draw_code()
    end_resets(session, account_id=account_id, now=now)
    begin_reset(
        session,
        account_id=account_id,
        kind=ResetKind.CODE,
        now=now,
        code_hash=hash_password(code),
        made_by_account_id=made_by_account_id,
    )
    return as_shown(code)


def draw_code() -> str:
    """A code that nobody can guess, as it is hashed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))


def as_shown(code: str) -> str:
    """A code as it stands on paper, in two halves."""
    return f"{code[:5]}-{code[5:]}"


ONLY_AN_ADMIN = "This person has a role that only an admin may help with"


def why_no_code(scope: PeopleScope, roles: tuple[HeldRole, ...], account: Account) -> str | None:
    """Why somebody may not hand a code to this account; ``None`` when they may."""
    if not account.is_active:
        return "This account is switched off, so no code would open it"
    return ONLY_AN_ADMIN if is_for_admins(scope, roles) else None


def is_for_admins(scope: PeopleScope, roles: tuple[HeldRole, ...]) -> bool:
    """Whether one of these roles reaches further than whoever has this scope, so that an admin must help."""
    if scope.organisation_ids is None:
        return False
    return not all(one.role is Role.MANAGER and one.organisation_id in scope.organisation_ids for one in roles)


def is_password_theirs(session: Session, *, account: Account, now: datetime) -> bool:
    """Whether nobody can know an account's password who may not help its person today.

    Whoever made a code may have used it. Changing the password afterwards proves nothing, because that takes no more
    than the one before; so what counts is the link or code that was used last.
    """
    used = select(PasswordReset).where(PasswordReset.account_id == account.id, PasswordReset.used_at.is_not(None))
    last = session.scalar(used.order_by(PasswordReset.used_at.desc(), PasswordReset.id.desc()).limit(1))
    # What a mail says is read by its person alone, whoever had it sent.
    return last is None or last.kind is ResetKind.LINK or _maker_may_help(session, last, account, now)


def try_code(session: Session, *, username: str, typed: str, now: datetime) -> str | None:
    """The token of the page for a new password, or ``None``; an unknown name takes no less time.

    A wrong code counts as a try, and after ``MOST_WRONG_CODES`` of them the code is over.
    """
    account = _find_account(session, username)
    codes = _open(now).where(PasswordReset.kind == ResetKind.CODE)
    found = session.scalar(codes.where(PasswordReset.account_id == account.id)) if account else None
    is_right = _is_code_of(found, normal_code(typed))
    if found is not None and not is_right:
        session.execute(update(PasswordReset).where(PasswordReset.id == found.id).values(tries=PasswordReset.tries + 1))
    if account is None or found is None or not is_right or not _maker_may_help(session, found, account, now):
        return None
    return give_token(found)


def _is_code_of(found: PasswordReset | None, code: str) -> bool:
    # Codes of cards are cheap to check, others are not. Both kinds are checked each time, so that nobody can tell from
    # how long it takes who has a card, or an account at all.
    of_card = found.code_hash if found and found.batch_id is not None else None
    by_hand = found.code_hash if found and found.batch_id is None else None
    answers = (fits(code, of_card or card_hash_of_nobody()), fits(code, by_hand or hash_of_nobody()))
    return any(answers)


def give_token(found: PasswordReset) -> str:
    """What the address of the page for this leave holds; an earlier one of the same leave opens nothing any more."""
    token = secrets.token_urlsafe(32)
    found.token_sha256 = digest_of(token)
    return token


def normal_code(typed: str) -> str:
    """A code as it was made, however it was typed: small letters, blanks, and letters that look like digits."""
    return "".join(sign for sign in typed.upper() if sign.isalnum()).translate(_READ_AS)


def find_open_reset(session: Session, *, token: str, now: datetime) -> PasswordReset | None:
    """The leave whose page this is, while it can be used."""
    found = session.scalar(_open(now).where(PasswordReset.token_sha256 == digest_of(token)))
    account = session.get(Account, found.account_id) if found else None
    return found if found and account and _maker_may_help(session, found, account, now) else None


def use_reset(session: Session, *, token: str, password: str, now: datetime) -> Account:
    """Set the password that this leave was given for, and end every session and every other leave of the account.

    Raises ``RuleBroken`` for a leave that is over or used, and for a password that cannot be one.
    """
    open_now = _open(now).where(PasswordReset.token_sha256 == digest_of(token))
    account_id = session.scalar(open_now.with_only_columns(PasswordReset.account_id))
    # The account first, as everywhere: whoever gives a role meanwhile waits, or has ended this leave by now.
    account = None if account_id is None else locked_account(session, account_id=account_id)
    found = session.scalar(open_now.with_for_update().execution_options(populate_existing=True))
    if found is None or account is None or not account.is_active or not _maker_may_help(session, found, account, now):
        raise RuleBroken(NOT_OPEN)
    store_password(session, account, password)
    found.used_at = now
    end_resets(session, account_id=account.id, now=now)
    end_sessions(session, account_id=account.id, now=now)
    return account


def end_links_of(session: Session, *, person_ids: Collection[int], now: datetime) -> None:
    """Links that were mailed to these people open nothing any more: their address is another one. Codes stay."""
    every = sorted(person_ids)
    for start in range(0, len(every), 1_000):
        theirs = select(Account.id).where(Account.person_id.in_(every[start : start + 1_000]))
        links = (PasswordReset.account_id.in_(theirs), PasswordReset.kind == ResetKind.LINK)
        session.execute(update(PasswordReset).where(*links, PasswordReset.ends_at > now).values(ends_at=now))


def _open(now: datetime) -> Select[PasswordReset]:
    return select(PasswordReset).where(
        PasswordReset.used_at.is_(None), PasswordReset.ends_at > now, PasswordReset.tries < MOST_WRONG_CODES
    )


def _maker_may_help(session: Session, leave: PasswordReset, account: Account, now: datetime) -> bool:
    """Whether whoever made this code could hand out one to this account today. Links, codes from the command line, and
    ways in for those who join, are made by nobody. A first way in opens nothing once its person has come in."""
    if leave.batch_id is not None and leave.used_at is None and account.last_signed_in_at is not None:
        return False
    if leave.made_by_account_id is None:
        # Nobody answers for a card that was made without anybody asking: it opens no account that has got a role since.
        return leave.batch_id is None or not roles_of(session, account_id=account.id, on=local_day(now))
    return _may_help_as_hr(session, leave.made_by_account_id, account, now) or (
        leave.batch_id is not None and _may_help_as_manager(session, leave.made_by_account_id, account, now)
    )


def _may_help_as_hr(session: Session, maker_id: int, account: Account, now: datetime) -> bool:
    today = local_day(now)
    scope = find_people_scope(session, account_id=maker_id, on=today)
    if scope is None or why_no_code(scope, roles_of(session, account_id=account.id, on=today), account) is not None:
        return False
    return is_looked_after(session, person_id=account.person_id, scope=scope, on=today)


def _may_help_as_manager(session: Session, maker_id: int, account: Account, now: datetime) -> bool:
    """Whether somebody may hand a card to this account, because its person works in their team and has no role."""
    today = local_day(now)
    if not account.is_active or roles_of(session, account_id=account.id, on=today):
        return False
    managed = {one.organisation_id for one in roles_of(session, account_id=maker_id, on=today)}
    for organisation_id in managed - {None}:
        assert organisation_id is not None  # noqa: S101 - for the type checker
        unit_id = unit_in(session, person_id=account.person_id, organisation_id=organisation_id, on=today)
        if unit_id and may_let_in(
            session, account_id=maker_id, organisation_id=organisation_id, unit_id=unit_id, on=today
        ):
            return True
    return False


def _find_account(session: Session, username: str) -> Account | None:
    found = find_account(session, username=username)
    return found if found and found.is_active else None
