"""An HR lead on a Monday: who is late, what a day that is over looked like, and what leaves the building."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from assignments.requirements import require_course
from courses.catalogue.versions import PublishOutcome, get_course, get_current_version
from kernel.clock import local_day, utc_now
from people.jobs.employment import Employment
from people.organisations import Unit
from people.persons import Person
from reports.earlier_days import month_end_before
from tests.browser.live_site import LiveSite
from tests.browser.region import SMALL, an_authority
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE, Device, Visitor
from tests.reports.taken_course import people_in

LONG_AGO = utc_now() - timedelta(days=400)
MONTH_END = month_end_before(local_day(utc_now()) - timedelta(days=1))
PEOPLE, FINISHED = 130, 70
WORKER = 90_000
_numbers = count(1)


@pytest.fixture
def slug(site: LiveSite) -> str:
    """An authority in which 60 of 130 people are past their date, with an HR lead called as it is."""
    slug = f"monday-{next(_numbers)}"
    with site.session() as session:
        unit = an_authority(session, slug, f"Council of {slug}", slug)
        course = get_course(session, slug=SMALL)
        version = get_current_version(session, course_id=course.id)
        published = PublishOutcome(course.id, version.id, version.number, True)
        require_course(
            session,
            course_id=course.id,
            organisation_ids=[unit.organisation_id],
            account_id=None,
            now=LONG_AGO,
            due_on=local_day(utc_now()) - timedelta(days=20),
        )
        people_in(session, session.get_one(Unit, unit.id), PEOPLE, course=published, complete=FINISHED, at=LONG_AGO)
        here = select(Employment.person_id).where(Employment.organisation_id == unit.organisation_id)
        session.execute(
            update(Person)
            .where(Person.id.in_(here))
            .values(created_at=LONG_AGO, email="somebody@monday.example")
            .execution_options(synchronize_session=False)
        )
        session.commit()
    return slug


def fill_day(visitor: Visitor, group: str, day: date) -> None:
    fields = visitor.page.get_by_role("group", name=group)
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        fields.get_by_label(label, exact=True).fill(str(number))


@pytest.mark.smoke(str(DESKTOP))
@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_who_is_late_is_found_nudged_after_a_look_and_taken_back(
    visit: Callable[..., Visitor], slug: str, device: Device
) -> None:
    lead = visit(device, username=slug)
    lead.open(f"/council/{slug}/people")
    lead.page.locator("summary", has_text="choose others").click()
    lead.page.get_by_label("State", exact=True).select_option(label="Past the date")
    lead.press("Show")
    lead.sees("61 people are past the date")
    lead.fits(320)
    name, state = (lead.page.locator(f"tbody .cg-people__{part}").first.bounding_box() for part in ("name", "state"))
    assert name
    assert state
    assert 150 < name["width"] <= state["x"] - name["x"]
    lead.follow("Unit")
    lead.follow("Next")
    assert {"state=past-date", "sort=unit", "page=2"} <= set(lead.page.url.partition("?")[2].split("&"))
    lead.press("Nudge 61 people")
    lead.sees("61 people get one message. Nothing is sent yet.")
    lead.press("Nudge 61 people")
    lead.sees("61 people get one message.")
    lead.press("Take it back for everybody")
    lead.sees("Taken back for")


def test_a_day_that_is_over_the_months_and_the_report_for_the_board(visit: Callable[..., Visitor], slug: str) -> None:
    lead = visit(DESKTOP, username=slug)
    ends = "all => [...new Set(all.map(one => getComputedStyle(one).paddingRight))]"
    assert lead.page.eval_on_selector_all(".cg-gaps tr > :last-child", ends) == ["12px"]
    lead.page.locator("summary", has_text="choose others").click()
    lead.page.get_by_label("As at", exact=True).select_option(value=MONTH_END.isoformat())
    lead.press("Show these figures")
    lead.sees(f"{MONTH_END.day} {MONTH_END:%B %Y}")
    lead.open(f"/council/{slug}/trend")
    assert lead.heading == "Month by month"
    assert len(lead.table("Finished by the end of each month")) > 2
    lead.open(f"/council/{slug}/downloads")
    lead.follow("Report for a board (PDF)")
    expect(lead.page.locator("main")).to_contain_text("The report is ready.", timeout=WORKER)
    lead.look()
    with lead.page.expect_download() as started:
        lead.page.get_by_role("button", name="Download the report (PDF)").click()
    assert started.value.path().read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("device", [DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_a_question_is_noted_answered_with_a_figure_and_marked_as_sent(
    visit: Callable[..., Visitor], slug: str, device: Device
) -> None:
    lead = visit(device, username=slug)
    lead.open(f"/council/{slug}/questions/new")
    lead.press("Note the question")
    assert "Select who asks" in lead.errors
    lead.choose("A councillor")
    lead.write("Reference", "Cllr 7")
    lead.write("The question, as it was asked", "How many have finished?")
    fill_day(lead, "When did it come?", local_day(utc_now()))
    lead.press("Note the question")
    assert lead.heading == "Cllr 7"
    lead.page.get_by_label("Course", exact=True).select_option(value=SMALL)
    fill_day(lead, "Day", MONTH_END)
    lead.press("Add the figure")
    lead.press("Draft it from the figures")
    assert f"about {PEOPLE} people were counted" in lead.page.get_by_label("The answer", exact=True).input_value()
    fill_day(lead, "When was it sent?", local_day(utc_now()))
    lead.press("Mark as sent")
    lead.sees("Answered on")


def test_a_pack_of_evidence_is_checked_by_anybody_by_its_number(visit: Callable[..., Visitor], slug: str) -> None:
    lead, anybody = visit(DESKTOP, username=slug), visit(PHONE)
    lead.open(f"/council/{slug}/evidence")
    fill_day(lead, "Which day should it be of?", MONTH_END)
    lead.press("Make the pack")
    number = lead.heading.rpartition(" ")[2]
    expect(lead.page.locator("main")).to_contain_text("The pack is sealed.", timeout=WORKER)
    lead.look()
    anybody.open("/evidence")
    anybody.page.locator("#number").fill(number.lower())
    anybody.press("Check")
    assert anybody.heading == f"Evidence pack {number}"
    anybody.sees("SHA-256")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_an_admin_finds_what_needs_a_person_and_where_everything_is(
    visit: Callable[..., Visitor], device: Device
) -> None:
    admin = visit(device, username="admin")
    assert admin.heading == "My learning"  # two courses are asked of them
    admin.open("/manage")
    assert admin.heading == "Administration"
    admin.fits(320)
    admin.page.get_by_role("search").get_by_role("searchbox").fill("local wording")
    admin.press("Find")
    admin.sees("Local wording")
