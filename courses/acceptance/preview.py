"""What a rule about earlier training would do, before it is set: how many people are asked again, by course."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, aliased

from courses.acceptance.judging import Employer
from courses.acceptance.rules import Accepts, EarlierTrainingRule, NewRule, rules_of
from courses.catalogue.versions import CourseVersion
from courses.records.completion import Completion, is_standing
from people.counting import people_of, who_count
from people.jobs.joining import joined_on
from people.organisations import Organisation


@dataclass(frozen=True)
class CoursePreview:
    """One course: how many completed it elsewhere before they joined, for how many of them that does not count as
    things stand, and for how many it would not."""

    course_id: int
    title: str
    people: int
    again_now: int
    again_then: int


@dataclass(frozen=True)
class RulePreview:
    """All courses that a rule is about and that anybody came with, by title, and their people counted once each."""

    on: date
    people: int
    again_now: int
    again_then: int
    courses: tuple[CoursePreview, ...]


@dataclass(frozen=True)
class _Done:
    organisation_id: int
    completed_at: datetime
    joined_on: date


_People = Mapping[int, Sequence[_Done]]


def preview_rule(session: Session, rule: NewRule) -> RulePreview:
    """What would become of people who count on the first day of the rule and came from elsewhere with training."""
    held = rules_of(session, organisation_id=rule.organisation_id)
    came_with = _came_with(session, rule)
    # A course that has a rule of its own goes on by that.
    about = [key for key in came_with if rule.course_id is not None or not _own_rule(held, key, rule.holds_from)]
    titles = _titles(session, about)
    lines, everybody, now, then = [], set[int](), set[int](), set[int]()
    for course_id in about:
        people = came_with[course_id]
        before = _refused(people, rule, *rule_for(held, course_id=course_id, on=rule.holds_from))
        after = _refused(people, rule, *_after(held, rule))
        lines.append(CoursePreview(course_id, titles[course_id], len(people), len(before), len(after)))
        everybody, now, then = everybody | people.keys(), now | before, then | after
    lines.sort(key=lambda one: (one.title, one.course_id))
    return RulePreview(rule.holds_from, len(everybody), len(now), len(then), tuple(lines))


def rule_for(rules: Iterable[EarlierTrainingRule], *, course_id: int | None, on: date) -> tuple[Accepts, int | None]:
    """By which of an authority’s rules, the latest first, a course goes on a day; with ``None`` what is said of all."""
    held = list(rules)
    own = _own_rule(held, course_id, on) if course_id is not None else None
    found = own or next((one for one in held if one.course_id is None and one.holds_from <= on), None)
    return (found.accepts, found.months) if found else (Accepts.ALL, None)


def _own_rule(rules: Iterable[EarlierTrainingRule], course_id: int, on: date) -> EarlierTrainingRule | None:
    found = next((one for one in rules if one.course_id == course_id and one.holds_from <= on), None)
    return None if found is None or found.accepts is Accepts.AS_FOR_ALL else found


def _after(held: Sequence[EarlierTrainingRule], rule: NewRule) -> tuple[Accepts, int | None]:
    if rule.accepts is Accepts.AS_FOR_ALL:
        return rule_for(held, course_id=None, on=rule.holds_from)
    return rule.accepts, rule.months


def _refused(people: _People, rule: NewRule, accepts: Accepts, months: int | None) -> set[int]:
    def is_refused(done: _Done) -> bool:
        return Employer(rule.organisation_id, "", done.joined_on, accepts, months).refuses(done)

    return {key for key, done in people.items() if all(map(is_refused, done))}


def _came_with(session: Session, rule: NewRule) -> Mapping[int, _People]:
    """By course and person what they completed, of those who count and completed it elsewhere before they joined."""
    people = people_of(organisation_id=rule.organisation_id, on=rule.holds_from)
    elsewhere, here = aliased(Completion), rule.organisation_id
    joined = joined_on(person_id=Completion.person_id, organisation_id=Organisation.id, on=rule.holds_from)
    rows = session.execute(
        select(Completion.course_id, Completion.person_id, Completion.organisation_id, Completion.completed_at, joined)
        .join(people, people.c.person_id == Completion.person_id)
        .join(Organisation, Organisation.id == here)
        .where(
            who_count(people),
            is_standing(),
            true() if rule.course_id is None else Completion.course_id == rule.course_id,
            Completion.person_id.in_(select(elsewhere.person_id).where(elsewhere.organisation_id != here)),
        )
    )
    found: defaultdict[int, defaultdict[int, list[_Done]]] = defaultdict(lambda: defaultdict(list))
    for course_id, person_id, *done in rows:
        found[course_id][person_id].append(_Done(*done))
    came = {course_id: _only_earlier(of_course, here) for course_id, of_course in found.items()}
    return {course_id: of_course for course_id, of_course in came.items() if of_course}


def _only_earlier(people: _People, organisation_id: int) -> _People:
    """Those of whom something was completed elsewhere before they joined."""
    return {
        key: done
        for key, done in people.items()
        if any(Employer(organisation_id, "", one.joined_on).is_earlier(one) for one in done)
    }


def _titles(session: Session, course_ids: Sequence[int]) -> dict[int, str]:
    newest = (
        select(func.max(CourseVersion.id))
        .where(CourseVersion.course_id.in_(course_ids))
        .group_by(CourseVersion.course_id)
    )
    found = select(CourseVersion.course_id, CourseVersion.title).where(CourseVersion.id.in_(newest))
    return dict(session.execute(found).all())
