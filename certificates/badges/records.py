"""What is stored of badges: each badge as it was signed, the public keys in use so far, and the signed status lists."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.tasks.kinds import Task, TaskState, task_state


class Ending(StrEnum):
    """What ended a badge. A badge that ended never counts again; its holder may make another."""

    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    REPLACED = "replaced"


class Badge(Task, Base):
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
    state: Mapped[TaskState] = task_state()
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
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
    def is_ready(self) -> bool:
        """Whether it is signed, and has not ended."""
        return self.state is TaskState.DONE and self.ended_at is None


class BadgeKey(Base):
    """A public key that has signed. It stays published, so that what it signed can still be checked."""

    __tablename__ = "badge_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    multibase: Mapped[str] = mapped_column(String(64), unique=True)
    first_used_at: Mapped[datetime] = mapped_column(UTCDateTime)


class BadgeStatusList(Base):
    """A status list as it was last signed. ``good_until`` stands in it: nobody may rely on an older copy.

    A list that was signed before there were two forms has no ``credential`` until it is signed anew.
    """

    __tablename__ = "badge_status_list"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    credential: Mapped[str | None] = mapped_column(Text)
    jwt: Mapped[str] = mapped_column("signed", Text)
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    good_until: Mapped[datetime] = mapped_column(UTCDateTime)
