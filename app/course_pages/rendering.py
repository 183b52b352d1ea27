"""Courses made ready to show: every text of a version rendered once for each authority's wording, and then shared.

What differs from person to person (what they chose, what they were told) is filled in by ``question_views.py``.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.course_pages.pictures import enlarging_links
from app.course_pages.players import player
from courses.catalogue.local_wording import LocalWordingSource, local_wording_of
from courses.content.files.role_questions import for_whom
from courses.content.html.markup import render_inline, render_markdown
from courses.content.model.course import (
    Block,
    CourseDocument,
    Fact,
    FactsBlock,
    QuestionBlock,
    QuizBlock,
    RecordingBlock,
    ReflectionBlock,
)
from courses.content.model.facts import fill_facts, note_token, sources_of
from courses.content.model.glossary import fill_terms
from courses.content.model.local_wording import fill_tokens, token_values
from courses.content.model.personal import PERSONAL_BLOCKS
from courses.content.model.reading_blocks import DetailBlock, TableBlock
from courses.content.model.tables import Table, find_table
from courses.marking.question import Question, Recording

SOURCES_TITLE = "Where these facts come from"

# One entry for each version, authority and example set in use: seven authorities, six sets for one of a few courses.
_CACHE_SIZE = 192


@dataclass(frozen=True)
class ReadyBlock:
    """A block with its words rendered. ``ref`` is a question's or reflection's id, ``title`` is of a "more" block,
    and for whom a role question is.

    ``table`` is what a table holds, and ``block`` how its author wants it shown. ``choices`` are of a reflection.
    """

    type: str
    html: Markup
    title: str = ""
    ref: str = ""
    table: Table | None = None
    block: TableBlock | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadyScreen:
    """A screen: its title as plain text and its blocks in order."""

    id: str
    title: str
    blocks: tuple[ReadyBlock, ...]


class ReadyCourse:
    """A version in one authority's words. Screens and short texts are rendered when first asked for, then kept.

    ``drawn`` keeps the HTML of screens that are the same for everybody who reads them in these words, by their ids.
    ``fact_note`` gives words to stand behind each fact. Authors see them in a preview, and learners never do.
    ``term_url`` gives the address of a word of the glossary by its id and the place ("why/3", or nothing) of its link.
    """

    def __init__(
        self,
        document: CourseDocument,
        values: Mapping[str, str],
        *,
        authority: str | None = None,
        example_set: str | None = None,
        fact_note: Callable[[str, Fact], str] | None = None,
        term_url: Callable[[str, str], str] | None = None,
    ) -> None:
        self.document = document
        self._term_url = term_url or self._glossary_url
        self.authority = authority
        self.example_set = example_set
        self.values = values
        self._notes: dict[str, str] = {}
        if fact_note is not None:
            self._notes = {note_token(key): fact_note(key, fact) for key, fact in document.facts.items()}
        self.drawn: dict[str, Markup] = {}
        self._screens: dict[str, ReadyScreen] = {}
        self._inline: dict[str, Markup] = {}

    def screen(self, module_slug: str, screen_number: int) -> ReadyScreen:
        """The screen at a place that exists, numbered from 1."""
        source = self.document.module(module_slug).screens[screen_number - 1]
        ready = self._screens.get(source.id)
        if ready is None:
            ready = ReadyScreen(
                source.id,
                self.words(source.title),
                tuple(self._ready(block, f"{module_slug}/{screen_number}") for block in source.blocks),
            )
            self._screens[source.id] = ready
        return ready

    def inline(self, text: str) -> Markup:
        """A short text, such as an option or a piece of feedback, without a paragraph around it."""
        ready = self._inline.get(text)
        if ready is None:
            html = render_inline(
                self._with_facts(text), tokens=self._words, media_url=self._media_url, media=self.document.media
            )
            ready = self._inline[text] = Markup(html)  # noqa: S704 - sanitised there
        return ready

    def aside(self, text: str, recording: Recording | None = None) -> Markup:
        """What stands outside the label of a short text: links to its wide pictures, and its recording."""
        links = enlarging_links(text, self.document.media, self._media_url)
        return links + self.player(recording) if recording else links

    def player(self, recording: Recording, here: str = "") -> Markup:
        """A recording with everything that stands for it."""
        return player(
            recording,
            media=self.document.media,
            url=self._media_url,
            words=self.words,
            transcript=self.markdown(recording.transcript, here),
            language=self.document.language,
        )

    def story(self, question: Question) -> Markup | None:
        """What stands before a question: its story and its recording; ``None`` when it has neither."""
        story = self.markdown(question.story) if question.story else Markup()
        return (story + self.player(question.media) if question.media else story) or None

    def markdown(self, text: str, here: str = "") -> Markup:
        """A longer text with paragraphs. ``here`` is the place that words of the glossary lead back to."""
        html = render_markdown(
            self._with_facts(text),
            tokens=self._words,
            media_url=self._media_url,
            media=self.document.media,
            term_url=lambda term_id: self._term_url(term_id, here),
        )
        return Markup(html)  # noqa: S704 - sanitised there

    def words(self, text: str) -> str:
        """A title: plain text with its facts and tokens filled in."""
        return fill_tokens(fill_facts(text, self.document.facts), self.values)

    @property
    def _words(self) -> Mapping[str, str]:
        return {**self.values, **self._notes} if self._notes else self.values

    def _with_facts(self, text: str) -> str:
        note = (lambda key: f"{{{{{note_token(key)}}}}}") if self._notes else None
        return fill_terms(fill_facts(text, self.document.facts, note), self.document.glossary)

    def _ready(self, block: Block, here: str) -> ReadyBlock:
        if isinstance(block, QuestionBlock):
            return ReadyBlock("question", Markup(""), title=for_whom(block.courses), ref=block.question_id)
        if isinstance(block, QuizBlock):
            title = self.document.quizzes[block.quiz_id].title
            words = self.markdown(f"Here is a quiz, “{title}”. It is taken on the screen.", here)  # for print
            return ReadyBlock("quiz", words, title=self.words(title), ref=block.quiz_id)
        if isinstance(block, ReflectionBlock):
            choices = tuple(self.words(choice) for choice in block.choices)
            return ReadyBlock("reflection", self.markdown(block.prompt, here), ref=block.id, choices=choices)
        if isinstance(block, FactsBlock):
            sources = sources_of(block.fact_ids, self.document.facts)
            return ReadyBlock("more", self.markdown(f"{sources}\n\n{block.text}", here), title=SOURCES_TITLE)
        if isinstance(block, DetailBlock):
            return ReadyBlock("detail", self.markdown(block.short, here), title=self.words(block.mentions))
        if isinstance(block, TableBlock):
            table = find_table(self._with_facts(block.text))
            after = self.markdown(table.after, here) if table else Markup("")
            return ReadyBlock("table", after, title=self.words(block.caption), table=table, block=block)
        if isinstance(block, PERSONAL_BLOCKS):
            return ReadyBlock("personal", Markup(""), ref=block.key)
        if isinstance(block, RecordingBlock):
            return ReadyBlock("recording", self.player(block.recording, here))
        title = self.words(block.title) if block.type == "more" else ""
        return ReadyBlock(block.type, self.markdown(block.text, here), title=title)

    def _glossary_url(self, term_id: str, here: str) -> str:
        return url_for("learn.glossary", slug=self.document.slug, term=term_id, back=here or None, _anchor=term_id)

    def _media_url(self, name: str) -> str:
        return url_for("learn.media", sha256=self.document.media[name].sha256)


_cache: OrderedDict[tuple[str, str | None, int, str | None], ReadyCourse] = OrderedDict()


def ready_course(
    session: Session, document: CourseDocument, fingerprint: str, local_wording: LocalWordingSource
) -> ReadyCourse:
    """The course in one local wording and with its example set; a change of that wording makes a new one."""
    example_set = document.example_set(local_wording.example_set)
    key = (fingerprint, local_wording.slug, local_wording.revision, example_set)
    ready = _cache.get(key)
    if ready is None:
        changed: Mapping[str, str] = {}
        if local_wording.organisation_id is not None and local_wording.revision:
            changed = local_wording_of(session, organisation_id=local_wording.organisation_id)
        values = token_values(
            document.tokens, organisation_slug=local_wording.slug, local_wording=changed, example_set=example_set
        )
        ready = _cache[key] = ReadyCourse(document, values, authority=local_wording.slug, example_set=example_set)
        while len(_cache) > _CACHE_SIZE:
            _cache.popitem(last=False)
    return ready
