"""The entry of a question in its file, from the plain data that marking knows."""

from collections.abc import Mapping, Sequence
from typing import Any

from courses.content.export.module_writing import recording_entry
from courses.content.export.yaml_writing import Entry, without_empty
from courses.marking.question import Choice, Cloze, Option, Question, StoryChoice, StoryNode


def question_entry(question: Question, facts: Sequence[str], content_types: Mapping[str, str]) -> Entry:
    """A question as an author writes it. ``facts`` are the ids of those that it depends on without printing them."""
    return without_empty(
        {
            "id": question.id,
            "kind": question.kind,
            "about": question.about,
            "scored": None if question.scored else False,
            "outcome": question.outcome,
            "tags": list(question.tags),
            "facts": list(facts),
            "story": question.story,
            "stem": question.stem,
            "media": recording_entry(question.media, content_types) if question.media else None,
            "options": [_option(option, content_types) for option in question.options],
            "items": [item.text for item in question.items],
            **_matched(question),
            **_typed(question),
            **_gapped(question.cloze),
            **_told(question, content_types),
            "feedback": _feedback(question),
        }
    )


def _option(option: Option, content_types: Mapping[str, str]) -> Entry:
    flags = {
        "right": option.is_right,
        "best": option.is_best,
        "acceptable": option.is_acceptable,
        "keep_last": option.keep_last,
    }
    return without_empty(
        {
            "text": option.text,
            **{key: True for key, is_set in flags.items() if is_set},
            "feedback": option.feedback,
            "media": recording_entry(option.media, content_types) if option.media else None,
        }
    )


def _matched(question: Question) -> Entry:
    texts = {choice.id: choice.text for choice in question.choices}
    answers = {row.answer_id for row in question.rows}
    others: list[Choice] = [choice for choice in question.choices if choice.id not in answers]
    return {
        "rows": [{"item": row.item, "answer": texts[row.answer_id]} for row in question.rows],
        "extra_choices": [choice.text for choice in others],
    }


def _typed(question: Question) -> Entry:
    entry: Entry = {}
    if question.number is not None:
        number = question.number
        entry |= {"answer": format(number.answer, "f"), "unit": number.unit}
        entry |= {"tolerance": format(number.tolerance, "f")} if str(number.tolerance) != "0" else {}
    if question.short is not None:
        entry |= {
            "accepted": list(question.short.accepted),
            "not_accepted": [{"text": miss.text, "feedback": miss.feedback} for miss in question.short.not_accepted],
            "spelling": question.short.spelling if question.short.spelling == "strict" else None,
        }
    return entry


def _gapped(cloze: Cloze | None) -> Entry:
    if cloze is None:
        return {}
    text = cloze.text
    for number, gap in enumerate(cloze.gaps, start=1):
        choices = [f"*{choice.text}" if choice.is_right else choice.text for choice in gap.choices]
        text = text.replace(f"[[{number}]]", f"\ue000{'|'.join(choices)}\ue001", 1)
    says = [without_empty({"right": gap.right, "wrong": gap.wrong}) for gap in cloze.gaps]
    while says and not says[-1]:
        says.pop()
    return {"text": text.replace("\ue000", "[[").replace("\ue001", "]]"), "gap_feedback": says}


def _told(question: Question, content_types: Mapping[str, str]) -> Entry:
    if question.branching is None:
        return {}
    endings = [{"id": one.id, "heading": one.heading, "text": one.text} for one in question.branching.endings]
    return {"nodes": [_node(node, content_types) for node in question.branching.nodes], "endings": endings}


def _node(node: StoryNode, content_types: Mapping[str, str]) -> Entry:
    return without_empty(
        {
            "id": node.id,
            "heading": node.heading,
            "text": node.text,
            "stem": node.stem,
            "media": recording_entry(node.media, content_types) if node.media else None,
            "choices": [_story_choice(choice) for choice in node.choices],
        }
    )


def _story_choice(choice: StoryChoice) -> Entry:
    flags = {"best": choice.is_best, "acceptable": choice.is_acceptable}
    return {
        "text": choice.text,
        **{key: True for key, is_set in flags.items() if is_set},
        "next": choice.leads_to,
        "feedback": choice.feedback,
    }


def _feedback(question: Question) -> dict[str, Any]:
    number = question.number
    return without_empty(
        {
            "right": question.feedback.right,
            "wrong": question.feedback.wrong,
            "too_low": number.too_low if number else "",
            "too_high": number.too_high if number else "",
        }
    )
