"""The register of facts, and where people meet facts: learners their words, authors also what stands behind them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from courses.catalogue.versions import publish
from courses.content.bundle.reading import read_bundle
from kernel.clock import local_day, utc_now
from people.roles import Role
from tests.builders.bundles import as_file, zipped
from tests.builders.region import (
    COURSE,
    FIRST,
    NOON,
    QUESTIONS,
    SECOND,
    a_person,
    a_unit,
    an_account,
    an_organisation,
    bundle_files,
)
from tests.reading import Browser

TODAY = local_day(utc_now())
PRINTING = FIRST.replace("Welcome to", "Here live {{fact:TC-F-PEOPLE}}. Welcome to").replace(
    "# A first", "::: facts TC-F-PEOPLE\n:::\n\n# A first"
)
LEANING = QUESTIONS.replace("Not this one.", "Not this one, for {{fact:TC-F-PEOPLE}}.").replace(
    "  stem: Which answers", "  facts: [TC-F-SHARE]\n  stem: Which answers"
)


def a_fact(name: str, text: str = "12%", days: int = 200, more: str = "") -> str:
    """A fact that is to be reviewed so many days from now."""
    return (
        f"- id: TC-F-{name}\n  text: {text}\n  source: The census\n  source_date: Census 2021\n"
        f"  checked_on: 2021-03-21\n  review_by: {TODAY + timedelta(days=days)}\n{more}"
    )


TO_CHECK = f"- id: TC-F-SEA\n  text: By sea\n  status: to-check\n  note: Ask first.\n  review_by: {TODAY}\n"
FACTS = a_fact("PEOPLE", "1.55 million people", -1) + a_fact("SHARE") + TO_CHECK


def files_with(facts: str = FACTS, **changes: str) -> dict[str, bytes]:
    return {**bundle_files(**{"first": PRINTING, "questions": LEANING, **changes}), "facts.yaml": facts.encode()}


def a_course_with(session: Session, facts: str = FACTS, **changes: str) -> None:
    document = read_bundle(files_with(facts, **changes)).document
    assert document is not None
    publish(session, document=document, account_id=None, now=NOON)


def enter(session: Session, browser: Browser, *roles: Role) -> Browser:
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))), *roles)
    session.commit()
    return browser.enter_as(account)


@pytest.mark.parametrize(("roles", "status"), [((), 404), ((Role.AUTHOR,), 200), ((Role.ADMIN,), 200)])
def test_the_register_is_for_authors_and_admins(
    browser: Browser, session: Session, roles: tuple[Role, ...], status: int
) -> None:
    enter(session, browser, *roles)
    assert browser.open("/manage/facts").status == status
    assert ("Facts" in browser.open("/manage" if Role.ADMIN in roles else "/").links) == bool(roles)


def test_the_first_sentence_says_what_is_due(browser: Browser, session: Session) -> None:
    a_course_with(session)
    page = enter(session, browser, Role.AUTHOR).open("/manage/facts")
    assert "1 fact is due for review. 1 more is due within 90 days." in page.text
    assert "1 is still to be checked, and learners do not see it." in page.text


def test_what_is_due_first_stands_first_with_where_it_is_used(browser: Browser, session: Session) -> None:
    a_course_with(session)
    page = enter(session, browser, Role.AUTHOR).open("/manage/facts")
    rows = page.table("Facts by the day of their review")
    assert [row["Fact"].split()[0] for row in rows] == ["TC-F-PEOPLE", "TC-F-SEA", "TC-F-SHARE"]
    assert [row["Review by"].split(maxsplit=3)[3] for row in rows] == ["Due", "Within 90 days To check", "Later"]
    assert [row["Used in"].replace(" ,", ",") for row in rows] == [
        "Test course: TC-M1-S1, TC-M1-S2",
        "On no screen of Test course",
        "Test course: TC-M2-S1",
    ]
    assert "The census, Census 2021" in rows[0]["Source"]
    assert "Ask first." in page.text
    assert rows[0]["Says"] == "1.55 million people"
    assert browser.open(page.links["TC-M2-S1"]).heading == "A last question"


def test_only_the_current_version_counts(browser: Browser, session: Session) -> None:
    a_course_with(session)
    a_course_with(session, FACTS.replace(str(TODAY - timedelta(days=1)), str(TODAY + timedelta(days=300))))
    page = enter(session, browser, Role.ADMIN).open("/manage/facts")
    assert "No fact is due for review." in page.text


def test_the_register_has_pages_and_a_choice_of_course(browser: Browser, session: Session) -> None:
    many = "".join(a_fact(f"N{number}") for number in range(26))
    a_course_with(session, FACTS + many)
    one = a_fact("ONE").replace("TC-", "OC-")
    document = read_bundle({**other_course(""), "facts.yaml": one.encode()}).document
    assert document is not None
    publish(session, document=document, account_id=None, now=NOON)
    enter(session, browser, Role.ADMIN)
    page = browser.open("/manage/facts")
    assert len(page.table("Facts by the day of their review")) == 25
    assert len(browser.open("/manage/facts?page=2").table("Facts by the day of their review")) == 5
    assert page.form("Show its facts")[1] == {"course": ""}
    chosen = browser.open("/manage/facts?course=other")
    assert chosen.form("Show its facts")[1] == {"course": "other"}
    assert [row["Fact"].split()[0] for row in chosen.table("Facts by the day of their review")] == ["OC-F-ONE"]
    assert [browser.open(f"/manage/facts?{query}").status for query in ("page=3", "page=0", "course=no")] == [404] * 3


def other_course(facts: str, first: str = FIRST) -> dict[str, bytes]:
    """A second course, whose ids begin with OC."""
    course = COURSE.replace("test-course", "other").replace("Test course", "Other")
    files = bundle_files(course=course, first=first, second=SECOND)
    renamed = {name: data.replace(b"TC-", b"OC-").replace(b"id: TC", b"id: OC") for name, data in files.items()}
    return {**renamed, "shared-facts.yaml": facts.encode()}


def test_a_fact_that_courses_share_stands_once_until_their_words_differ(browser: Browser, session: Session) -> None:
    shared = a_fact("AREA", more="  courses: [TC, OC]\n").replace("TC-F-AREA", "ALL-F-AREA")
    printing = FIRST.replace("Welcome to", "{{fact:ALL-F-AREA}} of us. Welcome to")
    for files in (
        {**bundle_files(first=printing), "shared-facts.yaml": shared.encode()},
        other_course(shared, printing),
    ):
        document = read_bundle(files).document
        assert document is not None
        publish(session, document=document, account_id=None, now=NOON)
    page = enter(session, browser, Role.AUTHOR).open("/manage/facts")
    [row] = page.table("Facts by the day of their review")
    assert row["Used in"] == "Other: OC-M1-S1 Test course: TC-M1-S1"
    changed = read_bundle(other_course(shared.replace("12%", "13%"), printing)).document
    assert changed is not None
    publish(session, document=changed, account_id=None, now=NOON)
    session.commit()
    rows = browser.open("/manage/facts").table("Facts by the day of their review")
    assert sorted(row["Says"] for row in rows) == ["12%", "13%"]


def test_the_register_can_be_narrowed_to_what_is_due_or_to_be_checked(browser: Browser, session: Session) -> None:
    a_course_with(session)
    page = enter(session, browser, Role.AUTHOR).open("/manage/facts")

    def ids(label: str) -> list[str]:
        rows = browser.open(page.links[label]).table("Facts by the day of their review")
        return [row["Fact"].split()[0] for row in rows]

    assert ids("Due in the next 90 days") == ["TC-F-PEOPLE", "TC-F-SEA"]
    assert ids("Still to be checked") == ["TC-F-SEA"]
    assert browser.open("/manage/facts?show=never").status == 404


def test_a_list_without_facts_says_so(browser: Browser, session: Session) -> None:
    a_course_with(session, a_fact("PEOPLE") + a_fact("SHARE"))
    page = enter(session, browser, Role.AUTHOR).open("/manage/facts?show=to-check&course=test-course")
    assert "No fact is in this list." in page.text


def test_without_facts_the_register_says_how_to_begin(browser: Browser, session: Session) -> None:
    page = enter(session, browser, Role.AUTHOR).open("/manage/facts")
    assert "No facts yet" in page.text


def test_a_learner_reads_the_words_and_the_source_and_no_note(browser: Browser, session: Session) -> None:
    a_course_with(session)
    enter(session, browser)
    page = browser.submit("/courses/test-course", "Start this course")
    assert "Here live 1.55 million people. Welcome to your organisation." in page.text
    assert "Where these facts come from" in page.text
    assert "The census, Census 2021" in page.text
    assert "TC-F" not in page.text
    assert "review by" not in page.text


def test_a_preview_marks_each_fact_for_authors(browser: Browser, session: Session) -> None:
    a_course_with(session)
    enter(session, browser, Role.AUTHOR)
    preview = "/manage/courses/test-course/versions/1/preview"
    day = TODAY - timedelta(days=1)
    note = f"fact TC-F-PEOPLE, review by {day.day} {day:%B %Y}"
    assert note in browser.open(f"{preview}/first-steps/1").text
    assert note in browser.open(f"{preview}/first-steps/2").text
    assert "It leans on fact TC-F-SHARE, review by" in browser.open(f"{preview}/second-steps/1").text


def test_an_upload_that_prints_what_is_to_be_checked_is_refused(browser: Browser, session: Session) -> None:
    enter(session, browser, Role.AUTHOR)
    early = files_with(first=PRINTING.replace("{{fact:TC-F-PEOPLE}}", "{{fact:TC-F-SEA}}"))
    page = browser.submit("/manage/courses/upload", "Upload and check", bundle=as_file(zipped(early)))
    assert page.status == 422
    assert "The fact TC-F-SEA is still to be checked: put it right" in page.text


def test_an_upload_tells_authors_which_facts_wait(browser: Browser, session: Session) -> None:
    enter(session, browser, Role.AUTHOR)
    page = browser.submit("/manage/courses/upload", "Upload and check", bundle=as_file(zipped(files_with())))
    assert page.status == 200
    assert "The fact TC-F-SEA is still to be checked, so learners do not see it. Ask first." in page.text
    assert "The fact TC-F-PEOPLE was to be reviewed by" in page.text
