"""HR leads make programmes, ask for them, and see who has finished; learners see their steps and what is next."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assignments.plans import find_plan
from courses.catalogue.programmes import StepsFrom, programmes_of
from kernel.clock import local_day, utc_now
from people.organisations import Organisation, Unit
from people.roles import Role
from tests.builders.programmes import a_programme, another_course, ask_for, complete
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page

HERE = "/requirements/halton"
NEW = f"{HERE}/programmes/new"


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def unit(session: Session, halton: Organisation) -> Unit:
    return a_unit(session, halton)


@pytest.fixture
def courses(session: Session) -> tuple[int, int, int]:
    return (
        a_course(session).course_id,
        another_course(session, "RP", "Reading pack"),
        another_course(session, "LA", "Law"),
    )


@pytest.fixture
def lead(session: Session, browser: Browser, unit: Unit, courses: tuple[int, int, int]) -> Browser:
    account = an_account(session, a_person(session, unit, "A lead"), Role.HR_LEAD, unit=unit)
    session.commit()
    return browser.enter_as(account)


def press(browser: Browser, page: Page, do: str, **fields: object) -> Page:
    target, values = page.form("Save the programme")
    return browser.post(target or page.url, {**values, **fields, "do": do})


def the_only(session: Session, organisation: Organisation) -> StepsFrom:
    session.expire_all()
    (found,) = programmes_of(session, organisation.id)
    return found


def test_a_programme_is_made_step_by_step_without_a_script(
    lead: Browser, session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    elearning, pack, law = map(str, courses)
    page = press(lead, lead.open(NEW), "or-1", name="  First   weeks ", **{"step-1-1": elearning})
    page = press(lead, page, "add", **{"step-1-2": pack})
    page = press(lead, page, "add", **{"step-2-1": law})
    page = press(lead, page, "up-2")
    page = press(lead, page, "remove-3")
    assert programmes_of(session, halton.id) == [], "nothing is saved yet"
    page = press(lead, page, "save")
    assert "Nobody is asked for it until you ask for it" in page.text
    found = the_only(session, halton)
    assert (found.name, found.steps) == ("First weeks", (courses[2:], courses[:2]))
    assert "Test course or Reading pack" in page.text
    changed = press(lead, lead.open(f"{page.url}/change"), "remove-1")
    assert "Nobody is asked for it." in press(lead, changed, "save").text
    assert the_only(session, halton).steps == (courses[:2],)


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_saved(
    lead: Browser, session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    law = str(courses[2])
    page = press(lead, lead.open(NEW), "add", **{"step-1-1": law})
    page = press(lead, press(lead, page, "or-1"), "save", **{"step-1-2": law})
    assert page.status == 422
    assert "Enter a name for the programme" in page.text
    assert "Step 1 names Law more than once" in page.text
    assert "Step 2 has no course" in page.text
    empty = press(lead, lead.open(NEW), "save", name="Nothing")
    assert "this programme asks for nothing" in empty.text
    unknown = press(lead, lead.open(NEW), "save", name="X" * 500, **{"step-1-1": "²9999999999"})
    assert (unknown.status, "120 characters or fewer" in unknown.text) == (422, True)
    assert programmes_of(session, halton.id) == []


def test_it_is_asked_for_like_a_course_and_shown_where_courses_are(
    lead: Browser, session: Session, halton: Organisation, unit: Unit, courses: tuple[int, int, int]
) -> None:
    key = a_programme(session, halton, courses[:2], courses[2:], at=utc_now())
    done, midway = a_person(session, unit, "Ọláyínká Done"), a_person(session, unit, "王芳 Midway")
    for course in courses[1:]:
        complete(session, done, course, utc_now() - timedelta(days=1))
    complete(session, midway, courses[0], utc_now() - timedelta(days=1))
    session.commit()
    preview = lead.submit(f"{HERE}/ask", "See what it would mean", course=f"programme.{key}", since="none")
    assert "finished already" in preview.text
    lead.submit(preview.url, "Ask in this way")
    plan = find_plan(session, organisation_id=halton.id, course_id=key, on=local_day(utc_now()))
    assert plan is not None
    assert plan.steps == (courses[:2], courses[2:])
    assert "First weeks (programme)" in lead.open("/requirements").text
    people = lead.open(f"/council/halton/people?course=programme.{key}")
    states = {row["Name"].split(" Ex")[0]: row["State"] for row in people.table("People, First weeks")}
    assert (states["Ọláyínká Done"], states["王芳 Midway"]) == ("Finished", "In progress")
    assert "First weeks" in lead.open(f"/council/halton?course=programme.{key}").text
    why = lead.open(f"/council/halton/people/{midway.id}").text
    assert "Next is step 2 of 2: Law." in why
    assert "Still missing: step 2 of 2, Law." in why
    new = lead.open(f"{HERE}/exemptions/new/{midway.id}?course=programme.{key}")
    assert "First weeks" in new.text
    ended = lead.submit(f"{HERE}/end?course=programme.{key}", "Stop asking")
    assert "It is no longer asked" in ended.text
    assert "Nobody is asked for it." in lead.open(f"{HERE}/programmes/{the_only(session, halton).programme_id}").text


def test_the_learner_sees_the_steps_what_is_next_and_why_the_rest_is_not_open(
    session: Session, browser: Browser, halton: Organisation, unit: Unit, courses: tuple[int, int, int]
) -> None:
    key = a_programme(session, halton, courses[:2], courses[2:], name="First weeks")
    ask_for(session, halton, key)
    me = a_person(session, unit, "Siân")
    account = an_account(session, me)
    session.commit()
    learner = browser.enter_as(account)
    home = learner.open("/learning").text
    assert "Next is step 1 of 2: Test course or Reading pack." in home
    assert "Not open yet: step 1 comes first" in home
    page = learner.open(f"/courses/programme.{key}")
    assert page.heading == "First weeks"
    assert "One of these is enough" in page.text
    complete(session, me, courses[1], utc_now())
    session.commit()
    assert "Next is step 2 of 2: Law." in learner.open("/learning").text
    complete(session, me, courses[2], utc_now())
    session.commit()
    assert "You completed First weeks on" in learner.open(f"/courses/programme.{key}").text
    assert "Everything asked of you is done" in learner.open("/learning").text


def test_nobody_opens_the_programme_of_others(
    lead: Browser, session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    wirral = an_organisation(session, "wirral", "Wirral Council")
    key = a_programme(session, wirral, courses[:1], name="Theirs")
    session.commit()
    theirs = the_only(session, wirral).programme_id
    for address in (f"{HERE}/programmes/{theirs}", f"{HERE}/programmes/{theirs}/change", f"/courses/programme.{key}"):
        assert lead.open(address).status == 404
    assert lead.open(f"{HERE}/ask/preview?course=programme.{key}&since=none").status == 404
    assert lead.open(f"/council/halton/people?course=programme.{key}").status == 404
    assert lead.open(f"/learning/asked/programme.{key}").status == 404
    assert "Theirs" not in lead.open(f"{HERE}/ask").text


def test_whoever_saves_an_older_version_is_told_and_overwrites_nothing(
    lead: Browser, session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    a_programme(session, halton, courses[:1])
    session.commit()
    address = f"{HERE}/programmes/{the_only(session, halton).programme_id}"
    first, second = lead.open(f"{address}/change"), lead.open(f"{address}/change")
    press(lead, first, "save", **{"step-1-1": str(courses[2])})
    told = press(lead, second, "save", **{"step-1-1": str(courses[1])})
    assert "Somebody else has changed this programme" in told.text
    assert the_only(session, halton).steps == (courses[2:],)
    assert told.status == 422
    assert "It is now called" in told.text
    again = press(lead, told, "save")
    assert "The programme is saved" in again.text, "after a look at theirs, saving again works"
    assert the_only(session, halton).steps == (courses[1:2],)


@pytest.mark.parametrize("seen", ["²", "9" * 5000, "", "-1"])
def test_a_version_that_is_no_number_is_told_as_a_change_meanwhile(
    lead: Browser, session: Session, halton: Organisation, courses: tuple[int, int, int], seen: str
) -> None:
    a_programme(session, halton, courses[:1])
    session.commit()
    page = lead.open(f"{HERE}/programmes/{the_only(session, halton).programme_id}/change")
    told = press(lead, page, "save", seen=seen, **{"step-1-1": str(courses[2])})
    assert (told.status, "Somebody else has changed this programme" in told.text) == (422, True)


def test_a_single_step_is_said_as_one(
    lead: Browser, session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    a_programme(session, halton, courses[:2])
    session.commit()
    page = lead.open(f"{HERE}/programmes/{the_only(session, halton).programme_id}")
    assert "It has one step, which is done by any one of its courses." in page.text


def test_the_page_of_a_person_says_the_next_step_once_with_the_programme_that_can_be_exempted(
    lead: Browser, session: Session, halton: Organisation, unit: Unit, courses: tuple[int, int, int]
) -> None:
    key = a_programme(session, halton, courses[:2], courses[2:])
    ask_for(session, halton, key)
    person = a_person(session, unit, "Siân")
    session.commit()
    page = lead.open(f"/people/{person.id}")
    assert "Siân has not finished First weeks: Test course or Reading pack." in page.text
    (exempting,) = (url for words, url in page.links.items() if "Exempt them" in words and "course=" in url)
    assert exempting.endswith(f"programme.{key}")
    complete(session, person, courses[1], utc_now())
    session.commit()
    assert "Siân has not finished First weeks: Law." in lead.open(f"/people/{person.id}").text
    complete(session, person, courses[2], utc_now())
    session.commit()
    page = lead.open(f"/people/{person.id}")
    assert "Siân has finished everything that is asked." in page.text
    assert "First weeks" in page.text
    assert "Nothing is asked of Siân" not in page.text
