"""Who may see what of an authority, in one table: each role against figures, ratings and certificates."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from people.roles import Role, Scope, SignedInPerson
from people.visibility import EVERY_AUTHORITY, certificates_scope, figures_scope, first_authority, ratings_scope
from tests.builders.region import an_organisation

HERE, ELSEWHERE, CARE, PARKS = "halton", "sefton", 11, 12
LEAD, LEAD_ELSEWHERE = Scope(Role.HR_LEAD, 1, HERE), Scope(Role.HR_LEAD, 2, ELSEWHERE)
MANAGER, OF_PARKS, MANAGER_ELSEWHERE = (
    Scope(Role.MANAGER, 1, HERE, CARE),
    Scope(Role.MANAGER, 1, HERE, PARKS),
    Scope(Role.MANAGER, 2, ELSEWHERE, 21),
)
AUTHOR, ADMIN = Scope(Role.AUTHOR), Scope(Role.ADMIN)
WHOLE: tuple[int, ...] = ()

# Which units' figures somebody sees (all of them: WHOLE), whether they see ratings and certificates of this authority,
# and the certificates of every authority.
TABLE: dict[str, tuple[tuple[Scope, ...], tuple[int, ...] | None, bool, bool, bool]] = {
    "no role": ((), None, False, False, False),
    "author": ((AUTHOR,), None, False, False, False),
    "admin": ((ADMIN,), WHOLE, True, True, True),
    "HR lead": ((LEAD,), WHOLE, True, True, False),
    "HR lead elsewhere": ((LEAD_ELSEWHERE,), None, False, False, False),
    "HR lead of both": ((LEAD_ELSEWHERE, LEAD), WHOLE, True, True, False),
    "manager": ((MANAGER,), (CARE,), False, False, False),
    "manager of two units": ((OF_PARKS, MANAGER), (PARKS, CARE), False, False, False),
    "manager elsewhere": ((MANAGER_ELSEWHERE,), None, False, False, False),
    "manager here, HR lead elsewhere": ((MANAGER, LEAD_ELSEWHERE), (CARE,), False, False, False),
    "HR lead who also manages a unit": ((MANAGER, LEAD), WHOLE, True, True, False),
    "admin who is HR lead elsewhere": ((ADMIN, LEAD_ELSEWHERE), WHOLE, True, True, True),
    "admin who manages a unit": ((ADMIN, MANAGER), WHOLE, True, True, True),
}


def found(ask: Callable[..., Any], session: Session, person: SignedInPerson, slug: str) -> Any:
    """What the function returns; ``None`` where it says that there is nothing."""
    try:
        return ask(session, person, slug=slug)
    except NotFound:
        return None


def signed_in(*scopes: Scope) -> SignedInPerson:
    return SignedInPerson(account_id=1, person_id=1, name="Siân Nguyễn", session_id=0, scopes=scopes)


@pytest.mark.parametrize("who", TABLE)
def test_each_role_sees_of_an_authority_what_the_table_says(session: Session, who: str) -> None:
    scopes, units, has_ratings, has_certificates, has_every = TABLE[who]
    halton, person = an_organisation(session), signed_in(*scopes)
    figures = found(figures_scope, session, person, HERE)
    assert (figures and (figures.organisation, figures.unit_ids)) == (None if units is None else (halton, units))
    assert found(ratings_scope, session, person, HERE) == (halton if has_ratings else None)
    certificates = found(certificates_scope, session, person, HERE)
    assert (certificates and certificates.organisation_id) == (halton.id if has_certificates else None)
    assert (found(certificates_scope, session, person, EVERY_AUTHORITY) is not None) == has_every


@pytest.mark.parametrize("ask", [figures_scope, ratings_scope, certificates_scope])
def test_an_authority_that_does_not_exist_is_nobodys(session: Session, ask: Callable[..., Any]) -> None:
    an_organisation(session)
    assert found(ask, session, signed_in(ADMIN, LEAD, MANAGER), "atlantis") is None


def test_whoever_looks_after_every_authority_gets_no_organisation(session: Session) -> None:
    scope = certificates_scope(session, signed_in(ADMIN), slug=EVERY_AUTHORITY)
    assert (scope.name, scope.organisation_id, scope.is_admin) == ("Every authority", None, True)


def test_the_first_authority_is_that_of_the_oldest_grant(session: Session) -> None:
    assert first_authority(signed_in(ADMIN, LEAD_ELSEWHERE, MANAGER)) == ELSEWHERE
    assert first_authority(signed_in(AUTHOR)) is None
