"""The plain words of a course, screen by screen, as learners without local wording read them."""

from collections.abc import Iterator
from dataclasses import dataclass

from courses.content.html.markup import plain_passages
from courses.content.model.course import (
    CourseDocument,
    ExamplesBlock,
    MarkdownBlock,
    Module,
    NoteBlock,
    ReflectionBlock,
    Screen,
)
from courses.content.model.facts import fill_facts
from courses.content.model.glossary import fill_terms
from courses.content.model.local_wording import token_values
from courses.content.model.personal import CommentBlock, MeetingBlock, StatementsBlock
from courses.marking.question import Question


@dataclass(frozen=True)
class ScreenText:
    """A screen's passages: its running text, and what its questions and reflections say. Tables, and what readers
    may open or not, are left out: they are not read from end to end."""

    module: Module
    screen: Screen
    core: tuple[str, ...]
    asked: tuple[str, ...]


def screen_texts(document: CourseDocument) -> Iterator[ScreenText]:
    """Every screen of a course, in its order."""
    reader = _Reader(document)
    for module, screen in document.screens():
        core = [
            text
            for block in screen.blocks
            if isinstance(block, (MarkdownBlock, NoteBlock, ExamplesBlock))
            for text in [block.text]
        ]
        asked = [block.prompt for block in screen.blocks if isinstance(block, ReflectionBlock)]
        asked += [
            text for block in screen.blocks if isinstance(block, StatementsBlock) for text in _rated(document, block)
        ]
        asked += [block.prompt for block in screen.blocks if isinstance(block, CommentBlock)]
        asked += [
            text for block in screen.blocks if isinstance(block, MeetingBlock) for text in (block.title, block.text)
        ]
        for question_id in screen.question_ids:
            asked += _question_texts(document.questions[question_id])
        yield ScreenText(module, screen, reader.passages(core), reader.passages(asked))


class _Reader:
    """Fills in facts, words of the glossary and the general local words."""

    def __init__(self, document: CourseDocument) -> None:
        self._document = document
        self._values = token_values(document.tokens, organisation_slug=None, local_wording={})

    def passages(self, texts: list[str]) -> tuple[str, ...]:
        filled = (fill_terms(fill_facts(text, self._document.facts), self._document.glossary) for text in texts)
        return tuple(passage for text in filled for passage in plain_passages(text, tokens=self._values))


def _rated(document: CourseDocument, block: StatementsBlock) -> list[str]:
    instrument = document.instruments[block.instrument_id]
    return [instrument.stem_at(block.moment), *(one.text for one in instrument.asked_at(block.moment))]


def _question_texts(question: Question) -> list[str]:
    """What everybody reads of a question, and all that may be said to an answer."""
    texts = [question.story, question.stem]
    texts += [part for option in question.options for part in (option.text, option.feedback)]
    texts += [choice.text for choice in (*question.items, *question.choices)]
    texts += [row.item for row in question.rows]
    texts += [question.feedback.right, question.feedback.wrong]
    if question.short:
        texts += [miss.feedback for miss in question.short.not_accepted]
    if question.cloze:
        texts += [text for gap in question.cloze.gaps for text in (gap.right, gap.wrong)]
    if question.branching:
        for node in question.branching.nodes:
            texts += [node.text, node.stem, *(part for one in node.choices for part in (one.text, one.feedback))]
        texts += [ending.text for ending in question.branching.endings]
    return [text for text in texts if text]
