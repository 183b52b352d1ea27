"""Accounts: how a person signs in. Passwords are kept as argon2id hashes and nothing else."""

import secrets
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound, RuleBroken

# Parameters: RFC 9106, second recommended option (64 MiB, three passes), as argon2-cffi ships them.
_hasher = PasswordHasher()

MINIMUM_PASSWORD_LENGTH = 12


class Account(Base):
    """A way in. ``session_epoch`` goes up to end every session at once."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    username: Mapped[str] = mapped_column(String(120), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=1)
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def normal_username(typed: str) -> str:
    """The form in which usernames are stored and compared."""
    return typed.strip().casefold()


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt and parameters inside."""
    return _hasher.hash(password)


@cache
def _hash_of_nobody() -> str:
    """Checked when the name is unknown, so that both answers take the same time."""
    return hash_password(secrets.token_urlsafe())


def create_account(session: Session, *, person_id: int, username: str, password_hash: str) -> Account:
    """Add an active account for a person, who may have only one."""
    account = Account(person_id=person_id, username=normal_username(username), password_hash=password_hash)
    session.add(account)
    session.flush()
    return account


def sign_in(session: Session, *, username: str, password: str, now: datetime) -> Account | None:
    """The active account that these credentials open, or ``None``; an unknown name takes no less time."""
    account = session.scalar(select(Account).where(Account.username == normal_username(username)))
    try:
        _hasher.verify(account.password_hash if account else _hash_of_nobody(), password)
    except VerificationError:
        return None
    if account is None or not account.is_active:
        return None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
    account.last_signed_in_at = now
    return account


def set_password(session: Session, *, username: str, password: str) -> Account:
    """Give an account a new password and end its sessions.

    Raises ``NotFound`` for an unknown username, ``RuleBroken`` for a password that is too short.
    """
    account = session.scalar(select(Account).where(Account.username == normal_username(username)))
    if account is None:
        raise NotFound(f"account {username}")
    check_password(password)
    account.password_hash = hash_password(password)
    account.session_epoch += 1
    return account


def check_password(password: str) -> None:
    """Raise ``RuleBroken`` for a password that is too short; length is the only rule (NCSC guidance)."""
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        raise RuleBroken(f"The password must have at least {MINIMUM_PASSWORD_LENGTH} characters")


def accounts_of(session: Session, *, person_id: int) -> frozenset[int]:
    """The ids of a person's accounts; nearly always one."""
    return frozenset(session.scalars(select(Account.id).where(Account.person_id == person_id)))
