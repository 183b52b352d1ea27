"""What learners read of the shipped courses: every text in each of its wordings, in words and sentences."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import courses
from courses.content.model.course import (
    CourseDocument,
    DetailBlock,
    ExamplesBlock,
    MarkdownBlock,
    Module,
    MoreBlock,
    NoteBlock,
    ReflectionBlock,
    Screen,
    TableBlock,
)
from courses.content.model.facts import fill_facts, sources_of
from courses.content.model.glossary import fill_terms
from courses.content.model.local_wording import TOKEN, fill_tokens, token_values
from courses.content.model.personal import CommentBlock, MeetingBlock
from courses.content.model.plans import MyPlanBlock
from courses.marking.question import Question, StoryNode

LIBRARY = Path(next(iter(courses.__path__))) / "library"
FOLDERS = sorted(path.parent for path in LIBRARY.glob("*/course.yaml"))
AUTHORITIES = (None, "combined-authority", "halton", "knowsley", "liverpool", "sefton", "st-helens", "wirral")


def as_read(course: CourseDocument) -> CourseDocument:
    """The course as learners read it: facts and words of the glossary printed, and sources behind a title."""

    def printed(value: object) -> object:
        if isinstance(value, str):
            text = fill_terms(fill_facts(value, course.facts), course.glossary)
            return re.sub(r"\[([^\[\]]*)\]\(term:[^)]*\)", r"\1", text)
        if isinstance(value, list):
            return [printed(part) for part in value]
        if not isinstance(value, dict):
            return value
        if value.get("type") == "facts":
            text = f"{sources_of(value['fact_ids'], course.facts)}\n\n{printed(value['text'])}"
            return {"type": "more", "title": "Where these facts come from", "text": text}
        return {key: printed(part) for key, part in value.items()}

    return CourseDocument.model_validate(printed(course.model_dump(mode="json")))


def words(text: str) -> list[str]:
    """The words of running text: no table rows, no list numbers, no marks."""
    lines = [re.sub(r"^\s*(\d+\.|[-*#>]+)\s", "", line) for line in text.splitlines() if not line.startswith("|")]
    return re.findall(r"[\w{][\w’',.%£{}-]*", " ".join(lines))


def sentences(text: str) -> list[str]:
    """Running text cut at full stops, question marks, colons, paragraphs and list items."""
    running = "\n".join(line for line in text.splitlines() if not line.startswith("|"))
    parts = re.split(r"(?<=[.?:])[”’*]*\s+|\n\n|\n\s*(?:-|\d\.) ", running)
    return [part for part in parts if words(part)]


def module_of(course: CourseDocument, module_id: str) -> Module:
    return next(module for module in course.modules if module.id == module_id)


def screen_of(course: CourseDocument, screen_id: str) -> Screen:
    return next(screen for _, screen in course.screens() if screen.id == screen_id)


def questions_of(course: CourseDocument, module: Module) -> list[Question]:
    """The questions of a module, in the order of its screens."""
    return [course.questions[key] for screen in module.screens for key in screen.question_ids]


def core_words(screen: Screen) -> int:
    return sum(len(words(block.text)) for block in screen.blocks if isinstance(block, MarkdownBlock))


def asks_about_oneself(screen: Screen) -> int:
    return sum(not isinstance(block, MyPlanBlock) for block in screen.personal)


def is_text(screen: Screen) -> bool:
    is_choice = any(isinstance(block, ExamplesBlock) for block in screen.blocks)
    is_asked = screen.question_ids or screen.reflection_ids or screen.quiz_id or asks_about_oneself(screen)
    return not is_asked and not is_choice


def feedback_of(question: Question) -> list[str]:
    overall = [text for text in (question.feedback.right, question.feedback.wrong) if text]
    if question.number:
        overall += [text for text in (question.number.too_low, question.number.too_high) if text]
    if question.short:
        overall += [miss.feedback for miss in question.short.not_accepted]
    overall += [choice.feedback for node in nodes_of(question) for choice in node.choices]
    return [option.feedback for option in question.options] + overall


def nodes_of(question: Question) -> tuple[StoryNode, ...]:
    return question.branching.nodes if question.branching else ()


def question_texts(question: Question) -> Iterator[str]:
    yield question.stem
    yield question.story
    yield from feedback_of(question)
    yield from (choice.text for choice in (*question.options, *question.items, *question.choices))
    yield from (row.item for row in question.rows)
    if question.cloze:
        yield question.cloze.text
        for gap in question.cloze.gaps:
            yield from (text for text in (gap.right, gap.wrong) if text)
            yield from (choice.text for choice in gap.choices)
    for part in question.branching.parts if question.branching else ():
        yield from (part.heading, part.text)
    for node in nodes_of(question):
        yield from (text for text in (node.stem, *(choice.text for choice in node.choices)) if text)


def screen_texts(screen: Screen) -> Iterator[str]:
    """What stands on a screen, besides its questions."""
    yield screen.title
    for block in screen.blocks:
        if isinstance(block, MarkdownBlock | MoreBlock | NoteBlock):
            yield block.text
        if isinstance(block, MoreBlock):
            yield block.title
        if isinstance(block, ReflectionBlock):
            yield block.prompt
        yield from met_their_own_way(block)


def module_texts(module: Module) -> Iterator[str]:
    """What stands on the page of a module and on its screens, besides their questions."""
    yield from (module.title, module.know, module.notice, module.do, *module.outcomes)
    for screen in module.screens:
        yield from screen_texts(screen)


def met_their_own_way(block: object) -> Iterator[str]:
    """The texts of a block that each reader meets in a way of their own."""
    if isinstance(block, DetailBlock):
        yield from (block.mentions, block.short)
    if isinstance(block, TableBlock):
        yield from (block.caption, block.text, re.sub(r"\[\d+\]", "12", block.sentence))
    if isinstance(block, ExamplesBlock):
        yield block.text
    if isinstance(block, CommentBlock):
        yield block.prompt
    if isinstance(block, MeetingBlock):
        yield from (block.title, block.text)


def all_texts(course: CourseDocument, *, without: Sequence[str] = ()) -> list[str]:
    """Everything that a learner may read, with tokens as they are typed; ``without`` some screens and questions."""
    texts = [course.title, course.summary, *course.outcomes]
    for token in course.tokens.values():
        texts += [token.default, *token.authorities.values(), *token.sets.values()]
    for module in course.modules:
        texts += module_texts(
            module.model_copy(update={"screens": [one for one in module.screens if one.id not in without]})
        )
    for question in course.questions.values():
        texts += () if question.id in without else question_texts(question)
    return texts


def wordings(course: CourseDocument) -> list[Mapping[str, str]]:
    """What the tokens of a course stand for, for everybody who may read it: each authority with each example set."""
    sets = [one.id for one in course.examples] or [None]
    return [
        token_values(course.tokens, organisation_slug=slug, local_wording={}, example_set=one)
        for slug in AUTHORITIES
        for one in sets
    ]


def all_readings(course: CourseDocument, text: str) -> set[str]:
    """A text as it reads in each wording."""
    return {fill_tokens(text, values) for values in wordings(course)} if TOKEN.search(text) else {text}


def filled(course: CourseDocument, text: str, slug: str | None = None, example_set: str | None = None) -> str:
    chosen = course.example_set(example_set)
    return fill_tokens(text, token_values(course.tokens, organisation_slug=slug, local_wording={}, example_set=chosen))
