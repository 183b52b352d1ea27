"""Whom no message reaches, and what is said of why."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from messages.by_text.numbers import give_own_mobile
from messages.unreached import MAIL_COMES_BACK, NO_ADDRESS, NO_MAIL_LEAVES, UnreachedPage, unreached_page
from messages.ways import EVERY_WAY, Ways
from people.jobs.terms import EmploymentKind
from people.organisations import Unit
from tests.builders.region import NOON, a_person, a_unit, an_organisation

TODAY = date(2026, 11, 20)


@pytest.fixture
def care(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


def found(session: Session, care: Unit, typed: str = "", ways: Ways = EVERY_WAY, page: int = 1) -> UnreachedPage:
    organisation_id = care.organisation_id
    return unreached_page(session, organisation_id=organisation_id, ways=ways, on=TODAY, typed=typed, page=page, size=2)


def give_address(session: Session, unit: Unit, name: str, address: str) -> None:
    a_person(session, unit, name=name).email = address
    session.flush()


def test_people_with_an_address_or_a_number_are_reached(session: Session, care: Unit) -> None:
    give_address(session, care, "Asha Patel", "asha@halton.test")
    a_person(session, care, name="王芳").work_mobile = "+447700900123"
    own = a_person(session, care, name="Omar Haddad").id
    give_own_mobile(session, person_id=own, written="07911 123456", has_agreed=True, account_id=None, now=NOON)
    a_person(session, care, name="Siân Nguyễn")
    there = found(session, care)
    assert (there.people, there.unreached, there.found) == (4, 1, 1)
    assert [(one.name, one.unit_path, one.why) for one in there.shown] == [("Siân Nguyễn", care.path, NO_ADDRESS)]


def test_an_empty_address_is_none(session: Session, care: Unit) -> None:
    give_address(session, care, "Asha Patel", "")
    assert [one.why for one in found(session, care).shown] == [NO_ADDRESS]


def test_where_no_mail_leaves_an_address_reaches_nobody(session: Session, care: Unit) -> None:
    give_address(session, care, "Asha Patel", "asha@halton.test")
    assert [one.why for one in found(session, care, ways=Ways(sends_mail=False)).shown] == [NO_MAIL_LEAVES]
    assert MAIL_COMES_BACK not in NO_MAIL_LEAVES


def test_whoever_has_left_or_not_begun_is_not_there_and_agency_workers_are(session: Session, care: Unit) -> None:
    a_person(session, care, name="Has left", ends_on=date(2026, 10, 1))
    a_person(session, care, name="To come", starts_on=date(2027, 1, 4))
    a_person(session, care, name="By an agency", kind=EmploymentKind.AGENCY)
    there = found(session, care)
    assert (there.people, [one.name for one in there.shown]) == (1, ["By an agency"])


def test_they_are_found_by_parts_of_names_and_units_and_come_page_by_page(session: Session, care: Unit) -> None:
    for name in ("Ọláyínká Ade", "Siân Nguyễn", "محمد علي"):
        a_person(session, care, name=name)
    there = found(session, care, page=2)
    assert (there.found, len(there.shown)) == (3, 1)
    assert [one.name for one in found(session, care, typed="nguyen").shown] == ["Siân Nguyễn"]
    assert found(session, care, typed=f"olayinka {care.name}").found == 1
    assert found(session, care, typed="nobody").found == 0


def test_another_authority_has_its_own(session: Session, care: Unit) -> None:
    a_person(session, a_unit(session, an_organisation(session, slug="sefton", name="Sefton")), name="Of Sefton")
    assert found(session, care).people == 0
