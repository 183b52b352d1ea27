"""Figures for HR leads and managers, as pages, picture and download."""

from datetime import date

from sqlalchemy import event

from assignments.requirements import require_course
from people.jobs.terms import EmploymentKind
from people.organisations import UnitKind
from people.roles import Role
from tests.app.council.figures.conftest import LONG_AGO, csv_rows, staff
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account
from tests.reading import Browser
from tests.reports.taken_course import another_course

HIDDEN = "Fewer than 10 people, or hidden to protect so small a group"


def test_the_overview_answers_in_its_first_sentence(session, lead, care, course):
    staff(session, care, 25, course, complete=16, in_progress=4)
    page = lead.open("/council/halton")
    assert page.heading == "Halton Borough Council"
    assert "64% of the 25 people who count have finished." in page.text
    assert "16 finished 4 in progress 5 not started" in page.text
    assert "Data as of today" in page.text


def test_the_overview_names_the_widest_gap(session, lead, halton, care, course):
    staff(session, care, 40, course, complete=30)
    staff(session, a_unit(session, halton, "Highways and Parks"), 20, course, complete=6)
    words = "58% of the gap is in Highways and Parks : 30% have finished, and 14 more would bring it to 100%."
    assert words in lead.open("/council/halton").text


def test_the_table_begins_with_the_widest_gap_and_other_orders_are_a_link_away(session, lead, halton, care, course):
    staff(session, care, 40, course, complete=30)
    staff(session, a_unit(session, halton, "Parks"), 20, course, complete=6)
    page = lead.open("/council/halton")

    def order(page):
        return [row["Directorate"] for row in page.table("Completion by directorate")]

    assert order(page) == ["Parks", "Adult Social Care"]
    by_name = lead.open(page.links["Directorate"])
    assert order(by_name) == ["Adult Social Care", "Parks"]
    assert order(lead.open("/council/halton?order=people")) == ["Adult Social Care", "Parks"]
    assert order(lead.open(by_name.links["Finished"])) == ["Parks", "Adult Social Care"]
    assert order(lead.open(by_name.links["Not finished"])) == ["Parks", "Adult Social Care"]
    assert order(lead.open("/council/halton?order=colour")) == ["Parks", "Adult Social Care"]


def test_small_directorates_are_not_shown_and_what_they_hold_together_is(session, lead, halton, care, course):
    staff(session, care, 40, course, complete=30)
    staff(session, a_unit(session, halton, "Mayor’s Office"), 3, course, complete=3)
    staff(session, a_unit(session, halton, "Parks"), 12, course, complete=5)
    page = lead.open("/council/halton")
    rows = {row["Directorate"]: row for row in page.table("Completion by directorate")}
    assert rows["Adult Social Care"]["People"] == "40"
    assert rows["Mayor’s Office"] == rows["Parks"] | {"Directorate": "Mayor’s Office"}
    assert [*rows["Parks"].values()] == ["Parks", "not shown", HIDDEN, "not shown", "not shown"]
    assert "Together they are 15 people: 8 complete" in page.text


def test_an_authority_that_asks_for_no_course_is_told_so(lead):
    page = lead.open("/council/halton")
    assert "does not ask its people to take a course yet" in page.text
    assert lead.open("/council/halton/completion.csv").status == 404


def test_an_authority_without_anybody_who_counts_is_told_so(lead, course):
    assert "Nobody counts here today" in lead.open("/council/halton").text


def test_an_authority_of_nine_sees_that_its_figures_are_not_shown(session, lead, care, course):
    staff(session, care, 9, course, complete=9)
    page = lead.open("/council/halton")
    assert "These figures are not shown" in page.text
    assert "complete" not in page.text
    assert {row["people"] for row in csv_rows(lead.open("/council/halton/completion.csv"))} == {"not shown"}


def test_another_course_is_chosen_in_a_form_and_stays_chosen(session, lead, halton, care, course):
    other = another_course(session)
    require_course(session, course_id=other.course_id, organisation_ids=[halton.id], account_id=None, now=NOON)
    staff(session, care, 20, course, complete=10)
    first = lead.open("/council/halton")
    assert "50% of the 20" in first.text
    assert first.form("Show these figures")[1] == {"course": "test-course", "by": "", "unit": ""}
    second = lead.open("/council/halton?course=speaking-up")
    assert "0% of the 20" in second.text
    for page in ("Learning", "Certificates", "Downloads"):
        assert "course=speaking-up" in lead.open(second.links[page]).links["Units"]
    assert lead.open(second.links["Adult Social Care"]).text.startswith("Speaking up")
    assert lead.open(second.links["People"]).text.startswith("Speaking up")


def test_a_course_that_nobody_asks_for_has_figures_too_and_an_unknown_one_has_none(session, lead, care, course):
    staff(session, care, 20, another_course(session), complete=5)
    page = lead.open("/council/halton?course=speaking-up")
    assert "Nobody here is asked to take this course. 5 of the 20 people who count have finished it." in page.text
    assert "15 not started" not in page.text
    assert "The widest gap" not in page.text
    assert lead.open("/council/halton?course=no-such").status == 404


def test_the_overview_says_by_when_and_how_many_are_past_it(session, lead, halton, care):
    published = a_course(session)
    due = date(2024, 2, 29)
    asked = [halton.id]
    require_course(
        session, course_id=published.course_id, organisation_ids=asked, account_id=None, now=LONG_AGO, due_on=due
    )
    staff(session, care, 30, published, complete=13, in_progress=4)
    page = lead.open("/council/halton")
    assert "They were asked to finish by 29 February 2024." in page.text
    assert "13 finished 4 in progress 13 not started 17 past their date" in page.text
    assert "17 past their date" in lead.open(page.links["Adult Social Care"]).text


def test_a_day_to_come_is_named_and_nobody_is_past_it(session, lead, halton, care):
    published = a_course(session)
    due = date(2099, 3, 31)
    asked = [halton.id]
    require_course(
        session, course_id=published.course_id, organisation_ids=asked, account_id=None, now=LONG_AGO, due_on=due
    )
    staff(session, care, 30, published, complete=13)
    text = lead.open("/council/halton").text
    assert "They are asked to finish by 31 March 2099." in text
    assert "past" not in text


def test_a_small_unit_is_past_its_date_on_no_page_of_figures(session, lead, halton, care):
    published = a_course(session)
    asked, due = [halton.id], date(2024, 2, 29)
    require_course(
        session, course_id=published.course_id, organisation_ids=asked, account_id=None, now=LONG_AGO, due_on=due
    )
    staff(session, care, 30, published)
    parks = a_unit(session, halton, "Parks")
    staff(session, parks, 4, published, complete=1)
    text = lead.open(f"/council/halton/units/{parks.id}").text
    assert "These figures are not shown" in text
    assert "past" not in text


def test_a_unit_where_nobody_is_counted_is_a_note_and_no_row(session, lead, halton, care, course):
    staff(session, care, 30, course)
    staff(session, a_unit(session, halton, "Parks"), 20, course)
    a_unit(session, halton, "Council Chamber")
    page = lead.open("/council/halton")
    assert "Left out, because nobody who works there is counted today: Council Chamber." in page.text
    rows = page.table("Completion by directorate")
    assert [row["Directorate"] for row in rows] == ["Adult Social Care", "Parks"]


def test_who_is_counted_and_who_is_not_is_explained(session, lead, care, course):
    staff(session, care, 20)
    staff(session, care, 12, kind=EmploymentKind.AGENCY)
    staff(session, care, 11, away_from=LONG_AGO.date())
    overview = lead.open("/council/halton")
    page = lead.open(overview.links["Who is counted, and the 23 who are not, and why"])
    assert [row["People"] for row in page.table("People who are not counted")] == ["12", "11", "23"]


def test_a_small_number_of_people_left_out_is_not_given_away_by_a_total(session, lead, care, course):
    staff(session, care, 20)
    staff(session, care, 12, kind=EmploymentKind.AGENCY)
    staff(session, care, 2, away_from=LONG_AGO.date())
    page = lead.open(lead.open("/council/halton").links["Who is counted, and who is not, and why"])
    assert [row["People"] for row in page.table("People who are not counted")] == ["12", "not shown"]
    assert "14" not in page.text


def test_directorate_service_and_team_each_have_a_page(session, lead, halton, care, course):
    home = a_unit(session, halton, "Home Care", parent=care, kind=UnitKind.SERVICE)
    staff(session, a_unit(session, halton, "North", parent=home, kind=UnitKind.TEAM), 20, course, complete=5)
    staff(session, home, 10, course, complete=9)
    page = lead.open("/council/halton")
    for name in ("Adult Social Care", "Home Care", "North"):
        page = lead.open(page.links[name])
        assert page.heading == name
    assert "25% of the 20 people who count have finished." in page.text
    service = lead.open(page.links["Home Care"])
    assert [row["Team"] for row in service.table("Completion by team")] == ["North", "Directly in Home Care"]


def test_long_lists_of_units_come_in_pages_and_can_be_filtered(session, lead, halton, care, course):
    home = a_unit(session, halton, "Home Care", parent=care, kind=UnitKind.SERVICE)
    for number in range(30):
        staff(session, a_unit(session, halton, f"Team {number:02}", parent=home, kind=UnitKind.TEAM), 10)
    folded = lead.open("/council/halton/units")
    assert len(folded.table("Units")) == 1
    once = lead.open(next(url for words, url in folded.links.items() if words.startswith("Open Adult Social Care")))
    assert [row["People"] for row in once.table("Units")] == ["300", "300"]
    every = lead.open("/council/halton/units?open=all")
    assert len(every.table("Units")) == 32
    assert any(words.startswith("Close Home Care") for words in every.links)
    found = lead.open("/council/halton/units?find=team+07&order=name")
    assert "1 unit is found." in found.text
    assert len(lead.open("/council/halton/units?level=service").table("Units")) == 1
    assert "No unit is found" in lead.open(f"/council/halton/units?find={'x' * 10_000}").text
    for wrong in ("level=kitchen", "page=99", "page=-1"):
        assert lead.open(f"/council/halton/units?{wrong}").status == 404
    for strange in ("open=x,-1,99999999999999999999999", "open=%00", "show=nothing", "order=none"):
        assert lead.open(f"/council/halton/units?{strange}").status == 200


def test_many_units_come_in_pages_and_stay_open_there(session, lead, halton, care, course):
    for number in range(120):
        a_unit(session, halton, f"Unit {number:03}", parent=care, kind=UnitKind.SERVICE)
    session.commit()
    page = lead.open("/council/halton/units?open=all")
    assert page.title.startswith("Units (page 1 of 2)")
    assert "open=all" in page.links["2"]


def test_the_overview_takes_the_same_few_queries_however_large_the_authority(
    session, connection, lead, halton, care, course
):
    def queries() -> int:
        seen = []
        listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(connection, "before_cursor_execute", listener)
        lead.open("/council/halton")
        event.remove(connection, "before_cursor_execute", listener)
        return len([statement for statement in seen if "SAVEPOINT" not in statement])

    staff(session, care, 12, course, complete=3)
    before = queries()
    for number in range(20):
        staff(session, a_unit(session, halton, f"Unit {number}"), 3, course, complete=1)
    assert queries() == before <= 15


def test_who_is_counted_explains_the_words_that_somebody_sees(app, session, lead, halton, care, course):
    staff(session, care, 20, course, complete=5)
    page = lead.open("/council/halton/who-counts")
    assert "In progress" in page.text
    assert "Not finished" not in page.text
    account = an_account(session, a_person(session), Role.MANAGER, unit=care)
    session.commit()
    page = Browser(app).enter_as(account).open("/council/halton/who-counts")
    assert "In progress" not in page.text
    assert "Not finished" in page.text
