"""A code handed out to somebody is no way to a role that they are given later, nor to an account out of reach."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import local_day, utc_now
from people.accounts import Account, hash_password, set_password
from people.persons import Person
from people.roles import Role, RoleGrant
from tests.app.people.conftest import Region
from tests.app.people.test_person import code_on, url
from tests.builders.region import a_person, an_account, an_employment, change_job, job_of
from tests.reading import Browser, Page

OWN, KNOWN, LATER = "the password of Amina", "a password the lead knows", "kettle anchor falcon"


@pytest.fixture
def amina(session: Session, region: Region) -> Account:
    account = an_account(session, a_person(session, region.halton, "Amina Khan"))
    account.username, account.password_hash = "amina", hash_password(OWN)
    session.commit()
    return account


def code_from(maker: Browser, account: Account) -> str:
    return code_on(maker.submit(url(account), "Make a one-time code for Amina Khan"))


def use_code(visitor: Browser, code: str) -> Page:
    return visitor.submit("/sign-in/code", "Continue", username="amina", code=code)


def set_with(visitor: Browser, page: Page, password: str) -> Page:
    target, values = page.form("Set this password")
    return visitor.post(target, {**values, "password": password})


def sign_in(app: Flask, password: str) -> Browser:
    visitor = Browser(app)
    visitor.submit("/sign-in", "Sign in", username="amina", password=password)
    return visitor


def is_in(browser: Browser) -> bool:
    return browser.open("/account").heading != "Sign in"


def give(admin: Browser, account: Account, role: Role, *, authority: str = "", **fields: str) -> Page:
    return admin.submit(
        f"{url(account)}/role/give?role={role}&authority={authority}", "Give this role", reason="Cover", **fields
    )


def test_a_code_opens_nothing_once_its_person_was_given_a_role(
    app: Flask, lead: Browser, admin: Browser, amina: Account
) -> None:
    code = code_from(lead, amina)
    give(admin, amina, Role.ADMIN)
    assert use_code(Browser(app), code).status == 422


def test_the_page_of_a_code_that_is_open_already_sets_nothing_once_a_role_is_given(
    app: Flask, lead: Browser, admin: Browser, amina: Account
) -> None:
    visitor = Browser(app)
    page = use_code(visitor, code_from(lead, amina))
    give(admin, amina, Role.AUTHOR)
    assert set_with(visitor, page, KNOWN).status == 410
    assert not is_in(sign_in(app, KNOWN))
    assert is_in(sign_in(app, OWN))


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUTHOR, Role.HR_LEAD])
def test_a_session_and_a_password_from_a_code_of_hr_do_not_carry_over_to_a_role(
    app: Flask, lead: Browser, admin: Browser, amina: Account, role: Role
) -> None:
    visitor = Browser(app)
    set_with(visitor, use_code(visitor, code_from(lead, amina)), KNOWN)
    intruder = sign_in(app, KNOWN)
    assert is_in(intruder)
    page = give(admin, amina, role, authority="halton")
    assert "so it stopped working. Make a one-time code, and hand it to them" in page.text
    assert not is_in(intruder)
    assert not is_in(sign_in(app, KNOWN))


def test_changing_a_password_that_hr_may_know_does_not_make_it_ones_own(
    app: Flask, lead: Browser, admin: Browser, amina: Account
) -> None:
    visitor = Browser(app)
    set_with(visitor, use_code(visitor, code_from(lead, amina)), KNOWN)
    sign_in(app, KNOWN).submit("/account/password", "Change password", current=KNOWN, password=LATER)
    give(admin, amina, Role.ADMIN)
    assert not is_in(sign_in(app, LATER))


def test_a_code_from_an_admin_after_the_role_opens_the_account_for_good(
    app: Flask, lead: Browser, admin: Browser, amina: Account
) -> None:
    visitor = Browser(app)
    set_with(visitor, use_code(visitor, code_from(lead, amina)), KNOWN)
    give(admin, amina, Role.AUTHOR)
    set_with(visitor, use_code(visitor, code_from(admin, amina)), LATER)
    assert "stopped working" not in give(admin, amina, Role.ADMIN).text
    assert sign_in(app, LATER).open("/manage/audit").status == 200


def test_a_password_set_at_the_command_line_is_nobody_elses(
    app: Flask, lead: Browser, admin: Browser, session: Session, amina: Account
) -> None:
    visitor = Browser(app)
    set_with(visitor, use_code(visitor, code_from(lead, amina)), KNOWN)
    set_password(session, username="amina", password=LATER, now=utc_now() + timedelta(seconds=1))
    session.commit()
    assert "stopped working" not in give(admin, amina, Role.ADMIN).text
    assert is_in(sign_in(app, LATER))


def test_a_manager_below_the_lead_signs_in_anew_with_the_password_from_the_code(
    app: Flask, lead: Browser, admin: Browser, region: Region, amina: Account
) -> None:
    visitor = Browser(app)
    set_with(visitor, use_code(visitor, code_from(lead, amina)), KNOWN)
    before = sign_in(app, KNOWN)
    give(admin, amina, Role.MANAGER, authority="halton", unit=str(region.halton.id))
    assert not is_in(before)
    assert is_in(sign_in(app, KNOWN))


def test_an_admin_who_takes_a_role_stays_signed_in(admin: Browser, admin_account: Account) -> None:
    assert "It holds" in give(admin, admin_account, Role.AUTHOR).text


def test_a_code_ends_when_its_person_changes_the_password(
    app: Flask, lead: Browser, session: Session, amina: Account
) -> None:
    code, other = code_from(lead, amina), Browser(app)
    page = use_code(other, code)
    sign_in(app, OWN).submit("/account/password", "Change password", current=OWN, password=LATER)
    assert use_code(Browser(app), code).status == 422
    assert set_with(other, page, KNOWN).status == 410
    assert is_in(sign_in(app, LATER))


@pytest.mark.parametrize("change", ["moved", "left", "role taken", "switched off"])
def test_a_code_works_no_longer_than_its_maker_may_help_its_person(
    app: Flask, lead: Browser, session: Session, region: Region, amina: Account, change: str
) -> None:
    code, other = code_from(lead, amina), Browser(app)
    page = use_code(other, code)
    maker = session.scalars(select(RoleGrant).where(RoleGrant.role == Role.HR_LEAD)).one()
    person = session.get_one(Person, amina.person_id)
    if change in {"moved", "left"}:
        change_job(session, job_of(session, person), local_day(utc_now()), held=False)
    if change == "moved":
        an_employment(session, person, region.sefton)
    if change == "role taken":
        maker.revoked_at = utc_now()
    if change == "switched off":
        session.get_one(Account, maker.account_id).is_active = False
    session.commit()
    assert use_code(Browser(app), code).status == 422
    assert set_with(other, page, KNOWN).status == 410
    assert is_in(sign_in(app, OWN))
