"""How long and how hard to read the screens and modules of a course are, against the budget of the writing rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.content.html.plain_text import ScreenText, screen_texts
from courses.content.model.course import CourseDocument, Module
from courses.content.text_rules.readability import Readability, readability_of
from courses.marking.question import Question
from courses.marking.story_paths import how_far
from kernel.rounding import rounded, rounded_to

LONGEST_SCREEN = 120
LONGEST_SENTENCE = 25
OLDEST_READING_AGE = 11.0

# A module of nine minutes holds 550 to 700 words: its text takes about four of them.
FEWEST_WORDS_A_MINUTE, MOST_WORDS_A_MINUTE = 550 / 9, 700 / 9
WORDS_READ_A_MINUTE = 155
MINUTES_A_QUESTION = 0.55
MINUTES_A_STEP = 0.7


@dataclass(frozen=True)
class ScreenLength:
    """One screen: words of its running text, words of its questions, and how easy all of it is to read."""

    course: str
    module: str
    screen_id: str
    title: str
    core_words: int
    question_words: int
    readability: Readability

    @property
    def faults(self) -> tuple[str, ...]:
        """What is over the budget, in a few words each."""
        found = []
        age = self.readability.reading_age
        if age is not None and age > OLDEST_READING_AGE:
            found.append(f"reading age {age:.1f}")
        if self.readability.longest_sentence > LONGEST_SENTENCE:
            found.append(f"a sentence of {self.readability.longest_sentence} words")
        if self.core_words > LONGEST_SCREEN:
            found.append(f"{self.core_words} words")
        return tuple(found)


@dataclass(frozen=True)
class ModuleLength:
    """One module: what it says it takes in minutes, what it takes by our count, and the sum of its running text."""

    course: str
    module_id: str
    title: str
    screens: int
    core_words: int
    questions: int
    minutes: int
    counted_minutes: float
    reading_age: float | None

    @property
    def budget(self) -> tuple[int, int]:
        """The fewest and the most words that fit its minutes. Without questions all of them are for reading."""
        if not self.questions:
            return 0, self.minutes * WORDS_READ_A_MINUTE
        return rounded(self.minutes * FEWEST_WORDS_A_MINUTE), rounded(self.minutes * MOST_WORDS_A_MINUTE)

    @property
    def verdict(self) -> str:
        """ "within", or by how many words it is over or under the budget."""
        fewest, most = self.budget
        if self.core_words > most:
            return f"{self.core_words - most} over"
        return f"{fewest - self.core_words} under" if self.core_words < fewest else "within"


def screen_lengths(document: CourseDocument) -> tuple[ScreenLength, ...]:
    """Every screen of a course, in its order."""
    return tuple(_screen(document, text) for text in screen_texts(document))


def _screen(document: CourseDocument, text: ScreenText) -> ScreenLength:
    return ScreenLength(
        course=document.slug,
        module=text.module.title,
        screen_id=text.screen.id,
        title=text.screen.title,
        core_words=_count(text.core),
        question_words=_count(text.asked),
        readability=readability_of((*text.core, *text.asked)),
    )


def _count(passages: Sequence[str]) -> int:
    return sum(len(passage.split()) for passage in passages)


def module_lengths(document: CourseDocument) -> tuple[ModuleLength, ...]:
    """Every module of a course, in its order."""
    texts = list(screen_texts(document))
    return tuple(
        _module(document, module, [text for text in texts if text.module is module]) for module in document.modules
    )


def _steps(question: Question) -> int:
    if question.branching is not None:
        return how_far(question.branching, ())[1]
    return 0 if question.scored else 1


def _module(document: CourseDocument, module: Module, texts: Sequence[ScreenText]) -> ModuleLength:
    questions = [document.questions[question_id] for question_id in module.question_ids]
    scored = sum(question.scored and question.branching is None for question in questions)
    steps = sum(map(_steps, questions))
    words = sum(_count(text.core) for text in texts)
    minutes = words / WORDS_READ_A_MINUTE + scored * MINUTES_A_QUESTION + steps * MINUTES_A_STEP
    whole = [passage for text in texts for passage in (*text.core, *text.asked)]
    return ModuleLength(
        course=document.slug,
        module_id=module.id,
        title=module.title,
        screens=len(texts),
        core_words=words,
        questions=len(module.question_ids),
        minutes=module.minutes,
        counted_minutes=float(rounded_to(minutes, 1)),
        reading_age=readability_of(whole).reading_age,
    )
