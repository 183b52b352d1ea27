"""A programme as the person at the keyboard stands in it: its steps, and what is next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from sqlalchemy.orm import Session

from app.platform.access import who
from assignments.standing.explaining import ONESELF, Explanation, Standing, explain, explanations
from courses.catalogue.versions import current_versions
from courses.taking.availability import opening_for
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound


@dataclass(frozen=True)
class NextCourse:
    """A course of the step that is next. ``refusal`` says why it cannot be begun yet; empty where it can."""

    slug: str
    title: str
    minutes: int
    refusal: str


@dataclass(frozen=True)
class ProgrammeCard:
    """A programme, and the courses by any one of which its next step is done."""

    slug: str
    said: Explanation
    following: tuple[NextCourse, ...]

    @property
    def steps_done(self) -> int:
        """How many of its steps are done this time."""
        return sum(one.is_done for one in self.said.steps)


def programme_cards(
    session: Session, course_ids: Collection[int], *, person_id: int, now: datetime
) -> list[ProgrammeCard]:
    """The same for several programmes, by the ids by which they are asked for; nothing is looked up for none."""
    if not course_ids:
        return []
    said = explanations(session, person_id=person_id, course_ids=sorted(course_ids), on=local_day(now), reader=ONESELF)
    return [_card(session, one, person_id, now) for one in said]


def _card(session: Session, said: Explanation, person_id: int, now: datetime) -> ProgrammeCard:
    wanted = {key for step in said.steps if step.is_next for key in step.course_ids}
    following = [
        NextCourse(
            course.slug,
            version.title,
            version.minutes,
            opening_for(session, person_id=person_id, version=version, now=now).refusal,
        )
        for course, version in (current_versions(session) if wanted else ())
        if course.id in wanted
    ]
    return ProgrammeCard(f"programme.{said.course_id}", said, tuple(following))


def programme_page(session: Session, course_id: int) -> str:
    """The page of a programme. Raises ``NotFound`` for one that is not asked of whoever reads it."""
    person_id, now = who().person_id, utc_now()
    said = explain(session, person_id=person_id, course_id=course_id, on=local_day(now), reader=ONESELF)
    if said.state is Standing.NOT_ASKED or not said.rule:
        raise NotFound(f"programme {course_id} for person {person_id}")
    return render_template("learn/programme.html", card=_card(session, said, person_id, now))
