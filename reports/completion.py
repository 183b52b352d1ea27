"""How far an authority's people are with a course. One function counts for page, chart and download."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from assignments.plans import find_plan
from courses.catalogue.programmes import versions_of_programmes
from courses.catalogue.versions import Course, get_current_version
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation
from reports.figures.counting import Counted, Reason, count
from reports.figures.definition import EVERYBODY, By, Cut, FigureDefinition, cut_arguments
from reports.figures.population import Question
from reports.groups import Counts, Group, RoundedCounts
from reports.suppression import (
    OTHERS,
    SMALLEST_SHOWN,
    LeftOutFigure,
    LeftOutFigures,
    gather_small_groups,
    hide_small_groups,
)

# There are two parts at most of each, which are called the same everywhere.
YES_OR_NO = (By.MANAGER, By.EMAIL)


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
    # On an earlier day: of which day the figures of groups are that are not large.
    small_groups_on: date | None = None
    cut: Cut = EVERYBODY
    # Whether who is past their own date is counted too, and anybody could be.
    has_late: bool = False

    @property
    def definition(self) -> FigureDefinition:
        """What these are the figures of: asked for again, it is the same question."""
        return FigureDefinition(self.organisation_slug, self.course_slug, self.on, self.cut)

    @property
    def is_of_earlier_day(self) -> bool:
        """Whether these are the rounded figures of a day that is over."""
        return self.step > 1

    def day_of(self, group: Group) -> date:
        """The day of which a group’s figures are: on earlier days, that of a small group may be one before."""
        return group.counts.on if isinstance(group.counts, RoundedCounts) else self.on

    def arguments_of(self, group: Group) -> dict[str, str]:
        """What stands in an address for one group; nothing for one that has no figures of its own."""
        by = self.cut.by
        is_part = group.unit_id is not None if by is By.UNIT else group.key not in ("", OTHERS)
        return cut_arguments(Cut(by, group.key)) if is_part else {}

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
    cut: Cut = EVERYBODY,
    smallest_shown: int = SMALLEST_SHOWN,
) -> CompletionFigures:
    """How far the people who count are: in total and by directorate, service and team, or of one unit; or by another
    thing that tells people apart, or of one part of it.

    What is hidden is decided for the whole authority first: no view of a part shows what another view hides.
    A handful of queries, however large the authority. Raises ``NotFound`` for a unit that is not there, ``RuleBroken``
    for another part that is not shown, and ``ValueError`` for a ``smallest_shown`` below 10.
    """
    return _figures(session, organisation, course, _Asked(on, now, cut, smallest_shown))


def figures_with_late(
    session: Session,
    *,
    organisation: Organisation,
    course: Course,
    on: date,
    now: datetime,
    cut: Cut = EVERYBODY,
    smallest_shown: int = SMALLEST_SHOWN,
) -> CompletionFigures:
    """The same, and who is past their own date, where anybody could be. Raises as ``completion_figures`` does."""
    return _figures(session, organisation, course, _Asked(on, now, cut, smallest_shown, with_late=True))


@dataclass(frozen=True)
class _Asked:
    on: date
    now: datetime
    cut: Cut
    smallest_shown: int
    with_late: bool = False


def _figures(session: Session, organisation: Organisation, course: Course, asked: _Asked) -> CompletionFigures:
    title, number = title_and_version(session, course)
    counted = counted_groups(
        session,
        organisation=organisation,
        course_id=course.id,
        on=asked.on,
        by=asked.cut.by,
        with_late=asked.with_late,
    )
    total, left_out = shown_today(counted, asked.cut, smallest_shown=asked.smallest_shown)
    return CompletionFigures(
        organisation_name=organisation.name,
        organisation_slug=organisation.slug,
        course_title=title,
        course_slug=course.slug,
        course_version=number,
        on=asked.on,
        as_at=asked.now,
        smallest_shown=asked.smallest_shown,
        total=total,
        left_out=left_out,
        cut=asked.cut,
        has_late=counted.has_late,
    )


def shown_today(counted: Counted, cut: Cut, *, smallest_shown: int = SMALLEST_SHOWN) -> tuple[Group, LeftOutFigures]:
    """What may be seen of an exact count: all of it, or the part that is asked for. Raises as ``part_in`` does."""
    if cut.by is By.UNIT:
        whole = hide_small_groups(counted.total, smallest_shown=smallest_shown)
    else:
        whole = gather_small_groups(counted.total, other_parts(cut.by), smallest_shown=smallest_shown)
    return part_in(whole, cut), _left_out(counted.left_out, cut, smallest_shown)


def other_parts(by: By) -> str:
    """What stands for all the parts that are too small to be named."""
    return "Both together" if by in YES_OR_NO else f"Other {by.value}s"


def _left_out(reasons: Sequence[Reason], cut: Cut, smallest_shown: int) -> LeftOutFigures:
    """The reasons that leave anybody out of a part. Each is hidden in the whole authority first, as the figures are."""
    found = []
    for words, exact in reasons:
        asked = exact if cut.part else replace(exact, children=())
        group = find_part(hide_small_groups(asked, smallest_shown=smallest_shown), cut)
        if group is None and cut.by is not By.UNIT:
            found.append(LeftOutFigure(words, None))  # also where there is nobody: which of them have anybody is hidden
        elif group is not None and (group.counts is None or group.counts.people):
            found.append(LeftOutFigure(words, group.counts.people if group.counts else None))
    return LeftOutFigures(tuple(found))


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
    session: Session, *, organisation: Organisation, course_id: int, on: date, by: By = By.UNIT, with_late: bool = False
) -> Counted:
    """What is counted of a day, exactly. Nothing is hidden yet: whoever shows it has to."""
    plan = find_plan(session, organisation_id=organisation.id, course_id=course_id, on=on)
    question = Question(organisation.id, course_id, on, plan)
    return count(session, question, organisation=organisation, by=by, with_late=with_late)


def find_part(whole: Group, cut: Cut) -> Group | None:
    """The part of a tree or a list that is asked for, or all of it; ``None`` where it is not there."""
    if not cut.part:
        return whole
    return next((one for one in whole.walk() if one.key == cut.part), None)


def part_in(whole: Group, cut: Cut) -> Group:
    """The same. Raises ``NotFound`` for a unit that is not there; ``RuleBroken`` for anything else, of which nobody is
    to learn whether it is not there or too small."""
    found = find_part(whole, cut)
    if found is None and cut.by is By.UNIT:
        raise NotFound(f"unit {cut.part} of {whole.name}")
    if found is None:
        if cut.by in YES_OR_NO:
            raise RuleBroken("This part is not in these figures: few people are in it, or nobody.")
        raise RuleBroken(f"The {cut.by.value} “{cut.part}” is not in these figures: few people have it, or nobody.")
    return found


def without_started(figures: CompletionFigures) -> CompletionFigures:
    """The same figures for those who may not see who has started."""
    return replace(figures, total=_without_started(figures.total), shows_started=False)


def _without_started(group: Group) -> Group:
    held = group.counts
    counts = Counts(held.people, held.complete, late=held.late) if held else None
    return replace(group, counts=counts, children=tuple(map(_without_started, group.children)))


def _trail(group: Group, unit_id: int) -> tuple[Group, ...] | None:
    if group.unit_id == unit_id:
        return (group,)
    for child in group.children:
        if below := _trail(child, unit_id):
            return (group, *below)
    return None
