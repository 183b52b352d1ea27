"""Who may see what of an authority: figures, people, ratings, certificates. The only place that says so.

Tables and files of figures may be passed on by anybody, so small groups are hidden in them, always. Lists of names are
for those who may act on them, whatever the size of the group, and each opening is in the audit trail. What is not
somebody's to see does not exist for them: each function then raises ``NotFound``, and the page is a 404.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from people.accounts import Account
from people.counting import NOT_HERE, people_of
from people.jobs.employment import Employment
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentTerms
from people.organisations import Organisation, Unit, get_organisation, organisations, units_within
from people.roles import HeldRole, Role, RoleGrant, Scope, SignedInPerson, is_in_force, roles_of

# In the place of an authority's slug: the certificates of all of them, for admins.
EVERY_AUTHORITY = "every-authority"
# The rule as everybody reads it, in every foot. Pages keep to it.
WHO_SEES_WHAT = (
    "Your manager sees whether you have finished, and by when you are asked to. "
    "Your HR team and the administrators also see whether you have started. Nobody sees your answers."
)


@dataclass(frozen=True)
class FiguresScope:
    """An authority whose figures and people somebody may see: all of it, or only ``unit_ids`` where there are any.

    ``shows_started`` is whether they also see, of those who have not finished, who has started.
    """

    organisation: Organisation
    unit_ids: tuple[int, ...] = ()
    shows_started: bool = False


@dataclass(frozen=True)
class CertificatesScope:
    """The certificates that somebody may look after. ``organisation_id`` ``None`` is every authority."""

    slug: str
    name: str
    organisation_id: int | None
    is_admin: bool


@dataclass(frozen=True)
class PeopleScope:
    """Whose accounts somebody may look after: of everybody (``None``), or of people who work in these authorities."""

    organisation_ids: frozenset[int] | None

    @property
    def is_admin(self) -> bool:
        """Whether roles may be given, and accounts added and switched off."""
        return self.organisation_ids is None


@dataclass(frozen=True)
class WaysInScope:
    """An authority to whose people somebody may hand sign-in cards: to all of them, or only in ``unit_ids``, where
    there are any, and everything below."""

    organisation: Organisation
    unit_ids: tuple[int, ...] = ()

    @property
    def is_manager(self) -> bool:
        """Whether it is about a manager’s own team."""
        return bool(self.unit_ids)


def people_scope(person: SignedInPerson) -> PeopleScope:
    """Admins look after everybody’s account, HR leads after those of their authorities. Raises ``NotFound``."""
    found = _people_scope(person.scopes)
    if found is None:
        raise NotFound("accounts of others")
    return found


def find_people_scope(session: Session, *, account_id: int, on: date) -> PeopleScope | None:
    """The same for somebody who need not be at the keyboard; ``None`` when they may look after nobody on that day."""
    account = session.get(Account, account_id)
    if account is None or not account.is_active:
        return None
    return _people_scope(roles_of(session, account_id=account_id, on=on))


def _people_scope(roles: Iterable[Scope | HeldRole]) -> PeopleScope | None:
    held = tuple(roles)
    if any(one.role is Role.ADMIN for one in held):
        return PeopleScope(None)
    leads = (one.organisation_id for one in held if one.role is Role.HR_LEAD)
    organisation_ids = frozenset(one for one in leads if one is not None)
    return PeopleScope(organisation_ids) if organisation_ids else None


def ways_in_scope(session: Session, person: SignedInPerson, *, slug: str) -> WaysInScope:
    """Admins and HR leads let in everybody of an authority, managers the people of their units. Raises ``NotFound``."""
    if person.has(Role.ADMIN) or _leads(person, slug):
        return WaysInScope(get_organisation(session, slug=slug))
    units = person.units_in(slug)
    if not units:
        raise NotFound(f"ways in of {slug}")
    return WaysInScope(get_organisation(session, slug=slug), units)


def may_let_in(session: Session, *, account_id: int, organisation_id: int, unit_id: int, on: date) -> bool:
    """Whether somebody, who need not be at the keyboard, may hand cards to the people of a unit on a day."""
    account = session.get(Account, account_id)
    if account is None or not account.is_active:
        return False
    scope = _people_scope(roles_of(session, account_id=account_id, on=on))
    if scope is not None and (scope.organisation_ids is None or organisation_id in scope.organisation_ids):
        return True
    managed = select(RoleGrant.unit_id).where(
        RoleGrant.account_id == account_id, RoleGrant.role == Role.MANAGER, is_in_force(on)
    )
    above = or_(false(), *(Unit.id.in_(units_within(one)) for one in session.scalars(managed) if one is not None))
    return session.scalar(select(Unit.id).where(Unit.id == unit_id, above)) is not None


def first_authority(person: SignedInPerson) -> str | None:
    """The slug of the first authority whose figures a person may see."""
    return next(iter(person.organisation_slugs), None)


def figures_scope(session: Session, person: SignedInPerson, *, slug: str) -> FiguresScope:
    """HR leads see their whole authority, and so do admins every one, because both act for its people; managers see
    their own units, and only who has finished. Raises ``NotFound``."""
    if person.has(Role.ADMIN):
        return FiguresScope(get_organisation(session, slug=slug), shows_started=True)
    scope = person.scope_in(slug)
    if scope is None:
        raise NotFound(f"figures of {slug}")
    organisation = get_organisation(session, slug=slug)
    if scope.role is Role.MANAGER:
        return FiguresScope(organisation, person.units_in(slug))
    return FiguresScope(organisation, shows_started=True)


def figures_authorities(session: Session, person: SignedInPerson) -> tuple[Organisation, ...]:
    """Every authority whose figures, or those of units in it, somebody may see, by name."""
    is_admin, slugs = person.has(Role.ADMIN), person.organisation_slugs
    return tuple(one for one in organisations(session) if is_admin or one.slug in slugs)


def who_may_see(session: Session, *, organisation_id: int, on: date) -> dict[int, int]:
    """The accounts that may see all figures of an authority as its HR leads or as admins, each with its person."""
    rows = session.execute(
        select(Account.id, Account.person_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            Account.is_active,
            is_in_force(on),
            or_(
                RoleGrant.role == Role.ADMIN,
                (RoleGrant.role == Role.HR_LEAD) & (RoleGrant.organisation_id == organisation_id),
            ),
        )
        .order_by(Account.id)
    )
    return dict(rows.all())


def hr_scope(session: Session, person: SignedInPerson, *, slug: str) -> Organisation:
    """An authority, for those who act for all of its people: its HR leads, and admins. Raises ``NotFound``."""
    if not person.has(Role.ADMIN) and not _leads(person, slug):
        raise NotFound(f"authority {slug} as its HR lead")
    return get_organisation(session, slug=slug)


def ratings_scope(session: Session, person: SignedInPerson, *, slug: str) -> Organisation:
    """HR leads see what their authority's people say about themselves, admins see every one. Raises ``NotFound``."""
    return hr_scope(session, person, slug=slug)


def feed_scope(session: Session, person: SignedInPerson, *, slug: str) -> Organisation:
    """HR leads look after the HR files of their authority, admins after those of every one. Raises ``NotFound``."""
    return hr_scope(session, person, slug=slug)


def structure_scope(session: Session, person: SignedInPerson, *, slug: str) -> Organisation:
    """HR leads look after the units of their authority, admins after those of every one. Raises ``NotFound``."""
    return hr_scope(session, person, slug=slug)


def requirements_scope(session: Session, person: SignedInPerson, *, slug: str) -> Organisation:
    """HR leads say what is asked in their authority, admins in every one. Raises ``NotFound``."""
    return hr_scope(session, person, slug=slug)


def requirements_scopes(session: Session, person: SignedInPerson) -> tuple[Organisation, ...]:
    """Every authority in which somebody says what is asked, by name."""
    every = organisations(session)
    return tuple(one for one in every if person.has(Role.ADMIN) or _leads(person, one.slug))


def requests_scope(session: Session, person: SignedInPerson, *, slug: str) -> FiguresScope:
    """Whoever sees how far people are answers what they ask about courses. Raises ``NotFound``."""
    return figures_scope(session, person, slug=slug)


def past_learning_scope(session: Session, person: SignedInPerson, *, slug: str) -> Organisation:
    """HR leads bring in past learning of their authority’s people, admins of everybody’s. Raises ``NotFound``."""
    return hr_scope(session, person, slug=slug)


def certificates_scope(session: Session, person: SignedInPerson, *, slug: str) -> CertificatesScope:
    """HR leads look after the certificates of their authority, admins after all of them. Raises ``NotFound``."""
    is_admin = person.has(Role.ADMIN)
    if is_admin and slug == EVERY_AUTHORITY:
        return CertificatesScope(slug, "Every authority", None, is_admin)
    if not is_admin and not _leads(person, slug):
        raise NotFound(f"certificates of {slug}")
    organisation = get_organisation(session, slug=slug)
    return CertificatesScope(slug, organisation.name, organisation.id, is_admin)


def _leads(person: SignedInPerson, slug: str) -> bool:
    scope = person.scope_in(slug)
    return scope is not None and scope.role is Role.HR_LEAD


@dataclass(frozen=True)
class TeamScope:
    """The people whom somebody manages, by authority: those whose jobs report to theirs, and those of their units.

    ``slugs`` are the authorities' parts of an address, and ``names`` what they are called, by their ids.
    """

    members: Mapping[int, frozenset[int]]
    slugs: Mapping[int, str]
    names: Mapping[int, str]

    def organisation_of(self, slug: str, person_id: int) -> int:
        """The authority for which somebody is in the team. Raises ``NotFound`` for somebody who is not."""
        for organisation_id, its in self.slugs.items():
            if its == slug and person_id in self.members[organisation_id]:
                return organisation_id
        raise NotFound(f"person {person_id} of the team")


def team_scope(session: Session, person: SignedInPerson, *, on: date) -> TeamScope:
    """The team of a manager on a day, also while nobody is in it. Raises ``NotFound`` for whoever manages nobody."""
    members: dict[int, set[int]] = {}
    mine = select(Employment.id).join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
    mine = mine.where(Employment.person_id == person.person_id, is_held(on))
    reports = (
        select(Employment.organisation_id, Employment.person_id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(EmploymentTerms.manager_id.in_(mine), is_held(on))
    )
    for organisation_id, person_id in session.execute(reports):
        members.setdefault(organisation_id, set()).add(person_id)
    for slug in person.organisation_slugs:
        for unit_id in person.units_in(slug):
            organisation = get_organisation(session, slug=slug)
            people = people_of(organisation_id=organisation.id, on=on)
            here = or_(people.c.left_out.is_(None), people.c.left_out.not_in(NOT_HERE))
            inside = select(people.c.person_id).where(here, people.c.unit_id.in_(units_within(unit_id)))
            members.setdefault(organisation.id, set()).update(session.scalars(inside))
    if not members:
        raise NotFound("team")
    rows = session.execute(
        select(Organisation.id, Organisation.slug, Organisation.name).where(Organisation.id.in_(members))
    ).all()
    return TeamScope(
        {key: frozenset(found - {person.person_id}) for key, found in members.items()},
        {key: slug for key, slug, _ in rows},
        {key: name for key, _, name in rows},
    )
