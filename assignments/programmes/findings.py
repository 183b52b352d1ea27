"""What is wrong with a programme, all of it at once, in words. Pure: no session."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_STEPS, MOST_ROUTES = 12, 6


@dataclass(frozen=True)
class Route:
    """A published course as a route of a step: after which course it opens, if it follows one."""

    course_id: int
    title: str
    follows_id: int | None = None


@dataclass(frozen=True)
class Fault:
    """What is wrong, and the number of the step that it is about; 0 for the name."""

    step_number: int
    words: str


def faults_in_steps(
    steps: Sequence[Sequence[int]], published: Mapping[int, Route], programmes: Mapping[int, str] | None = None
) -> tuple[Fault, ...]:
    """Everything that is wrong with these steps, in their order. Courses are ids; 0 is one that nobody chose.

    ``programmes`` are the names of those among the ids that are programmes, which no step can be: a programme would
    then go round in a circle as soon as one of two that hold each other is changed.
    """
    if not any(course for step in steps for course in step):
        return (Fault(1, "Choose a course for at least one step: this programme asks for nothing"),)
    found = [Fault(MOST_STEPS, f"A programme has at most {MOST_STEPS} steps")] if len(steps) > MOST_STEPS else []
    for number, step in enumerate(steps, start=1):
        found += _faults_in_step(number, [course for course in step if course], published, programmes or {})
        found += _faults_with_others(number, steps, published)
    return tuple(found)


def _faults_in_step(
    number: int, step: Sequence[int], published: Mapping[int, Route], programmes: Mapping[int, str]
) -> list[Fault]:
    if not step:
        return [Fault(number, f"Step {number} has no course. Choose one, or remove the step")]
    found = []
    if len(step) > MOST_ROUTES:
        found.append(Fault(number, f"Step {number} has more than {MOST_ROUTES} courses to choose from"))
    for course, count in Counter(step).items():
        if course in programmes:
            words = (
                f"Step {number} is the programme {programmes[course]}. A step is a course: choose its courses instead"
            )
            found.append(Fault(number, words))
        elif course not in published:
            found.append(Fault(number, f"A course of step {number} is not published, so nobody can take it"))
        elif count > 1:
            words = f"Step {number} names {published[course].title} more than once. Once is enough"
            found.append(Fault(number, words))
    return found


def _faults_with_others(number: int, steps: Sequence[Sequence[int]], published: Mapping[int, Route]) -> list[Fault]:
    step, before = list(dict.fromkeys(steps[number - 1])), [course for one in steps[: number - 1] for course in one]
    found = [
        Fault(number, f"{published[course].title} is in an earlier step too. One completion would do both: keep one")
        for course in step
        if course in before and course in published
    ]
    known = [published[course] for course in step if course in published]
    later = {course for one in steps[number:] for course in one} - set(before) - set(step)
    if known and len(known) == len([course for course in step if course]):
        stuck = [one for one in known if one.follows_id is not None and one.follows_id in later]
        if len(stuck) == len(known):
            after = published[stuck[0].follows_id or 0].title if stuck[0].follows_id in published else "another course"
            words = f"{stuck[0].title} opens only after {after}, which comes later here: it goes round in a circle"
            found.append(Fault(number, words))
    return found
