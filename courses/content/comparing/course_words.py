"""A course as labelled texts, by the id of each of its parts: what two versions are compared by."""

from collections.abc import Iterator, Mapping
from typing import Any

from courses.content.export.module_writing import block_text
from courses.content.model.course import CourseDocument, Screen
from courses.content.model.facts import Fact
from courses.marking.question import BranchingStory, Question

Texts = dict[str, str]


def settings_of(document: CourseDocument) -> Texts:
    """What course.yaml says of the course as a whole."""
    follows = document.follows
    return {
        "Title": document.title,
        "Summary": document.summary,
        "Language": document.language,
        "Minutes": str(document.minutes),
        "Per cent to pass": str(document.pass_percent),
        "Order": document.order,
        "Follows": f"{follows.course}, {follows.weeks} weeks later" if follows else "",
        "Certificate": "yes" if document.certificate else "no",
        "Months that it is valid": str(document.valid_for_months or ""),
        "Outcomes": "\n".join(document.outcomes),
        "Modules": "\n".join(f"{module.title} ({module.minutes} minutes)" for module in document.modules),
        "Takeaways": "\n".join(
            line for module in document.modules for line in (module.know, module.notice, module.do) if line
        ),
        **{
            f"Token {name}": "\n".join(
                [token.default, *(f"{key}: {text}" for key, text in {**token.authorities, **token.sets}.items())]
            )
            for name, token in document.tokens.items()
        },
        **{f"Word {term.term}": term.meaning for term in document.glossary.values()},
    }


def screen_texts(document: CourseDocument) -> dict[str, tuple[str, Texts]]:
    """The title and the texts of every screen, by its id, as an author writes them."""
    types = {name: media.content_type for name, media in document.media.items()}
    return {screen.id: (screen.title, _screen(screen, document, types)) for _, screen in document.screens()}


def _screen(screen: Screen, document: CourseDocument, types: Mapping[str, str]) -> Texts:
    text = "\n\n".join(block_text(block, types) for block in screen.blocks)
    shown = {name: media.sha256[:8] for name, media in document.media.items() if name in text}
    pictures = {"Files": ", ".join(f"{name} ({digest})" for name, digest in shown.items())} if shown else {}
    return {"Heading": screen.title, "Text": text, **pictures}


def question_texts(document: CourseDocument) -> dict[str, tuple[str, Texts]]:
    """The stem and the texts of every question, by its id; its key is the text called “Right answer”."""
    return {key: (question.stem, dict(_question(question))) for key, question in document.questions.items()}


def fact_texts(document: CourseDocument) -> dict[str, tuple[str, Texts]]:
    """The name and the texts of every fact, by its id."""
    return {key: (fact.name or key, _fact(fact)) for key, fact in document.facts.items()}


def quiz_texts(document: CourseDocument) -> dict[str, tuple[str, Texts]]:
    """The title and the rules of every quiz, by its id."""
    return {
        key: (quiz.title, {name.replace("_", " ").capitalize(): _plain(value) for name, value in quiz})
        for key, quiz in document.quizzes.items()
    }


def _fact(fact: Fact) -> Texts:
    return {
        "Words": fact.text,
        "Source": fact.source,
        "Date of the source": fact.source_date,
        "State": fact.status,
    }


RIGHT = "Right answer"


def _question(question: Question) -> Iterator[tuple[str, str]]:
    yield RIGHT, right_answer(question)
    yield "Kind", question.kind
    yield "Counts", "yes" if question.scored else "no"
    yield "Story", question.story
    yield "Question", question.stem
    for number, option in enumerate(question.options, start=1):
        yield f"Option {number}", option.text
        yield f"Feedback on option {number}", option.feedback
    yield "Items", "\n".join(item.text for item in question.items)
    yield "Choices", "\n".join(choice.text for choice in question.choices)
    if question.cloze is not None:
        yield "Text with gaps", question.cloze.text
        for number, gap in enumerate(question.cloze.gaps, start=1):
            yield f"Gap {number}", " | ".join(choice.text for choice in gap.choices)
            yield f"Feedback on gap {number}", "\n".join(filter(None, (gap.right, gap.wrong)))
    if question.short is not None:
        for miss in question.short.not_accepted:
            yield f"Not accepted: {miss.text}", miss.feedback
    if question.branching is not None:
        yield from _story(question.branching)
    typed = question.number
    said = (question.feedback.right, question.feedback.wrong, *((typed.too_low, typed.too_high) if typed else ()))
    yield "Feedback", "\n".join(filter(None, said))
    yield "Tags and outcome", ", ".join((*question.tags, *filter(None, (question.outcome,))))


def _story(story: BranchingStory) -> Iterator[tuple[str, str]]:
    for node in story.nodes:
        yield f"Moment {node.heading}", "\n".join(filter(None, (node.text, node.stem)))
        for number, choice in enumerate(node.choices, start=1):
            yield f"Moment {node.heading}, choice {number}", f"{choice.text}\n{choice.feedback}"
    for ending in story.endings:
        yield f"Ending {ending.heading}", ending.text


def right_answer(question: Question) -> str:
    """What counts as right, in words; empty for a question that cannot be wrong."""
    lines = [option.text for option in question.options if option.is_right or option.is_best]
    lines += [f"half: {option.text}" for option in question.options if option.is_acceptable]
    lines += [f"{number}. {item.text}" for number, item in enumerate(question.items, start=1)]
    answers = {choice.id: choice.text for choice in question.choices}
    lines += [f"{row.item}: {answers[row.answer_id]}" for row in question.rows]
    if question.number is not None:
        number = question.number
        lines.append(f"{number.lowest} to {number.highest} {number.unit}".strip())
    if question.short is not None:
        lines += [*question.short.accepted, f"spelling {question.short.spelling}"]
    if question.cloze is not None:
        lines += [
            f"gap {number}: {choice.text}"
            for number, gap in enumerate(question.cloze.gaps, start=1)
            for choice in gap.choices
            if choice.is_right
        ]
    for node in question.branching.nodes if question.branching else ():
        lines += [f"{node.heading}: {choice.text}" for choice in node.choices if choice.is_best]
        lines += [f"{node.heading}, half: {choice.text}" for choice in node.choices if choice.is_acceptable]
    return "\n".join(lines)


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return "\n".join(_plain(one) for one in value)
    if hasattr(value, "model_dump"):
        return ", ".join(f"{key} {one}" for key, one in value.model_dump().items() if one is not None)
    return "" if value is None else str(value)
