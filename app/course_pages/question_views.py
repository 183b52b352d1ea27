"""What templates get: questions and reflections as one person sees them, ready to print."""

from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from app.course_pages.pictures import spoken
from app.course_pages.rendering import ReadyBlock, ReadyCourse
from app.course_pages.screen_urls import screen_url
from app.course_pages.typed_fields import MOST_SHOWN_AGAIN, FieldView, field_view, gap_name, hint_for, pieces_of
from app.platform.pages.clashes import ClashView
from app.platform.pages.templating import when
from courses.marking import Choice, Note, Question, Response, Shape, kind_of, mark, shuffled
from courses.marking.display import Display
from courses.records.answers import Answer
from courses.reflection.reflections import Reflection, marks_of_reflection
from courses.taking.screens import ScreenAddress

NOTHING = Markup()
Filled = dict[str, str] | set[str] | str


@dataclass(frozen=True)
class OptionView:
    """One option, what the person chose, and what it says to them. ``aside`` stands below it, outside its label."""

    id: str
    text: Markup
    is_chosen: bool
    note: Markup | None = None
    note_is_right: bool | None = None
    aside: Markup = NOTHING


@dataclass(frozen=True)
class RowView:
    """One row of a question answered by choosing from lists. ``aside`` stands below it, outside its label."""

    id: str
    text: Markup
    choices: tuple[tuple[str, str], ...]
    chosen: str | None
    note: Markup | None = None
    note_is_right: bool | None = None
    aside: Markup = NOTHING

    @property
    def words(self) -> str:
        """The text without markup, with the descriptions of its pictures."""
        return spoken(self.text)


@dataclass(frozen=True)
class QuestionView:
    """A question for ``components/question.html``, which says what each attribute is for."""

    id: str
    kind: str
    shape: Shape
    legend: Markup
    story_html: Markup | None
    hint: str | None
    options: tuple[OptionView, ...]
    rows: tuple[RowView, ...]
    places: int
    field: FieldView | None
    pieces: tuple[Markup, ...]
    whole_note: Markup | None
    whole_note_is_right: bool | None
    is_answered: bool
    is_right: bool
    saved_at: str | None
    error: str | None
    action_url: str
    try_number: int
    button_text: str
    shown_at: str = ""
    seen: str | None = None
    clash: ClashView | None = None
    is_unsaved: bool = False

    @property
    def in_words(self) -> str:
        """What is chosen or typed in it, as one line."""
        if self.field:
            return self.field.value
        if self.options:
            return "; ".join(spoken(option.text) for option in self.options if option.is_chosen)
        chosen = ((row.words, dict(row.choices).get(row.chosen or "")) for row in self.rows)
        return "; ".join(f"{words}: {choice}" for words, choice in chosen if choice)


@dataclass(frozen=True)
class ReflectionView:
    """A private text field for ``components/reflection.html``. ``seen`` goes along with the words.

    ``is_unsaved``: the words are those that somebody typed, and other ones are saved, or none.
    """

    id: str
    prompt_html: Markup
    text: str
    choices: tuple[str, ...]
    choice: int | None
    action_url: str
    saved_at: str | None
    error: str | None
    seen: str = ""
    clash: ClashView | None = None
    is_unsaved: bool = False


@dataclass(frozen=True)
class GivenAnswer:
    """An answer that is kept elsewhere than a screen’s answers, such as one of a quiz."""

    response: Response
    is_right: bool
    saved_at: datetime
    try_number: int = 1


def question_view(
    course: ReadyCourse,
    question: Question,
    *,
    seed: str,
    answer: Answer | GivenAnswer | None,
    action_url: str,
    shown_at: str = "",
) -> QuestionView | None:
    """The question with the person's newest answer and its feedback; ``None`` when its kind is not installed."""
    kind = kind_of(question.kind)
    if kind is None:
        return None
    notes: dict[str | None, Note] = {}
    if answer is not None:
        notes = {note.target: note for note in mark(question, answer.response).feedback}
    whole = notes.get(None)
    shown = shuffled(question, seed)
    response = answer.response if answer is not None else None
    return QuestionView(
        id=question.id,
        kind=question.kind,
        shape=kind.shape,
        legend=course.inline(question.stem),
        story_html=course.story(question),
        hint=hint_for(question, kind.shape),
        options=_options(course, question, shown, response, notes) if kind.shape in ("one", "many") else (),
        rows=_rows(course, question, shown, kind.shape, response, notes),
        places=len(shown.items),
        field=field_view(question, response if isinstance(response, str) else "") if kind.shape == "text" else None,
        pieces=pieces_of(course, question.cloze) if question.cloze else (),
        whole_note=course.inline(whole.text) if whole and whole.text else None,
        whole_note_is_right=whole.is_right if whole else (answer.is_right if answer else None),
        is_answered=answer is not None,
        is_right=answer is not None and answer.is_right,
        saved_at=when(answer.saved_at) if answer else None,
        error=None,
        action_url=action_url,
        try_number=answer.try_number + 1 if answer else 1,
        button_text="Try another answer" if answer else "Check my answer",
        shown_at=shown_at,
    )


def _options(
    course: ReadyCourse, question: Question, shown: Display, response: object, notes: dict[str | None, Note]
) -> tuple[OptionView, ...]:
    recordings = {option.id: option.media for option in question.options}
    chosen = {response} if isinstance(response, str) else set(response) if isinstance(response, list) else set()
    return tuple(
        OptionView(
            id=option.id,
            text=course.inline(option.text),
            is_chosen=option.id in chosen,
            note=course.inline(notes[option.id].text) if option.id in notes else None,
            note_is_right=notes[option.id].is_right if option.id in notes else None,
            aside=course.aside(option.text, recordings.get(option.id)),
        )
        for option in shown.options
    )


def _rows(
    course: ReadyCourse,
    question: Question,
    shown: Display,
    shape: str,
    response: object,
    notes: dict[str | None, Note],
) -> tuple[RowView, ...]:
    places = dict(response) if isinstance(response, dict) else {}
    if shape == "order":
        places = (
            {item: str(place) for place, item in enumerate(response, start=1)} if isinstance(response, list) else {}
        )
    return tuple(
        RowView(
            id=identity,
            text=text,
            choices=choices,
            chosen=places.get(identity),
            note=course.inline(notes[identity].text) if identity in notes else None,
            note_is_right=notes[identity].is_right if identity in notes else None,
            aside=course.aside(question.text_of(identity)) if shape in ("order", "pairs") else NOTHING,
        )
        for identity, text, choices in _lines(course, question, shown, shape)
    )


Line = tuple[str, Markup, tuple[tuple[str, str], ...]]


def _lines(course: ReadyCourse, question: Question, shown: Display, shape: str) -> list[Line]:
    """The id, the words and the choices of everything that has a list beside it or in it."""
    if shape == "order":
        places = tuple((str(place), str(place)) for place in range(1, len(shown.items) + 1))
        return [(item.id, course.inline(item.text), places) for item in shown.items]
    if shape == "pairs":
        choices = _choices(course, shown.choices)
        return [(row.id, course.inline(row.text), choices) for row in shown.rows]
    if shape == "gaps" and question.cloze:
        named = [(gap, gap_name(question.cloze, gap.id)) for gap in shown.gaps]
        return [(gap.id, Markup.escape(name), _choices(course, gap.choices)) for gap, name in named]
    return []


def _choices(course: ReadyCourse, choices: tuple[Choice, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((choice.id, course.words(choice.text)) for choice in choices)


def with_refusal(view: QuestionView, message: str, filled: Filled) -> QuestionView:
    """The question with what the person had filled in, and what they have to put right."""
    typed = filled[:MOST_SHOWN_AGAIN] if isinstance(filled, str) else ""
    places = filled if isinstance(filled, dict) else {}
    ticked = filled if isinstance(filled, set) else set()
    return replace(
        view,
        error=message,
        options=tuple(replace(o, is_chosen=o.id in ticked, note=None) for o in view.options),
        rows=tuple(replace(r, chosen=places.get(r.id), note=None) for r in view.rows),
        field=replace(view.field, value=typed) if view.field else None,
        is_answered=False,
        is_unsaved=True,
    )


def reflection_view(address: ScreenAddress, block: ReadyBlock, stored: Reflection | None) -> ReflectionView:
    """The field with what the person wrote before."""
    return ReflectionView(
        id=block.ref,
        prompt_html=block.html,
        text=stored.text if stored else "",
        choices=block.choices,
        choice=stored.choice if stored else None,
        action_url=screen_url(address, "learn.reflect", reflection_id=block.ref),
        saved_at=when(stored.saved_at) if stored and (stored.text or stored.choice) else None,
        error=None,
        seen=marks_of_reflection(block.ref, stored),
    )
