"""How far an authority's people are with a course. One function counts for page, chart and download."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, not_, or_, select, text
from sqlalchemy.orm import Session

from assignments.exemptions.record import exempt_people
from assignments.plans import Plan, find_plan, people_asked
from assignments.standing.finished import who_finished
from assignments.valid_on import attempts_that_ended, is_valid
from courses.acceptance.refusing import attempts_before, counts_at
from courses.catalogue.programmes import versions_of_programmes
from courses.catalogue.versions import Course, get_current_version
from courses.records.attempts import people_who_began
from courses.records.completion import Completion
from kernel.clock import LOCAL
from kernel.errors import NotFound
from people.counting import REASONS, people_of
from people.organisations import Organisation, UnitKind
from people.reorganisation.periods import UnitOnDay, units_on
from reports.groups import Counts, Group, Level
from reports.suppression import SMALLEST_SHOWN, LeftOutFigures, hide_small_groups, hide_small_reasons

# Why somebody who counts is not in the figures of a course that is asked of an audience.
NOT_ASKED = "not-asked"
EXEMPT = "exempt"
_BELOW = {
    Level.AUTHORITY: Level.DIRECTORATE,
    Level.DIRECTORATE: Level.SERVICE,
    Level.SERVICE: Level.TEAM,
    Level.TEAM: Level.TEAM,
}
_COLUMN = {Level.DIRECTORATE: 0, Level.SERVICE: 1, Level.TEAM: 2}


@dataclass(frozen=True)
class CompletionFigures:
    """Figures of one authority, or of one unit in it, with small groups hidden already.

    ``on`` is the day that they speak of: its jobs, and what was done up to its end. ``as_at`` is when they
    were read. Where ``shows_started`` is false, nobody is in progress: whoever is not complete has not finished.
    """

    organisation_name: str
    organisation_slug: str
    course_title: str
    course_slug: str
    course_version: int
    on: date
    as_at: datetime
    smallest_shown: int
    total: Group
    left_out: LeftOutFigures
    shows_started: bool = True
    # Every figure is a whole multiple of it: 1 today, and more on a day that is over.
    step: int = 1

    @property
    def is_of_earlier_day(self) -> bool:
        """Whether these are the rounded figures of a day that is over."""
        return self.step > 1

    def trail_to(self, unit_id: int) -> tuple[Group, ...]:
        """The groups from the total down to this unit. Raises ``NotFound`` for a unit that is not here."""
        trail = _trail(self.total, unit_id)
        if trail is None:
            raise NotFound(f"unit {unit_id} in these figures")
        return trail


def completion_figures(
    session: Session,
    *,
    organisation: Organisation,
    course: Course,
    on: date,
    now: datetime,
    unit_id: int | None = None,
    smallest_shown: int = SMALLEST_SHOWN,
) -> CompletionFigures:
    """How far the people who count are: in total and by directorate, service and team; or of one unit.

    A completion counts for its person whoever employed them then, as far as the authority accepts earlier training by
    the rule of that day, and once however often it was earned. Where it is valid for a time, who is valid that day.
    What is hidden is decided for the whole authority first: no view of a part shows what another view hides.
    Four to eight queries, however large the authority. Raises ``NotFound`` for a unit of another authority, and
    ``ValueError`` for a ``smallest_shown`` below 10.
    """
    title, number = title_and_version(session, course)
    exact, left_out = counted_groups(session, organisation=organisation, course_id=course.id, on=on)
    whole = hide_small_groups(exact, smallest_shown=smallest_shown)
    trail = trail_in(whole, unit_id)
    within = {None} if unit_id is None else {group.unit_id for group in trail[-1].walk()}
    reasons = [
        (words, sum(n for unit, n in by_unit.items() if unit_id is None or unit in within))
        for words, by_unit in left_out.items()
    ]
    return CompletionFigures(
        organisation_name=organisation.name,
        organisation_slug=organisation.slug,
        course_title=title,
        course_slug=course.slug,
        course_version=number,
        on=on,
        as_at=now,
        smallest_shown=smallest_shown,
        total=trail[-1],
        left_out=hide_small_reasons(reasons, smallest_shown=smallest_shown),
    )


def title_and_version(session: Session, course: Course) -> tuple[str, int]:
    """The title and the number of the version, of a course or a programme. Raises ``NotFound`` for neither."""
    try:
        version = get_current_version(session, course_id=course.id)
    except NotFound:
        for versions in versions_of_programmes(session, course_ids=[course.id]).values():
            return versions[-1].name, versions[-1].number
        raise
    return version.title, version.number


def counted_groups(
    session: Session, *, organisation: Organisation, course_id: int, on: date
) -> tuple[Group, dict[str, dict[int, int]]]:
    """The units of that day with everything that is counted in them, and by unit how many each reason leaves out.

    Where the course was asked of an audience on that day, those of it count and nobody else; of those who are exempt
    from what is asked, those who have finished all the same.
    Nothing is hidden yet: whoever shows it has to.
    """
    plan = find_plan(session, organisation_id=organisation.id, course_id=course_id, on=on)
    asked = people_asked(session, plan, on=on) if plan else None
    exempt = exempt_people(organisation_id=organisation.id, course_id=course_id, on=on) if plan else None
    counts, left_out = _count(session, _Population(organisation.id, course_id, on, plan, asked, exempt))
    units = units_on(session, organisation_id=organisation.id, on=on, also=counts)
    words: dict[str, str] = {reason.value: said for reason, said in REASONS.items()}
    words[NOT_ASKED] = f"Not asked: not among “{plan.audience_name}” on this date" if plan else ""
    words[EXEMPT] = "Exempt: not asked to take this course on this date, and not finished"
    return _tree(organisation, units, counts), {said: left_out[reason] for reason, said in words.items()}


def trail_in(whole: Group, unit_id: int | None) -> tuple[Group, ...]:
    """The groups from the top down to a unit, or the top alone. Raises ``NotFound`` for a unit that is not there."""
    trail = (whole,) if unit_id is None else _trail(whole, unit_id)
    if trail is None:
        raise NotFound(f"unit {unit_id} of {whole.name}")
    return trail


def without_started(figures: CompletionFigures) -> CompletionFigures:
    """The same figures for those who may not see who has started."""
    return replace(figures, total=_without_started(figures.total), shows_started=False)


def _without_started(group: Group) -> Group:
    counts = Counts(group.counts.people, group.counts.complete) if group.counts else None
    return replace(group, counts=counts, children=tuple(map(_without_started, group.children)))


@dataclass(frozen=True)
class _Population:
    """By which plan a course is asked on a day, of whom, ``None`` for everybody, and who is exempt."""

    organisation_id: int
    course_id: int
    on: date
    plan: Plan | None
    asked: Select[int] | None
    exempt: Select[int] | None


def _count(session: Session, who: _Population) -> tuple[dict[int, Counts], dict[str, dict[int, int]]]:
    """By unit: who counts and how far they are, and how many each reason leaves out."""
    on = who.on
    people = people_of(organisation_id=who.organisation_id, on=on)
    day_end = datetime.combine(on + timedelta(days=1), time.min, LOCAL)
    has_finished, has_begun = _how_far(session, who, people, day_end)
    reason: ColumnElement[str | None] = people.c.left_out
    if who.asked is not None:
        reason = func.coalesce(reason, case((people.c.person_id.not_in(who.asked), literal(NOT_ASKED))))
    if who.exempt is not None:
        is_exempt = and_(people.c.person_id.in_(who.exempt), not_(has_finished))
        reason = func.coalesce(reason, case((is_exempt, literal(EXEMPT))))
    rows = session.execute(
        select(
            people.c.unit_id,
            reason.label("reason"),
            func.count(),
            func.sum(case((has_finished, 1), else_=0)),
            func.sum(case((and_(not_(has_finished), has_begun), 1), else_=0)),
        ).group_by(people.c.unit_id, text("reason"))
    )
    counts: dict[int, Counts] = {}
    left_out: dict[str, dict[int, int]] = {one: {} for one in (*REASONS, NOT_ASKED, EXEMPT)}
    for unit_id, why, headcount, complete, in_progress in rows:
        if why is None:
            counts[unit_id] = Counts(headcount, complete, in_progress)
        else:
            left_out[why][unit_id] = headcount
    return counts, left_out


def _how_far(
    session: Session, who: _Population, people: Subquery, day_end: datetime
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that somebody has finished, and that they have begun.

    Membership, not a join: somebody who took the course in several cycles is still one person.
    """
    organisation_id, course_id, on, plan = who.organisation_id, who.course_id, who.on, who.plan
    if plan is not None and not plan.is_simple:
        done, ended = who_finished(session, plan, on=on), attempts_that_ended(plan, on=on)
        begun = [people_who_began(one, before=day_end, leaving_out=ended) for one in sorted(plan.counted)]
        is_midway = or_(*(people.c.person_id.in_(ids) for ids in (done.have_done_a_step, *begun)))
        return people.c.person_id.in_(done.finished), is_midway
    finished = select(Completion.person_id).where(
        Completion.course_id == course_id,
        Completion.completed_at < day_end,
        counts_at(on, organisation_id=organisation_id, course_id=course_id),
        is_valid(session, plan, on=on),
    )
    if plan is not None and plan.periods:
        earlier = attempts_that_ended(plan, on=on)
    else:
        earlier = attempts_before(on, organisation_id=organisation_id, course_id=course_id)
    began = people_who_began(course_id, before=day_end, leaving_out=earlier)
    return people.c.person_id.in_(finished), people.c.person_id.in_(began)


def _tree(organisation: Organisation, units: Sequence[UnitOnDay], counts: Mapping[int, Counts]) -> Group:
    parts: defaultdict[int | None, list[UnitOnDay]] = defaultdict(list)
    for unit in units:
        parts[unit.parent_id].append(unit)
    children = tuple(_branch(unit, ("", "", ""), parts, counts) for unit in parts[None])
    return Group(Level.AUTHORITY, organisation.name, None, ("", "", ""), _sum(children), children)


def _branch(
    unit: UnitOnDay,
    above: tuple[str, str, str],
    parts: Mapping[int | None, Sequence[UnitOnDay]],
    counts: Mapping[int, Counts],
) -> Group:
    level = _LEVELS[unit.kind]
    place = _named(above, level, unit.name)
    own = counts.get(unit.id, Counts())
    children = tuple(_branch(part, place, parts, counts) for part in parts.get(unit.id, ()))
    if children and own.people:
        name = f"Directly in {unit.name}"
        children = (Group(_BELOW[level], name, None, _named(place, _BELOW[level], name), own), *children)
    return Group(level, unit.name, unit.id, place, _sum(children) if children else own, children)


_LEVELS = {
    UnitKind.DIRECTORATE: Level.DIRECTORATE,
    UnitKind.SERVICE: Level.SERVICE,
    UnitKind.TEAM: Level.TEAM,
}


def _named(place: tuple[str, str, str], level: Level, name: str) -> tuple[str, str, str]:
    names = list(place)
    names[_COLUMN[level]] = name
    return (names[0], names[1], names[2])


def _sum(groups: Sequence[Group]) -> Counts:
    return sum((group.counts for group in groups if group.counts), start=Counts())


def _trail(group: Group, unit_id: int) -> tuple[Group, ...] | None:
    if group.unit_id == unit_id:
        return (group,)
    for child in group.children:
        if below := _trail(child, unit_id):
            return (group, *below)
    return None
