"""The rule of completion: when a course counts as finished.

A course is finished when every module is complete and enough questions are right. A module is complete when the
learner has gone through all of its screens, in their order, or has skipped it after a pre-test; a screen with questions
or with a quiz that may not be left out is gone through when they are answered, and the quiz is passed or handed in.
Enough are right when the scored questions that were answered right at any try are at least the course's
``pass_percent`` of all scored questions. Questions of skipped modules and role questions of other roles do not count.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from courses.content.model.course import CourseDocument
from courses.records.attempts import CurrentAttempt


@dataclass(frozen=True)
class Score:
    """Scored questions that have been answered right at any try, out of all; and those still to get right."""

    right: int
    out_of: int
    to_retry: tuple[str, ...]

    def reaches(self, pass_percent: int) -> bool:
        """Whether enough are right; a course without scored questions always reaches."""
        return self.right * 100 >= pass_percent * self.out_of


def score(document: CourseDocument, best: Mapping[str, bool], skipped: Collection[str] = ()) -> Score:
    """Count ``best`` (question id to whether any try was right) against the course's scored questions.

    Those of ``skipped`` modules do not count: the person has shown in a pre-test that they know them.
    """
    left_out = {key for module in document.modules if module.id in skipped for key in module.question_ids}
    scored = [key for key in document.scored_question_ids if key not in left_out]
    return Score(
        right=sum(best.get(question_id, False) for question_id in scored),
        out_of=len(scored),
        to_retry=tuple(question_id for question_id in scored if not best.get(question_id, False)),
    )


def is_finished(document: CourseDocument, attempt: CurrentAttempt, best: Callable[[], Mapping[str, bool]]) -> bool:
    """Whether nothing is missing any more. ``document`` is the course as its learner is given it.

    ``best`` is called only when every module is complete, so that nearly no answer costs the reading of all others.
    """
    all_done = all(module.id in attempt.completed_modules for module in document.modules)
    return all_done and score(document, best(), attempt.skipped_modules).reaches(document.pass_percent)
