"""What the demo's people have learned: when those who finished did, and how far those midway have come."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

from courses.content.files.role_questions import as_given_to
from courses.content.model.course import CourseDocument, Module
from courses.content.model.quiz import Quiz
from courses.content.model.quiz_draw import drawn_questions
from courses.marking import InvalidResponse, Mark, Question, Response, kind_of, mark, marking_version
from courses.marking.kinds.figures import plain_figure
from courses.records.quiz_records import Certainty
from demo.habits import Habit
from demo.stories import ways_through
from kernel.clock import LOCAL

PROGRAMME_DAYS = 545
_LAUNCH_DAYS = 120
_NEARLY_THERE = 0.25  # of those midway
_LEAVE_IT_OUT = 0.2  # of those who come to a quiz that they need not take


def completion_moment(random: Random, *, earliest: date, latest: date) -> datetime | None:
    """A moment in working hours on a working day between two days, or ``None`` when there is no such day.

    A third of people finish in the launch campaign, the others whenever they come to it.
    """
    latest_in_launch = min(latest, earliest + timedelta(days=_LAUNCH_DAYS))
    last = latest_in_launch if random.random() < 1 / 3 else latest
    days = (last - earliest).days
    if days < 0:
        return None
    day = earliest + timedelta(days=random.randint(0, days))
    day -= timedelta(days=max(0, day.weekday() - 4))
    return _working_hours(random, day) if day >= earliest else None


def _working_hours(random: Random, day: date) -> datetime:
    return datetime.combine(day, time(8), LOCAL) + timedelta(seconds=random.randint(0, 10 * 3600))


@dataclass(frozen=True)
class Try:
    """One answer to one question; ``certainty`` is of answers in quizzes."""

    question_id: str
    number: int
    response: Response
    result: Mark
    marking_version: int
    answered_at: datetime
    seconds: int
    certainty: Certainty | None = None


@dataclass(frozen=True)
class SittingTaken:
    """A quiz that was taken and handed in."""

    quiz: Quiz
    seed: str
    started_at: datetime
    tries: tuple[Try, ...]


@dataclass
class Study:
    """An attempt that has not reached its end."""

    started_at: datetime
    last_seen_at: datetime
    at_module: str
    at_screen: int
    screens_done: dict[str, int] = field(default_factory=dict)
    completed_at: dict[str, datetime] = field(default_factory=dict)
    tries: list[Try] = field(default_factory=list)
    sittings: list[SittingTaken] = field(default_factory=list)


class Learner:
    """Walks through a course the way a person does: screen by screen, with mistakes, with days in between."""

    def __init__(self, document: CourseDocument, random: Random) -> None:
        self._random = random
        self._places = [
            (module, number)
            for module in as_given_to(document, ()).modules
            for number, _ in enumerate(module.screens, start=1)
        ]
        self._versions = {identity: marking_version(question) for identity, question in document.questions.items()}
        self._answers = {identity: _answers_to(question) for identity, question in document.questions.items()}
        self._quizzes = document.quizzes
        self._questions = document.questions
        self._habits = {identity: Habit.drawn(random) for identity in document.questions}
        self._after_quizzes = self._first_place_after_quizzes()

    def _first_place_after_quizzes(self) -> int | None:
        """The place after the last quiz; ``None`` without one, and where nothing follows it."""
        after = [place + 1 for place, (module, number) in enumerate(self._places) if module.screens[number - 1].quiz_id]
        return after[-1] if after and after[-1] < len(self._places) else None

    def _stops_at(self) -> int:
        """Most people who stop, stop early; a few stop shortly before the end."""
        last = len(self._places) - 1
        if self._after_quizzes is not None and self._random.random() < _NEARLY_THERE:
            return self._random.randint(self._after_quizzes, last)
        return min(last, round(self._random.triangular(0, len(self._places), 2)))

    def study(self, *, earliest: date, now: datetime) -> Study:
        """An attempt begun in the last four months, after ``earliest``; it stops short of the last screen."""
        longest = max(1, min(120, (now.date() - earliest).days))
        moment = _working_hours(self._random, now.date() - timedelta(days=self._random.randint(1, longest)))
        first, _ = self._places[0]
        study = Study(moment, moment, first.slug, 1)
        able = self._random.gauss(0, 0.15)
        for (module, screen), (next_module, next_screen) in pairwise(self._places[: self._stops_at() + 1]):
            moment += timedelta(seconds=self._random.randint(30, 180))
            self._finish(study, module, screen, moment, able)
            if next_module is not module and self._random.random() < 0.6:
                moment += (now - moment) * self._random.uniform(0.05, 0.5)
            study.at_module, study.at_screen, study.last_seen_at = next_module.slug, next_screen, moment
        return study

    def _finish(self, study: Study, module: Module, screen: int, moment: datetime, able: float) -> None:
        study.screens_done[module.id] = screen
        if screen == len(module.screens):
            study.completed_at[module.id] = moment
        for question_id in module.screens[screen - 1].question_ids:
            study.tries += self._tries(question_id, moment, able)
        quiz = self._quizzes.get(module.screens[screen - 1].quiz_id or "")
        if quiz is not None and not (quiz.optional and self._random.random() < _LEAVE_IT_OUT):
            sat = self._sit(quiz, moment, able)
            study.sittings += [sat] if sat.tries else []

    def _tries(self, question_id: str, moment: datetime, able: float) -> list[Try]:
        tries: list[Try] = []
        while True:
            given = self._try(question_id, len(tries) + 1, moment - timedelta(seconds=20 - 5 * len(tries)), able)
            if given is None:
                return tries
            tries.append(given)
            if given.result.is_right or len(tries) == 3 or self._random.random() < 0.3:
                return tries

    def _try(self, question_id: str, number: int, answered_at: datetime, able: float) -> Try | None:
        """One answer; ``None`` for a question that cannot be answered, or not wrongly when that is due."""
        (right, wrong), habit = self._answers[question_id], self._habits[question_id]
        is_right = bool(right) and (not wrong or self._random.random() < habit.chance(able))
        pool = right if is_right else wrong
        if not pool:
            return None
        # The first of several mistakes is the most common one.
        response, result = self._random.choices(pool, [1 / place for place in range(1, len(pool) + 1)])[0]
        seconds = max(2, round(self._random.lognormvariate(habit.pace, 0.5)))
        return Try(question_id, number, response, result, self._versions[question_id], answered_at, seconds)

    def _sit(self, quiz: Quiz, moment: datetime, able: float) -> SittingTaken:
        seed = f"demo-{self._random.getrandbits(48):012x}"
        drawn = drawn_questions(quiz, self._questions, seed)
        found = (self._try(question_id, 1, moment, able) for question_id in drawn)
        tries = [given for given in found if given is not None]
        if quiz.certainty:
            tries = [replace(given, certainty=self._certainty(given)) for given in tries]
        return SittingTaken(quiz, seed, moment - timedelta(seconds=25), tuple(tries))

    def _certainty(self, given: Try) -> Certainty:
        weights = (1, 3, 4) if given.result.is_right else self._habits[given.question_id].sureness_when_wrong
        return self._random.choices(list(Certainty), weights)[0]


Marked = list[tuple[Response, Mark]]


def _answers_to(question: Question) -> tuple[Marked, Marked]:
    """Right and wrong responses with their marks; both empty for a kind that is not installed."""
    right: Marked = []
    wrong: Marked = []
    for response in _responses(question):
        try:
            result = mark(question, response)
        except InvalidResponse:
            continue
        (right if result.is_right else wrong).append((response, result))
    return right, wrong


def _responses(question: Question) -> Sequence[Response]:
    kind = kind_of(question.kind)
    match kind.shape if kind else None:
        case "one":
            return [option.id for option in question.options]
        case "many":
            wanted = [option.id for option in question.options if option.is_right]
            others = [option.id for option in question.options if not option.is_right]
            return [wanted, wanted[:-1], [*wanted[1:], *others[:1]], others]
        case "order":
            items = [item.id for item in question.items]
            return [items, items[1:] + items[:1], [items[1], items[0], *items[2:]]]
        case "pairs":
            answers = {row.id: row.answer_id for row in question.rows}
            first, *others = answers.values()
            moved = dict(zip(answers, [*others, first], strict=True))
            lines = list(answers)
            swapped = {**answers, lines[0]: answers[lines[1]], lines[1]: answers[lines[0]]}
            return [answers, swapped, moved]
        case "text":
            return _typed(question)
        case "gaps":
            return _gaps_filled(question)
        case "path":
            return ways_through(question)
        case _:
            return []


def _typed(question: Question) -> Sequence[Response]:
    if question.number is not None:
        number = question.number
        step = max(number.tolerance, abs(number.answer) / 10, Decimal(1))
        return [plain_figure(value) for value in (number.answer, number.highest + step, number.lowest - step)]
    if question.short is not None:
        misses = [miss.text for miss in question.short.not_accepted]
        return [*question.short.accepted, *misses, "I do not know"]
    return []


def _gaps_filled(question: Question) -> Sequence[Response]:
    gaps = question.cloze.gaps if question.cloze else ()
    right = {gap.id: gap.right_id for gap in gaps}
    others = {gap.id: next(choice.id for choice in gap.choices if not choice.is_right) for gap in gaps}
    first = dict(list(others.items())[:1])
    return [right, {**right, **first}, others]
