"""What authorities ask is set, changed and ended on a page, and nobody loses what they have completed."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from assignments.requirement_changes import CHANGED_MEANWHILE, past_requirements
from assignments.requirements import requiring_organisations
from courses.catalogue.versions import PublishOutcome
from courses.records.completion import Completion
from kernel.audit import entries_for
from kernel.clock import local_day, utc_now
from people.organisations import Unit
from people.roles import Role
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page

COURSE = "/manage/courses/test-course"
ASK, HALTON = "Ask these authorities’ people", f"{COURSE}/requirements/halton"
NEXT_YEAR = local_day(utc_now()).year + 1


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def author(session: Session, browser: Browser, course: PublishOutcome, unit: Unit) -> Browser:
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    return browser.enter_as(account)


def asked(session: Session, course: PublishOutcome) -> list[date | None]:
    session.expire_all()
    return [one.due_on for one in requiring_organisations(session, course_ids=[course.course_id])[course.course_id]]


def ask(author: Browser, unit: Unit, **day: str) -> object:
    page = author.submit(COURSE, ASK, organisations=[str(unit.organisation_id)], **day)
    return author.submit(page.url, "Ask the people of 1 authority")


def boxes(page: Page) -> list[str]:
    return [str(box.get("value", "")) for box in page.soup.find_all("input", attrs={"name": "due_on"})]


def day(year: int) -> dict[str, list[str]]:
    return {"due_on": ["31", "3", str(year)]}


def test_asking_says_first_how_many_people_it_means(
    author: Browser, session: Session, course: PublishOutcome, unit: Unit
) -> None:
    for _ in range(12):
        a_person(session, unit)
    a_person(session, unit, ends_on=date(2021, 1, 1))
    session.commit()
    page = author.submit(COURSE, ASK, organisations=[str(unit.organisation_id)], **day(NEXT_YEAR))
    assert "Nothing has changed yet." in page.text
    assert page.table("People who would be asked")[0]["People who count there today"] == "12"
    assert asked(session, course) == []
    author.submit(page.url, "Ask the people of 1 authority")
    assert asked(session, course) == [date(NEXT_YEAR, 3, 31)]


def test_a_small_authority_is_not_counted_on_a_page(author: Browser, session: Session, unit: Unit) -> None:
    a_person(session, unit)
    session.commit()
    page = author.submit(COURSE, ASK, organisations=[str(unit.organisation_id)])
    assert page.table("People who would be asked")[0]["People who count there today"] == "fewer than 10"
    ask(author, unit)
    assert "Fewer than 10 people would no longer see it" in author.open(f"{HALTON}/withdraw").text


def test_another_day_ends_the_row_and_adds_one(
    author: Browser, session: Session, course: PublishOutcome, unit: Unit
) -> None:
    ask(author, unit, **day(NEXT_YEAR))
    author.submit(HALTON, "Change the date", **day(NEXT_YEAR + 1))
    assert asked(session, course) == [date(NEXT_YEAR + 1, 3, 31)]
    [past] = past_requirements(session, course_id=course.course_id)
    assert past.due_on == date(NEXT_YEAR, 3, 31)
    row = author.open(COURSE).table("What was asked before")[0]
    assert row["To finish by"] == f"31 March {NEXT_YEAR}"
    noted = entries_for(session, subject_type="course", subject_id=course.course_id)
    assert [entry.action for entry in noted] == ["course-asked-for", "requirement-changed"]
    assert noted[-1].detail["before"] == f"{NEXT_YEAR}-03-31"


def test_the_same_day_again_changes_nothing(
    author: Browser, session: Session, course: PublishOutcome, unit: Unit
) -> None:
    ask(author, unit, **day(NEXT_YEAR))
    page = author.submit(HALTON, "Change the date", **day(NEXT_YEAR))
    assert f"asked to finish by 31 March {NEXT_YEAR} already. Nothing has changed" in page.text
    assert past_requirements(session, course_id=course.course_id) == ()


def test_a_day_that_has_gone_by_is_refused(author: Browser, session: Session, unit: Unit) -> None:
    ask(author, unit)
    page = author.submit(HALTON, "Change the date", **day(NEXT_YEAR - 2))
    assert page.status == 422
    assert page.errors


def test_the_boxes_hold_the_date_of_now_and_the_page_says_which_one_holds_then(
    author: Browser, session: Session, course: PublishOutcome, unit: Unit
) -> None:
    ask(author, unit, **day(NEXT_YEAR))
    assert boxes(author.open(HALTON)) == ["31", "3", str(NEXT_YEAR)]
    page = author.submit(HALTON, "Change the date", **day(NEXT_YEAR + 1))
    assert f"Halton Borough Council asks to finish by 31 March {NEXT_YEAR + 1} from now on" in page.text


def test_empty_boxes_remove_no_date(author: Browser, session: Session, course: PublishOutcome, unit: Unit) -> None:
    ask(author, unit, **day(NEXT_YEAR))
    page = author.submit(HALTON, "Change the date", due_on=["", "", ""])
    assert (page.status, page.errors) == (422, ["Enter a date"])
    assert asked(session, course) == [date(NEXT_YEAR, 3, 31)]


def test_a_date_is_removed_by_a_button_of_its_own(
    author: Browser, session: Session, course: PublishOutcome, unit: Unit
) -> None:
    ask(author, unit, **day(NEXT_YEAR))
    page = author.submit(HALTON, "Remove the date")
    assert "Halton Borough Council asks without a date from now on" in page.text
    assert asked(session, course) == [None]
    assert "Remove the date" not in author.open(HALTON).text


def test_a_page_that_is_old_overwrites_nothing_and_keeps_what_was_typed(
    author: Browser, session: Session, course: PublishOutcome, unit: Unit
) -> None:
    ask(author, unit, **day(NEXT_YEAR))
    target, values = author.open(HALTON).form("Change the date")
    author.submit(HALTON, "Change the date", **day(NEXT_YEAR + 1))
    page = author.post(target or HALTON, {**values, **day(NEXT_YEAR + 2)})
    assert (page.status, page.errors) == (422, [CHANGED_MEANWHILE])
    assert f"to finish by 31 March {NEXT_YEAR + 1}" in page.text
    assert asked(session, course) == [date(NEXT_YEAR + 1, 3, 31)]
    assert boxes(page) == ["31", "3", str(NEXT_YEAR + 2)]
    target, values = page.form("Change the date")
    author.post(target or HALTON, {**values, **day(NEXT_YEAR + 2)})
    assert asked(session, course) == [date(NEXT_YEAR + 2, 3, 31)]


def test_ending_it_keeps_completions_and_lets_it_be_asked_again(
    author: Browser, session: Session, course: PublishOutcome, unit: Unit
) -> None:
    ask(author, unit)
    page = author.open(author.open(HALTON).links["Stop asking for it"])
    assert "Completions and certificates stay, all of them." in page.text
    before = session.query(Completion).count()
    author.submit(page.url, "Stop asking")
    assert asked(session, course) == []
    assert session.query(Completion).count() == before
    assert author.open(HALTON).status == 404
    ask(author, unit)
    assert asked(session, course) == [None]


def test_a_day_in_the_address_that_has_gone_by_is_no_page(author: Browser, unit: Unit) -> None:
    yesterday = (local_day(utc_now()) - timedelta(days=1)).isoformat()
    assert author.open(f"{COURSE}/requirements?authority=halton&due={yesterday}").status == 404
    assert author.open(f"{COURSE}/requirements?authority=halton&due=soon").status == 404


def test_an_authority_that_asks_already_is_not_asked_for_again(author: Browser, unit: Unit) -> None:
    ask(author, unit)
    page = author.open(f"{COURSE}/requirements?authority=halton")
    assert "Every authority that you chose asks for it already" in page.text


def test_whoever_asks_for_another_day_at_the_same_time_reads_which_day_stays(
    author: Browser, session: Session, course: PublishOutcome, unit: Unit
) -> None:
    late = author.submit(COURSE, ASK, organisations=[str(unit.organisation_id)], **day(NEXT_YEAR))
    target, fields = late.form("Ask the people of 1 authority")
    ask(author, unit)  # somebody else, without a date
    page = author.post(target or late.url, fields)
    assert "Halton Borough Council asks for it already, without a date. That stays" in page.text
    assert asked(session, course) == [None]
