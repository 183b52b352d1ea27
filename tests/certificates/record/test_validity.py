"""How long a certificate is valid, from what the course says on the day it was completed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from certificates.making.rendering import facts_of
from certificates.record.expiry import valid_until
from courses.catalogue.versions import fingerprint_of
from courses.content.bundle.reading import read_bundle
from tests.builders.certificates import completed_by, issued_for
from tests.builders.region import COURSE, a_course, a_document, a_person, a_unit, an_organisation, bundle_files

EXPIRING = COURSE + "valid_for_months: 24\n"


@pytest.mark.parametrize(
    ("completed", "months", "expected"),
    [
        (date(2026, 11, 21), 12, date(2027, 11, 21)),
        (date(2026, 11, 21), 1, date(2026, 12, 21)),
        (date(2026, 11, 21), 2, date(2027, 1, 21)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 11, 21), None, None),
    ],
)
def test_months_are_calendar_months(completed: date, months: int | None, expected: date | None) -> None:
    assert valid_until(completed, months) == expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 119))
def test_a_month_more_ends_later(completed: date, months: int) -> None:
    shorter, longer = valid_until(completed, months), valid_until(completed, months + 1)
    assert shorter is not None
    assert longer is not None
    assert completed < shorter < longer
    assert 27 <= (longer - shorter).days <= 34


def test_the_last_day_is_frozen_at_issue_and_printed(session: Session) -> None:
    course = a_course(session, course=EXPIRING)
    person = a_person(session, a_unit(session, an_organisation(session)))
    completion_id = completed_by(session, person.id, course)
    a_course(session, course=COURSE + "valid_for_months: 6\n")
    issued = issued_for(session, completion_id)
    assert issued.valid_until == date(2028, 11, 21)
    assert facts_of(session, issued, str).valid_until == date(2028, 11, 21)


def test_documents_that_say_nothing_keep_their_fingerprint() -> None:
    plain = a_document()
    assert "valid_for_months" not in plain.model_dump(mode="json")
    assert fingerprint_of(a_document(course=EXPIRING)) != fingerprint_of(plain)
    assert type(plain).model_validate(a_document(course=EXPIRING).model_dump(mode="json")).valid_for_months == 24


@pytest.mark.parametrize("months", ["0", "121", "-3", "1.5", "a year", ""])
def test_months_that_cannot_be_are_refused(months: str) -> None:
    outcome = read_bundle(bundle_files(course=COURSE + f"valid_for_months: {months}\n"))
    assert outcome.document is None
    assert len(outcome.findings) == 1
    assert "valid_for_months" in outcome.findings[0].message


def test_a_course_without_certificate_cannot_say_how_long_one_is_valid() -> None:
    outcome = read_bundle(bundle_files(course=EXPIRING + "certificate: false\n"))
    assert [finding.message for finding in outcome.findings] == [
        "This course gives no certificate that could expire. Remove “valid_for_months” or “certificate: false”."
    ]
