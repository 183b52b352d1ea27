"""The column of work mobiles: numbers in one writing, and what is none is left out and counted, never the whole row."""

import pytest

from people.feed.mapping.known_words import BY_HEADING, plain_heading
from people.feed.mapping.uses import ColumnUse
from people.feed.rows import FeedField
from tests.people.feed.mapping.made import row_of


@pytest.mark.parametrize("written", ["07700 900123", "7700900123", "+44 7700 900123"])
def test_a_mobile_is_kept_in_one_writing(written: str) -> None:
    row = row_of(ColumnUse.WORK_MOBILE, written)
    assert row.work_mobile == "+447700900123"
    assert FeedField.WORK_MOBILE in row.said
    assert not row.has_bad_mobile


@pytest.mark.parametrize("written", ["n/a", "0151 496 0000", "ext 4431", "07700"])
def test_what_is_no_mobile_leaves_the_job_usable_and_the_number_as_it_is(written: str) -> None:
    row = row_of(ColumnUse.WORK_MOBILE, written)
    assert row.has_bad_mobile
    assert row.work_mobile is None
    assert FeedField.WORK_MOBILE not in row.said


@pytest.mark.parametrize("heading", ["Mobile", "WORK_MOBILE", "Work Mobile No.", "mobileNumber"])
def test_the_usual_headings_are_understood(heading: str) -> None:
    assert BY_HEADING[plain_heading(heading)][0] is ColumnUse.WORK_MOBILE


@pytest.mark.parametrize("heading", ["Home Mobile", "Personal Mobile", "Private mobile number", "Emergency contact"])
def test_a_private_number_is_never_suggested(heading: str) -> None:
    assert BY_HEADING.get(plain_heading(heading), (None,))[0] is not ColumnUse.WORK_MOBILE
