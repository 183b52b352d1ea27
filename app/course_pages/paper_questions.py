"""Questions on paper: what to tick or write, in one order for everybody, and the answers for the last page."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from app.course_pages.paper_stories import PaperNode, paper_nodes, story_answers
from app.course_pages.rendering import ReadyCourse
from app.course_pages.typed_fields import gap_name, hint_for, pieces_of
from courses.marking import Choice, Question, Shape, kind_of, shuffled
from courses.marking.display import Display
from courses.marking.kinds.figures import with_unit
from courses.marking.question import Option

SEED = "paper"
GAP = Markup('<span class="cg-blank">({})&#8288;</span>')


@dataclass(frozen=True)
class PaperAnswer:
    """One line of the answers: what it is about, its verdict, and what is said about it."""

    label: Markup
    verdict: str
    note: Markup


@dataclass(frozen=True)
class PaperQuestion:
    """A question and its answers. ``lettered`` are options or choices, A first; ``boxed`` are rows with an empty box;
    ``text`` is a text with gaps, and ``has_line`` asks for a line to write on. ``nodes`` are those of a story."""

    number: int
    shape: Shape
    legend: Markup
    story: Markup | None
    hint: str | None
    lettered: tuple[Markup, ...]
    boxed: tuple[Markup, ...]
    text: Markup | None
    has_line: bool
    answers: tuple[PaperAnswer, ...]
    whole: Markup | None
    nodes: tuple[PaperNode, ...] = ()


_HINTS: dict[Shape, str] = {
    "one": "Tick one.",
    "order": "Write a number in each box: 1 comes first.",
    "pairs": "Write a letter in each box.",
    "text": "Write a few words.",
    "gaps": "Write one of the choices in each gap.",
    "path": "Begin at step 1. Tick one choice, and go on where it says.",
}


def paper_question(course: ReadyCourse, question: Question, position: int) -> PaperQuestion | None:
    """The question for a sheet of paper; ``None`` when its kind is not installed any more."""
    kind = kind_of(question.kind)
    if kind is None:
        return None
    shown = shuffled(question, SEED)
    return PaperQuestion(
        number=position,
        shape=kind.shape,
        legend=course.inline(question.stem),
        story=course.story(question),
        hint=_HINTS.get(kind.shape) or hint_for(question, kind.shape),
        lettered=tuple(_with_recording(course, question, choice) for choice in _lettered(shown, kind.shape)),
        boxed=tuple(course.inline(text) for text in _boxed(shown, kind.shape)),
        text=_with_gaps(course, question, shown) if question.cloze else None,
        has_line=kind.shape == "text",
        answers=tuple(_answers(course, question, shown, kind.shape)),
        whole=course.inline(question.feedback.right) if question.feedback.right else None,
        nodes=paper_nodes(course, question),
    )


def letter(position: int) -> str:
    """A for the first, at position 0."""
    return chr(ord("A") + position)


def _lettered(shown: Display, shape: Shape) -> tuple[Choice, ...]:
    if shape == "pairs":
        return shown.choices
    return shown.options if shape in ("one", "many") else ()


def _with_recording(course: ReadyCourse, question: Question, choice: Choice) -> Markup:
    recordings = {option.id: option.media for option in question.options}
    return course.inline(choice.text) + course.aside("", recordings.get(choice.id))


def _boxed(shown: Display, shape: Shape) -> tuple[str, ...]:
    if shape == "order":
        return tuple(item.text for item in shown.items)
    return tuple(row.text for row in shown.rows) if shape == "pairs" else ()


def _with_gaps(course: ReadyCourse, question: Question, shown: Display) -> Markup | None:
    if question.cloze is None:
        return None
    text = Markup("")
    for number, (piece, gap) in enumerate(zip(pieces_of(course, question.cloze), shown.gaps, strict=False), start=1):
        choices = " / ".join(course.words(choice.text) for choice in gap.choices)
        text += piece + GAP.format(number) + Markup(" [{}]").format(choices)
    return text + pieces_of(course, question.cloze)[-1]


def _answers(course: ReadyCourse, question: Question, shown: Display, shape: Shape) -> Iterator[PaperAnswer]:
    if shape in ("one", "many"):
        options = {option.id: option for option in question.options}
        for position, choice in enumerate(shown.options):
            option = options[choice.id]
            note = course.inline(option.feedback)
            # Many authors begin with the verdict themselves.
            verdict = "" if note.striptags().lower().startswith("right") else _verdict(option)
            yield PaperAnswer(Markup.escape(letter(position)), verdict, note)
    elif shape == "order":
        for place, item in enumerate(question.items, start=1):
            yield PaperAnswer(Markup.escape(f"{place}."), "", course.inline(item.text))
    elif shape == "pairs":
        letters = {choice.id: letter(position) for position, choice in enumerate(shown.choices)}
        for row in question.rows:
            words = Markup("{}: {}").format(letters[row.answer_id], course.inline(question.text_of(row.answer_id)))
            yield PaperAnswer(course.inline(row.item), "", words)
    elif shape == "path":
        for said in story_answers(course, question):
            yield PaperAnswer(Markup.escape(said.label), said.verdict, said.note)
    elif question.cloze is not None:
        for gap in question.cloze.gaps:
            right = next(course.words(choice.text) for choice in gap.choices if choice.is_right)
            note = Markup("{}. {}").format(right, course.inline(gap.right)) if gap.right else Markup.escape(right)
            yield PaperAnswer(Markup.escape(gap_name(question.cloze, gap.id)), "", note)
    elif question.number is not None:
        yield PaperAnswer(Markup("Answer"), "", Markup.escape(with_unit(question.number.answer, question.number.unit)))
    elif question.short is not None:
        yield PaperAnswer(Markup("Answer"), "", Markup.escape("; ".join(question.short.accepted)))


def _verdict(option: Option) -> str:
    if option.is_acceptable:
        return "A fair choice"
    return "Right" if option.is_right or option.is_best else "Not this one"
