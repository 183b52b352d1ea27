"""The list of people: searched by name, narrowed down by state and unit, page by page."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from app.council.figures.course_choice import CourseChoice, course_choice
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from assignments.due.rules import Since
from assignments.plan_words import asked_in_words
from assignments.plans import Plan
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.directory import looked_after
from people.organisations import Unit, units_of
from people.roles import Role
from people.visibility import FiguresScope, figures_scope, find_people_scope
from reports.people_states import LearningState, ListOfPeople, PeoplePage, Wanted, people_page, units_below

PAGE_SIZE, LONGEST_NAME = 25, 100
FILTERS = ("name", "state", "unit", "course")
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


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def people(slug: str) -> str:
    """The people whom somebody may act for, and how far they are."""
    session, today = db.session(), local_day(utc_now())
    scope = figures_scope(session, who(), slug=slug)
    choice = course_choice(session, organisation_id=scope.organisation.id)
    if choice.course is None:
        return render_template("council/no_course.html", organisation=scope.organisation, choices=(), courses=choice)
    units = units_below(units_of(session, organisation_id=scope.organisation.id), scope.unit_ids)
    wanted = wanted_people(scope, units)
    of = ListOfPeople(scope.organisation.id, scope.unit_ids, choice.course.id, choice.plan, today)
    found, page, pages = _found(session, of, wanted)
    shown = render_template(
        "council/people.html",
        organisation=scope.organisation,
        courses=choice,
        wanted=wanted,
        units=units,
        states=_states(scope.shows_started, choice.plan, today),
        state_words=STATE_WORDS,
        shows_started=scope.shows_started,
        **_opened(session, found, today, can_exempt=scope.shows_started and choice.plan is not None),
        **_acts(scope, choice),
        **_what_is_asked(session, choice.plan, today),
        found=found,
        unit_path=next((one.path for one in units if one.id == wanted.unit_id), None),
        page=page,
        pages=pages,
    )
    _note_opened(slug, choice, wanted, page, found)
    return shown


def filter_kept() -> dict[str, str]:
    """What the address asks for, without the page; whatever else stands in it goes no further."""
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _acts(scope: FiguresScope, choice: CourseChoice) -> dict[str, object]:
    """What can be done with everybody who is found, and the filters that it takes along."""
    return {"kept": filter_kept(), "nudge_url": _nudge_url(scope, choice)}


def _nudge_url(scope: FiguresScope, choice: CourseChoice) -> str:
    """Where the people of this list are nudged; empty for managers, and where nothing is asked."""
    if not scope.shows_started or choice.plan is None:
        return ""
    return url_for("council.people_nudged", slug=scope.organisation.slug, **filter_kept())  # type: ignore[arg-type]


def _what_is_asked(session: Session, plan: Plan | None, today: date) -> dict[str, object]:
    """What is asked, in words, and whether it is due on one day for all."""
    has_one_day = plan is not None and plan.due.since is Since.DAY
    return {"asked": asked_in_words(session, plan, today), "has_one_day": has_one_day}


def _found(session: Session, of: ListOfPeople, wanted: Wanted) -> tuple[PeoplePage, int, int]:
    """The page that is asked for, its number, and how many there are. Raises ``NotFound`` for one that is none."""
    page = number_in(request.args, "page")
    found = people_page(session, of, wanted, page=max(1, page), size=PAGE_SIZE)
    pages = max(1, -(-found.found // PAGE_SIZE))
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    return found, page, pages


def _opened(session: Session, found: PeoplePage, today: date, *, can_exempt: bool) -> dict[str, frozenset[int]]:
    """Those of a page whose whole record opens to the one at the keyboard: to HR leads and admins, not to managers.
    And those whom they can exempt from the course."""
    scope = find_people_scope(session, account_id=who().account_id, on=today)
    ids = [one.person_id for one in found.people]
    opened = looked_after(session, person_ids=ids, scope=scope, on=today) if scope else frozenset[int]()
    return {"opened": opened, "exempted_by": opened if can_exempt else frozenset()}


def _states(shows_started: bool, plan: Plan | None, today: date) -> list[LearningState]:
    states = list(LearningState) if shows_started else list(OF_MANAGERS)
    can_be_late = plan is not None and (plan.due.since is not Since.DAY or plan.due.is_past(today))
    hidden = {LearningState.PAST_DATE: not can_be_late, LearningState.EXEMPT: plan is None}
    return [state for state in states if not hidden.get(state)]


def wanted_people(scope: FiguresScope, units: Sequence[Unit]) -> Wanted:
    """What the address asks for. Raises ``NotFound`` for a state or a unit that is not this person's to see."""
    state, unit = request.args.get("state") or None, request.args.get("unit") or None
    allowed = tuple(LearningState) if scope.shows_started else OF_MANAGERS
    if state is not None and state not in allowed:
        raise NotFound(f"people who are {state}")
    unit_id = next((one.id for one in units if str(one.id) == unit), None)
    if unit is not None and unit_id is None:
        raise NotFound(f"unit {unit}")
    name = " ".join(request.args.get("name", "").split())[:LONGEST_NAME]
    return Wanted(LearningState(state) if state else None, name, unit_id)


def _note_opened(slug: str, choice: CourseChoice, wanted: Wanted, page: int, found: PeoplePage) -> None:
    # After the page is drawn: a commit forgets what was read, and every unit would be read again by itself.
    note_names_opened(
        "people",
        authority=slug,
        course=choice.course.slug if choice.course else None,
        state=wanted.state,
        unit=wanted.unit_id,
        is_search="yes" if wanted.name else None,
        page=page,
        people=len(found.people),
    )
