"""What somebody is told about training from before they joined an authority that asks for the course."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assignments.asked import RequiredCourse
from courses.acceptance.judging import Employer
from courses.acceptance.words import why_it_counts, why_it_does_not_count
from courses.records.attempts import CurrentAttempt
from courses.records.completion import Completion, leads_to
from kernel.clock import local_day


@dataclass(frozen=True)
class EarlierTraining:
    """A completion from before, and the authority that accepts it or asks for the course again. ``words`` say why."""

    completion: Completion
    is_refused: bool
    words: str

    def attempt_since(self, attempt: CurrentAttempt | None) -> CurrentAttempt | None:
        """The attempt, if it is not the one that led to this completion."""
        return None if attempt is None or leads_to(attempt, self.completion.cycle) else attempt


def earlier_training(
    asked: Mapping[int, RequiredCourse], completions: Iterable[Completion]
) -> dict[int, EarlierTraining]:
    """By course, what to say of what somebody completed elsewhere. ``completions`` are all that stand, of each course
    first the one that speaks for its person."""
    of_course: defaultdict[int, list[Completion]] = defaultdict(list)
    for one in completions:
        of_course[one.course_id].append(one)
    found = {key: _told(asked[key], done) for key, done in of_course.items() if key in asked}
    return {key: one for key, one in found.items() if one is not None}


def _told(course: RequiredCourse, done: list[Completion]) -> EarlierTraining | None:
    refusing, newest = course.refused_by(done), done[0]
    day = local_day(newest.completed_at)
    if refusing is not None:
        return EarlierTraining(newest, True, why_it_does_not_count(refusing, day))
    accepting = _accepting(course.employers, newest)
    return EarlierTraining(newest, False, why_it_counts(accepting)) if accepting else None


def _accepting(employers: Iterable[Employer], completion: Completion) -> Employer | None:
    return next((one for one in employers if one.is_earlier(completion) and not one.refuses(completion)), None)
