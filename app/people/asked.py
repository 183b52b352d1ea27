"""What is asked of a person, how far they are, and why the state is what it is: completion and days, nothing more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from app.platform.pages.templating import plural
from assignments.asked import RequiredCourse, required_courses_of
from assignments.in_the_record import employers_of
from assignments.plans import plans_on
from assignments.requirements import Requirement
from assignments.standing.explaining import Explanation, Reader, Standing, explanations
from courses.acceptance.judging import Employer
from courses.acceptance.words import accepts_words
from courses.catalogue.programmes import names_of_programmes
from courses.catalogue.versions import courses_by_id, current_versions
from courses.records.completion import Completion, completions_for
from kernel.clock import local_day
from people.visibility import PeopleScope
from reports.person_learning import CourseLearning


@dataclass(frozen=True)
class AskCard:
    """One course, the next step of a programme, or a whole one that is finished, that is asked of somebody.

    ``tag`` is its state, ``tone`` how that looks; ``why`` tells it by date and ends with the reason for the tag.
    ``rule`` is who is asked and by when, ``organisation_ids`` those that ask for ``course_id``.
    """

    slug: str
    title: str
    tag: str
    tone: str
    asked_by: str
    due_on: date | None
    is_finished: bool
    is_late: bool
    begun_on: date | None
    why: tuple[tuple[date, str], ...]
    rule: str = ""
    course_id: int = 0
    organisation_ids: frozenset[int] = frozenset()


def ask_cards(
    session: Session, *, person_id: int, learning: Iterable[CourseLearning], scope: PeopleScope, on: date
) -> tuple[AskCard, ...]:
    """What the authorities in this scope ask of a person: what is late first, then what is open, then what is done."""
    asked = _within(required_courses_of(session, person_id=person_id, on=on), scope)
    reader = Reader(organisation_ids=scope.organisation_ids)
    explained = {one.course_id: one for one in explanations(session, person_id=person_id, on=on, reader=reader)}
    cards = _finished_programmes(session, person_id, scope, on, explained)
    if not asked:
        return tuple(cards)
    titles = {course.id: (course.slug, version.title) for course, version in current_versions(session)}
    done = completions_for(session, person_id=person_id)
    begun = {one.course_id: one for one in learning}
    cards += [
        replace(
            _card(course, titles[key], begun.get(key), [one for one in done if one.course_id == key], on), course_id=key
        )
        for key, course in asked.items()
        if key in titles and course.is_alone
    ]
    steps = {key: course for key, course in asked.items() if course.programme_id and key in titles}
    cards += _programme_cards(session, steps, titles, begun, on)
    names = names_of_programmes(session, course_ids={one.programme_id for one in steps.values() if one.programme_id})
    cards = [
        _with_earlier_date(_explained(one, found, on), found, asked.get(one.course_id), names)
        for one in cards
        for found in [explained.get(one.course_id)]
    ]
    return tuple(sorted(cards, key=lambda one: (one.is_finished, not one.is_late, one.due_on or date.max, one.title)))


def _explained(card: AskCard, found: Explanation | None, on: date) -> AskCard:
    """The same with what is known of it: the rule, everything that happened, and last why the state is what it is."""
    if found is None:
        return card
    lines = [(one.on, f"{one.words}.") for one in found.events]
    if card.begun_on:
        lines.append((card.begun_on, "Began the course."))
    lines.sort(key=lambda one: one[0])
    reason = f"{found.sentence} So the state is “{card.tag}”."
    return replace(card, rule=found.rule, why=(*lines, (on, reason)))


def _with_earlier_date(
    card: AskCard, found: Explanation | None, course: RequiredCourse | None, names: Mapping[int, str]
) -> AskCard:
    """The same, and why its date is not that of its own rule, where a programme asks for the course sooner."""
    name = names.get(course.programme_id) if course and course.programme_id else None
    if name is None or found is None or found.due_on is None or card.due_on is None or card.due_on >= found.due_on:
        return card
    return replace(card, rule=f"{card.rule} The earlier date is that of “{name}”, of which it is a step.")


def _finished_programmes(
    session: Session, person_id: int, scope: PeopleScope, on: date, explained: Mapping[int, Explanation]
) -> list[AskCard]:
    """One card for each programme that somebody has finished: of its steps none is asked any more."""
    employers = employers_of(session, person_id=person_id, on=on, only=scope.organisation_ids)
    plans = plans_on(session, Requirement.organisation_id.in_(employers), Requirement.programme_id.is_not(None), on=on)
    if not plans:
        return []
    rows = courses_by_id(session, course_ids=sorted({plan.course_id for plan in plans}))
    return [
        AskCard(
            slug=rows[found.course_id].slug,
            title=found.course_title,
            tag="Finished",
            tone="done",
            asked_by=" and ".join(
                employers[plan.organisation_id] for plan in plans if plan.course_id == found.course_id
            ),
            due_on=found.due_on,
            is_finished=True,
            is_late=False,
            begun_on=None,
            why=tuple((one.on, one.words) for one in found.events),
            course_id=found.course_id,
        )
        for found in explained.values()
        if found.course_id in rows and found.state is Standing.FINISHED
    ]


def _programme_cards(
    session: Session,
    steps: Mapping[int, RequiredCourse],
    titles: Mapping[int, tuple[str, str]],
    begun: Mapping[int, CourseLearning],
    on: date,
) -> list[AskCard]:
    """One card for each programme: by what it is asked for, and the courses of which one does its next step."""
    ids = list(dict.fromkeys(course.programme_id for course in steps.values() if course.programme_id))
    if not ids:
        return []
    names, rows = names_of_programmes(session, course_ids=ids), courses_by_id(session, course_ids=ids)
    cards = []
    for programme_id in ids:
        keys = [key for key, course in steps.items() if course.programme_id == programme_id]
        first = next((key for key in keys if key in begun), keys[0])
        either = " or ".join(titles[key][1] for key in keys)
        named = (rows[programme_id].slug, f"{names[programme_id]}: {either}")
        card = _card(steps[first], named, begun.get(first), (), on)
        cards.append(replace(card, course_id=programme_id))
    return cards


def answer_of(name: str, cards: Sequence[AskCard], on: date) -> tuple[str, str]:
    """The first sentence of the page, which holds what matters, and what follows it."""
    if not cards:
        return f"Nothing is asked of {name} at the moment.", ""
    first = cards[0]
    if first.is_finished:
        return f"{name} has finished everything that is asked.", ""
    more = [_due_words(first, on), f"Begun on {_day(first.begun_on)}." if first.begun_on else "Not begun yet."]
    return f"{name} has not finished {first.title}.", " ".join(filter(None, more))


def _within(asked: Mapping[int, RequiredCourse], scope: PeopleScope) -> dict[int, RequiredCourse]:
    """What the authorities ask that somebody looks after; of the others nothing is said."""
    if scope.organisation_ids is None:
        return dict(asked)
    ids = scope.organisation_ids
    own = {
        key: replace(one, employers=tuple(by for by in one.employers if by.organisation_id in ids))
        for key, one in asked.items()
    }
    return {key: one for key, one in own.items() if one.employers}


def _card(
    course: RequiredCourse,
    named: tuple[str, str],
    learning: CourseLearning | None,
    done: Sequence[Completion],
    on: date,
) -> AskCard:
    refusing = course.refused_by(done)
    period = course.period
    is_over = period is not None and not period.holds_on(on)
    is_finished = bool(done) and refusing is None and not is_over
    finished_on = min((local_day(one.completed_at) for one in done), default=None)
    if period is not None:
        finished_on = period.completed_on
    is_late = not is_finished and course.is_past(on)
    begun_on = learning.begun_on if learning else None
    if (refusing or is_over) and begun_on and finished_on and begun_on <= finished_on:
        begun_on = None  # what led to a completion that does not count is not begun again
    tag, tone = _state(is_finished, is_late, begun_on, finished_on, course, on)
    return AskCard(
        slug=named[0],
        title=named[1],
        tag=tag,
        tone=tone,
        asked_by=" and ".join(one.organisation_name for one in course.employers),
        due_on=course.due_on,
        is_finished=is_finished,
        is_late=is_late,
        begun_on=begun_on,
        why=_why(course, learning, finished_on, refusing, is_late, on),
        organisation_ids=frozenset(one.organisation_id for one in course.employers),
    )


def _state(
    is_finished: bool, is_late: bool, begun_on: date | None, finished_on: date | None, course: RequiredCourse, on: date
) -> tuple[str, str]:
    if is_finished and finished_on:
        return f"Finished {_day(finished_on)}", "done"
    if is_late and course.last_on:
        return f"Past its date, {plural((on - course.last_on).days, 'day')}", "due"
    return ("In progress", "") if begun_on else ("Not started", "quiet")


def _why(
    course: RequiredCourse,
    learning: CourseLearning | None,
    finished_on: date | None,
    refusing: Employer | None,
    is_late: bool,
    on: date,
) -> tuple[tuple[date, str], ...]:
    """What happened, by date."""
    lines = [(by.joined_on, f"The time at {by.organisation_name} began.") for by in course.employers]
    if learning and learning.begun_on:
        lines.append((learning.begun_on, "The course was begun."))
    if finished_on:
        lines.append((finished_on, "The course was finished."))
    if course.period and course.period.valid_until:
        is_was = "is" if course.period.holds_on(on) else "was"
        lines.append((course.period.valid_until, f"This {is_was} the last day on which that is valid."))
    if refusing:
        words = accepts_words(refusing.accepts, refusing.months)
        lines.append(
            (refusing.refuses_since, f"At {refusing.organisation_name} {words}, so the course is asked again.")
        )
    if is_late and course.due_on:
        lines.append((course.due_on, "The date passed before the end of the course. So the state is “past its date”."))
    return tuple(sorted(lines, key=lambda one: one[0]))


def _due_words(card: AskCard, on: date) -> str:
    if card.due_on is None:
        return "No date is set."
    days = (card.due_on - on).days
    if days == 0:
        return "The date is today."
    is_was, ago = ("is", f"in {plural(days, 'day')}") if days > 0 else ("was", f"{plural(-days, 'day')} ago")
    return f"The date {is_was} {_day(card.due_on)}, {ago}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
