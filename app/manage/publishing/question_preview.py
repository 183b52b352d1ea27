"""A question as its author checks it: every option with its feedback, every row in its right place."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from app.course_pages.question_views import OptionView, RowView
from app.course_pages.rendering import ReadyCourse
from app.course_pages.typed_fields import FieldView, field_view, gap_name, hint_for, pieces_of
from app.manage.publishing.facts import fact_note
from app.manage.publishing.story_preview import NodePreview, node_previews
from courses.marking import Question, kind_of
from courses.marking.kinds.figures import plain_figure, with_unit
from courses.marking.kinds.short import refused_words
from courses.marking.question import Cloze, Gap


@dataclass(frozen=True)
class QuestionPreview:
    """What ``components/question_parts.html`` needs, and what only authors see.

    ``accepted`` says in sentences what is right where something is typed. ``overall`` holds the notes about the whole
    answer, each with the words that say when it is shown.
    """

    id: str
    kind: str
    kind_label: str
    shape: str
    scored: bool
    about: str
    legend: Markup
    story_html: Markup | None
    hint: str | None
    options: tuple[OptionView, ...]
    rows: tuple[RowView, ...]
    field: FieldView | None
    pieces: tuple[Markup, ...]
    accepted: tuple[str, ...]
    overall: tuple[tuple[str, Markup], ...]
    facts: tuple[str, ...]
    nodes: tuple[NodePreview, ...] = ()
    is_answered: bool = True
    whole_note: Markup | None = None
    error: None = None


def question_preview(course: ReadyCourse, question: Question) -> QuestionPreview | None:
    """The question with everything it can say; ``None`` when its kind is not installed any more."""
    kind = kind_of(question.kind)
    if kind is None:
        return None
    return QuestionPreview(
        id=question.id,
        kind=question.kind,
        kind_label=kind.label,
        shape=kind.shape,
        scored=question.scored,
        about=question.about,
        legend=course.inline(question.stem),
        story_html=course.story(question),
        hint=hint_for(question, kind.shape),
        options=_options(course, question) if kind.shape in ("one", "many") else (),
        rows=_rows(course, question, kind.shape),
        field=field_view(question, _first_right(question)) if kind.shape == "text" else None,
        pieces=pieces_of(course, question.cloze) if question.cloze else (),
        accepted=tuple(_accepted(question)),
        overall=tuple((words, course.inline(text)) for words, text in _overall(question) if text),
        facts=tuple(
            fact_note(key, fact) for key, fact in course.document.facts.items() if question.id in fact.questions
        ),
        nodes=node_previews(course, question),
    )


def _first_right(question: Question) -> str:
    if question.number is not None:
        return plain_figure(question.number.answer)
    return question.short.accepted[0] if question.short else ""


def _accepted(question: Question) -> Iterator[str]:
    if question.number is not None:
        number = question.number
        right = with_unit(number.answer, number.unit)
        if number.tolerance:
            right = f"{with_unit(number.lowest, number.unit)} to {with_unit(number.highest, number.unit)}"
        yield f"Right: {right}."
    if question.short is not None:
        yield f"Right: {'; '.join(question.short.accepted)}."
        yield (
            "Small misspellings are let through."
            if question.short.spelling == "forgiving"
            else "The spelling has to be right."
        )
        if others := refused_words(question.short):
            yield f"These are words of their own and count as wrong: {', '.join(others)}."


def _overall(question: Question) -> Iterator[tuple[str, str]]:
    whole = question.number or question.short
    yield ("When it is right" if whole else "When all of it is right", question.feedback.right)
    if question.number is not None:
        yield "When it is too low", question.number.too_low
        yield "When it is too high", question.number.too_high
    if question.short is not None:
        for miss in question.short.not_accepted:
            yield f"When it is “{miss.text}”", miss.feedback
    yield "Otherwise", question.feedback.wrong


def _options(course: ReadyCourse, question: Question) -> tuple[OptionView, ...]:
    return tuple(
        OptionView(
            id=option.id,
            text=course.inline(option.text),
            is_chosen=option.is_right or option.is_best,
            note=course.inline(option.feedback),
            note_is_right=None if option.is_acceptable else option.is_right or option.is_best,
            aside=course.aside(option.text, option.media),
        )
        for option in question.options
    )


def _rows(course: ReadyCourse, question: Question, shape: str) -> tuple[RowView, ...]:
    if shape == "order":
        places = tuple((str(place), str(place)) for place in range(1, len(question.items) + 1))
        return tuple(
            RowView(item.id, course.inline(item.text), places, chosen=str(place), aside=course.aside(item.text))
            for place, item in enumerate(question.items, start=1)
        )
    if question.cloze is not None:
        return _gaps(course, question.cloze)
    choices = tuple((choice.id, course.words(choice.text)) for choice in question.choices)
    # A list shows as much of a long answer as fits, so the whole answer stands below it.
    return tuple(
        RowView(
            row.id,
            course.inline(row.item),
            choices,
            chosen=row.answer_id,
            note=course.inline(question.text_of(row.answer_id)),
            note_is_right=True,
            aside=course.aside(row.item),
        )
        for row in question.rows
    )


def _gaps(course: ReadyCourse, cloze: Cloze) -> tuple[RowView, ...]:
    return tuple(
        RowView(
            gap.id,
            Markup.escape(gap_name(cloze, gap.id)),
            tuple((choice.id, course.words(choice.text)) for choice in gap.choices),
            chosen=gap.right_id,
            note=_gap_note(course, gap),
            note_is_right=True,
        )
        for gap in cloze.gaps
    )


def _gap_note(course: ReadyCourse, gap: Gap) -> Markup:
    otherwise = Markup("Otherwise: ") + course.inline(gap.wrong) if gap.wrong else Markup("")
    return Markup(" ").join(part for part in (course.inline(gap.right), otherwise) if part)
