"""The demo's people answer every kind of question, sometimes rightly and sometimes not."""

from collections import defaultdict
from datetime import timedelta
from random import Random

from courses.marking import mark
from demo.learning import Learner
from tests.app.learn.screens.test_typed import QUESTIONS, SCREENS
from tests.builders.region import NOON, TODAY, a_document


def test_numbers_words_and_gaps_are_answered_rightly_and_not() -> None:
    document = a_document(first=SCREENS, questions=QUESTIONS)
    learner = Learner(document, Random(1))  # noqa: S311 - nothing secret
    seen: dict[str, set[bool]] = defaultdict(set)
    for _ in range(200):
        for given in learner.study(earliest=TODAY - timedelta(days=90), now=NOON).tries:
            assert mark(document.questions[given.question_id], given.response) == given.result
            seen[given.question_id].add(given.result.is_right)
    assert seen == {f"TC-M1-Q{number}": {True, False} for number in (1, 2, 3)}
