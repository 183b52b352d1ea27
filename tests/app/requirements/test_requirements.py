"""HR leads say of whom a course is asked and by when; before anybody moves they see who would."""

import pytest
from sqlalchemy.orm import Session

from assignments.audiences.rules import OnGrade
from assignments.audiences.saved import add_audience, rules_in_force
from assignments.due.rules import Since
from assignments.plans import find_plan
from courses.catalogue.versions import PublishOutcome
from kernel.clock import local_day, utc_now
from people.organisations import Organisation, Unit
from people.roles import Role
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

HERE = "/requirements/halton"


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def unit(session: Session, halton: Organisation) -> Unit:
    return a_unit(session, halton)


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


@pytest.fixture
def lead(session: Session, browser: Browser, unit: Unit, course: PublishOutcome) -> Browser:
    account = an_account(session, a_person(session, unit, "A lead"), Role.HR_LEAD, unit=unit)
    for place in range(12):
        a_person(session, unit, f"Grade seven {place}", grade="G7")
    session.commit()
    return browser.enter_as(account)


def plan_of(session: Session, halton: Organisation, course: PublishOutcome):  # type: ignore[no-untyped-def]
    session.expire_all()
    return find_plan(session, organisation_id=halton.id, course_id=course.course_id, on=local_day(utc_now()))


def an_audience(session: Session, halton: Organisation) -> int:
    key = add_audience(
        session, organisation_id=halton.id, name="Grade 7", rule=OnGrade(("G7",)), account_id=None, now=NOON
    )
    session.commit()
    return key


def test_a_course_is_asked_of_an_audience_after_a_preview(
    lead: Browser, session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    audience_id = an_audience(session, halton)
    preview = lead.submit(
        f"{HERE}/ask",
        "See what it would mean",
        course="test-course",
        audience=str(audience_id),
        since="employment",
        count="90",
        at_least_days="28",
    )
    assert preview.heading == "Ask in this way?"
    assert "“Grade 7” would be asked to finish within 90 days of the start of their job" in preview.text
    assert "Joining: 12 people" in preview.text
    # The form stands beside what it would mean, as it was filled in.
    target, values = preview.form("Look again")
    said = {name: values[name] for name in ("course", "since", "count")}
    assert (target, said) == (f"{HERE}/ask", {"course": "test-course", "since": ["employment"], "count": "90"})
    again = lead.post(target, {**values, "count": "30"})
    assert "within 30 days of the start of their job" in again.text
    assert "Nobody would be past their date at once" in preview.text
    assert plan_of(session, halton, course) is None
    done = lead.submit(preview.url, "Ask in this way")
    assert "It is asked in this way from now on" in done.text
    plan = plan_of(session, halton, course)
    assert (plan.audience_name, plan.due.since, plan.due.count) == ("Grade 7", Since.EMPLOYMENT, 90)
    assert "Within 90 days of the start of their job" in lead.open("/requirements").text
    again = lead.open(f"{HERE}/ask?course=test-course")
    assert again.soup.find("input", attrs={"name": "count"})["value"] == "90"


def test_a_date_that_would_make_people_late_at_once_is_said_before(lead: Browser) -> None:
    preview = lead.submit(f"{HERE}/ask", "See what it would mean", course="test-course", since="employment", count="30")
    assert "Past their date at once: 13 people" in preview.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"since": "none"}, "Select a course"),
        ({"course": "test-course", "since": "day"}, "Enter the day"),
        ({"course": "test-course", "since": "employment"}, "Enter how long after, as a number"),
        ({"course": "test-course", "since": "employment", "count": "9999"}, "must be a number from 0 to 1,500"),
        ({"course": "test-course", "since": "completed", "count": "3"}, "Choose the course after which it is due"),
        (
            {"course": "test-course", "since": "completed", "count": "3", "after_course": "test-course"},
            "Test course cannot wait for itself to be completed",
        ),
        ({"course": "test-course", "since": "day", "day": ["31", "2", "2030"]}, "The day must be a real date"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(lead: Browser, fields: dict[str, str], said: str) -> None:
    page = lead.submit(f"{HERE}/ask", "See what it would mean", **fields)
    assert page.status == 422
    assert said in page.text


def test_a_requirement_is_ended_and_completions_stay(
    lead: Browser, session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    preview = lead.submit(f"{HERE}/ask", "See what it would mean", course="test-course", since="none")
    lead.submit(preview.url, "Ask in this way")
    page = lead.open(f"{HERE}/end?course=test-course")
    assert "No longer asked: 13 people" in page.text
    assert "It is no longer asked" in lead.submit(page.url, "Stop asking").text
    assert plan_of(session, halton, course) is None


def test_an_audience_is_made_changed_and_approved(lead: Browser, session: Session, halton: Organisation) -> None:
    page = lead.submit(f"{HERE}/audiences/new", "Save the audience", name="Grade 7", grades="G7, G9")
    assert "Whoever is on grade G7 or G9. Today: 12 people" in page.text
    assert "No requirement uses it" in page.text
    audience_id = int(page.url.rsplit("/", 1)[1])
    address = page.url
    preview = lead.submit(f"{address}/change", "See what it would mean", grades="G5")
    assert "A change waits to be approved" in preview.text
    assert "Leaving: 12 people" in preview.text

    def rule() -> object:
        session.expire_all()
        return rules_in_force(session, audience_ids=[audience_id], on=local_day(utc_now()))[audience_id].rule

    assert "G9" in str(rule())
    assert "The change is dropped" in lead.submit(address, "Drop it").text
    assert "G9" in str(rule())
    lead.submit(f"{address}/change", "See what it would mean", grades="G5")
    assert "The change holds from now on" in lead.submit(address, "Approve the change").text
    assert "G5" in str(rule())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "", "grades": "G7"}, "Enter a name"),
        ({"name": "All"}, "Fill in at least one thing"),
        ({"name": "X", "as_json": "{"}, "The rule is not JSON"),
        ({"name": "X", "as_json": '{"planet": 1}'}, "knows no part “planet”"),
        (
            {"name": "X", "as_json": '{"all": [{"grade": ["G7"]}, {"not": {"grade": ["G7"]}}]}'},
            "contradicts itself",
        ),
        ({"name": "X", "as_json": '{"any": [{"manager": true}, {"manager": false}]}'}, "leaves nobody out"),
        ({"name": "X", "hours_from": "30", "hours_below": "20"}, "ends before it begins"),
        ({"name": "X", "hours_from": "many"}, "must be a number"),
        ({"name": "X", "named": "NOBODY-1"}, "Nobody here has these payroll numbers: NOBODY-1"),
    ],
)
def test_a_rule_that_makes_no_sense_is_told_so(lead: Browser, fields: dict[str, str], said: str) -> None:
    page = lead.submit(f"{HERE}/audiences/new", "Save the audience", **fields)
    assert page.status == 422
    assert said in page.text


def test_a_change_that_somebody_else_replaced_is_not_approved_unseen(
    lead: Browser, session: Session, halton: Organisation
) -> None:
    audience_id = an_audience(session, halton)
    address = f"{HERE}/audiences/{audience_id}"
    seen = lead.submit(f"{address}/change", "See what it would mean", grades="G5")
    target, values = seen.form("Approve the change")
    lead.submit(f"{address}/change", "See what it would mean", grades="G6")
    assert "Somebody has approved or dropped this change" in lead.post(target, values).text


def test_another_authority_does_not_exist(lead: Browser, session: Session) -> None:
    wirral = an_organisation(session, "wirral", "Wirral Council")
    audience_id = an_audience(session, wirral)
    for address in (
        "/requirements?authority=wirral",
        "/requirements/wirral/ask",
        f"/requirements/wirral/audiences/{audience_id}",
        f"{HERE}/audiences/{audience_id}",
        f"{HERE}/ask/preview?course=test-course&since=moon",
        f"{HERE}/ask/preview?course=test-course&since=day&audience=many",
        f"{HERE}/end?course=test-course",
    ):
        assert lead.open(address).status == 404, address
