"""What the pages about questions get: figures beside the words that learners read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from app.course_pages.pictures import spoken
from app.course_pages.rendering import ReadyCourse
from courses.catalogue.versions import CourseVersion
from courses.content.model.course import CourseDocument
from courses.content.model.local_wording import token_values
from courses.marking import kind_of
from courses.marking.question import Question
from kernel.errors import NotFound
from reports.items.advice import Weight, advice_on, misunderstandings, worst_first
from reports.items.choices import ENDING, WHOLE, KnownChoice, Part, parts_of
from reports.items.figures import ItemFigures, PartFigures, VersionFigures
from reports.items.sentences import (
    discrimination_sentence,
    discrimination_words,
    find_common_mistake,
    in_ten,
    seconds_words,
    summary_words,
)
from reports.items.tallies import places_in

_VERDICTS: Mapping[bool | None, str] = {True: "Right", None: "Acceptable", False: ""}
_NO_VERDICTS: Mapping[bool | None, str] = {True: "", None: "", False: ""}
_LONGEST = 90  # characters of a question in the list

ORDERS: dict[str, str] = {
    "worst": "To look at first",
    "right": "Hardest first",
    "apart": "Tells least first",
    "sure": "Sure but wrong first",
    "course": "As in the course",
}
_KEYS: dict[str, Callable[[ItemFigures], float]] = {
    "right": lambda item: item.score,
    "apart": lambda item: 2.0 if item.discrimination is None else item.discrimination,
    "sure": lambda item: 1.0 if item.sure is None else -item.sure.wrong / item.sure.people,
}


@dataclass(frozen=True)
class ItemRow:
    """One line of the list. ``remarks`` are a few words each with their tone."""

    words: str
    where: str
    url: str
    figures: ItemFigures
    apart: str
    time: str
    remarks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Misunderstood:
    """A confident mistake: "3 in 10" are very sure; what most of them chose, of which row, if that is known."""

    question: str
    url: str
    how_many: str
    percent: int
    people: int
    part: Markup
    choice: Markup | None


@dataclass(frozen=True)
class ChoiceView:
    """A choice with its share in whole per cent."""

    text: Markup
    verdict: str
    percent: int
    people: int


@dataclass(frozen=True)
class PartView:
    """A row, item, gap or node; ``choices`` is ``None`` where too few people came.

    Of several parts, the wrong choices that nobody made stand in ``unchosen``: a line instead of many empty rows.
    """

    text: Markup
    takes_many: bool
    choices: tuple[ChoiceView, ...] | None
    unchosen: tuple[Markup, ...] = ()


@dataclass(frozen=True)
class PlaceView:
    """A question in one place, in words and then in figures. ``mistake``: how many, of which row, and what they chose.

    ``is_order``: what they chose is a place for that row.
    """

    title: str
    figures: ItemFigures
    mistake: tuple[str, Markup, Markup] | None
    is_order: bool
    sentences: list[str]
    apart: str
    advice: tuple[tuple[str, Markup | None], ...]
    parts: tuple[PartView, ...]


@dataclass(frozen=True)
class QuestionPage:
    """Everything on the page of one question; ``kind_label`` is ``None`` where its kind is not installed."""

    id: str
    heading: str
    kind_label: str | None
    story: Markup | None
    stem: Markup
    preview_url: str | None
    places: tuple[PlaceView, ...]


def course_words(slug: str, version: CourseVersion, document: CourseDocument) -> ReadyCourse:
    """The version in the general words, beside the cache that learners share."""

    def term_url(term_id: str, _: str) -> str:
        page = url_for("manage.glossary_of_version", slug=slug, version_number=version.number, term=term_id)
        return f"{page}#{term_id}"

    chosen = document.example_set(None)
    values = token_values(document.tokens, organisation_slug=None, local_wording={}, example_set=chosen)
    return ReadyCourse(document, values, example_set=chosen, term_url=term_url)


def plain_words(slug: str, version: CourseVersion, document: CourseDocument) -> Callable[[str], str]:
    """Makes plain text of what the authors of a version wrote."""
    ready = course_words(slug, version, document)
    return lambda text: " ".join(spoken(ready.inline(text)).split())


def item_rows(
    slug: str, version: CourseVersion, document: CourseDocument, figures: VersionFigures | None, order: str
) -> tuple[list[ItemRow], list[Misunderstood]]:
    """The list in its order, and the mistakes that are held most confidently."""
    if figures is None:
        return [], []
    ready = course_words(slug, version, document)
    known = [item for item in figures.items if item.question_id in document.questions]
    rows = [_row(slug, version, ready, item) for item in _in_order(known, document, order)]
    held = [
        Misunderstood(
            question=_plain(ready, one.item.question_id),
            url=_url(slug, version, one.item.question_id),
            how_many=in_ten(one.item.sure.wrong, one.item.sure.people),
            percent=one.item.sure.percent,
            people=one.item.sure.people,
            part=ready.inline(one.part_text),
            choice=_choice_words(ready, one.choice) if one.choice else None,
        )
        for one in misunderstandings(known, document.questions, fewest=figures.smallest_shown)
        if one.item.sure is not None
    ]
    return rows, held


def _in_order(items: list[ItemFigures], document: CourseDocument, order: str) -> list[ItemFigures]:
    if order == "worst":
        found = worst_first(items, document.questions)
        return [item for item in found if advice_on(item, document.questions[item.question_id])]
    key = _KEYS.get(order)
    return sorted(items, key=lambda item: (not item.is_shown, key(item))) if key else items


def _row(slug: str, version: CourseVersion, ready: ReadyCourse, item: ItemFigures) -> ItemRow:
    words = _plain(ready, item.question_id)
    remarks = [one for one in advice_on(item, ready.document.questions[item.question_id]) if one.label]
    tones = {Weight.LOOK_FIRST: "due", Weight.LOOK: "plum", Weight.GOOD_TO_KNOW: "quiet"}
    return ItemRow(
        words=words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…",
        where=_where(ready, item.quiz_id),
        url=_url(slug, version, item.question_id),
        figures=item,
        apart=discrimination_words(item),
        time=seconds_words(item.seconds[1]) if item.seconds else "",
        remarks=tuple(dict.fromkeys((one.label, tones[one.weight]) for one in remarks)),
    )


def _where(ready: ReadyCourse, quiz_id: str | None) -> str:
    if quiz_id is None:
        return ""
    quiz = ready.document.quizzes.get(quiz_id)
    return f"In the quiz “{ready.words(quiz.title)}”" if quiz else "In a quiz"


def _url(slug: str, version: CourseVersion, question_id: str) -> str:
    return url_for("manage.item", slug=slug, question_id=question_id, version=version.number)


def _plain(ready: ReadyCourse, question_id: str) -> str:
    return " ".join(spoken(ready.inline(ready.document.questions[question_id].stem)).split())


def question_page(
    slug: str, version: CourseVersion, document: CourseDocument, figures: VersionFigures | None, question_id: str
) -> QuestionPage:
    """A question with its figures in every place. Raises ``NotFound`` for one that the version does not ask."""
    question = document.questions.get(question_id)
    places = [place for place in places_in(document) if place[0] == question_id]
    if question is None or not places:
        raise NotFound(f"question {question_id} of version {version.number}")
    ready, kind = course_words(slug, version, document), kind_of(question.kind)
    by_place = {(item.question_id, item.quiz_id): item for item in figures.items} if figures else {}
    return QuestionPage(
        id=question_id,
        heading=_plain(ready, question_id),
        kind_label=kind.label if kind else None,
        story=ready.story(question),
        stem=ready.inline(question.stem),
        preview_url=_preview_url(slug, version, document, question_id),
        places=tuple(_place(ready, question, by_place.get(place) or ItemFigures(*place)) for place in places),
    )


def _preview_url(slug: str, version: CourseVersion, document: CourseDocument, question_id: str) -> str | None:
    quizzes = {quiz.id for quiz in document.quizzes.values() if question_id in quiz.bank(document.questions)}
    found: list[str] = []
    for module in document.modules:
        for number, screen in enumerate(module.screens, start=1):
            is_here = question_id in screen.question_ids
            if is_here or screen.quiz_id in quizzes:
                address = url_for(
                    "manage.preview_version",
                    slug=slug,
                    version_number=version.number,
                    module_slug=module.slug,
                    screen_number=number,
                )
                if is_here:
                    return address
                found.append(address)
    return found[0] if found else None


def _place(ready: ReadyCourse, question: Question, item: ItemFigures) -> PlaceView:
    mistake = find_common_mistake(item, question)
    return PlaceView(
        title=_where(ready, item.quiz_id) or "On its screen",
        figures=item,
        mistake=(mistake.how_many, _part_words(ready, mistake.part), _choice_words(ready, mistake.choice))
        if mistake
        else None,
        is_order=bool(question.items),
        sentences=summary_words(item) if item.is_shown else [],
        apart=discrimination_sentence(item),
        advice=tuple(
            (one.words, _choice_words(ready, one.choice) if one.choice else None) for one in advice_on(item, question)
        ),
        parts=tuple(_part(ready, part, item.parts.get(part.key)) for part in parts_of(question)),
    )


def _part(ready: ReadyCourse, part: Part, figures: PartFigures | None) -> PartView:
    if figures is None:
        return PartView(_part_words(ready, part), part.takes_many, None)
    words = _NO_VERDICTS if part.key == ENDING else _VERDICTS
    kept = [one for one in part.choices if part.key == WHOLE or one.is_right or figures.counts.get(one.id)]
    return PartView(
        _part_words(ready, part),
        part.takes_many,
        tuple(_choice(ready, one, figures, words) for one in kept),
        tuple(_choice_words(ready, one) for one in part.choices if one not in kept),
    )


def _choice(
    ready: ReadyCourse, choice: KnownChoice, figures: PartFigures, words: Mapping[bool | None, str]
) -> ChoiceView:
    count = figures.counts.get(choice.id, 0)
    words_of_choice = _choice_words(ready, choice)
    return ChoiceView(words_of_choice, words[choice.is_right], figures.percent(choice.id), count)


def _part_words(ready: ReadyCourse, part: Part) -> Markup:
    return ready.inline(part.text) if part.is_markdown else Markup.escape(ready.words(part.text))


def _choice_words(ready: ReadyCourse, choice: KnownChoice) -> Markup:
    return ready.inline(choice.text) if choice.is_markdown else Markup.escape(ready.words(choice.text))
