"""Units in a browser: one of four hundred is found by its words, with and without scripts."""

from datetime import timedelta
from itertools import count

import pytest

from kernel.clock import local_day, utc_now
from people.organisations import Organisation, Unit, UnitKind
from people.persons import Person
from tests.browser.live_site import LiveSite
from tests.browser.region import an_authority
from tests.browser.visiting import DESKTOP, PHONE, PHONE_WITHOUT_SCRIPTS, Device
from tests.builders.region import a_person, a_unit

_numbers = count(1)


@pytest.fixture
def large(site: LiveSite) -> tuple[str, int]:
    """The slug of an authority with 400 teams called Home Care, in as many services; and somebody who works there."""
    slug = f"units-{next(_numbers)}"
    with site.session() as session:
        unit = an_authority(session, slug, f"Authority {slug}", f"first.{slug}", f"second.{slug}")
        organisation = session.get_one(Organisation, unit.organisation_id)
        for number in range(400):
            service = a_unit(session, organisation, f"Service {number:03}", parent=unit, kind=UnitKind.SERVICE)
            a_unit(session, organisation, "Home Care", parent=service, kind=UnitKind.TEAM)
        person = a_person(session, session.get_one(Unit, unit.id), "Llinos ap Rhydderch", payroll_number="U1")
        session.commit()
        assert isinstance(person, Person)
        return slug, person.id


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_a_unit_is_found_by_words_of_its_path(visit, large: tuple[str, int], device: Device) -> None:
    slug, person_id = large
    lead = visit(device, username=f"first.{slug}")
    lead.open(f"/people/{person_id}")
    lead.follow("Add another job")
    # The list is a combobox too, until the script has made a field to search in of it.
    box = lead.page.get_by_role("combobox", name="Unit").and_(lead.page.locator("input"))
    box.wait_for()
    box.fill("home 271")
    options = lead.page.get_by_role("option")
    options.first.wait_for()
    assert [one.inner_text().split(" / ", 1)[1] for one in options.all()] == ["Service 271 / Home Care"]
    lead.look()
    lead.page.keyboard.press("ArrowDown")
    lead.page.keyboard.press("Enter")
    assert box.input_value().endswith("Service 271 / Home Care")
    box.fill("a unit that is nowhere")
    lead.write("Payroll number", "U2")
    lead.press("Add this job")
    assert "Select a unit" in lead.errors
    box.wait_for()
    box.fill("271 home")
    options.first.wait_for()
    lead.page.keyboard.press("ArrowDown")
    lead.page.keyboard.press("Enter")
    for part, value in (("Day", "1"), ("Month", "4"), ("Year", "2026")):
        lead.write(part, value)
    lead.write("Why do you add it by hand?", "By phone")
    lead.press("Add this job")
    lead.sees("The job is in the record")
    lead.sees("Service 271 / Home Care")


def test_without_scripts_it_is_a_list(visit, large: tuple[str, int]) -> None:
    slug, person_id = large
    lead = visit(PHONE_WITHOUT_SCRIPTS, username=f"first.{slug}")
    lead.open(f"/people/{person_id}")
    lead.follow("Add another job")
    listed = lead.page.get_by_label("Unit", exact=True)
    assert listed.evaluate("element => element.tagName") == "SELECT"
    labels = listed.locator("option").all_inner_texts()
    assert sum(label.endswith("/ Home Care") for label in labels) == 400


@pytest.mark.parametrize("device", [PHONE, DESKTOP, PHONE_WITHOUT_SCRIPTS], ids=str)
def test_a_reorganisation_from_a_file_to_its_undoing(visit, site: LiveSite, device: Device) -> None:
    slug = f"reorganised-{next(_numbers)}"
    with site.session() as session:
        unit = an_authority(session, slug, f"Authority {slug}", f"first.{slug}", f"second.{slug}")
        organisation = session.get_one(Organisation, unit.organisation_id)
        parks, roads = a_unit(session, organisation, "Parks"), a_unit(session, organisation, "Roads")
        for _ in range(3):
            a_person(session, parks, "Nguyễn Thị Minh")
        a_person(session, roads, "محمد علي")
        session.commit()
    lead = visit(device, username=f"first.{slug}")
    lead.open(f"/council/{slug}/structure/reorganisations/new")
    lead.write("What do people call it?", "One team for parks and roads")
    on = local_day(utc_now()) + timedelta(days=30)
    for part, value in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
        lead.write(part, str(value))
    lead.page.get_by_text("You have the changes in a file").click()
    lead.press("Take the changes from the file")
    assert lead.errors == ["Select a file of changes"]
    text = "- merge: Parks\n  into: Roads\n- rename: Roads\n  to: Parks and Roads, پارک‌ها\n"
    file = {"name": "changes.yaml", "mimeType": "text/yaml", "buffer": text.encode()}
    lead.page.locator("input[type=file]").set_input_files(file)
    lead.press("Take the changes from the file")
    lead.sees("2 changes")
    lead.fits(320)
    lead.press("See what it would do")
    lead.sees("3 jobs move to another unit")
    lead.fits(320)
    lead.page.get_by_role("radio").last.check()
    lead.press("Continue")
    lead.sees("The reorganisation is decided")
    lead.press("Undo this reorganisation")
    lead.press("Undo this reorganisation")
    lead.sees("The reorganisation is undone")
