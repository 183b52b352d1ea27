"""Past learning without payroll numbers, matched by name and by the dates of birth that an HR file brought in."""

from datetime import date

from courses.history.plan import Outcome
from people.feed.mapping.mappings import Column
from people.feed.mapping.row_reading import read_rows
from people.feed.mapping.uses import ColumnUse
from tests.builders.region import a_course, an_organisation
from tests.courses.history.files import applied, outcomes, planned, standing
from tests.people.feed.mapping.made import mapping_with, table_of
from tests.people.feed.runs import applied as feed_applied
from tests.people.feed.runs import jobs_now

BY_BIRTH = ",Siân O’Brien,17/05/1980,TC,31/03/2024,Register 7"
FEED = (
    {"Emp No": "0001", "DOB": "17/05/1980", "Start": "01/04/2020"},
    {"Emp No": "0002", "DOB": "02/01/1991", "Start": "01/04/2020"},
)


def read_feed(*uses):
    columns = (Column("DOB", *uses), Column("Start", ColumnUse.STARTS_ON))
    return list(read_rows(table_of(*FEED), mapping_with(*columns), on=date(2026, 11, 27)))


def test_of_two_people_of_one_name_the_one_with_the_date_of_birth_is_meant(session):
    halton = an_organisation(session)
    a_course(session)
    feed_applied(session, halton, read_feed(ColumnUse.BORN_ON))
    run = applied(session, halton, BY_BIRTH)
    assert outcomes(session, run) == {Outcome.MATCHED: 1}
    jobs = jobs_now(session, halton)
    found = {number: bool(standing(session, [job.person_id])) for number, job in jobs.items()}
    assert found == {"0001": True, "0002": False}


def test_without_the_column_in_the_mapping_nobody_is_matched(session):
    halton = an_organisation(session)
    a_course(session)
    feed_applied(session, halton, read_feed())
    run = planned(session, halton, BY_BIRTH)
    assert Outcome.MATCHED not in outcomes(session, run)


def test_another_date_of_birth_matches_nobody(session):
    halton = an_organisation(session)
    a_course(session)
    feed_applied(session, halton, read_feed(ColumnUse.BORN_ON))
    run = planned(session, halton, BY_BIRTH.replace("17/05/1980", date(1980, 5, 18).strftime("%d/%m/%Y")))
    assert Outcome.MATCHED not in outcomes(session, run)
