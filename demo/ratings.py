"""What the demo's people say about themselves: some of them, and more of them sure of themselves afterwards."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from courses.content.model.personal import PREFER_NOT, Instrument, Moment
from courses.reflection.ratings import Rating
from demo.people import Person
from demo.storing import Taken

# Few enough for a demo that starts quickly, and many enough for figures of every authority.
_ANSWER_BEFORE, _ANSWER_AFTER, _ANSWER_LATER = 0.3, 0.06, 0.5
_FOLLOW_UP = timedelta(weeks=12)
# How many of ten choose each point, from 1 to 5.
_WEIGHTS = {
    Moment.BEFORE: (1, 2, 4, 2, 1),
    Moment.LOOKING_BACK: (2, 3, 3, 1, 1),
    Moment.AFTER: (0, 1, 2, 5, 2),
    Moment.LATER: (0, 1, 3, 4, 2),
}


def add_ratings(
    session: Session,
    people: Iterable[Person],
    organisation_ids: Mapping[str, int],
    course: Taken,
    *,
    random: Random,
    now: datetime,
) -> int:
    """Store what people said with each instrument of the course; returns how many ratings there are."""
    rows = [
        row
        for person in people
        for moment, said_at in _moments(person, random, now)
        for key, instrument in course.document.instruments.items()
        if moment in _asked(course, key)
        for row in _ratings(person, organisation_ids, key, instrument, moment, said_at, random)
    ]
    if rows:
        session.execute(insert(Rating.__table__), rows)  # type: ignore[arg-type]
    return len(rows)


def _asked(course: Taken, instrument_id: str) -> set[Moment]:
    blocks = [block for _, screen in course.document.screens() for block in screen.personal]
    found = {getattr(block, "moment", None) for block in blocks if getattr(block, "instrument_id", "") == instrument_id}
    # The last follow-up is no course of the demo, but it asks the same statements.
    return {moment for moment in found if moment} | ({Moment.LATER} if Moment.BEFORE in found else set())


def _moments(person: Person, random: Random, now: datetime) -> Iterator[tuple[Moment, datetime]]:
    if person.study is not None and random.random() < _ANSWER_BEFORE:
        yield Moment.BEFORE, person.study.started_at
    elif person.completed_at is not None and random.random() < _ANSWER_AFTER:
        yield Moment.BEFORE, person.completed_at - timedelta(hours=1)
        yield Moment.AFTER, person.completed_at
        yield Moment.LOOKING_BACK, person.completed_at
        later = person.completed_at + _FOLLOW_UP
        if later < now and random.random() < _ANSWER_LATER:
            yield Moment.LATER, later


def _ratings(
    person: Person,
    organisation_ids: Mapping[str, int],
    key: str,
    instrument: Instrument,
    moment: Moment,
    said_at: datetime,
    random: Random,
) -> Iterator[dict[str, Any]]:
    for statement in instrument.asked_at(moment):
        weights = _WEIGHTS[moment] if statement.is_agreement else None
        (value,) = random.choices([choice.id for choice in statement.scale], weights)
        yield {
            "person_id": person.id,
            "organisation_id": organisation_ids[person.job.team.authority.slug],
            "instrument_id": key,
            "statement_id": statement.id,
            "moment": moment,
            "value": PREFER_NOT.id if random.random() < 0.02 else value,
            "first_said_at": said_at,
            "said_at": said_at,
        }
