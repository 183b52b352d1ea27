"""What a course holds, as its outline shows it: modules, screens, minutes and questions."""

from dataclasses import dataclass

from courses.content.model.course import CourseDocument, Follows, Module, Screen
from courses.content.model.local_wording import fill_tokens, token_values
from courses.taking.availability import weeks_in_words

ORDER_WORDS = {"in-order": "One module after the other", "any-order": "Modules in any order"}


@dataclass(frozen=True)
class OutlineScreen:
    """One screen: its number in the module from 1, its title, and what it asks."""

    number: int
    id: str
    title: str
    questions: int
    reflections: int
    has_quiz: bool


@dataclass(frozen=True)
class OutlineModule:
    """One module and its screens."""

    id: str
    slug: str
    title: str
    minutes: int
    questions: int
    takeaways: tuple[tuple[str, str], ...]
    screens: tuple[OutlineScreen, ...]


@dataclass(frozen=True)
class Outline:
    """A whole course."""

    modules: tuple[OutlineModule, ...]
    screens: int
    questions: int
    scored: int
    pictures: int
    pass_words: str
    order_words: str
    opening_words: str
    certificate_words: str


def outline_of(document: CourseDocument) -> Outline:
    """The outline of a course in its general wording."""
    words = token_values(document.tokens, organisation_slug=None, local_wording={})
    scored = len(document.scored_question_ids)
    return Outline(
        modules=tuple(_module(module, words) for module in document.modules),
        screens=sum(len(module.screens) for module in document.modules),
        questions=len(document.question_ids),
        scored=scored,
        pictures=len(document.media),
        pass_words=_pass_words(document.pass_percent, scored),
        order_words=ORDER_WORDS[document.order],
        opening_words=_opening_words(document.follows),
        certificate_words="One for everybody who completes it" if document.certificate else "None",
    )


def _module(module: Module, words: dict[str, str]) -> OutlineModule:
    takeaways = (("Know", module.know), ("Notice", module.notice), ("Do", module.do))
    return OutlineModule(
        id=module.id,
        slug=module.slug,
        title=fill_tokens(module.title, words),
        minutes=module.minutes,
        questions=len(module.question_ids),
        takeaways=tuple((label, fill_tokens(text, words)) for label, text in takeaways if text),
        screens=tuple(_screen(number, screen, words) for number, screen in enumerate(module.screens, start=1)),
    )


def _screen(screen_number: int, screen: Screen, words: dict[str, str]) -> OutlineScreen:
    return OutlineScreen(
        number=screen_number,
        id=screen.id,
        title=fill_tokens(screen.title, words),
        questions=len(screen.question_ids),
        reflections=len(screen.reflection_ids),
        has_quiz=screen.quiz_id is not None,
    )


def _opening_words(follows: Follows | None) -> str:
    if follows is None:
        return "To everybody at once"
    if not follows.weeks:
        return f"To each person when they complete {follows.course}"
    return f"To each person {weeks_in_words(follows.weeks)} after they complete {follows.course}"


def _pass_words(pass_percent: int, scored: int) -> str:
    if not scored or not pass_percent:
        return "Every question answered, right or not"
    needed = -(-pass_percent * scored // 100)
    return f"{pass_percent}% right at any try: {needed} of {scored} scored questions"
