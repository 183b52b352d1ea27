"""Counting the answers of a version: facility, discrimination, what was chosen, sureness and time, in one pass.

Discrimination is the corrected item-rest correlation: Pearson’s r between the share of the points that somebody won at
this question and the average share that they won at the other scored questions, always at first tries. For a question
that is right or wrong it is the point-biserial correlation. The question itself is left out of the rest, or it would
agree with itself. Source: S. Henrysson (1963), Correction of item-total correlations in item analysis, Psychometrika
28(2), 211-218; see also L. Crocker and J. Algina (1986), Introduction to Classical and Modern Test Theory, chapter 14.
People count who answered at least five others, and it takes thirty of them: with fewer, chance alone makes a good
question look like a bad one.

What two counts a day apart show must not tell what one person answered. So a question’s people are counted in whole
groups of ten in the order of their answers, and late tries in whole groups too. Versions share no person’s attempt,
and nothing is added up over versions, so one cannot be taken from another.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from courses.analysis.first_tries import FirstTry, Place, first_tries, whole_groups_until
from courses.content.model.course import CourseDocument
from courses.marking.question import Question
from courses.records.quiz_records import Certainty
from kernel.rounding import rounded_to
from reports.items.arithmetic import Correlation, quartiles
from reports.items.choices import chosen_in, parts_of
from reports.items.figures import ItemFigures, PartFigures, SureFigures, VersionFigures
from reports.suppression import SMALLEST_SHOWN, check_threshold, whole_steps

FEWEST_OTHERS = 5
FEWEST_COMPARED = 30


class Tally:
    """What is known of one question in one place while answers stream by."""

    def __init__(self, place: Place, question: Question) -> None:
        self._place, self._question = place, question
        self._people = self._right = self._later_right = self._rated = self._sure_wrong = 0
        self._score = 0.0
        self._rest = Correlation()
        self._reached: Counter[str] = Counter()
        self._chosen: Counter[tuple[str, str]] = Counter()
        self._sure_chosen: Counter[tuple[str, str]] = Counter()
        self._seconds: Counter[int] = Counter()
        parts = parts_of(question)
        self._parts = tuple(part.key for part in parts)
        self._wrong = {(part.key, one.id) for part in parts for one in part.choices if one.is_right is False}

    def add(self, first: FirstTry, rest: float | None) -> None:
        """Count one person. ``rest`` is their average share elsewhere, ``None`` where they did too little."""
        self._people += 1
        self._right += first.is_right
        self._later_right += first.right_at is not None and first.right_at > 1
        self._score += first.score
        chosen = set(chosen_in(self._question, first.response))
        self._chosen.update(chosen)
        self._reached.update({part for part, _ in chosen})
        if first.seconds is not None:
            self._seconds[first.seconds] += 1
        if rest is not None:
            self._rest.add(first.score, rest)
        if first.certainty is not None:
            self._rated += 1
            if first.certainty is Certainty.VERY_SURE and first.score < 0.5:
                self._sure_wrong += 1
                self._sure_chosen.update(chosen & self._wrong)

    def figures(self, *, smallest_shown: int) -> ItemFigures:
        """What may be stored and shown: nothing of too few people."""
        question_id, quiz_id = self._place
        if self._people < smallest_shown:
            return ItemFigures(question_id, quiz_id)
        return ItemFigures(
            question_id=question_id,
            quiz_id=quiz_id,
            people=self._people,
            right=self._right,
            score=self._score / self._people,
            later_right=whole_steps(self._later_right, smallest_shown),
            discrimination=self._discrimination(smallest_shown),
            parts={
                part: PartFigures(self._reached[part], {id_: n for (at, id_), n in self._chosen.items() if at == part})
                for part in self._parts
                if self._reached[part] >= smallest_shown
            },
            sure=self._sure(smallest_shown),
            seconds=self._time(smallest_shown),
        )

    def _discrimination(self, smallest_shown: int) -> float | None:
        value = self._rest.value if self._rest.pairs >= max(FEWEST_COMPARED, smallest_shown) else None
        return None if value is None else float(rounded_to(value, 2))

    def _sure(self, smallest_shown: int) -> SureFigures | None:
        if self._rated < smallest_shown:
            return None
        # The name of the choice decides between two that are equally common: the same answers give the same figures.
        most = max(self._sure_chosen, key=lambda one: (self._sure_chosen[one], one), default=("", ""))
        return SureFigures(self._rated, self._sure_wrong, *most)

    def _time(self, smallest_shown: int) -> tuple[float, float, float] | None:
        found = quartiles(self._seconds) if self._seconds.total() >= smallest_shown else None
        return (found.lower, found.median, found.upper) if found else None


def count_items(
    session: Session,
    *,
    version_id: int,
    document: CourseDocument,
    now: datetime,
    smallest_shown: int = SMALLEST_SHOWN,
) -> VersionFigures:
    """The figures of every question of a version. Four queries; reads every answer, so it is no work for a page.

    Raises ``ValueError`` for a ``smallest_shown`` below 10.
    """
    check_threshold(smallest_shown)
    tallies = {place: Tally(place, document.questions[place[0]]) for place in places_in(document)}
    until = whole_groups_until(session, version_id=version_id, size=smallest_shown)
    scored = {key for key, question in document.questions.items() if question.scored}
    for person in first_tries(session, version_id=version_id):
        known = [first for first in person if first.place in tallies]
        rests = _rests(known, scored)
        for first, rest in zip(known, rests, strict=True):
            last = until.get(first.place)
            if last is not None and first.final_at <= last[1]:
                tallies[first.place].add(first, rest)
    items = tuple(tally.figures(smallest_shown=smallest_shown) for tally in tallies.values())
    return VersionFigures(now, smallest_shown, items)


def places_in(document: CourseDocument) -> tuple[Place, ...]:
    """Every place in which a version asks a question: its screens in order, then each quiz with what it may ask."""
    in_quizzes = ((key, quiz.id) for quiz in document.quizzes.values() for key in quiz.bank(document.questions))
    places: list[Place] = [(key, None) for key in document.question_ids]
    return tuple(place for place in dict.fromkeys([*places, *in_quizzes]) if place[0] in document.questions)


def _rests(tries: Sequence[FirstTry], scored: set[str]) -> list[float | None]:
    """For each try the average share of the points at the other scored questions; ``None`` where they are few.

    A question that was also met in another place is left out of its own rest.
    """
    sums: defaultdict[str, float] = defaultdict(float)
    met: Counter[str] = Counter()
    for first in tries:
        if first.place[0] in scored:
            sums[first.place[0]] += first.score
            met[first.place[0]] += 1
    all_points, all_met = sum(sums.values()), met.total()
    rests: list[float | None] = []
    for first in tries:
        others = all_met - met[first.place[0]]
        points = all_points - sums.get(first.place[0], 0.0)
        rests.append(points / others if others >= FEWEST_OTHERS else None)
    return rests
