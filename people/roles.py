"""What an account may do, and for whom. Everybody with an account may learn; anything more is a grant with a scope."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, Date, ForeignKey, Index, String, bindparam, exists, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from kernel.clock import local_day
from kernel.database import Base, UTCDateTime, enum_by_value
from people.accounts import Account
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.organisations import Organisation, Unit
from people.persons import Person
from people.sessions import SignInSession, digest_of


class Role(StrEnum):
    """The roles that a grant can give."""

    HR_LEAD = "hr-lead"
    MANAGER = "manager"
    AUTHOR = "author"
    ADMIN = "admin"


class RoleGrant(Base):
    """A role within a scope: an HR lead's organisation, a manager's unit, or the whole platform.

    ``ends_on`` is its last day, if it has one; ``reason`` is why it was given.
    """

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(enum_by_value(Role))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str | None] = mapped_column(String(300))
    ends_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint(
            "(role = 'hr-lead' AND organisation_id IS NOT NULL AND unit_id IS NULL)"
            " OR (role = 'manager' AND organisation_id IS NOT NULL AND unit_id IS NOT NULL)"
            " OR (role IN ('author', 'admin') AND organisation_id IS NULL AND unit_id IS NULL)",
            name="scope_fits_role",
        ),
        Index(None, "account_id"),
    )


def is_in_force(on: date | ColumnElement[date]) -> ColumnElement[bool]:
    """The condition on a grant that it holds on a day: nobody took it back, and its last day is not over."""
    return RoleGrant.revoked_at.is_(None) & (RoleGrant.ends_on.is_(None) | (RoleGrant.ends_on >= on))


def is_lasting() -> ColumnElement[bool]:
    """The condition that a grant holds until somebody takes it back."""
    return RoleGrant.revoked_at.is_(None) & RoleGrant.ends_on.is_(None)


@dataclass(frozen=True)
class Scope:
    """One grant in force, with the organisation's slug and name so that pages need no further look-up."""

    role: Role
    organisation_id: int | None = None
    organisation_slug: str | None = None
    unit_id: int | None = None
    organisation_name: str | None = None


@dataclass(frozen=True)
class SignedInPerson:
    """Who is at the keyboard and what they may do: everything a page asks, read in one query."""

    account_id: int
    person_id: int
    name: str
    session_id: int
    scopes: tuple[Scope, ...]
    has_reports: bool = False

    @property
    def manages_people(self) -> bool:
        """Whether somebody’s job reports to theirs, or a unit is theirs to manage."""
        return self.has_reports or self.has(Role.MANAGER)

    def has(self, role: Role) -> bool:
        """Whether any grant gives ``role``, whatever its scope."""
        return any(scope.role is role for scope in self.scopes)

    def units_in(self, organisation_slug: str) -> tuple[int, ...]:
        """The units of one organisation that this person manages, in the order of the grants."""
        units = (scope.unit_id for scope in self.scopes if scope.organisation_slug == organisation_slug)
        return tuple(dict.fromkeys(unit for unit in units if unit is not None))

    @property
    def organisation_slugs(self) -> tuple[str, ...]:
        """The organisations that any grant is in, in the order of the grants."""
        return tuple(dict.fromkeys(scope.organisation_slug for scope in self.scopes if scope.organisation_slug))

    def scope_in(self, organisation_slug: str) -> Scope | None:
        """The widest grant to see one organisation's figures: HR lead before manager; ``None`` when there is none."""
        here = [scope for scope in self.scopes if scope.organisation_slug == organisation_slug]
        return min(here, key=lambda scope: scope.role is not Role.HR_LEAD, default=None)


def grant(
    session: Session,
    *,
    account_id: int,
    role: Role,
    now: datetime,
    organisation_id: int | None = None,
    unit_id: int | None = None,
) -> RoleGrant:
    """Give an account a role. The database refuses a scope that does not fit the role."""
    row = RoleGrant(account_id=account_id, role=role, organisation_id=organisation_id, unit_id=unit_id, granted_at=now)
    session.add(row)
    session.flush()
    return row


@dataclass(frozen=True)
class HeldRole:
    """A role in force, with the names of where it holds."""

    grant_id: int
    role: Role
    organisation_id: int | None
    organisation_name: str | None
    unit_path: str | None
    given_at: datetime
    reason: str | None
    ends_on: date | None


def roles_of(session: Session, *, account_id: int, on: date) -> tuple[HeldRole, ...]:
    """The roles of an account that are in force on a day, in the order in which they were given."""
    rows = session.execute(
        select(RoleGrant, Organisation.name, Unit.path)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.account_id == account_id, is_in_force(on))
        .order_by(RoleGrant.granted_at, RoleGrant.id)
    )
    return tuple(
        HeldRole(one.id, one.role, one.organisation_id, organisation, unit, one.granted_at, one.reason, one.ends_on)
        for one, organisation, unit in rows
    )


_JOB, _REPORT = aliased(Employment), aliased(EmploymentTerms)
_TODAY = bindparam("today", type_=Date)
_HAS_REPORTS = (
    exists()
    .where(
        _JOB.person_id == Account.person_id,
        _REPORT.manager_id == _JOB.id,
        _REPORT.starts_on <= _TODAY,
        or_(_REPORT.ends_on.is_(None), _REPORT.ends_on >= _TODAY),
    )
    .correlate(Account)
)
# One row for each grant, or a single row without one. Built once: this runs on every request.
_SIGNED_IN = (
    select(
        Account.id,
        Account.person_id,
        Person.chosen_name,
        SignInSession.id,
        RoleGrant.role,
        RoleGrant.organisation_id,
        Organisation.slug,
        RoleGrant.unit_id,
        Organisation.name,
        _HAS_REPORTS,
    )
    .join(Person, Person.id == Account.person_id)
    .join(SignInSession, SignInSession.account_id == Account.id)
    .outerjoin(RoleGrant, (RoleGrant.account_id == Account.id) & is_in_force(_TODAY))
    .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
    .where(
        Account.is_active,
        SignInSession.secret_sha256 == bindparam("digest"),
        SignInSession.ended_at.is_(None),
        SignInSession.ends_at > bindparam("now", type_=UTCDateTime),
        SignInSession.seen_at > bindparam("unused_since", type_=UTCDateTime),
    )
    .order_by(RoleGrant.id)
)


def find_signed_in(session: Session, *, secret: str, now: datetime, unused_for: timedelta) -> SignedInPerson | None:
    """Whose session this secret opens and what they may do.

    ``None`` when it is over or was not used for ``unused_for``, or when the account is gone or switched off.
    """
    # Columns from the connection itself: the ORM would spend as long again to make rows of them.
    values = {"digest": digest_of(secret), "now": now, "unused_since": now - unused_for, "today": local_day(now)}
    rows = session.connection().execute(_SIGNED_IN, values).all()
    if not rows:
        return None
    account, person_id, name, session_id, *_, has_reports = rows[0]
    scopes = tuple(
        Scope(role, organisation_id, slug, unit_id, named)
        for *_, role, organisation_id, slug, unit_id, named, _ in rows
        if role
    )
    return SignedInPerson(account, person_id, name, session_id, scopes, bool(has_reports))
