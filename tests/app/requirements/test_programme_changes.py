"""HR leads see whom other steps of a programme would concern, and approve or drop them, before anything holds."""

import pytest
from sqlalchemy.orm import Session

from courses.catalogue.programmes import StepsFrom, programmes_of
from kernel.clock import utc_now
from people.organisations import Organisation, Unit
from people.roles import Role
from tests.builders.programmes import a_programme, another_course, ask_for, complete
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page

Courses = tuple[int, int, int]


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def unit(session: Session, halton: Organisation) -> Unit:
    return a_unit(session, halton)


@pytest.fixture
def courses(session: Session) -> Courses:
    return (
        a_course(session).course_id,
        another_course(session, "RP", "Reading pack"),
        another_course(session, "LA", "Law"),
    )


@pytest.fixture
def address(session: Session, halton: Organisation, courses: Courses) -> str:
    """The page of a programme of one step that everybody is asked for."""
    ask_for(session, halton, a_programme(session, halton, courses[:1], at=utc_now()))
    session.commit()
    return f"/requirements/halton/programmes/{the_only(session, halton).programme_id}"


@pytest.fixture
def lead(session: Session, browser: Browser, unit: Unit) -> Browser:
    account = an_account(session, a_person(session, unit, "A lead"), Role.HR_LEAD, unit=unit)
    session.commit()
    return browser.enter_as(account)


def the_only(session: Session, organisation: Organisation) -> StepsFrom:
    session.expire_all()
    (found,) = programmes_of(session, organisation.id)
    return found


def changed(lead: Browser, address: str, do: str = "save", page: Page | None = None, **fields: object) -> Page:
    opened = page or lead.open(f"{address}/change")
    target, values = opened.form("See what it would mean")
    return lead.post(target or opened.url, {**values, **fields, "do": do})


def test_other_steps_wait_with_what_they_would_mean_until_they_are_approved(
    lead: Browser, session: Session, halton: Organisation, unit: Unit, courses: Courses, address: str
) -> None:
    for _ in range(11):
        complete(session, a_person(session, unit), courses[0], utc_now())
    complete(session, a_person(session, unit), courses[2], utc_now())
    session.commit()
    page = changed(lead, address, "add")
    page = changed(lead, address, page=page, **{"step-2-1": str(courses[2])})
    assert "A change waits to be approved" in page.text
    assert "Asked, of those who count today: 13 people." in page.text
    assert "Finished by the steps as they are: 11 people; of these, 11 people not by the new steps alone" in page.text
    assert "Midway: fewer than 10 people." in page.text
    assert the_only(session, halton).steps == (courses[:1],), "nothing holds yet"
    assert "The change holds from now on" in lead.submit(address, "Approve the change").text
    assert the_only(session, halton).steps == (courses[:1], courses[2:])
    assert "A change waits" not in lead.open(address).text


def test_a_change_that_is_dropped_moves_nobody(
    lead: Browser, session: Session, halton: Organisation, courses: Courses, address: str
) -> None:
    page = changed(lead, address, **{"step-1-1": str(courses[1])})
    late = page.form("Drop it")
    assert "The change is dropped. Nobody has moved" in lead.submit(address, "Drop it").text
    assert the_only(session, halton).steps == (courses[:1],)
    assert "Somebody has approved or dropped this change" in lead.post(late[0] or "", late[1]).text
    assert lead.post(f"{address}/forget", {**late[1]}).status == 404


def test_another_name_holds_at_once_and_what_waits_opens_in_the_form(
    lead: Browser, session: Session, halton: Organisation, courses: Courses, address: str
) -> None:
    assert "The programme is saved" in changed(lead, address, name="Firstest weeks").text
    assert the_only(session, halton).name == "Firstest weeks"
    changed(lead, address, **{"step-1-1": str(courses[1])})
    assert lead.open(f"{address}/change").form("See what it would mean")[1]["step-1-1"] == str(courses[1])


def test_of_two_who_propose_the_second_sees_what_the_first_lets_wait(
    lead: Browser, session: Session, halton: Organisation, courses: Courses, address: str
) -> None:
    first, second = lead.open(f"{address}/change"), lead.open(f"{address}/change")
    changed(lead, address, page=first, **{"step-1-1": str(courses[1])})
    told = changed(lead, address, page=second, **{"step-1-1": str(courses[2])})
    assert (told.status, "A change waits that calls it" in told.text, "Reading pack" in told.text) == (422, True, True)
    again = changed(lead, address, page=told)
    assert "A change waits to be approved" in again.text
    assert "Law" in again.text
    assert the_only(session, halton).steps == (courses[:1],)


def test_steps_move_up_and_down_without_a_script(lead: Browser, courses: Courses, address: str) -> None:
    page = changed(lead, address, "add")
    page = changed(lead, address, "down-1", page=page, **{"step-2-1": str(courses[2])})
    values = page.form("See what it would mean")[1]
    assert (values["step-1-1"], values["step-2-1"]) == (str(courses[2]), str(courses[0]))
    assert "Move down step 1" in page.text
    assert "Move down step 2" not in page.text


def test_nobody_decides_a_change_of_another_authority(
    lead: Browser, session: Session, halton: Organisation, courses: Courses, address: str
) -> None:
    changed(lead, address, **{"step-1-1": str(courses[1])})
    target, values = lead.open(address).form("Approve the change")
    an_organisation(session, "wirral", "Wirral Council")
    session.commit()
    theirs = (target or "").replace("/halton/", "/wirral/")
    assert lead.post(theirs, values).status == 404
    assert the_only(session, halton).steps == (courses[:1],)
