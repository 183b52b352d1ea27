"""A learner sends the authors a comment, authors read ten at a time, and a prompt goes along to a team meeting."""

from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import expect
from sqlalchemy import select

from courses.catalogue.versions import get_course, get_current_version, publish
from courses.content.bundle.reading import read_bundle, read_folder
from courses.records.attempts import ModuleProgress, get_attempt
from courses.reflection.comments import CourseComment
from courses.taking.progression import begin_course
from kernel.clock import local_day, utc_now
from people.accounts import Account
from people.persons import Person
from tests.browser.region import SHIPPED
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE, PHONE_WITHOUT_SCRIPTS
from tests.courses.library.texts import LIBRARY

EVERY_DEVICE = pytest.mark.parametrize(
    "device", [PHONE, DESKTOP, PHONE_WITHOUT_SCRIPTS, DESKTOP_WITHOUT_SCRIPTS], ids=str
)


@pytest.fixture(scope="session")
def follow_up(site):
    """The follow-up of six weeks, open to everybody here."""
    document = read_bundle(read_folder(LIBRARY / "follow-up-six-weeks")).document
    with site.session() as session:
        publish(session, document=document.model_copy(update={"follows": None}), account_id=None, now=utc_now())
        session.commit()
    return document.slug


@pytest.fixture
def learner(site):
    return site.a_learner("Ọláyínká Adébáyọ̀")


def address_of(site, username, slug, screen_id):
    """The address of a screen, with everything before it done."""
    with site.session() as session:
        person_id = session.scalar(select(Account.person_id).where(Account.username == username))
        begin_course(session, person_id=person_id, slug=slug, now=utc_now())
        attempt = get_attempt(session, person_id=person_id, slug=slug)
        for module in attempt.document(session).modules:
            numbers = [number for number, screen in enumerate(module.screens, start=1) if screen.id == screen_id]
            done = numbers[0] - 1 if numbers else len(module.screens)
            session.add(
                ModuleProgress(
                    attempt_id=attempt.id,
                    module_id=module.id,
                    screens_done=done,
                    completed_at=None if numbers else utc_now(),
                )
            )
            if numbers:
                session.commit()
                return f"/courses/{slug}/{module.slug}/{numbers[0]}"
    raise AssertionError(screen_id)


@EVERY_DEVICE
def test_a_learner_sends_a_comment_and_takes_it_back(site, visit, learner, device):
    visitor = visit(device, username=learner)
    visitor.open(address_of(site, learner, SHIPPED, "RE-M7-S9"))
    visitor.sees("Do not name anybody.")
    visitor.write("Your comment, if you like", "x" * 1001)
    visitor.press("Send my comment")
    assert visitor.errors == ["Your comment must be 1,000 characters or fewer. It has 1,001"]
    visitor.write("Your comment, if you like", "Shorter stories")
    visitor.press("Send my comment")
    visitor.sees("Your comment is sent.")
    visitor.fits(320)
    visitor.write("Your comment, if you like", "")
    visitor.press("Save changes")
    visitor.sees("There is no comment of yours.")
    visitor.press("Continue")
    assert visitor.heading == "Where support is"


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_authors_read_ten_at_a_time(site, visit, device):
    with site.session() as session:
        version = get_current_version(session, course_id=get_course(session, slug=SHIPPED).id)
        page = f"/manage/courses/{SHIPPED}/versions/{version.number}"
        session.query(CourseComment).delete()
        people = session.scalars(select(Person.id).order_by(Person.id).limit(12)).all()
        for number, person_id in enumerate(people):
            session.add(
                CourseComment(
                    person_id=person_id, course_version_id=version.id, comment_id="RE-COMMENT",
                    text=f"{number:02d} The part about names helped me.\nMore like that.", said_at=utc_now(),
                )
            )  # fmt: skip
        session.commit()
    author = visit(device, username="author")
    author.open(page)
    author.follow("Read what learners told you")
    author.sees("10 comments, each from somebody else")
    assert "11 The part" not in author.text
    author.fits(320)
    admin = visit(device, username="admin")
    admin.open(f"{page}/comments", status=404)


@EVERY_DEVICE
def test_a_prompt_goes_into_the_calendar(site, visit, learner, follow_up, device):
    visitor = visit(device, username=learner)
    visitor.open(address_of(site, learner, follow_up, "FU6-S4"))
    visitor.press("Put it in my calendar (ICS)")
    assert visitor.errors == ["Enter the day of your next team meeting"]
    visitor.fits(320)
    day = local_day(utc_now()) + timedelta(days=3)
    for label, part in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        visitor.write(label, str(part))
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Put it in my calendar (ICS)").click()
    (event,) = Calendar.from_ical(Path(download.value.path()).read_bytes()).events
    assert (event.start, event["summary"]) == (day, "Who might this leave out?")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_a_comment_that_is_not_sent_holds_going_on(site, visit, learner, device):
    visitor = visit(device, username=learner)
    visitor.open(address_of(site, learner, SHIPPED, "RE-M7-S9"))
    heading = visitor.heading
    visitor.write("Your comment, if you like", "Shorter stories")
    visitor.page.get_by_role("button", name="Continue").click()
    visitor.sees("Your comment is not sent. Send it, or go on without it.")
    expect(visitor.page.get_by_label("Your comment, if you like")).to_be_focused()
    assert visitor.heading == heading
    visitor.look()
    visitor.fits(320)
    visitor.press("Go on without it")
    assert visitor.heading == "Where support is"
    visitor.follow("Back to the screen before")
    visitor.write("Your comment, if you like", "Shorter stories")
    visitor.press("Send my comment")
    visitor.press("Continue")
    assert visitor.heading == "Where support is"


def test_a_plan_that_is_not_saved_holds_going_on(site, visit, learner):
    visitor = visit(PHONE, username=learner)
    visitor.open(address_of(site, learner, SHIPPED, "RE-M7-S2"))
    visitor.write("If", "a panel says “fit”")
    visitor.page.get_by_role("button", name="Continue").click()
    visitor.sees("Your plan is not saved. Save it, or go on without it.")
    visitor.write("then I will", "ask “Which criterion?”")
    visitor.press("Save my plan")
    visitor.sees("Saved at")
    visitor.press("Continue")
    assert visitor.heading != "Your plan"
