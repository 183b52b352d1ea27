"""The database works out days as the code does, also around the hours in which clocks change."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import local_day
from kernel.days_in_sql import day_before, local_day_of
from people.persons import Person

CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2021, 3, 28, tzinfo=UTC),
]
ANY = st.datetimes(datetime(1996, 1, 1), datetime(2060, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001
NEAR = st.builds(
    lambda at, minutes: at + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-1500, 1500)
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY | NEAR)
@example(datetime(2000, 1, 1, 23, 59, 59, 999_500, tzinfo=UTC))
def test_a_stored_moment_lies_on_the_same_day_in_both(session: Session, moment: datetime) -> None:
    person = Person(chosen_name="Somebody", created_at=moment)
    session.add(person)
    session.flush()
    found = session.scalar(select(local_day_of(Person.created_at)).where(Person.id == person.id))
    assert found == local_day(moment)


def test_the_day_before_the_first_of_march_is_the_last_of_february(session: Session) -> None:
    person = Person(chosen_name="Somebody", created_at=datetime(2026, 1, 1, tzinfo=UTC), born_on=date(2024, 3, 1))
    session.add(person)
    session.flush()
    found = session.scalar(select(day_before(Person.born_on)).where(Person.id == person.id))
    assert found == date(2024, 2, 29)
