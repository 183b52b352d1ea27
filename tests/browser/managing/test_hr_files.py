"""HR files and the record of people in a browser: sent, mapped, decided, undone; matched by hand; found and merged."""

from itertools import count

import pytest

from people.feed.runs.record import Choice, FeedRun
from people.organisations import Unit
from tests.browser.live_site import LiveSite
from tests.browser.region import an_authority
from tests.browser.visiting import DESKTOP, PHONE, PHONE_WITHOUT_SCRIPTS, Device, Visitor
from tests.builders.region import a_person

HEADINGS = "Payroll Number;Name;Department;Job Title;Employee Category\n"
UNIT = "Pobl, Diwylliant a Threfniadaeth Gorfforaethol"
NAMES = ("Ọláyínká Adébáyọ̀", "محمد عبد الرحمن الشامري", "Llinos Gwenllian ap Rhydderch-Prydderch", "王芳")
_numbers = count(1)


@pytest.fixture
def place(site: LiveSite) -> str:
    """The slug of an authority with forty people; its HR leads are called ``first.`` and ``second.`` and the slug."""
    slug = f"journey-{next(_numbers)}"
    with site.session() as session:
        unit = an_authority(session, slug, f"Cyngor {slug}", f"first.{slug}", f"second.{slug}")
        for number in range(40):
            a_person(session, unit, f"{NAMES[number % 4]} {number}", payroll_number=f"{number:05}", job_title="Carer")
        session.commit()
    return slug


def rows(*numbers: int, title: str = "Carer", kind: str = "Perm") -> str:
    return "".join(f"{number:05};{NAMES[number % 4]} {number};{UNIT};{title};{kind}\n" for number in numbers)


def attach(visitor: Visitor, text: str, name: str = "rhestr-staff.csv") -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    visitor.page.locator("input[type=file]").set_input_files(file)


def send(lead: Visitor, slug: str, text: str) -> None:
    """Send a file that a kept mapping reads."""
    lead.open(f"/council/{slug}/feed")
    attach(lead, text)
    lead.press("Read the file")
    lead.reload_until("What this file would do", "Nothing has changed yet", "nothing has changed yet")


def map_first(lead: Visitor, slug: str, text: str, *, everybody: str) -> None:
    """Say what the columns hold."""
    lead.open(f"/council/{slug}/feed")
    attach(lead, text)
    lead.press("Read the file")
    assert lead.heading == "What the columns hold"
    lead.fits(320)
    lead.choose(everybody)
    lead.press("Keep the mapping")
    lead.sees("is kept as version 1")


@pytest.mark.smoke(str(PHONE))
@pytest.mark.parametrize("device", [PHONE, DESKTOP, PHONE_WITHOUT_SCRIPTS], ids=str)
def test_a_file_from_upload_to_undo(visit, place: str, device: Device) -> None:
    lead = visit(device, username=f"first.{place}")
    lead.open(f"/council/{place}/feed")
    lead.press("Read the file")
    assert lead.errors == ["Select an HR file"]
    text = HEADINGS + rows(*range(39), 41) + rows(42, kind="Xyz")
    map_first(lead, place, text, everybody="No, only some people: nobody’s job ends because a row is missing")
    send(lead, place, text)
    lead.sees("1 row cannot be used")
    lead.fits(320)
    lead.follow("See who")
    lead.fits(320)
    lead.page.go_back()
    lead.choose("Do all of it")
    lead.press("Continue")
    lead.fits(320)
    lead.press("Do all of it")
    lead.reload_until("Undo this file")
    lead.press("Undo this file")
    lead.fits(320)
    lead.press("Undo this file")
    lead.reload_until("Undone")
    lead.open(f"/council/{place}/feed/log")
    lead.sees("Undone")
    lead.fits(320)


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_a_stopped_file_needs_somebody_else_who_may_decide(visit, site: LiveSite, place: str, device: Device) -> None:
    lead = visit(device, username=f"first.{place}")
    text = HEADINGS + rows(*range(20))
    map_first(lead, place, text, everybody="Yes, everybody of the whole authority: whoever is missing from it has left")
    send(lead, place, text)
    lead.sees("Stopped: nothing has changed yet.")
    lead.fits(320)
    lead.choose("Do all of it")
    lead.press("Continue")
    lead.sees("An admin has to agree to this")
    address = lead.page.url.removeprefix(lead.address)
    lead.open(f"/council/{place}/feed/limits")
    lead.sees("Would have stopped 1 of the last 1 file")
    lead.write("Jobs that end", "lots")
    lead.press("Keep these limits")
    assert lead.errors == ["Jobs that end: enter a whole number from 0 to 100, such as 5"]
    lead.fits(320)
    admin = visit(device, username="admin")  # the file would also end the jobs of both HR leads
    admin.open(address)
    admin.press("Do all of it")
    with site.session() as session:
        run = session.get_one(FeedRun, int(address.split("/")[-2]))
        assert run.choice is Choice.ALL
        assert run.decided_by_account_id not in (None, run.planned_by_account_id)


@pytest.mark.parametrize("device", [PHONE, PHONE_WITHOUT_SCRIPTS], ids=str)
def test_past_learning_from_a_file_to_a_match_by_hand(visit, place: str, device: Device) -> None:
    lead = visit(device, username=f"first.{place}")
    lead.open(f"/council/{place}/history/new")
    lead.press("Show what it would do")
    assert "Select a file" in lead.errors
    attach(lead, "Payroll number,Name,Course,Date completed\n00001,,TC,31/03/2024\n,Llinos,TC,01/02/2024\n")
    lead.choose("Day first, such as 31/03/2024")
    lead.write("Where does it come from?", "Cofnodion hyfforddi 2022 i 2025")
    lead.press("Show what it would do")
    lead.sees("Nothing has changed yet.")
    lead.fits(320)
    lead.press("Add these completions")
    lead.reload_until("Applied")  # “0 of 1 completion added” stands there before
    lead.open(f"/council/{place}/history")
    lead.fits(320)
    lead.follow("Llinos", within=lead.page.get_by_role("table", name="Past learning that belongs to nobody yet"))
    assert lead.heading == "Whose is this?"
    lead.write("Find the person", "Prydderch 2")
    lead.press("Find")
    lead.fits(320)
    lead.page.get_by_role("radio").first.check()
    lead.press("Add it to this person’s record")
    lead.open(f"/council/{place}/history")
    lead.sees("Nothing waits")


@pytest.mark.parametrize("device", [PHONE, PHONE_WITHOUT_SCRIPTS], ids=str)
def test_somebody_is_found_corrected_and_merged_with_their_other_record(
    visit, site: LiveSite, place: str, device: Device
) -> None:
    with site.session() as session:
        unit = session.get_one(Unit, site.region.unit_id)
        a_person(session, unit, f"Zofia Brzęczyszczykiewicz-{place}", payroll_number=f"Z1{place}"[:20])
        other = a_person(session, unit, f"Zofia Brzęczyszczykiewicz-{place}", payroll_number=f"Z2{place}"[:20])
        other_id = other.id
        session.commit()
    admin = visit(device, username="admin")
    admin.open("/people")
    admin.write("Name, payroll number, unit or username", f"zofia {place}")
    admin.press("Find")
    admin.fits(320)
    admin.follow(f"Zofia Brzęczyszczykiewicz-{place}")
    admin.fits(320)
    first_id = int(admin.page.url.rsplit("/", 1)[1])
    admin.follow("Correct the names")
    admin.fits(320)
    admin.press("Save the names")
    admin.open("/people/duplicates")
    admin.fits(320)
    keep, gone = (first_id, other_id) if first_id != other_id else (other_id, other_id - 1)
    admin.open(f"/people/{keep}/merge/{gone}")
    admin.fits(320)
    admin.press("Merge these records")
    admin.sees("Zofia")
