"""Where a learner is: their attempt, the module and the screen, open to them."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.course_pages.rendering import ReadyCourse, ready_course
from app.course_pages.screen_urls import screen_url
from app.platform.access import who
from courses.content.model.course import Module, Screen
from courses.records.attempts import CurrentAttempt, find_attempt_with_local_wording
from courses.taking.progress import ModuleStatus, State
from courses.taking.role_questions import document_for
from courses.taking.screens import ScreenAddress, check_open
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound


@dataclass(frozen=True)
class Place:
    """Where a learner is: their attempt, the course in their words, the module, and how far they are in it."""

    address: ScreenAddress
    attempt: CurrentAttempt
    course: ReadyCourse
    module: Module
    status: ModuleStatus

    @property
    def is_done(self) -> bool:
        """Whether they are through with the screen."""
        return self.status.state is State.COMPLETE or self.status.screens_done >= self.screen_number

    @property
    def screen_number(self) -> int:
        """The screen's place in the module, from 1."""
        return self.address.screen_number

    @property
    def screen(self) -> Screen:
        """What the authors wrote for the screen."""
        return self.module.screens[self.screen_number - 1]

    def url(self, screen_number: int | None = None) -> str:
        """The address of this screen or of another of the module."""
        return screen_url(replace(self.address, screen_number=screen_number or self.screen_number))


def get_place(session: Session, address: ScreenAddress) -> Place:
    """Where the person at the keyboard is. Raises ``NotFound`` before they begin or for no such screen, ``NotOpen``."""
    place = find_place(session, address)
    if place is None:
        raise NotFound(f"an attempt at {address.slug}")
    return place


def find_place(session: Session, address: ScreenAddress) -> Place | None:
    """As ``get_place``, but ``None`` before the person begins."""
    found = find_attempt_with_local_wording(
        session, person_id=who().person_id, slug=address.slug, on=local_day(utc_now())
    )
    if found is None:
        return None
    attempt, local_wording = found
    course = ready_course(session, attempt.document(session), attempt.fingerprint, local_wording)
    document = document_for(session, attempt)
    status = check_open(document, attempt, address)
    return Place(address, attempt, course, document.modules[status.number - 1], status)
