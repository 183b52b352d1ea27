"""What the address of a list of people asks for: state, words, unit, course and order; and the same in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request

from app.council.figures.course_choice import CourseChoice, course_choice
from app.platform.access import who
from app.platform.extensions import db
from kernel.clock import local_day
from kernel.errors import NotFound
from people.organisations import Unit, units_of
from people.visibility import FiguresScope, figures_scope
from reports.listing.order import sorting_from
from reports.listing.wanted import LearningState, ListOfPeople, Wanted, units_below

LONGEST_NAME = 100
FILTERS = ("name", "state", "unit", "course", "sort", "size")
STATE_WORDS: Mapping[LearningState, tuple[str, str]] = {
    LearningState.FINISHED: ("Finished", "have finished"),
    LearningState.STARTED: ("In progress", "have started and not finished"),
    LearningState.NOT_STARTED: ("Not started", "have not started"),
    LearningState.NOT_FINISHED: ("Not finished yet", "have not finished yet"),
    LearningState.PAST_DATE: ("Past the date", "are past the date"),
    LearningState.EXEMPT: ("Exempt", "are exempt"),
}
# Managers see whether somebody has finished, and by when they are asked to.
OF_MANAGERS = (LearningState.FINISHED, LearningState.NOT_FINISHED, LearningState.PAST_DATE, LearningState.EXEMPT)
NO_SUCH_UNIT = "This unit is not here any more, or you cannot see it. It may have been merged, renamed or closed."
NO_SUCH_STATE = "People are not listed by that state."


@dataclass(frozen=True)
class AskedList:
    """The list that an address asks for. ``problem`` says in a sentence why there is none; ``kept`` goes into every
    link, so that what was chosen stays chosen. ``is_cut``: more was typed than is looked for."""

    scope: FiguresScope
    choice: CourseChoice
    units: Sequence[Unit]
    wanted: Wanted
    problem: str
    kept: Mapping[str, str]
    is_cut: bool
    now: datetime

    @property
    def of(self) -> ListOfPeople:
        """Whose list, of which course. Raises ``NotFound`` while no course is chosen."""
        if self.problem:
            raise NotFound(self.problem)
        course_id = self.choice.get_course().id
        on = local_day(self.now)
        return ListOfPeople(self.scope.organisation.id, self.scope.unit_ids, course_id, self.choice.plan, on)

    @property
    def unit_path(self) -> str:
        """The unit that is looked for, by its full name; empty for all."""
        return next((one.path for one in self.units if one.id == self.wanted.unit_id), "")

    @property
    def words(self) -> str:
        """ "People who have not started, found by “shah”, in Adult Social Care"."""
        people = f"People who {STATE_WORDS[self.wanted.state][1]}" if self.wanted.state else "Everybody"
        name = f"found by “{self.wanted.name}”" if self.wanted.name else ""
        return ", ".join(filter(None, (people, name, f"in {self.unit_path}" if self.unit_path else "")))


def asked_list(slug: str, *, now: datetime) -> AskedList:
    """What the address asks for. Raises ``NotFound`` for an authority or a course that is not this person's."""
    session = db.session()
    scope = figures_scope(session, who(), slug=slug)
    choice = course_choice(session, organisation_id=scope.organisation.id)
    units = units_below(units_of(session, organisation_id=scope.organisation.id), scope.unit_ids)
    allowed = tuple(LearningState) if scope.shows_started else OF_MANAGERS
    typed_state, typed_unit = request.args.get("state") or None, request.args.get("unit") or None
    state = next((one for one in allowed if one.value == typed_state), None)
    unit_id = next((one.id for one in units if str(one.id) == typed_unit), None)
    problem = NO_SUCH_STATE if typed_state and state is None else NO_SUCH_UNIT if typed_unit and not unit_id else ""
    typed = " ".join(request.args.get("name", "").split())
    wanted = Wanted(state, typed[:LONGEST_NAME], unit_id, sorting_from(request.args.get("sort", "")))
    return AskedList(scope, choice, units, wanted, problem, filter_kept(), len(typed) > LONGEST_NAME, now)


def filter_kept() -> dict[str, str]:
    """What the address asks for, without the page; whatever else stands in it goes no further."""
    found = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    if "name" in found:
        found["name"] = " ".join(found["name"].split())[:LONGEST_NAME]
    return found
