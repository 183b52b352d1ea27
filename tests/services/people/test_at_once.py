"""Two admins add people at the same moment, on a database that really commits."""

import pytest
from sqlalchemy import func, select

from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.accounts import Account
from people.manual_setup import NewPerson, add_authority, add_person
from people.organisations import Unit
from tests.services.conftest import Site
from tests.services.test_at_once import TABS, all_at_once

pytestmark = pytest.mark.slow


def add(site: Site, number: int, *, username: str, payroll_number: str) -> str:
    """The field that was refused, or nothing."""
    person = NewPerson(
        name=f"Person {number}",
        username=username,
        password="a long enough secret",
        organisation_slug="sefton",
        unit_path="Highways / Night shift",
        payroll_number=payroll_number,
        job_title="",
        role=None,
    )
    try:
        with site.session(is_writing=True) as session:
            add_person(session, person=person, now=utc_now())
    except RuleBroken as refusal:
        return refusal.field or "?"
    return ""


@pytest.fixture
def sefton(site: Site) -> None:
    with site.session(is_writing=True) as session:
        add_authority(session, slug="sefton", name="Sefton Council", now=utc_now())


@pytest.mark.usefixtures("sefton")
def test_people_who_begin_in_one_new_unit_share_it(site: Site) -> None:
    answers = all_at_once(lambda number: add(site, number, username=f"p{number}", payroll_number=f"{number}"))
    assert answers == [""] * TABS
    with site.session() as session:
        paths = session.scalars(select(Unit.path).where(Unit.path.startswith("Highways")).order_by(Unit.path)).all()
        assert paths == ["Highways", "Highways / Night shift"]


@pytest.mark.usefixtures("sefton")
@pytest.mark.parametrize("field", ["username", "payroll"])
def test_one_of_two_who_add_the_same_person_reads_what_is_taken(site: Site, field: str) -> None:
    def one(number: int) -> str:
        username = "same" if field == "username" else f"p{number}"
        return add(site, number, username=username, payroll_number="7" if field == "payroll" else f"{number}")

    assert sorted(all_at_once(one)) == ["", *[field] * (TABS - 1)]
    with site.session() as session:
        assert session.scalar(select(func.count()).where(Account.username.in_(["same", "p0", "p1", "p2", "p3"]))) == 1
