"""Accounts: how a person signs in. Passwords are kept as argon2id hashes and nothing else."""

import secrets
import unicodedata
from collections.abc import Collection
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound, RuleBroken
from kernel.typed import folded, opaque
from people.organisations import organisations
from people.password_leaves import PasswordReset, ResetKind, end_resets
from people.password_rules import check_guessing
from people.sessions import end_sessions

# OWASP's first choice of argon2id where memory is short (Password Storage Cheat Sheet): 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# For the codes of 22,000 cards: a millisecond each. A code is drawn by chance and lasts four weeks; to try all 2^50
# takes a graphics processor, at half a million a second, seventy years for each card.
_card_hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


class Account(Base):
    """A way in. ``session_epoch`` is read by nobody since sessions are rows; it goes with a later migration.

    ``closed_at`` says since when it is not active because its person holds no job any more. One that an admin switched
    off has none: it is not opened when they come back.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    username: Mapped[str] = mapped_column(String(120), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=1)
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class FormerAddress(Base):
    """An address that led to an account until it was changed: whoever reads mail there is told, because a new address
    is a new way in. ``address`` is empty once they were, or need not be; the ledger of messages names the row.
    """

    __tablename__ = "former_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str | None] = mapped_column(String(254))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "person_id"), Index(None, "address"))


def normal_username(typed: str) -> str:
    """The form in which usernames are stored and compared: no capitals, and accents in whatever form they were sent."""
    return folded(typed)


def find_account(session: Session, *, username: str) -> Account | None:
    """The account that somebody means who types ``username``, in whatever form of Unicode; ``None`` when there is none.

    Accounts from before usernames were folded may be stored as they were typed: they are found as well.
    """
    normal = normal_username(username)
    # PostgreSQL takes no NUL, and no stored name holds one.
    as_typed = username.replace("\x00", "").strip().casefold()
    stored = (normal, as_typed, unicodedata.normalize("NFD", normal))
    found = {row.username: row for row in session.scalars(select(Account).where(Account.username.in_(set(stored))))}
    return next((found[form] for form in stored if form in found), None)


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt and parameters inside, of the password in its one form."""
    return _hasher.hash(opaque(password))


@cache
def hash_of_nobody() -> str:
    """Checked when the name is unknown, so that both answers take the same time."""
    return hash_password(secrets.token_urlsafe())


def hash_card_code(code: str) -> str:
    """An argon2id hash that takes a millisecond: for codes of many, never for what somebody made up."""
    return _card_hasher.hash(code)


@cache
def card_hash_of_nobody() -> str:
    """As ``hash_of_nobody``, in the place of the code of a card."""
    return hash_card_code(secrets.token_urlsafe())


def fits(secret: str, stored_hash: str) -> bool:
    """Whether a password or code is the one that was hashed."""
    try:
        return _hasher.verify(stored_hash, secret)
    except (VerificationError, InvalidHashError):  # the second: nobody signs in with a password here
        return False


def create_account(session: Session, *, person_id: int, username: str, password_hash: str) -> Account:
    """Add an active account for a person, who may have only one."""
    account = Account(person_id=person_id, username=normal_username(username), password_hash=password_hash)
    session.add(account)
    session.flush()
    return account


def sign_in(session: Session, *, username: str, password: str, now: datetime) -> Account | None:
    """The active account that these credentials open, or ``None``; an unknown name takes no less time."""
    account = find_account(session, username=username)
    form = _fitting_form(password, account.password_hash if account else hash_of_nobody())
    if form is None or account is None:
        return None
    hash_that_fitted = account.password_hash
    session.refresh(account, with_for_update=True)
    # The check takes a while. A password that was replaced meanwhile begins no session that outlives it.
    if account.password_hash != hash_that_fitted or not account.is_active:
        return None
    if form != opaque(password) or _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
    account.last_signed_in_at = now
    return account


def _fitting_form(password: str, stored_hash: str) -> str | None:
    """The form of a password whose hash this is: the one that is hashed now, or one of which older hashes were made."""
    decomposed = unicodedata.normalize("NFD", password)
    forms = (opaque(password), password, unicodedata.normalize("NFC", password), decomposed)
    return next((form for form in dict.fromkeys(forms) if fits(form, stored_hash)), None)


def set_password(session: Session, *, username: str, password: str, now: datetime) -> Account:
    """Give an account a new password at the command line; its sessions, links and codes end.

    Raises ``NotFound`` for an unknown username, ``RuleBroken`` for a password that cannot be one.
    """
    account = locked_account(session, account_id=get_account_named(session, username=username).id)
    store_password(session, account, password)
    _end_all(session, account.id, now)
    # It stands among the leaves as one that nobody made, so that the newest one used says where a password comes from.
    used = PasswordReset(account_id=account.id, kind=ResetKind.CODE, made_at=now, ends_at=now, used_at=now)
    session.add(used)
    return account


def change_password(
    session: Session, *, account_id: int, current: str, password: str, now: datetime, session_id: int
) -> None:
    """A person changes their own password; links, codes and their other sessions end, and this session goes on.

    Raises ``RuleBroken`` with the field: the current one is not right, or the new one cannot be one.
    """
    account = locked_account(session, account_id=account_id)
    if _fitting_form(current, account.password_hash) is None:
        raise RuleBroken("Your current password is not right", field="current")
    if opaque(current) == opaque(password):
        raise RuleBroken("The new password is the one that you have now", field="password")
    store_password(session, account, password)
    _end_all(session, account.id, now, besides=session_id)


def make_password_void(account: Account) -> None:
    """No password opens the account until a new one is set with a link or a code."""
    account.password_hash = hash_password(secrets.token_urlsafe(32))


def _end_all(session: Session, account_id: int, now: datetime, *, besides: int | None = None) -> None:
    end_resets(session, account_id=account_id, now=now)
    end_sessions(session, account_id=account_id, now=now, besides=besides)


def store_password(session: Session, account: Account, password: str) -> None:
    """Keep the hash of a new password. Raises ``RuleBroken`` for one that cannot be one."""
    check_password(session, password, username=account.username)
    account.password_hash = hash_password(password)


def check_password(session: Session, password: str, *, username: str) -> None:
    """Raise ``RuleBroken`` for a password that is too short or easily guessed, such as the name of any authority."""
    authorities = organisations(session)
    check_guessing(password, names=[username, *(one.name for one in authorities), *(one.slug for one in authorities)])


def get_account_named(session: Session, *, username: str) -> Account:
    """An account by its username, however it is typed. Raises ``NotFound``."""
    found = find_account(session, username=username)
    if found is None:
        raise NotFound(f"account {username}")
    return found


def get_account(session: Session, *, account_id: int) -> Account:
    """An account by its id. Raises ``NotFound``."""
    found = session.get(Account, account_id)
    if found is None:
        raise NotFound(f"account {account_id}")
    return found


def locked_account(session: Session, *, account_id: int) -> Account:
    """An account as it stands now, which nobody else changes until this unit of work ends. Raises ``NotFound``."""
    found = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(f"account {account_id}")
    return found


def accounts_of(session: Session, *, person_id: int) -> frozenset[int]:
    """The ids of a person's accounts; nearly always one."""
    return frozenset(session.scalars(select(Account.id).where(Account.person_id == person_id)))


def accounts_of_people(session: Session, *, person_ids: Collection[int]) -> frozenset[int]:
    """The ids of the accounts of some people."""
    return frozenset(session.scalars(select(Account.id).where(Account.person_id.in_(person_ids))))
