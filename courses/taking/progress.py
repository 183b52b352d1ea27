"""How far somebody is in a course, what is open to them, and what is missing: pure arithmetic on what is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from courses.content.model.course import CourseDocument, Module
from courses.records.attempts import CurrentAttempt
from courses.taking.completion_rule import score


class State(StrEnum):
    """How far a module or course is; the value is also the last part of its CSS class."""

    NOT_OPEN = "not-open"
    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    COMPLETE = "complete"


STATE_WORDS = {
    State.NOT_OPEN: "Opens later",
    State.NOT_STARTED: "Not started",
    State.IN_PROGRESS: "In progress",
    State.COMPLETE: "Complete",
}


@dataclass(frozen=True)
class ModuleStatus:
    """One module: its state, how many of its screens are done, and the screen to open next (from 1)."""

    id: str
    slug: str
    title: str
    minutes: int
    number: int
    state: State
    screens: int
    screens_done: int
    was_skipped: bool = False

    @property
    def is_skipped(self) -> bool:
        """Whether it counts as done because of a pre-test, and has not been gone through since."""
        return self.was_skipped and self.screens_done < self.screens

    @property
    def next_screen(self) -> int:
        """The first screen that is not done, or the first of all when every one is."""
        return self.screens_done + 1 if self.screens_done < self.screens else 1

    @property
    def is_open(self) -> bool:
        """Whether the learner may open it now."""
        return self.state is not State.NOT_OPEN


@dataclass(frozen=True)
class CourseStatus:
    """A whole course for one person."""

    modules: tuple[ModuleStatus, ...]
    state: State

    @property
    def modules_done(self) -> int:
        """How many modules are complete."""
        return sum(module.state is State.COMPLETE for module in self.modules)

    @property
    def minutes_left(self) -> int:
        """About how long the rest takes, in whole minutes, by the authors' own figures."""
        return sum(
            -(-module.minutes * (module.screens - module.screens_done) // module.screens)
            for module in self.modules
            if module.state is not State.COMPLETE
        )

    @property
    def next_module(self) -> ModuleStatus | None:
        """Where to go on: the first open module that is not complete."""
        return next((m for m in self.modules if m.is_open and m.state is not State.COMPLETE), None)

    def module(self, slug: str) -> ModuleStatus | None:
        """The module with this address, if there is one."""
        return next((module for module in self.modules if module.slug == slug), None)


def course_status(document: CourseDocument, attempt: CurrentAttempt | None, *, is_completed: bool) -> CourseStatus:
    """Where a person stands in ``document``. ``is_completed``: a completion is on record, and it stays finished."""
    modules: list[ModuleStatus] = []
    all_before_done = True
    for number, module in enumerate(document.modules, start=1):
        state = _state_of(module, attempt, is_open=all_before_done or document.order == "any-order")
        modules.append(
            ModuleStatus(
                id=module.id,
                slug=module.slug,
                title=module.title,
                minutes=module.minutes,
                number=number,
                state=state,
                screens=len(module.screens),
                screens_done=min(attempt.screens_done.get(module.id, 0), len(module.screens)) if attempt else 0,
                was_skipped=attempt is not None and module.id in attempt.skipped_modules,
            )
        )
        all_before_done = all_before_done and state is State.COMPLETE
    if is_completed:
        return CourseStatus(tuple(modules), State.COMPLETE)
    is_begun = attempt is not None and not attempt.is_untouched
    return CourseStatus(tuple(modules), State.IN_PROGRESS if is_begun else State.NOT_STARTED)


def place_to_resume(document: CourseDocument, attempt: CurrentAttempt) -> tuple[str, int]:
    """Module address and screen (from 1) where a person goes on: exactly where they stopped, or the next open module
    when they had finished that one."""
    status = course_status(document, attempt, is_completed=False)
    stopped_in = status.module(attempt.at_module)
    if stopped_in and stopped_in.state is not State.COMPLETE:
        return attempt.at_module, min(attempt.at_screen, stopped_in.screens)
    following = status.next_module
    return (following.slug, following.next_screen) if following else (attempt.at_module, attempt.at_screen)


def _state_of(module: Module, attempt: CurrentAttempt | None, *, is_open: bool) -> State:
    if attempt and module.id in attempt.completed_modules:
        return State.COMPLETE
    if not is_open:
        return State.NOT_OPEN
    if attempt and attempt.screens_done.get(module.id, 0) > 0:
        return State.IN_PROGRESS
    return State.NOT_STARTED


def why_incomplete(document: CourseDocument, status: CourseStatus, best: Mapping[str, bool]) -> str | None:
    """One sentence that says what is missing, or ``None`` when nothing is."""
    if status.state is State.COMPLETE:
        return None
    open_modules = [module for module in status.modules if module.state is not State.COMPLETE]
    if len(open_modules) == len(status.modules) and status.state is State.NOT_STARTED:
        return "You have not started yet."
    if open_modules:
        return _modules_missing(document, open_modules)
    result = score(document, best, [module.id for module in status.modules if module.was_skipped])
    needed = -(-document.pass_percent * result.out_of // 100) - result.right
    questions = "1 more question" if needed == 1 else f"{needed} more questions"
    return (
        f"You have been through every module. {result.right} of {result.out_of} questions are right so far: "
        f"get {questions} right to finish. You can try as often as you like."
    )


def _modules_missing(document: CourseDocument, modules: list[ModuleStatus]) -> str:
    current, later = modules[0], modules[1:]
    left = current.screens - current.screens_done
    sentence = f"You have {left} {'screen' if left == 1 else 'screens'} left in “{current.title}”"
    sentence += _quiz_next(document, current)
    if not later:
        return sentence + "."
    if len(later) == 1:
        return f"{sentence}, and then “{later[0].title}”."
    return f"{sentence}, and then {len(later)} more modules."


def _quiz_next(document: CourseDocument, current: ModuleStatus) -> str:
    """What the quiz asks that comes next in a module; nothing when there is none, or when it can be left out."""
    screen = document.module(current.slug).screens[current.screens_done]
    quiz = document.quizzes.get(screen.quiz_id or "")
    if quiz is None or quiz.optional:
        return ""
    return f". Next is the quiz “{quiz.title}”, which has to be {'passed' if quiz.mode == 'check' else 'handed in'}"
