"""Who may see whose figures: to everybody else they do not exist."""

import pytest

from assignments.requirements import require_course
from people.organisations import UnitKind
from people.roles import Role, grant
from tests.app.council.figures.test_figures import LONG_AGO, staff
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation

PAGES = ("", "/who-counts", "/units", "/completion.csv", "/completion.svg")


@pytest.fixture
def halton(session):
    organisation = an_organisation(session)
    course = a_course(session)
    asking = [organisation.id]
    require_course(session, course_id=course.course_id, organisation_ids=asking, account_id=None, now=LONG_AGO)
    return organisation


@pytest.fixture
def care(session, halton):
    unit = a_unit(session, halton)
    staff(session, unit, 30)
    return unit


@pytest.fixture
def home(session, halton, care):
    unit = a_unit(session, halton, "Home Care", parent=care, kind=UnitKind.SERVICE)
    staff(session, unit, 24)
    return unit


@pytest.fixture
def parks(session, halton):
    unit = a_unit(session, halton, "Parks")
    staff(session, unit, 50)
    return unit


def enter(session, browser, *roles, unit=None):
    return browser.enter_as(an_account(session, a_person(session), *roles, unit=unit))


def statuses(browser, slug="halton", query=""):
    return {page: browser.open(f"/council/{slug}{page}{query}", follow=False).status for page in PAGES}


def test_an_hr_lead_sees_their_own_authority(session, browser, care):
    assert set(statuses(enter(session, browser, Role.HR_LEAD, unit=care)).values()) == {200}


def test_another_authority_does_not_exist_for_an_hr_lead(session, browser, care):
    sefton = an_organisation(session, "sefton", "Sefton Council")
    libraries = a_unit(session, sefton, "Libraries")
    lead = enter(session, browser, Role.HR_LEAD, unit=libraries)
    assert set(statuses(lead).values()) == {404}
    assert lead.open(f"/council/halton/units/{care.id}").status == 404
    assert lead.open(f"/council/sefton/units/{care.id}").status == 404


def test_an_authority_that_does_not_exist_looks_the_same(session, browser, care):
    assert set(statuses(enter(session, browser, Role.HR_LEAD, unit=care), "atlantis").values()) == {404}


@pytest.mark.parametrize("roles", [(), (Role.AUTHOR,)])
def test_figures_do_not_exist_for_other_roles(session, browser, care, roles):
    assert set(statuses(enter(session, browser, *roles)).values()) == {404}


@pytest.mark.parametrize("roles", [(Role.ADMIN,), (Role.ADMIN, Role.AUTHOR), (Role.ADMIN, Role.MANAGER)])
def test_an_admin_sees_the_whole_of_every_authority(session, browser, care, home, roles):
    libraries = a_unit(session, an_organisation(session, "sefton", "Sefton Council"), "Libraries")
    admin = enter(session, browser, *roles, unit=libraries)
    assert set(statuses(admin).values()) == {200}
    assert "of the 54 people who count" in admin.open("/council/halton").text
    chosen = admin.open(admin.open("/council").links["Halton Borough Council"])
    assert (chosen.heading, admin.open("/council/atlantis").status) == ("Halton Borough Council", 404)


def test_whoever_sees_one_authority_is_led_on_to_it_and_strangers_see_none(session, browser, care):
    lead = enter(session, browser, Role.HR_LEAD, unit=care)
    assert lead.open("/council").heading == "Halton Borough Council"
    assert enter(session, browser).open("/council").status == 404


def test_who_is_not_signed_in_is_asked_to(browser, care):
    assert set(statuses(browser).values()) == {302}


def test_a_manager_sees_their_unit_and_below(session, browser, care, home):
    manager = enter(session, browser, Role.MANAGER, unit=care)
    page = manager.open("/council/halton")
    assert page.heading == "Adult Social Care"
    assert "of the 54 people who count" in page.text
    assert manager.open(f"/council/halton/units/{home.id}").heading == "Home Care"


def test_a_manager_sees_nothing_beside_or_above_their_unit(session, browser, care, home, parks):
    manager = enter(session, browser, Role.MANAGER, unit=home)
    for unit in (care, parks):
        assert manager.open(f"/council/halton/units/{unit.id}").status == 404
    everything = [manager.open(f"/council/halton{page}").response.get_data(as_text=True) for page in PAGES]
    assert "Parks" not in " ".join(everything)
    table = everything[PAGES.index("/completion.csv")]
    assert "24" in table
    assert not {"54", "104"} & set(table.replace("\n", ",").split(","))


@pytest.mark.parametrize(("role", "status"), [(Role.MANAGER, 200), (Role.HR_LEAD, 200), (Role.ADMIN, 200), (None, 404)])
def test_the_workbook_opens_for_those_who_may_see_the_page(session, browser, home, role, status):
    roles = () if role is None else (role,)
    visitor = enter(session, browser, *roles, unit=home)
    assert visitor.client.get("/council/halton/completion.xlsx").status_code == status
    assert visitor.client.get("/council/sefton/completion.xlsx").status_code == 404


def test_a_manager_of_two_units_looks_at_each(session, browser, care, home, parks):
    account = an_account(session, a_person(session), Role.MANAGER, unit=home)
    grant(
        session,
        account_id=account.id,
        role=Role.MANAGER,
        now=LONG_AGO,
        organisation_id=parks.organisation_id,
        unit_id=parks.id,
    )
    manager = browser.enter_as(account)
    page = manager.open("/council/halton")
    assert (page.heading, "24 people who count" in page.text) == ("Home Care", True)
    other = manager.open(page.links["Parks"])
    assert (other.heading, "50 people who count" in other.text) == ("Parks", True)
    table = manager.open(other.links["Download the figures (CSV)"]).response.get_data(as_text=True)
    assert table.splitlines()[1].startswith("directorate,Parks,,,50,")
    assert manager.open(other.links["Home Care"]).heading == "Home Care"
    for beyond in (str(care.id), "nothing"):
        assert set(statuses(manager, query=f"?unit={beyond}").values()) == {404}


def test_who_answers_for_two_authorities_looks_at_each(session, browser, care):
    sefton = an_organisation(session, "sefton", "Sefton Council")
    account = an_account(session, a_person(session), Role.HR_LEAD, unit=care)
    grant(session, account_id=account.id, role=Role.HR_LEAD, now=LONG_AGO, organisation_id=sefton.id)
    lead = browser.enter_as(account)
    page = lead.open(lead.open("/council/halton").links["Sefton Council"])
    assert page.heading == "Sefton Council"
    assert "does not ask its people to take a course yet" in page.text
    assert "of the 30 people who count" in lead.open(page.links["Halton Borough Council"]).text


def test_a_manager_of_a_team_of_nine_sees_no_figures_of_it(session, browser, halton, home):
    team = a_unit(session, halton, "Night shift", parent=home, kind=UnitKind.TEAM)
    staff(session, team, 9)
    page = enter(session, browser, Role.MANAGER, unit=team).open("/council/halton")
    assert "These figures are not shown" in page.text


def test_the_pages_of_figures_name_nobody(session, browser, halton, care):
    a_person(session, care, name="Zebedee Uniquename")
    lead = enter(session, browser, Role.HR_LEAD, unit=care)
    for page in PAGES:
        assert "Uniquename" not in lead.open(f"/council/halton{page}").response.get_data(as_text=True)
