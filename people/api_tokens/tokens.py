"""Tokens of the read API: for one authority, with a last day, shown once and kept as a hash."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.clock import local_day
from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation
from people.row_downloads.right import may_download_rows
from people.visibility import who_may_see

BEGINS = "cg_"
LONGEST = timedelta(days=366)
MOST = 20
# A token that is busy need not write a row each time.
NOTED_EVERY = timedelta(minutes=10)
NEEDS_REASON = "Enter why rows of people are needed"
NEEDS_RIGHT = "You may not download rows, so a token of yours cannot either. Ask an administrator for that right"


class ApiToken(Base):
    """A token: it holds as long as whoever made it may see the figures of its authority.

    ``reads_people`` is whether it also reads rows of people, as long as whoever made it may download them.
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    label: Mapped[str] = mapped_column(String(120))
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    reads_people: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(300))
    ends_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "organisation_id"),)


@dataclass(frozen=True)
class NewToken:
    """What a token is to be."""

    organisation_id: int
    label: str
    ends_on: date
    reads_people: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Bearer:
    """Whose request it is: a token that holds, and its authority."""

    token_id: int
    slug: str
    organisation_id: int
    made_by_account_id: int
    reads_people: bool


def make_token(session: Session, new: NewToken, *, account_id: int, now: datetime) -> str:
    """Make a token and return its secret, which nobody can be told again. Raises ``RuleBroken``, with its field."""
    today = local_day(now)
    if not today <= new.ends_on <= today + LONGEST:
        raise RuleBroken("The last day must be today or later, and at most a year ahead", field="ends_on")
    if new.reads_people and not new.reason:
        raise RuleBroken(NEEDS_REASON, field="reason")
    if new.reads_people and not _may(session, account_id, new.organisation_id, today):
        raise RuleBroken(NEEDS_RIGHT, field="reads")
    if len(tokens_of(session, organisation_id=new.organisation_id)) >= MOST:
        raise RuleBroken(f"There are {MOST} tokens already. Revoke one first", field="label")
    secret = BEGINS + secrets.token_urlsafe(32)
    token = ApiToken(
        organisation_id=new.organisation_id,
        label=new.label,
        secret_sha256=_hashed(secret),
        reads_people=new.reads_people,
        reason=new.reason,
        ends_on=new.ends_on,
        made_at=now,
        made_by_account_id=account_id,
    )
    session.add(token)
    session.flush()
    reads = "rows of people" if new.reads_people else "figures"
    detail = {"token": token.id, "label": new.label, "reads": reads, "ends_on": new.ends_on.isoformat()}
    _note(session, "api-token-made", token, account_id, now, detail | ({"reason": new.reason} if new.reason else {}))
    return secret


def tokens_of(session: Session, *, organisation_id: int) -> Sequence[ApiToken]:
    """The tokens of an authority that were not revoked, the newest first."""
    return session.scalars(
        select(ApiToken)
        .where(ApiToken.organisation_id == organisation_id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.id.desc())
    ).all()


def revoke_token(session: Session, *, token_id: int, organisation_id: int, account_id: int, now: datetime) -> None:
    """End a token at once. Raises ``NotFound`` for one of another authority, or that was revoked already."""
    token = session.get(ApiToken, token_id, with_for_update=True)
    if token is None or token.organisation_id != organisation_id or token.revoked_at is not None:
        raise NotFound(f"token {token_id}")
    token.revoked_at = now
    _note(session, "api-token-revoked", token, account_id, now, {"token": token.id, "label": token.label})


def find_bearer(session: Session, secret: str, *, now: datetime) -> Bearer | None:
    """Whose token this is; ``None`` for one that does not exist, was revoked, or whose last day is over."""
    row = session.execute(
        select(ApiToken, Organisation.slug)
        .join(Organisation, Organisation.id == ApiToken.organisation_id)
        .where(
            ApiToken.secret_sha256 == _hashed(secret), ApiToken.revoked_at.is_(None), ApiToken.ends_on >= local_day(now)
        )
    ).one_or_none()
    if row is None:
        return None
    token, slug = row
    return Bearer(token.id, slug, token.organisation_id, token.made_by_account_id, token.reads_people)


def has_stopped(session: Session, bearer: Bearer, *, now: datetime) -> bool:
    """Whether whoever made the token may not see the figures of its authority any more."""
    return bearer.made_by_account_id not in who_may_see(
        session, organisation_id=bearer.organisation_id, on=local_day(now)
    )


def may_read_people(session: Session, bearer: Bearer, *, now: datetime) -> bool:
    """Whether rows may be read now: the token was made for it, and whoever made it may still download rows."""
    return bearer.reads_people and _may(session, bearer.made_by_account_id, bearer.organisation_id, local_day(now))


def note_used(session: Session, bearer: Bearer, *, now: datetime) -> None:
    """Write down that a token was used, every ten minutes."""
    is_due = ApiToken.last_used_at.is_(None) | (ApiToken.last_used_at <= now - NOTED_EVERY)
    session.execute(update(ApiToken).where(ApiToken.id == bearer.token_id, is_due).values(last_used_at=now))


def is_use_due(session: Session, bearer: Bearer, *, now: datetime) -> bool:
    """Whether ``note_used`` would write anything."""
    used_at = session.scalar(select(ApiToken.last_used_at).where(ApiToken.id == bearer.token_id))
    return used_at is None or used_at <= now - NOTED_EVERY


def note_people_read(session: Session, bearer: Bearer, *, course_id: int, people: int, now: datetime) -> None:
    """Put on record that rows of people left through a token."""
    record(
        session,
        action="api-rows-read",
        subject_type="organisation",
        subject_id=bearer.organisation_id,
        actor_account_id=bearer.made_by_account_id,
        now=now,
        detail={"token": bearer.token_id, "course": course_id, "people": people},
    )


def _may(session: Session, account_id: int, organisation_id: int, on: date) -> bool:
    """The right itself, and the role without which it is nothing."""
    leads = account_id in who_may_see(session, organisation_id=organisation_id, on=on)
    return leads and may_download_rows(session, account_id=account_id, organisation_id=organisation_id, on=on)


def _hashed(secret: str) -> str:
    # No slow hash: it is drawn by chance, with 256 bits.
    return hashlib.sha256(secret.encode()).hexdigest()


def _note(
    session: Session, action: str, token: ApiToken, account_id: int, now: datetime, detail: dict[str, object]
) -> None:
    record(
        session,
        action=action,
        subject_type="organisation",
        subject_id=token.organisation_id,
        actor_account_id=account_id,
        now=now,
        detail=detail,
    )
