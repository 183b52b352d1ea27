"""Sign-in sessions: each browser that is signed in is a row, so that ending it ends every copy of its cookie."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime

# An ended session says when somebody was signed in where, so it is not kept for longer than an inquiry needs it.
KEPT_AFTER_THE_END = timedelta(days=90)


class SignInSession(Base):
    """One browser's session: over when it is ended, unused for too long, or at ``ends_at`` whatever happens.

    ``secret_sha256`` is the hash of what the cookie holds. ``device`` is for the person's own list: "Firefox on Linux".
    """

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(80))
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "account_id"), Index(None, "ends_at"))


@dataclass(frozen=True)
class BegunSession:
    """A session that has just begun; ``secret`` goes into the cookie and is stored nowhere else."""

    account_id: int
    secret: str


def digest_of(secret: str) -> str:
    """What is stored and compared instead of the secret: it is drawn by chance, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin_session(session: Session, *, account_id: int, device: str, now: datetime, longest: timedelta) -> BegunSession:
    """Begin a session for an account; it ends after ``longest`` however busy it is."""
    begun = BegunSession(account_id, secrets.token_urlsafe(32))
    session.execute(
        insert(SignInSession).values(
            account_id=account_id,
            secret_sha256=digest_of(begun.secret),
            device=device,
            began_at=now,
            seen_at=now,
            ends_at=now + longest,
        )
    )
    return begun


def note_seen(session: Session, *, session_id: int, now: datetime) -> None:
    """Somebody used it: it is over so much later."""
    session.execute(update(SignInSession).where(SignInSession.id == session_id).values(seen_at=now))


def open_sessions_of(
    session: Session, *, account_id: int, now: datetime, unused_for: timedelta
) -> tuple[SignInSession, ...]:
    """The sessions of an account that are not over, the one used last first."""
    return tuple(
        session.scalars(
            select(SignInSession)
            .where(
                SignInSession.account_id == account_id,
                SignInSession.ended_at.is_(None),
                SignInSession.ends_at > now,
                SignInSession.seen_at > now - unused_for,
            )
            .order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())
        )
    )


def end_session(session: Session, *, account_id: int, session_id: int, now: datetime) -> bool:
    """End one session of an account; says whether there was one to end."""
    return _end(session, account_id, now, SignInSession.id == session_id)


def end_sessions(session: Session, *, account_id: int, now: datetime, besides: int | None = None) -> bool:
    """End all sessions of an account, but not the one whose id is ``besides``; says whether there was one to end."""
    return _end(session, account_id, now, *([] if besides is None else [SignInSession.id != besides]))


def end_sessions_of(session: Session, *, account_ids: Collection[int], now: datetime) -> None:
    """End all sessions of many accounts in one statement."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.account_id.in_(account_ids), SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def _end(session: Session, account_id: int, now: datetime, *which: object) -> bool:
    ended = (
        update(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None), *which)  # type: ignore[arg-type]
        .values(ended_at=now)
        .returning(SignInSession.id)
    )
    return bool(session.execute(ended).all())


def forget_old_sessions(session: Session, *, now: datetime) -> None:
    """Delete what was over long ago."""
    session.execute(delete(SignInSession).where(SignInSession.ends_at < now - KEPT_AFTER_THE_END))
