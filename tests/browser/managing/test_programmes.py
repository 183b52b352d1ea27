"""HR makes a programme, asks for it, and somebody sees its steps: in a browser, with scripts and without."""

import pytest

from people.accounts import create_account, hash_password
from tests.browser.live_site import LiveSite
from tests.browser.region import PASSWORD, an_authority
from tests.browser.visiting import DESKTOP, PHONE_WITHOUT_SCRIPTS, Device, Visitor
from tests.builders.region import a_person


def an_authority_of_its_own(site: LiveSite, slug: str) -> None:
    """With an HR lead and somebody who learns: nobody else is asked for the programme."""
    with site.session() as session:
        unit = an_authority(session, slug, f"Cyngor {slug}", f"hr.{slug}")
        person = a_person(session, unit, "Ọláyínká Nguyễn")
        create_account(session, person_id=person.id, username=f"staff.{slug}", password_hash=hash_password(PASSWORD))
        session.commit()


@pytest.mark.parametrize("device", [PHONE_WITHOUT_SCRIPTS, DESKTOP], ids=str)
def test_a_programme_is_made_asked_for_and_read_by_its_learner(visit, site: LiveSite, device: Device) -> None:
    name, slug = "First weeks", f"steps-{device.width}"
    an_authority_of_its_own(site, slug)
    lead: Visitor = visit(device, username=f"hr.{slug}")
    lead.open("/requirements")
    lead.follow("Make a programme")
    lead.press("Save the programme")
    assert lead.errors == [
        "Enter a name for the programme",
        "Choose a course for at least one step: this programme asks for nothing",
    ]
    lead.fits(320)
    lead.write("What is it called?", name)
    select(lead, "Course of step 1", "Test course")
    lead.press("Add a step")
    select(lead, "Course of step 2", "Race equality essentials")
    lead.press("Move up step 2")
    lead.fits(320)
    lead.press("Save the programme")
    assert lead.heading == name
    lead.sees("Nobody is asked for it.")
    lead.fits(320)
    lead.follow("Ask for it")
    lead.press("See what it would mean")
    lead.fits(320)
    lead.press("Ask in this way")
    lead.sees("It is asked in this way from now on")
    staff = visit(device, username=f"staff.{slug}")
    staff.sees("Next is step 1 of 2: Race equality essentials.")
    staff.sees("Not open yet: step 1 comes first")
    staff.fits(320)
    staff.follow(name)
    assert staff.heading == name
    staff.fits(320)
    staff.follow("What I must do, by when, and why me")
    staff.sees("Still missing: step 1 of 2, Race equality essentials.")


def select(visitor: Visitor, label: str, words: str) -> None:
    visitor.page.get_by_label(label, exact=True).select_option(label=words)
