"""An admin adds a person with a job and an account, and hands them a code."""

import pytest
from sqlalchemy.orm import Session

from people.accounts import find_account
from people.organisations import Organisation, units_of
from tests.app.people.conftest import Region
from tests.builders.region import a_person, a_unit
from tests.reading import Browser

URL, BUTTON = "/people/add?authority=halton", "Add this person"
NEW = {
    "name": "Zoë  Adébáyọ̀",
    "username": "Zoe.A",
    "unit": "new",
    "new_unit": "Adult Social Care",
    "payroll": "77",
    "job": "",
}


def test_a_new_person_has_a_job_no_role_and_gets_a_code(admin: Browser, session: Session, region: Region) -> None:
    page = admin.submit(URL, BUTTON, **NEW)
    assert page.heading == "Zoë Adébáyọ̀"
    assert "Adult Social Care, Halton Borough Council" in page.table("Jobs with dates")[0]["Job"]
    assert "No role." in page.text
    assert find_account(session, username="zoe.a") is not None
    assert admin.submit(page.url, "Make a one-time code for Zoë Adébáyọ̀").heading == "A one-time code"
    assert "Ada Admin added the account of Zoë Adébáyọ̀" in admin.open(page.url).text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": " "}, "Enter a name"),
        ({"name": "\u200b"}, "Enter a name"),
        ({"username": "\u200b"}, "Enter a username"),
        ({"username": "ß" * 61}, "Username must have 120 characters or fewer"),  # each becomes “ss”
        ({"name": "x" * 201}, "Name must have 200 characters or fewer"),
        ({"username": ""}, "Enter a username"),
        ({"unit": ""}, "Select a unit"),
        ({"new_unit": ""}, "Enter the name of the new unit"),
        ({"new_unit": "a / b / c / d"}, "Name the unit as “Directorate”, “Directorate / Service” or"),
        ({"new_unit": "x" * 201}, "Each name in it must have 200 characters or fewer"),
        ({"payroll": "12"}, "Halton Borough Council has a job with the payroll number 12 already"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    admin: Browser, session: Session, region: Region, fields: dict[str, str], message: str
) -> None:
    a_person(session, region.halton, payroll_number="12")
    session.commit()
    page = admin.submit(URL, BUTTON, **{**NEW, **fields})
    assert page.status == 422
    assert page.errors[0].startswith(message)


def test_a_username_is_taken_once(admin: Browser) -> None:
    admin.submit(URL, BUTTON, **NEW)
    page = admin.submit(URL, BUTTON, **{**NEW, "payroll": "78"})
    assert page.errors == ["The username zoe.a is taken. Choose another one"]


def test_the_authority_comes_first_and_then_its_units_in_a_list(
    admin: Browser, session: Session, region: Region
) -> None:
    first = URL.partition("?")[0]
    assert admin.open(f"{first}?authority=").errors == ["Select an authority"]
    assert admin.open(f"{first}?authority=elsewhere").errors == ["Select an authority"]
    assert admin.open(first).errors == []
    page = admin.submit(URL, BUTTON, **{**NEW, "unit": str(region.halton.id), "new_unit": ""})
    assert "Adult Social Care, Halton Borough Council" in page.table("Jobs with dates")[0]["Job"]
    assert admin.submit(URL, BUTTON, **{**NEW, "unit": str(region.sefton.id)}).status == 422


def test_no_unit_is_added_until_somebody_says_so(admin: Browser, session: Session, region: Region) -> None:
    organisation = session.get_one(Organisation, region.halton.organisation_id)
    a_unit(session, organisation, "Finance", parent=region.halton)
    session.commit()
    before = len(units_of(session, organisation_id=organisation.id))
    page = admin.submit(URL, BUTTON, **{**NEW, "new_unit": "Finance"})
    assert page.errors == [
        "Halton Borough Council has no unit “Finance”, but there is “Adult Social Care / Finance” in the list. "
        "Tick the box if it is to be added"
    ]
    assert len(units_of(session, organisation_id=organisation.id)) == before
    target, values = page.form(BUTTON)
    other = admin.post(target, {**values, "adds_unit": "y", "new_unit": "Libraries"})
    assert other.errors == ["Halton Borough Council has no unit “Libraries”. Tick the box if it is to be added"]
    page = admin.post(target, {**values, "adds_unit": "y"})
    assert "Finance, Halton Borough Council" in page.table("Jobs with dates")[0]["Job"]
    assert len(units_of(session, organisation_id=organisation.id)) == before + 1
