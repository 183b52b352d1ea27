"""Audiences under a name, in versions. A version is proposed, looked at, and approved or dropped; none is ever changed.

Which version holds on a day follows from when it was approved, so that a figure of a past day stays what it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from assignments.audiences.conditions import end_of
from assignments.audiences.rules import Rule
from assignments.audiences.written import read_rule, written
from kernel.audit import record
from kernel.database import Base, JsonObject, UTCDateTime
from kernel.errors import NotFound, RuleBroken
from kernel.typed import folded

DECIDED_MEANWHILE = "Somebody has approved or dropped this change since you opened the page"
LONGEST_NAME = 120


class SavedAudience(Base):
    """People of an authority, by a rule that has a name. Who they are on a day is never stored: it is asked."""

    __tablename__ = "audience"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    name_key: Mapped[str] = mapped_column(String(LONGEST_NAME * 2))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("organisation_id", "name_key"),)


class AudienceVersion(Base):
    """One rule of an audience. It holds from ``approved_at`` until the next one does; a dropped one never holds."""

    __tablename__ = "audience_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"))
    number: Mapped[int]
    rule: Mapped[JsonObject] = mapped_column(JSON)
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proposed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        UniqueConstraint("audience_id", "number"),
        Index(
            "uq_audience_version_proposed",
            "audience_id",
            unique=True,
            postgresql_where=approved_at.is_(None) & dropped_at.is_(None),
            sqlite_where=approved_at.is_(None) & dropped_at.is_(None),
        ),
    )

    def as_rule(self) -> Rule:
        """The rule that it holds."""
        return read_rule(self.rule)

    @property
    def is_open(self) -> bool:
        """Whether it waits to be approved or dropped."""
        return self.approved_at is None and self.dropped_at is None


@dataclass(frozen=True)
class AudienceInForce:
    """An audience as it is on a day: its name, and the rule that holds then."""

    audience_id: int
    name: str
    number: int
    rule: Rule


def add_audience(
    session: Session, *, organisation_id: int, name: str, rule: Rule, account_id: int | None, now: datetime
) -> int:
    """Save a rule under a name, in force at once: nobody is asked by it before a requirement uses it.

    Raises ``RuleBroken`` for a name that another audience of this authority has.
    """
    words = " ".join(name.split())
    if not words or len(words) > LONGEST_NAME:
        raise RuleBroken(f"Enter a name of at most {LONGEST_NAME} characters for these people", field="name")
    taken = select(SavedAudience.id).where(
        SavedAudience.organisation_id == organisation_id, SavedAudience.name_key == folded(words)
    )
    if session.scalar(taken) is not None:
        raise RuleBroken("Another audience has this name. Choose a different name", field="name")
    found = SavedAudience(organisation_id=organisation_id, name=words, name_key=folded(words), created_at=now)
    session.add(found)
    session.flush()
    version = propose_rule(session, audience_id=found.id, rule=rule, account_id=account_id, now=now)
    approve_rule(session, version_id=version.id, account_id=account_id, now=now)
    return found.id


def propose_rule(
    session: Session, *, audience_id: int, rule: Rule, account_id: int | None, now: datetime
) -> AudienceVersion:
    """Write down another rule, which changes nobody until it is approved. One that waited before is dropped."""
    waiting = find_proposed(session, audience_id=audience_id)
    if waiting is not None:
        drop_rule(session, version_id=waiting.id, account_id=account_id, now=now)
    newest = session.scalar(select(func.max(AudienceVersion.number)).where(AudienceVersion.audience_id == audience_id))
    version = AudienceVersion(
        audience_id=audience_id,
        number=(newest or 0) + 1,
        rule=written(rule),
        proposed_at=now,
        proposed_by_account_id=account_id,
    )
    session.add(version)
    session.flush()
    return version


def approve_rule(session: Session, *, version_id: int, account_id: int | None, now: datetime) -> None:
    """Let a proposed rule hold from now on. Raises ``RuleBroken`` when it no longer waits."""
    _decide(session, version_id, "audience-approved", account_id, now, approved_at=now)


def drop_rule(session: Session, *, version_id: int, account_id: int | None, now: datetime) -> None:
    """Let a proposed rule never hold. Raises ``RuleBroken`` when it no longer waits."""
    _decide(session, version_id, "audience-dropped", account_id, now, dropped_at=now)


def _decide(
    session: Session, version_id: int, action: str, account_id: int | None, now: datetime, **moment: datetime
) -> None:
    # The row itself decides when two people decide at once: the second finds it decided.
    decided = session.execute(
        update(AudienceVersion)
        .where(
            AudienceVersion.id == version_id,
            AudienceVersion.approved_at.is_(None),
            AudienceVersion.dropped_at.is_(None),
        )
        .values(decided_by_account_id=account_id, **moment)
        .returning(AudienceVersion.audience_id, AudienceVersion.number)
    ).one_or_none()
    if decided is None:
        raise RuleBroken(DECIDED_MEANWHILE)
    record(
        session,
        action=action,
        subject_type="audience",
        subject_id=decided.audience_id,
        actor_account_id=account_id,
        now=now,
        detail={"version": decided.number},
    )


def find_proposed(session: Session, *, audience_id: int) -> AudienceVersion | None:
    """The version that waits to be approved or dropped."""
    return session.scalar(
        select(AudienceVersion).where(
            AudienceVersion.audience_id == audience_id,
            AudienceVersion.approved_at.is_(None),
            AudienceVersion.dropped_at.is_(None),
        )
    )


def get_audience(session: Session, *, audience_id: int, organisation_id: int) -> SavedAudience:
    """An audience of an authority. Raises ``NotFound``."""
    found = session.get(SavedAudience, audience_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound(f"audience {audience_id} of organisation {organisation_id}")
    return found


def audiences_of(session: Session, *, organisation_id: int) -> Sequence[SavedAudience]:
    """The audiences of an authority, by name."""
    return session.scalars(
        select(SavedAudience)
        .where(SavedAudience.organisation_id == organisation_id)
        .order_by(SavedAudience.name_key, SavedAudience.id)
    ).all()


def versions_of(session: Session, *, audience_id: int) -> Sequence[AudienceVersion]:
    """Every version of an audience, the newest first."""
    return session.scalars(
        select(AudienceVersion)
        .where(AudienceVersion.audience_id == audience_id)
        .order_by(AudienceVersion.number.desc())
    ).all()


def rules_in_force(session: Session, *, audience_ids: Sequence[int], on: date) -> dict[int, AudienceInForce]:
    """The rule that each of these audiences has at the end of a day."""
    rows = session.execute(
        select(AudienceVersion.audience_id, SavedAudience.name, AudienceVersion.number, AudienceVersion.rule)
        .join(SavedAudience, SavedAudience.id == AudienceVersion.audience_id)
        .where(AudienceVersion.audience_id.in_(audience_ids), AudienceVersion.approved_at < end_of(on))
        .order_by(AudienceVersion.audience_id, AudienceVersion.number.desc())
    )
    found: dict[int, AudienceInForce] = {}
    for audience_id, name, number, rule in rows:
        found.setdefault(audience_id, AudienceInForce(audience_id, name, number, read_rule(rule)))
    return found
