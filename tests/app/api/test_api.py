"""The read API: the same figures as everywhere, refusals that programs understand, and a document that is true."""

from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.platform.extensions import limiter
from assignments.requirements import require_course
from kernel.audit import AuditEntry
from kernel.clock import local_day, utc_now
from people.accounts import Account
from people.api_tokens.tokens import NEEDS_RIGHT, ApiToken, NewToken, make_token
from people.organisations import Organisation, Unit
from people.persons import Person
from people.roles import Role, RoleGrant
from people.row_downloads.right import RowDownloadRight
from reports.answers.answering import answer
from reports.answers.plain import plain
from reports.answers.published import publish
from reports.earlier_days import month_end_before
from reports.figures.definition import By, Cut, FigureDefinition
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser
from tests.reports.taken_course import people_in

HERE, PAGE = "/api/v1/authorities/halton", "/council/halton/downloads/api"
LONG_AGO = utc_now() - timedelta(days=400)


@pytest.fixture
def staff(session: Session, unit: Unit) -> Unit:
    course = a_course(session)
    of = [unit.organisation_id]
    require_course(session, course_id=course.course_id, organisation_ids=of, account_id=None, now=NOON)
    people_in(session, unit, 24, course=course, complete=11)
    people_in(
        session,
        a_unit(session, session.get_one(Organisation, unit.organisation_id), "Mayor"),
        3,
        course=course,
        complete=1,
    )
    session.execute(update(Person).values(created_at=LONG_AGO))
    session.commit()
    return unit


@pytest.fixture
def right(session: Session, lead_account: Account, unit: Unit) -> RowDownloadRight:
    of = {"account_id": lead_account.id, "organisation_id": unit.organisation_id}
    day = local_day(utc_now()) + timedelta(days=3)
    found = RowDownloadRight(**of, reason="Payroll", ends_on=day, given_at=utc_now())
    session.add(found)
    session.commit()
    return found


def a_token(session: Session, account: Account, unit: Unit, *, reads_people: bool = False) -> str:
    day = local_day(utc_now()) + timedelta(days=30)
    new = NewToken(unit.organisation_id, "Power BI", day, reads_people=reads_people, reason="Payroll")
    found = make_token(session, new, account_id=account.id, now=utc_now())
    session.commit()
    return found


@pytest.fixture
def get(browser: Browser, session: Session, staff: Unit, lead_account: Account):
    """What the API answers; ``token`` is another one than the usual."""
    usual = a_token(session, lead_account, staff)
    document = browser.client.get("/api/v1/openapi.json").get_json()

    def asked(address, *, token=usual, prefix=HERE):
        found = browser.client.get(f"{prefix}{address}", headers={"Authorization": f"Bearer {token}"})
        check(document, address, found)
        return found

    return asked


def check(document, address, found) -> None:
    """The answer is as the document says, and nobody keeps it."""
    assert found.headers["Cache-Control"] == "no-store"
    name = address.partition("?")[0].strip("/")
    path = next(
        (one for one in document["paths"] if one.endswith(f"/{name}")),
        next((one for one in document["paths"] if name.startswith("published/") and "{figure" in one), None),
    )
    if path is None:
        return
    said = document["paths"][path]["get"]["responses"][str(found.status_code)]["content"]
    (kind,) = said
    assert found.content_type.partition(";")[0] == kind
    schema = {**said[kind]["schema"], "components": document["components"]}
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(found.get_json())


def test_figures_are_those_of_the_one_way_in(get, session: Session) -> None:
    for by in (By.UNIT, By.GRADE):
        definition = FigureDefinition("halton", "test-course", local_day(utc_now()), Cut(by))
        expected = plain(answer(session, definition, now=utc_now()))
        found = get(f"/figures?course=test-course&by={by.value}").get_json()
        assert {key: found[key] for key in expected} == expected
    groups = {one["name"]: one["people"] for one in get("/figures").get_json()["groups"]}
    assert groups["Halton Borough Council"] >= 27
    assert groups["Mayor"] is None


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("/figures?unti=3", "unti"),
        ("/figures?unit=", "unit"),
        ("/figures?on=%00", "on"),
        ("/figures?grade=%20", "grade"),
        ("/figures?by=unit&by=grade", "by"),
        ("/units?course=test-course", "course"),
        ("/published?page=2", "page"),
    ],
)
def test_what_would_not_be_read_is_refused_by_name(get, address: str, parameter: str) -> None:
    found = get(address)
    assert (found.status_code, found.get_json()["parameter"]) == (422, parameter)


def test_units_courses_and_what_was_published(get, session: Session) -> None:
    assert [one["name"] for one in get("/units").get_json()["units"]] == ["Adult Social Care", "Mayor"]
    (course,) = get("/courses").get_json()["courses"]
    assert (course["slug"], course["is_asked"]) == ("test-course", True)
    day = month_end_before(local_day(utc_now()) - timedelta(days=3))
    made = publish(
        session, FigureDefinition("halton", "test-course", day), is_public=False, account_id=None, now=utc_now()
    )
    session.commit()
    assert [one["number"] for one in get("/published").get_json()["published"]] == [made.number]
    assert get(f"/published/{made.number}").get_json()["figures"] == made.result


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/figures?by=age", 422, "Figures cannot be broken down by “age”"),
        ("/figures?unit=1&grade=G5", 422, "one thing at a time"),
        ("/figures?on=2999-01-01", 422, ""),
        ("/figures?on=31/03/2027", 422, "is no day"),
        ("/figures?course=no-such", 404, "nothing here"),
        (f"/figures?unit={'9' * 40}", 404, "nothing here"),
        ("/people?course=test-course", 403, "reads no rows of people"),
        ("/published/FIG-0000-0000-0", 404, "nothing here"),
        ("/colours", 404, "nothing here"),
    ],
)
def test_refusals_are_problems_with_a_sentence(get, address: str, status: int, said: str) -> None:
    found = get(address)
    assert (found.status_code, found.content_type) == (status, "application/problem+json")
    assert found.get_json()["status"] == status
    assert said in found.get_json()["detail"]


def test_nothing_is_answered_without_a_token_that_holds(get, browser, session, staff) -> None:
    none = browser.client.get(f"{HERE}/figures")
    assert (none.status_code, none.headers["WWW-Authenticate"]) == (401, 'Bearer realm="Common Ground"')
    assert get("/figures", token="cg_wrong").status_code == 401
    an_organisation(session, "wirral", "Wirral Council")
    session.commit()
    assert get("/figures", prefix="/api/v1/authorities/wirral").status_code == 404
    for gone in ({"ends_on": local_day(utc_now()) - timedelta(days=1)}, {"revoked_at": utc_now()}):
        session.execute(update(ApiToken).values(gone))
        session.commit()
        assert get("/figures").status_code == 401
    posted = browser.client.post(f"{HERE}/figures", data={"a": "b"})
    assert (posted.status_code, posted.content_type) == (405, "application/problem+json")


@pytest.mark.parametrize("lost", ["the role", "its last day", "the account"])
def test_a_token_stops_when_whoever_made_it_may_not_see_the_figures_any_more(
    get, session: Session, lead_account: Account, unit: Unit, browser: Browser, lost: str
) -> None:
    assert get("/figures").status_code == 200
    yesterday = local_day(utc_now()) - timedelta(days=1)
    match lost:
        case "the role":
            session.execute(update(RoleGrant).values(revoked_at=utc_now()))
        case "its last day":
            session.execute(update(RoleGrant).values(ends_on=yesterday))
        case _:
            session.execute(update(Account).values(is_active=False))
    session.commit()
    for address in ("/figures", "/published", "/courses", "/units", "/people?course=test-course"):
        found = get(address)
        assert (found.status_code, found.content_type) == (401, "application/problem+json")
        assert "whoever made it may not see these figures any more" in found.get_json()["detail"]
    elsewhere = a_unit(session, an_organisation(session, "wirral", "Wirral Council"))
    session.add(
        RoleGrant(
            account_id=lead_account.id, role=Role.HR_LEAD, organisation_id=elsewhere.organisation_id, granted_at=NOON
        )
    )
    other = an_account(session, a_person(session, unit, "Bo Li"), Role.HR_LEAD, unit=unit)
    session.commit()
    assert get("/figures").status_code == 401
    page = browser.enter_as(other).open(PAGE)
    assert "No token may read figures" in page.text
    assert "They may not see these figures any more, so nothing is read with it." in page.text


def test_rows_follow_the_right_of_whoever_made_the_token_and_are_on_record(
    get, browser: Browser, session: Session, lead_account: Account, staff: Unit, right: RowDownloadRight
) -> None:
    lead, stopped = browser.enter_as(lead_account), "Whoever made it may not download rows any more"
    token = a_token(session, lead_account, staff, reads_people=True)
    found = get("/people?course=test-course&state=finished", token=token).get_json()
    assert (found["found"], len(found["people"])) == (12, 12)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "api-rows-read")).one()
    assert entry.detail["people"] == 12
    assert get("/people?course=test-course&page=0", token=token).status_code == 422
    assert stopped not in lead.open(PAGE).text
    session.execute(update(RowDownloadRight).values(taken_at=utc_now()))
    session.commit()
    assert get("/people?course=test-course", token=token).status_code == 403
    assert stopped in lead.open(PAGE).text


def test_too_many_are_told_how_long_to_wait(get, monkeypatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    found = next(answer for answer in (get("/courses") for _ in range(130)) if answer.status_code != 200)
    assert found.status_code == 429
    assert 0 < int(found.headers["Retry-After"]) <= 61  # a minute, rounded up


def test_a_token_is_shown_once_kept_as_a_hash_and_revoked(browser, session, staff, lead_account) -> None:
    lead = browser.enter_as(lead_account)
    day = local_day(utc_now()) + timedelta(days=9)
    days = {"ends_on": [str(day.day), str(day.month), str(day.year)]}
    wrong = lead.submit(PAGE, "Make the token", label="", reads="people", reason="", ends_on=["", "", ""])
    assert wrong.errors == ["Enter what it is for", "Enter why rows of people are needed", "Enter the last day"]
    refused = lead.submit(PAGE, "Make the token", label="BI", reads="people", reason="Payroll", **days)
    assert refused.errors == [NEEDS_RIGHT]
    made = lead.submit(PAGE, "Make the token", label="BI", reads="figures", reason="", **days)
    secret = made.soup.main.code.get_text()
    assert secret.startswith("cg_")
    assert made.soup.find("input", {"name": "label"}).get("value", "") == ""
    assert secret not in lead.open(PAGE).text
    assert session.scalars(select(ApiToken.secret_sha256)).one() != secret
    answered = browser.client.get(f"{HERE}/courses", headers={"Authorization": f"Bearer {secret}"})
    assert answered.status_code == 200
    assert lead.open(PAGE).table("Tokens")[0]["Last used"] != "Never"
    lead.submit(PAGE, "Revoke the token for BI")
    assert lead.open(PAGE).text.count("No token may read") == 1
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("api-token"))).all()
    assert sorted(acts) == ["api-token-made", "api-token-revoked"]
