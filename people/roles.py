"""What an account may do, and for whom. Everybody with an account may learn; anything more is a grant with a scope."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime, enum_by_value
from people.accounts import Account
from people.organisations import Organisation
from people.persons import Person


class Role(StrEnum):
    """The roles that a grant can give."""

    HR_LEAD = "hr-lead"
    MANAGER = "manager"
    AUTHOR = "author"
    ADMIN = "admin"


class RoleGrant(Base):
    """A role within a scope: an HR lead's organisation, a manager's unit, or the whole platform."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(enum_by_value(Role))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint(
            "(role = 'hr-lead' AND organisation_id IS NOT NULL AND unit_id IS NULL)"
            " OR (role = 'manager' AND organisation_id IS NOT NULL AND unit_id IS NOT NULL)"
            " OR (role IN ('author', 'admin') AND organisation_id IS NULL AND unit_id IS NULL)",
            name="scope_fits_role",
        ),
        Index(None, "account_id"),
    )


@dataclass(frozen=True)
class Scope:
    """One grant in force, with the organisation's slug so that pages need no further look-up."""

    role: Role
    organisation_id: int | None = None
    organisation_slug: str | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class SignedInPerson:
    """Who is at the keyboard and what they may do: everything a page asks, read in one query."""

    account_id: int
    person_id: int
    name: str
    session_epoch: int
    scopes: tuple[Scope, ...]

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


# One row for each grant, or a single row without one. Built once: this runs on every request.
_SIGNED_IN = (
    select(
        Account.id,
        Account.person_id,
        Person.chosen_name,
        Account.session_epoch,
        RoleGrant.role,
        RoleGrant.organisation_id,
        Organisation.slug,
        RoleGrant.unit_id,
    )
    .join(Person, Person.id == Account.person_id)
    .outerjoin(RoleGrant, (RoleGrant.account_id == Account.id) & RoleGrant.revoked_at.is_(None))
    .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
    .where(Account.is_active, Account.id == bindparam("account_id"))
    .order_by(RoleGrant.id)
)


def find_signed_in(session: Session, *, account_id: int) -> SignedInPerson | None:
    """Who this account belongs to and what it may do; ``None`` when it is gone or switched off."""
    # Columns from the connection itself: the ORM would spend as long again to make rows of them.
    rows = session.connection().execute(_SIGNED_IN, {"account_id": account_id}).all()
    if not rows:
        return None
    account, person_id, name, epoch, *_ = rows[0]
    scopes = tuple(
        Scope(role, organisation_id, slug, unit_id) for *_, role, organisation_id, slug, unit_id in rows if role
    )
    return SignedInPerson(account, person_id, name, epoch, scopes)
