"""What an admin may do to an account, and the little of it that an HR lead may do."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assignments.due.rules import DueRule
from assignments.requirements import Asking
from kernel.audit import record
from kernel.clock import local_day, utc_now
from people.account_care import LAST_ADMIN
from people.accounts import Account
from people.organisations import Organisation
from people.persons import Person
from people.roles import Role, roles_of
from tests.app.people.conftest import Region
from tests.builders.programmes import a_programme, another_course, ask_for
from tests.builders.region import NOON, a_person, an_account, an_employment
from tests.reading import Browser, Page

CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")


@pytest.fixture
def amina(session: Session, region: Region) -> Account:
    account = an_account(session, a_person(session, region.halton, "Amina Khan"))
    session.commit()
    return account


def url(account: Account) -> str:
    return f"/people/{account.person_id}"


def roles(session: Session, account: Account) -> list[Role]:
    session.expire_all()
    return [one.role for one in roles_of(session, account_id=account.id, on=local_day(utc_now()))]


def code_on(page: Page) -> str:
    found = CODE.search(page.text)
    assert found is not None, page.text
    return found[0]


def test_a_code_on_paper_sets_a_password_once(lead: Browser, app: Flask, amina: Account) -> None:
    page = lead.submit(url(amina), "Make a one-time code for Amina Khan")
    assert page.heading == "A one-time code"
    code = code_on(page)
    visitor = Browser(app)
    asked = visitor.submit("/sign-in/code", "Continue", username=amina.username, code=code)
    assert "password" in asked.text.lower()
    assert code not in lead.open(url(amina)).text


def test_loading_the_page_of_a_code_again_makes_no_other_code(lead: Browser, app: Flask, amina: Account) -> None:
    page = lead.submit(url(amina), "Make a one-time code for Amina Khan")
    code = code_on(page)
    again = lead.open(page.url)
    assert again.heading == "Amina Khan"
    assert "A code is shown once. If it was not printed, make another one" in again.text
    assert not CODE.search(again.text)
    assert again.text.count("made a one-time code for Amina Khan") == 1
    asked = Browser(app).submit("/sign-in/code", "Continue", username=amina.username, code=code)
    assert "password" in asked.text.lower()


def test_the_code_of_one_person_never_stands_on_the_page_of_another(
    lead: Browser, session: Session, region: Region, amina: Account
) -> None:
    other = an_account(session, a_person(session, region.halton, "Bo Other"))
    session.commit()
    lead.client.post(f"{url(amina)}/code", data=token(lead, url(amina)))
    assert not CODE.search(lead.open(f"{url(other)}/code").text)


def test_each_act_stands_on_the_page_of_the_person(lead: Browser, admin: Browser, amina: Account) -> None:
    lead.submit(url(amina), "Make a one-time code for Amina Khan")
    page = admin.open(url(amina))
    assert "Lead Okafor made a one-time code for Amina Khan." in page.text
    assert "Lead Okafor opened the record of Amina Khan." in page.text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUTHOR, Role.HR_LEAD])
def test_an_hr_lead_makes_no_code_for_somebody_who_may_do_as_much_or_more(
    lead: Browser, session: Session, region: Region, role: Role
) -> None:
    other = an_account(session, a_person(session, region.halton, "Ola High"), role, unit=region.halton)
    session.commit()
    page = lead.open(url(other))
    assert "This person has a role that only an admin may help with." in page.text
    assert not CODE.search(lead.post(f"{url(other)}/code", token(lead, url(other))).text)


def test_a_manager_of_their_own_authority_gets_a_code_and_one_of_another_does_not(
    lead: Browser, session: Session, region: Region
) -> None:
    own = an_account(session, a_person(session, region.halton, "Mo Own"), Role.MANAGER, unit=region.halton)
    person = a_person(session, region.halton, "Mo Both")
    an_employment(session, person, region.sefton, is_main=False)
    both = an_account(session, person, Role.MANAGER, unit=region.sefton)
    session.commit()
    assert "A one-time code sets" in lead.open(url(own)).text
    assert "only an admin may help with" in lead.open(url(both)).text


def token(browser: Browser, page: str) -> dict[str, str]:
    """The token of a form on this page or, where it has none, on the one for signing out."""
    fields = browser.open(page).soup.find("input", attrs={"name": "csrf_token"})
    assert fields is not None
    return {"csrf_token": fields["value"]}


def test_people_elsewhere_do_not_exist_for_an_hr_lead(lead: Browser, session: Session, region: Region) -> None:
    other = an_account(session, a_person(session, region.sefton, "Kim There"))
    session.commit()
    assert lead.open(url(other)).status == 404
    assert lead.post(f"{url(other)}/code", token(lead, "/people")).status == 404


ADMINS_ONLY = ["role", "role/give?role=admin", "roles/1/take", "sign-out", "switch-off", "switch-on"]


@pytest.mark.parametrize("act", ADMINS_ONLY)
def test_an_hr_lead_cannot_give_take_or_switch_anything(
    lead: Browser, session: Session, amina: Account, act: str
) -> None:
    assert lead.post(f"{url(amina)}/{act}", token(lead, url(amina))).status in (404, 405)
    assert lead.open("/people/add").status == 404
    assert roles(session, amina) == []


def test_a_role_is_given_with_its_scope_and_taken_back(
    admin: Browser, session: Session, region: Region, amina: Account
) -> None:
    page = admin.open(f"{url(amina)}/role/give?role=manager&authority=sefton")
    assert "At Sefton Council." in page.text
    admin.submit(page.url, "Give this role", unit=str(region.sefton.id), reason="Stands in for Kim")
    [held] = roles_of(session, account_id=amina.id, on=local_day(utc_now()))
    assert (held.role, held.organisation_name, held.unit_path) == (Role.MANAGER, "Sefton Council", "Libraries")
    assert "Stands in for Kim" in admin.open(url(amina)).text
    again = admin.submit(page.url, "Give this role", unit=str(region.sefton.id), reason="Again")
    assert "This person has this role already" in again.text
    admin.submit(url(amina), "Take back the role Manager")
    assert roles(session, amina) == []
    assert "Ada Admin took the role manager from Amina Khan" in admin.open(url(amina)).text


def test_a_role_without_its_authority_is_asked_for_again(admin: Browser, session: Session, amina: Account) -> None:
    assert admin.open(f"{url(amina)}/role/give?role=hr-lead").errors == ["Select an authority"]
    assert admin.open(f"{url(amina)}/role/give").errors == ["Select a role"]
    assert admin.open(f"{url(amina)}/role/give?role=king&authority=sefton").errors == ["Select a role"]
    assert roles(session, amina) == []


def test_no_unit_is_chosen_for_a_manager_beforehand(
    admin: Browser, session: Session, region: Region, amina: Account
) -> None:
    page = admin.submit(f"{url(amina)}/role/give?role=manager&authority=sefton", "Give this role", reason="Cover")
    assert (page.status, page.errors) == (422, ["Select a unit"])
    assert roles(session, amina) == []


def test_a_manager_is_given_no_unit_of_another_authority(
    admin: Browser, session: Session, region: Region, amina: Account
) -> None:
    give = f"{url(amina)}/role/give?role=manager&authority=sefton"
    assert admin.submit(give, "Give this role", unit=str(region.halton.id), reason="Cover").status == 422
    assert roles(session, amina) == []


def test_the_last_admin_cannot_lose_the_role_nor_the_account(
    admin: Browser, session: Session, admin_account: Account
) -> None:
    page = admin.submit(url(admin_account), "Take back the role Admin")
    assert LAST_ADMIN in page.text
    assert roles(session, admin_account) == [Role.ADMIN]


def test_of_two_admins_one_may_go_and_a_switched_off_one_does_not_count(
    admin: Browser, session: Session, region: Region, admin_account: Account
) -> None:
    second = an_account(session, a_person(session, region.halton, "Bo Admin"), Role.ADMIN)
    session.commit()
    admin.submit(f"{url(second)}/switch-off", "Switch the account off")
    assert LAST_ADMIN in admin.submit(url(admin_account), "Take back the role Admin").text
    admin.submit(url(second), "Switch the account on")
    admin.submit(url(admin_account), "Take back the role Admin")
    assert roles(session, admin_account) == []


def test_who_asks_for_the_head_of_a_page_alone_sends_nothing(admin: Browser, session: Session, amina: Account) -> None:
    answer = admin.client.head(f"{url(amina)}/switch-off")
    assert (answer.status_code, answer.get_data()) == (200, b"")
    session.refresh(amina)
    assert amina.is_active


def test_a_switched_off_account_is_out_at_once_and_gets_no_code(app: Flask, admin: Browser, amina: Account) -> None:
    learner = Browser(app).enter_as(amina)
    assert learner.open("/learning").status == 200
    asked = admin.open(f"{url(amina)}/switch-off")
    assert asked.heading == "Do you want to switch this account off?"
    assert learner.open("/learning").heading == "My learning"
    page = admin.submit(asked.url, "Switch the account off")
    assert "The account is switched off." in page.text
    assert learner.open("/learning").heading == "Sign in"
    assert "This account is switched off, so no code would open it." in page.text


def test_signing_somebody_out_ends_every_session(app: Flask, admin: Browser, amina: Account) -> None:
    learner = Browser(app).enter_as(amina)
    admin.submit(url(amina), "Sign them out everywhere")
    assert learner.open("/learning").heading == "Sign in"


def test_an_hr_lead_sees_jobs_of_their_authority_only_and_no_roles(
    lead: Browser, session: Session, region: Region, amina: Account
) -> None:
    person = session.get_one(Person, amina.person_id)
    an_employment(session, person, region.sefton, is_main=False, job_title="Secret job")
    session.commit()
    page = lead.open(url(amina))
    assert "Secret job" not in page.text
    assert "Roles" not in page.text


def test_the_log_tells_an_hr_lead_nothing_of_roles_or_of_other_authorities(
    app: Flask, lead: Browser, admin: Browser, session: Session, region: Region, amina: Account
) -> None:
    person = session.get_one(Person, amina.person_id)
    an_employment(session, person, region.sefton, is_main=False)
    other = an_account(session, a_person(session, region.sefton, "Sefa Lead"), Role.HR_LEAD, unit=region.sefton)
    detail = {"role": "author", "organisation_id": region.sefton.organisation_id}
    record(
        session,
        action="account-added",
        subject_type="account",
        subject_id=amina.id,
        actor_account_id=None,
        now=NOON,
        detail=detail,
    )
    session.commit()
    Browser(app).enter_as(other).open(url(amina))
    give = f"{url(amina)}/role/give?role=manager&authority=sefton"
    admin.submit(give, "Give this role", unit=str(region.sefton.id), reason="Cover")
    seen, whole = lead.open(url(amina)).text, admin.open(url(amina)).text
    for word in ("Sefton", "Sefa", "gave", "role author"):
        assert word not in seen
        assert word in whole
    assert "The platform added the account of Amina Khan." in seen
    assert "Ada Admin opened the record of Amina Khan" in lead.open(url(amina)).text


def test_a_person_without_an_account_has_a_page_too(admin: Browser, session: Session, region: Region) -> None:
    person = a_person(session, region.halton, "No Account")
    session.commit()
    assert "This person has no account." in admin.open(f"/people/{person.id}").text


def test_a_role_says_why_and_until_when(admin: Browser, session: Session, amina: Account) -> None:
    give = f"{url(amina)}/role/give?role=author"
    year = local_day(utc_now()).year + 1
    until = {"ends_on": ["31", "12", str(year)]}
    assert admin.submit(give, "Give this role", **until).errors == ["Enter why they need this role"]
    past = admin.submit(give, "Give this role", reason="Cover", ends_on=["1", "1", "2020"])
    assert past.errors == ["Last day must be today or in the future"]
    admin.submit(give, "Give this role", reason="Stands in for Kim", **until)
    [held] = roles_of(session, account_id=amina.id, on=local_day(utc_now()))
    assert (held.reason, held.ends_on) == ("Stands in for Kim", date(year, 12, 31))
    [row] = admin.open(url(amina)).table("Roles in force")
    assert (row["Until"], row["Why"]) == (f"31 December {year}", "Stands in for Kim")


def test_a_course_that_a_programme_asks_for_sooner_says_whose_date_it_is(
    lead: Browser, session: Session, region: Region
) -> None:
    halton, person = session.get_one(Organisation, region.halton.organisation_id), a_person(session, region.halton)
    today = local_day(utc_now())
    for code, days_of_programme in (("CA", 30), ("CB", 90)):
        course = another_course(session, code, f"Course {code}")
        programme = a_programme(session, halton, (course,), name=f"First weeks {code}")
        for asked, days in ((course, 60), (programme, days_of_programme)):
            ask_for(session, halton, asked, Asking(due=DueRule(day=today + timedelta(days=days))))
    session.commit()
    page = lead.open(f"/people/{person.id}")
    assert "The earlier date is that of “First weeks CA”, of which it is a step." in page.text
    assert page.text.count("The earlier date") == 1
