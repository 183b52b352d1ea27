"""A reorganisation in the browser: put together, previewed, decided, undone, and refused in words beside the field."""

from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.organisations import UnitKind
from people.persons import Person
from people.reorganisation.periods import units_on
from people.reorganisation.record import Reorganisation, ReorganisationState
from people.reorganisation.sentences import day_in_words
from tests.app.council.structure.conftest import NEW, Halton, a_lead, add, choose, in_days, said, see
from tests.builders.region import a_person, a_unit, an_employment
from tests.reading import Browser, Page

STRUCTURE = "/council/halton/structure"


def paths(session: Session, halton: Halton, on: date) -> list[str]:
    session.expire_all()
    return [one.path for one in units_on(session, organisation_id=halton.organisation.id, on=on)]


def test_several_changes_are_one_reorganisation_that_is_previewed_decided_and_undone(
    session: Session, lead: Browser, halton: Halton
) -> None:
    page = add(lead.open(NEW), lead, "rename", unit="Care", to="Adults, 成人, البالغون")
    page = add(page, lead, "merge", unit="night", into="Care / Home care / Day")
    page = add(page, lead, "move", unit="Home care", into="Places")
    page = add(page, lead, "add", name="Reablement", into="Care")
    page = add(page, lead, "close", unit="Parks")
    assert "5 changes" in said(page)
    assert page.errors == []
    before = paths(session, halton, in_days(29))
    seen = see(page, lead)
    assert seen.heading == "What this reorganisation would do"
    assert "Nothing has changed yet. 4 jobs move to another unit" in said(seen)
    assert (
        "“Care / Home care / Night” ends, and “Care / Home care / Day” takes it in. 4 people work there, and move."
        in said(seen)
    )
    assert "“Care / Home care” goes into “Places”, with everything in it. 9 people work there." in said(seen)
    assert "“Reablement” is new, in “Care”. Nobody works there yet." in said(seen)
    assert "“Places / Parks” ends. Nobody works there." in said(seen)
    assert "The published figures of all days before it stay as they are." in said(seen)
    checked = seen.soup.find("input", checked=True)
    assert checked is not None
    assert checked["value"] == "nothing"
    assert session.scalar(select(func.count()).select_from(Reorganisation)) == 0
    done = choose(seen, lead, "all")
    assert done.heading == "One team"
    assert "The reorganisation is decided" in said(done)
    assert "Planned" in said(done)
    after = paths(session, halton, in_days(30))
    assert "Places / Home care / Day" in after
    assert "Adults, 成人, البالغون / Reablement" in after
    assert not [path for path in after if "Night" in path or "Parks" in path]
    undone = lead.submit(done.links["Undo this reorganisation"], "Undo this reorganisation")
    assert "The reorganisation is undone" in said(undone)
    assert paths(session, halton, in_days(30)) == before
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("reorganisation"))).all()
    assert acts == ["reorganisation-decided", "reorganisation-undone"]


def test_the_safe_choice_changes_nothing_and_leads_back_to_the_list(
    session: Session, lead: Browser, halton: Halton
) -> None:
    page = choose(see(add(lead.open(NEW), lead, "rename", unit="Care", to="Adults"), lead), lead, "nothing")
    assert "Nothing has changed." in said(page)
    assert "“Care” is called “Adults”" in said(page)
    assert session.scalar(select(func.count()).select_from(Reorganisation)) == 0
    assert choose(see(page, lead), lead, "").errors == ["Select what should happen"]


def test_a_split_takes_units_and_people_out(session: Session, lead: Browser, halton: Halton) -> None:
    a_person(session, halton.home, payroll_number="004711")
    session.commit()
    page = add(lead.open(NEW), lead, "split", unit="Home care", name="Reablement", units="Night\n", people="004711")
    assert "with 1 unit, with 1 person" in said(page)
    choose(see(page, lead), lead, "all")
    assert "Care / Reablement / Night" in paths(session, halton, in_days(30))


def test_a_change_that_was_typed_and_not_added_is_not_lost(lead: Browser, halton: Halton) -> None:
    _, fields = lead.open(NEW).form("See what it would do")
    day = in_days(30)
    sent = {**fields, "title": "One", "day": [str(day.day), str(day.month), str(day.year)], "act": "see"}
    typed = {"kind": "rename", "rename-unit": "Care", "rename-to": "Adults"}
    assert "“Care” is called “Adults”" in said(lead.post(NEW, {**sent, **typed}))
    refused = lead.post(NEW, {**sent, **typed, "rename-to": ""})
    assert refused.errors == ["Add at least one change", "Enter the new name"]


def test_a_change_can_be_taken_out_of_the_list_again(lead: Browser, halton: Halton) -> None:
    page = add(lead.open(NEW), lead, "rename", unit="Care", to="Adults")
    page = add(page, lead, "rename", unit="Places", to="Spaces")
    _, fields = page.form("Add this change")
    page = lead.post(NEW, {**fields, "act": "out-1"})
    assert "1 change" in said(page)
    assert "“Care” is called" not in said(page)
    assert "“Places” is called “Spaces”" in said(page)


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("move", {"unit": "Home care", "into": "Home care"}, "can only go into a directorate"),
        ("move", {"unit": "Home care", "into": "Night"}, "can only go into a directorate"),
        ("move", {"unit": "Care", "into": "Places"}, "is a directorate, and stands in no other unit"),
        ("merge", {"unit": "Night", "into": "Night"}, "can only be merged with another team"),
        ("merge", {"unit": "Night", "into": "Eveing"}, "There is no unit “Eveing” on that day"),
        ("rename", {"unit": "Care", "to": "  "}, "Enter the new name"),
        ("rename", {"unit": "", "to": "X"}, "Enter which unit"),
        ("rename", {"unit": "Care", "to": "Places"}, "Two units would be called “Places”"),
        ("rename", {"unit": "Care", "to": "A/B"}, "cannot be a name"),
        ("rename", {"unit": "Care", "to": "x" * 300}, "is too long"),
        ("close", {"unit": "Night"}, "4 people work in “Care / Home care / Night”. Merge it into another unit"),
        ("close", {"unit": "Home care"}, "has 2 units in it"),
        ("add", {"name": "Care", "into": ""}, "Two units would be called “Care”"),
        ("add", {"name": "New", "into": "Night"}, "is a team, and no unit goes into a team"),
        ("split", {"unit": "Home care", "name": "New"}, "Say which units or which people"),
        ("split", {"unit": "Home care", "name": "New", "people": "1"}, "Nobody with the payroll number 1 works in"),
        ("", {}, "Select what is to change"),
    ],
)
def test_what_cannot_be_done_is_said_beside_its_field(
    session: Session, lead: Browser, halton: Halton, kind: str, typed: dict[str, str], words: str
) -> None:
    page = add(lead.open(NEW), lead, kind, **typed)
    if not page.errors:  # it is about all changes together, and is said when everything is in the list
        page = see(page, lead)
    assert page.status == 422
    assert words in " ".join(page.errors)
    assert words in " ".join(one.get_text(" ") for one in page.soup.select(".govuk-error-message"))
    assert session.scalar(select(func.count()).select_from(Reorganisation)) == 0


def test_a_unit_whose_name_two_have_is_asked_for_by_its_full_name(
    session: Session, lead: Browser, halton: Halton
) -> None:
    a_unit(session, halton.organisation, "Night", parent=halton.parks, kind=UnitKind.TEAM)
    session.commit()
    page = add(lead.open(NEW), lead, "rename", unit="Night", to="Evening")
    assert page.errors == ["There are 2 units of this name. Enter the full name, such as Care / Home care / Night"]


def test_everything_that_is_wrong_is_said_at_once(lead: Browser, halton: Halton) -> None:
    _, fields = lead.open(NEW).form("See what it would do")
    page = lead.post(NEW, {**fields, "title": "", "day": ["31", "2", "2027"], "act": "see"})
    assert page.errors == [
        "Enter what people call it, such as One team",
        "The day must be a real date",
        "Add at least one change",
    ]
    late = see(add(lead.open(NEW), lead, "rename", unit="Care", to="Adults"), lead, day=in_days(-1))
    assert late.errors == ["The day must be today or in the future: figures of days that are over stay"]


def test_each_builds_on_the_one_before(lead: Browser, halton: Halton) -> None:
    choose(see(add(lead.open(NEW), lead, "rename", unit="Care", to="Adults"), lead), lead, "all")
    page = see(add(lead.open(NEW), lead, "rename", unit="Places", to="Spaces"), lead, "Another", in_days(20))
    assert f"“One team” is of {day_in_words(in_days(30))}. Choose a later day" in page.errors[0]
    assert see(page, lead, "Another", in_days(31)).errors == []


def test_who_decides_after_somebody_else_is_shown_what_it_would_do_now(
    app: Flask, session: Session, lead: Browser, halton: Halton
) -> None:
    mine = see(add(lead.open(NEW), lead, "rename", unit="Care", to="Adults"), lead)
    other = a_lead(app, session, halton, "Mei Lin Harper")
    choose(see(add(other.open(NEW), other, "rename", unit="Care", to="Grown-ups"), other), other, "all")
    late = choose(mine, lead, "all")
    assert late.status == 422
    assert "Something has changed since you looked" in said(late)
    assert any("“One team” is of" in words for words in late.errors)
    assert "Change 1: There is no unit “Care” on that day" in late.errors
    assert session.scalar(select(func.count()).select_from(Reorganisation)) == 1


def test_a_person_who_comes_meanwhile_is_shown_before_anything_is_decided(
    session: Session, lead: Browser, halton: Halton
) -> None:
    seen = see(add(lead.open(NEW), lead, "merge", unit="Night", into="Day"), lead)
    assert "4 people work there" in said(seen)
    a_person(session, halton.night)
    session.commit()
    again = choose(seen, lead, "all")
    assert again.status == 422
    assert again.errors[0].startswith("The record has changed since you saw what this does")
    assert "5 people work there" in said(again)
    assert choose(again, lead, "all").heading == "One team"


def test_one_of_today_holds_at_once_and_says_that_it_cannot_be_undone(
    session: Session, lead: Browser, halton: Halton
) -> None:
    seen = see(add(lead.open(NEW), lead, "rename", unit="Care", to="Adults"), lead, day=in_days(0))
    assert "It holds at once and cannot be undone" in said(seen)
    done = choose(seen, lead, "all")
    assert "In force" in said(done)
    assert "Undo this reorganisation" not in done.links
    number = session.scalars(select(Reorganisation.id)).one()
    refused = lead.submit(f"{STRUCTURE}/reorganisations/{number}/undo", "Undo this reorganisation")
    assert "cannot be undone any more" in said(refused)
    row = session.get_one(Reorganisation, number, populate_existing=True)
    assert row.state is ReorganisationState.IN_FORCE


@pytest.mark.parametrize(
    "carried",
    [
        "",
        "{",
        "[1]",
        '{"a": 1}',
        '[{"rename": 5, "to": []}]',
        '[{"rename": "Care", "to": {"x": 1}, "units": 5}]',
        "[" * 9000,
    ],
)
def test_what_no_page_would_send_is_answered_in_words(lead: Browser, halton: Halton, carried: str) -> None:
    _, fields = lead.open(NEW).form("See what it would do")
    for act in ("see", "add", "decide", "out-1", "?"):
        page = lead.post(NEW, {**fields, "changes": carried, "title": "X", "day": ["1", "1", "2999"], "act": act})
        assert page.status in {200, 422}


CHANGES = """\ufeff- rename: Care
  to: Adults, 成人
- merge: Care / Home care / Night
  into: Care / Home care / Day
"""


def with_file(lead: Browser, text: bytes) -> Page:
    _, fields = lead.open(NEW).form("Take the changes from the file")
    return lead.post(NEW, {**fields, "act": "file", "file": (BytesIO(text), "changes.yaml")})


def test_changes_come_from_a_file_and_are_previewed_like_typed_ones(lead: Browser, halton: Halton) -> None:
    page = with_file(lead, CHANGES.encode())
    assert "2 changes" in said(page)
    assert "“Care” is called “Adults, 成人”" in said(page)
    seen = see(page, lead)
    assert "4 jobs move to another unit" in said(seen)
    assert choose(seen, lead, "all").heading == "One team"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "Write a list of steps"),
        (b"- rename: Care\n  to: Home\n- 12", "Step 2: Write a list of steps"),
        (b"rename: [", "This is not YAML in line"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"- close: Parks\n" * 201, "200 changes or fewer"),
    ],
)
def test_a_file_that_is_none_is_said_beside_its_field(lead: Browser, halton: Halton, text: bytes, words: str) -> None:
    page = with_file(lead, text)
    assert [one for one in page.errors if words in one]
    assert "No change yet" in said(page)


def test_what_stands_against_a_change_of_a_file_is_said_beside_it(lead: Browser, halton: Halton) -> None:
    page = with_file(lead, b"- rename: Nowhere\n  to: 7\n- add: 2026-01-01\n- close: Places / Parks\n")
    assert any("no unit “Nowhere”" in one for one in page.errors)
    assert "3 changes" in said(page)


def test_jobs_and_people_are_both_said_where_they_differ(session: Session, lead: Browser, halton: Halton) -> None:
    works_at_night = select(Employment.person_id).join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
    person_id = session.scalars(works_at_night.where(EmploymentTerms.unit_id == halton.night.id)).first()
    an_employment(session, session.get_one(Person, person_id), halton.night)
    session.commit()
    seen = see(add(lead.open(NEW), lead, "merge", unit="night", into="Care / Home care / Day"), lead)
    assert "5 jobs of 4 people move to another unit" in said(seen)
