"""The units of an authority on a day, one with its history, adding one, and who may see them."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from people.organisations import Unit
from people.roles import Role
from tests.app.council.structure.conftest import NEW, Halton, a_lead, add, choose, in_days, said, see
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

STRUCTURE = "/council/halton/structure"


def test_the_tree_says_how_many_units_there_are_and_unfolds_without_javascript(lead: Browser, halton: Halton) -> None:
    page = lead.open(STRUCTURE)
    assert "2 directorates, 2 services and 2 teams are there today." in said(page)
    folds = page.soup.select("details.cg-tree__fold > summary")
    assert [fold.get_text(" ", strip=True) for fold in folds] == [
        "Care 1 unit", "Home care 2 units", "Places 1 unit",
    ]  # fmt: skip
    assert lead.open(page.links["Night"]).heading == "Night"


def test_units_are_found_by_a_part_of_their_name(lead: Browser, halton: Halton) -> None:
    page = lead.open(f"{STRUCTURE}?name=home+night")
    assert "1 unit is found" in said(page)
    assert page.links["Care / Home care / Night"].endswith(f"/units/{halton.night.id}")
    assert "No unit is found" in lead.open(f"{STRUCTURE}?name=zzz").text
    assert lead.open(f"{STRUCTURE}?name=home&page=9").status == 404


def test_another_day_shows_the_units_of_that_day(lead: Browser, halton: Halton) -> None:
    page = add(lead.open(NEW), lead, "rename", unit="Care", to="Adults")
    choose(see(add(page, lead, "merge", unit="Night", into="Day"), lead), lead, "all")
    assert "1 team" in lead.open(f"{STRUCTURE}?on={in_days(30)}").text
    assert "Adults" in lead.open(f"{STRUCTURE}?on={in_days(30)}").text
    assert "2 teams were there on" in lead.open(f"{STRUCTURE}?on={in_days(-1)}").text
    wrong = lead.open(f"{STRUCTURE}?on=31/03/2026")
    assert wrong.status == 422
    assert wrong.errors[0].startswith("Enter a day in figures")
    far = lead.open(f"{STRUCTURE}?on=2999-01-01")
    assert (far.status, far.errors) == (422, ["The day must not be more than two years ahead"])
    assert lead.open(f"{STRUCTURE}?on=0001-01-01").errors == ["The day must not be more than a hundred years ago"]


def test_a_unit_tells_its_history_in_sentences(lead: Browser, halton: Halton) -> None:
    page = add(lead.open(NEW), lead, "rename", unit="Home care", to="Care at home")
    page = add(page, lead, "move", unit="Home care", into="Places")
    page = add(page, lead, "merge", unit="Night", into="Day")
    page = add(page, lead, "split", unit="Places", name="Green", units="Parks")
    choose(see(page, lead), lead, "all")
    home = said(lead.open(f"{STRUCTURE}/units/{halton.home.id}"))
    assert "Called “Care at home”. It was called “Home care” before." in home
    assert "Moved into “Places”. It was in “Care” before." in home
    assert "Ended. “Day” took it in." in said(lead.open(f"{STRUCTURE}/units/{halton.night.id}"))
    assert "Took in “Night”, which ended." in said(lead.open(f"{STRUCTURE}/units/{halton.day.id}"))
    assert "Moved into “Green”. It was in “Places” before." in said(lead.open(f"{STRUCTURE}/units/{halton.parks.id}"))
    assert "No reorganisation has changed it." in said(lead.open(f"{STRUCTURE}/units/{halton.care.id}"))


def test_the_links_of_a_unit_fill_in_what_is_to_be_done_with_it(lead: Browser, halton: Halton) -> None:
    page = lead.open(lead.open(f"{STRUCTURE}/units/{halton.night.id}").links["Rename it"])
    _, fields = page.form("Add this change")
    assert (fields["kind"], fields["rename-unit"]) == (["rename"], "Care / Home care / Night")


def test_a_unit_is_added_by_hand(session: Session, lead: Browser, halton: Halton) -> None:
    page = lead.submit(f"{STRUCTURE}/units/new", "Add the unit", into="Home care", name="Évening  مساء")
    assert page.heading == "Évening مساء"
    assert "The unit is added" in said(page)
    unit = session.scalars(select(Unit).where(Unit.path == "Care / Home care / Évening مساء")).one()
    assert unit.kind.value == "team"
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "unit-added")).one()
    assert entry.detail == {"unit": unit.id}


@pytest.mark.parametrize(
    ("into", "name", "words"),
    [
        ("Home care", "", "Enter the name of the unit"),
        ("Home care", "night", "Two units would be called"),
        ("", "Care", "Two units would be called “Care”"),
        ("Nowhere", "X", "There is no unit “Nowhere”"),
        ("Night", "X", "no unit goes into a team"),
        ("", "A / B", "cannot be a name"),
        ("", "x" * 201, "must have 200 characters or fewer"),
    ],
)
def test_a_unit_that_cannot_be_added_is_refused_beside_its_field(
    lead: Browser, halton: Halton, into: str, name: str, words: str
) -> None:
    page = lead.submit(f"{STRUCTURE}/units/new", "Add the unit", into=into, name=name)
    assert page.status == 422
    assert words in page.errors[0]


def test_only_admins_and_the_hr_leads_of_the_authority_see_them(
    app: Flask, session: Session, lead: Browser, halton: Halton
) -> None:
    page = add(lead.open(NEW), lead, "rename", unit="Care", to="Adults")
    number = choose(see(page, lead), lead, "all").url.rpartition("/")[2]
    sefton = an_organisation(session, "sefton", "Sefton")
    a_unit(session, sefton, "Care")
    other = an_account(session, a_person(session), Role.HR_LEAD, unit=a_unit(session, sefton, "HR"))
    boss = an_account(session, a_person(session), Role.MANAGER, unit=halton.care)
    admin = an_account(session, a_person(session), Role.ADMIN)
    session.commit()
    reorganisation = f"{STRUCTURE}/reorganisations/{number}"
    addresses = [STRUCTURE, f"{STRUCTURE}/units/{halton.care.id}", f"{STRUCTURE}/units/new", NEW]
    addresses += [reorganisation, f"{reorganisation}/undo"]
    for address in addresses:
        assert Browser(app).enter_as(other).open(address).status == 404
        assert Browser(app).enter_as(boss).open(address).status == 404
        assert Browser(app).enter_as(admin).open(address).status == 200
    # What belongs to another authority is not there under one’s own.
    theirs = Browser(app).enter_as(other)
    assert theirs.open(f"/council/sefton/structure/units/{halton.care.id}").status == 404
    assert theirs.open(f"/council/sefton/structure/reorganisations/{number}").status == 404
    assert theirs.open(f"/council/sefton/structure/reorganisations/{number}/undo").status == 404
    assert "Structure" in a_lead(app, session, halton, "Mei Lin").open("/council/halton/structure").links
