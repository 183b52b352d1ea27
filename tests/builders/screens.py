"""Short ways through the test course, as requests open its screens."""

from datetime import datetime

from sqlalchemy.orm import Session

from courses.taking.answering import GivenTry, submit_answer
from courses.taking.progression import begin_course, finish_screen
from courses.taking.screens import OpenScreen, ScreenAddress, open_screen
from tests.builders.region import NOON


def at_screen(
    session: Session, person_id: int, module_slug: str, screen_number: int, now: datetime = NOON
) -> OpenScreen:
    """The screen, held by this person."""
    return open_screen(session, ScreenAddress("test-course", module_slug, screen_number), person_id=person_id, now=now)


def take_course(session: Session, person_id: int, now: datetime = NOON) -> None:
    """Begin the test course, or go on, and do all that is asked, right at the first try."""
    begin_course(session, person_id=person_id, slug="test-course", now=now)
    steps = (
        ("first-steps", 1, None),
        ("first-steps", 2, "a"),
        ("first-steps", 3, None),
        ("second-steps", 1, ["a", "b"]),
    )
    for module_slug, screen_number, response in steps:
        here = at_screen(session, person_id, module_slug, screen_number, now)
        for question in here.questions.values():
            assert response is not None
            submit_answer(session, here, question, GivenTry(1, response), now=now)
            here = at_screen(session, person_id, module_slug, screen_number, now)
        finish_screen(session, here, now=now)
