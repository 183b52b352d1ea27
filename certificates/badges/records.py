"""What is stored of badges: each badge as it was signed, the public keys in use so far, and the signed status lists."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, UTCDateTime, enum_by_value


class Ending(StrEnum):
    """What ended a badge. A badge that ended never counts again; its holder may make another."""

    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    REPLACED = "replaced"


class BadgeState(StrEnum):
    """Where a badge is, as a page says it."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"
    ENDED = "ended"


class Badge(Base):
    """One badge of a certificate. ``secret`` is its unguessable place in addresses; what was signed never changes.

    ``achievement`` names course and version, as in ``RE-3``. ``status_index`` is its bit in the status list
    ``status_list``. ``has_email`` means that its holder wants their e-mail address in it, hashed with ``salt``.
    """

    __tablename__ = "badge"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(String(43), unique=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    achievement: Mapped[str] = mapped_column(String(24))
    has_email: Mapped[bool]
    salt: Mapped[str] = mapped_column(String(43))
    status_list: Mapped[int]
    status_index: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failure_reason: Mapped[str | None] = mapped_column(String(500))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ending: Mapped[Ending | None] = mapped_column(enum_by_value(Ending))
    credential: Mapped[str | None] = mapped_column(Text)
    jwt: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("status_list", "status_index"),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended_for_a_reason"),
        CheckConstraint("made_at IS NULL OR (credential IS NOT NULL AND jwt IS NOT NULL)", name="made_is_signed"),
        Index(None, "certificate_id"),
        Index(None, "achievement"),
        Index(
            "ix_badge_open",
            "certificate_id",
            unique=True,
            postgresql_where=ended_at.is_(None),
            sqlite_where=ended_at.is_(None),
        ),
    )

    @property
    def state(self) -> BadgeState:
        """Ended, signed, given up with a reason, or still to be signed."""
        if self.ended_at is not None:
            return BadgeState.ENDED
        if self.made_at is not None:
            return BadgeState.READY
        return BadgeState.FAILED if self.failure_reason is not None else BadgeState.PENDING


class BadgeKey(Base):
    """A public key that has signed. It stays published, so that what it signed can still be checked."""

    __tablename__ = "badge_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    multibase: Mapped[str] = mapped_column(String(64), unique=True)
    first_used_at: Mapped[datetime] = mapped_column(UTCDateTime)


class BadgeStatusList(Base):
    """A status list as it was last signed. ``good_until`` stands in it: nobody may rely on an older copy."""

    __tablename__ = "badge_status_list"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    signed: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    good_until: Mapped[datetime] = mapped_column(UTCDateTime)
