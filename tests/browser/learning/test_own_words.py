"""A learner says how sure they feel, makes a plan, and sees both again; the lead sees averages."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from courses.catalogue.versions import publish
from courses.content.bundle.reading import read_bundle, read_folder
from courses.content.model.personal import Moment
from courses.records.attempts import ModuleProgress, get_attempt
from courses.reflection.plans import PlanWords, write_plan
from courses.reflection.ratings import Rating
from courses.taking.progression import begin_course
from kernel.clock import utc_now
from people.accounts import Account
from people.persons import Person
from tests.browser.region import SHIPPED
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE, PHONE_WITHOUT_SCRIPTS
from tests.courses.library.texts import LIBRARY

COURSE = f"/courses/{SHIPPED}"
EVERY_DEVICE = pytest.mark.parametrize(
    "device", [PHONE, DESKTOP, PHONE_WITHOUT_SCRIPTS, DESKTOP_WITHOUT_SCRIPTS], ids=str
)


@pytest.fixture
def learner(site):
    """The username of somebody who has every screen of the shipped course behind them but its last."""
    username = site.a_learner("Ọláyínká Adébáyọ̀")
    with site.session() as session:
        account = session.scalar(select(Account).where(Account.username == username))
        begin_course(session, person_id=account.person_id, slug=SHIPPED, now=utc_now())
        attempt = get_attempt(session, person_id=account.person_id, slug=SHIPPED)
        *before, last = attempt.document(session).modules
        for module in before:
            session.add(progress_in(attempt.id, module, len(module.screens), utc_now()))
        session.add(progress_in(attempt.id, last, len(last.screens) - 1, None))
        session.commit()
    return username


def progress_in(attempt_id, module, screens_done, completed_at):
    return ModuleProgress(
        attempt_id=attempt_id, module_id=module.id, screens_done=screens_done, completed_at=completed_at
    )


def screen_of(site, screen_id):
    """The address of a screen of the shipped course."""
    with site.session() as session:
        person_id = session.scalar(select(Account.person_id).where(Account.username == f"staff-{site.serial}"))
        document = get_attempt(session, person_id=person_id, slug=SHIPPED).document(session)
    for module in document.modules:
        for number, screen in enumerate(module.screens, start=1):
            if screen.id == screen_id:
                return f"{COURSE}/{module.slug}/{number}"
    raise AssertionError(screen_id)


def rate(visitor, answers):
    for group, answer in answers.items():
        visitor.page.get_by_role("group", name=group).get_by_label(answer, exact=True).check()
    visitor.press("Save my answers")
    visitor.sees("Saved at")


@EVERY_DEVICE
def test_a_learner_sees_then_and_now(site, visit, learner, device):
    visitor = visit(device, username=learner)
    visitor.open(screen_of(site, "RE-M0-S4"))
    rate(visitor, {"I can recognise indirect discrimination": "Disagree", "I could help a person": "Agree"})
    visitor.fits(320)
    visitor.open(screen_of(site, "RE-M7-S5"))
    rate(visitor, {"I can recognise indirect discrimination": "Strongly agree", "I could help a person": "Agree"})
    visitor.open(screen_of(site, "RE-M7-S7"))
    visitor.sees("You rate yourself higher than before on 1 of 2 statements.")
    visitor.sees("Up 3")
    visitor.fits(320)
    visitor.open("/learning/ratings")
    visitor.fits(320)


def test_choices_are_saved_while_they_are_made(site, visit, learner):
    visitor = visit(PHONE, username=learner)
    visitor.open(screen_of(site, "RE-M0-S4"))
    visitor.page.get_by_label("Strongly agree").first.check()
    expect(visitor.page.get_by_text("Saved at")).to_be_visible()
    visitor.reload()
    expect(visitor.page.get_by_label("Strongly agree").first).to_be_checked()


@EVERY_DEVICE
def test_a_learner_makes_a_plan_from_an_idea(site, visit, learner, device):
    visitor = visit(device, username=learner)
    visitor.open(screen_of(site, "RE-M7-S2"))
    visitor.press("Save my plan")
    assert visitor.errors == ["Enter a moment: when will you act?", "Enter what you will say or do"]
    visitor.fits(320)
    visitor.page.get_by_text("If you manage people").click()
    visitor.follow("If a panel says “fit”, then I will ask “Which criterion?”")
    visitor.write("Day", "3")
    visitor.write("Month", "12")
    visitor.write("Year", str(utc_now().year))
    visitor.press("Save my plan")
    visitor.sees("Your plan is saved.")
    visitor.fits(320)
    visitor.open("/learning/plan")
    visitor.sees("If a panel says “fit”, then I will ask “Which criterion?”, from 3 December")
    visitor.fits(320)
    visitor.follow("Change it, or write a new one")
    assert visitor.heading == "Change my plan"


@pytest.fixture(scope="session")
def follow_up(site):
    """The address of the first follow-up, which is open to everybody here."""
    outcome = read_bundle(read_folder(LIBRARY / "follow-up-two-weeks"))
    with site.session() as session:
        document = outcome.document.model_copy(update={"follows": None})
        publish(session, document=document, account_id=None, now=utc_now())
        session.commit()
    return document


@pytest.mark.parametrize("device", [PHONE, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_a_follow_up_asks_how_the_plan_is_going(site, visit, learner, follow_up, device):
    (module,) = follow_up.modules
    with site.session() as session:
        person_id = session.scalar(select(Account.person_id).where(Account.username == learner))
        begin_course(session, person_id=person_id, slug=follow_up.slug, now=utc_now())
        attempt = get_attempt(session, person_id=person_id, slug=follow_up.slug)
        session.add(progress_in(attempt.id, module, len(module.screens) - 1, None))
        words = PlanWords("a panel says “fit”", "ask “Which criterion?”")
        write_plan(session, person_id=person_id, form_id="RE-PLAN", words=words, is_new=False, now=utc_now())
        session.commit()
    number = next(n for n, screen in enumerate(module.screens, start=1) if screen.id == "FU2-S2")
    visitor = visit(device, username=learner)
    visitor.open(f"/courses/{follow_up.slug}/{module.slug}/1")
    visitor.sees("If a panel says “fit”, then I will ask “Which criterion?”")
    visitor.open(f"/courses/{follow_up.slug}/{module.slug}/{number}")
    visitor.press("Save")
    assert visitor.errors == ["Select how your plan is going, or go on without"]
    visitor.choose("Not yet")
    visitor.choose("Time")
    visitor.press("Save")
    visitor.sees("What is the two-minute version?")
    visitor.fits(320)


@pytest.fixture(scope="session")
def rated(site):
    """Twenty-two people who said how sure they feel, before and after."""
    with site.session() as session:
        add_ratings(session, site.region.organisation_id)
        session.commit()


@EVERY_DEVICE
@pytest.mark.usefixtures("rated")
def test_the_lead_sees_averages(visit, device):
    lead = visit(device, username="hr")
    lead.open("/council/sefton/ratings")
    picture = lead.page.get_by_role("img", name="Share who agree")
    expect(picture).to_be_visible()
    # A picture keeps its room while it is still on its way.
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    lead.sees("A rise in confidence is no proof of a change in behaviour.")
    lead.fits(320)
    lead.open("/council/halton/ratings", status=404)


def add_ratings(session, organisation_id):
    people = session.scalars(select(Person.id).order_by(Person.id).limit(22)).all()
    for statement in range(1, 11):
        for number, person_id in enumerate(people):
            for moment, value in ((Moment.BEFORE, 1 + number % 4), (Moment.AFTER, 3 + number % 3)):
                said_at = utc_now() + timedelta(seconds=number)
                session.add(
                    Rating(
                        person_id=person_id, organisation_id=organisation_id, instrument_id="RE-C",
                        statement_id=f"C{statement}", moment=moment, value=str(value),
                        first_said_at=said_at, said_at=said_at,
                    )
                )  # fmt: skip
