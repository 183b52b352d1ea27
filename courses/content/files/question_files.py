"""Reads the question files: lists of questions, each turned into the plain data that marking knows."""

from collections.abc import Iterator
from typing import get_args

from courses.content.files.gaps import check_gaps, read_gaps, with_markers
from courses.content.files.recording_blocks import as_recording, recording_draft, recording_passages
from courses.content.files.story_files import check_story, read_story, story_passages, story_recordings
from courses.content.format.authoring import AuthoredRecording
from courses.content.format.draft import Form, Named, Passage, QuestionDraft
from courses.content.format.explaining import validated
from courses.content.format.question_authoring import AuthoredOption, AuthoredQuestion, in_words
from courses.content.source.findings import Findings, Place
from courses.content.source.yaml_reading import Path, Reading, Value, read_yaml
from courses.marking import QuestionKey, QuestionKind, installed_kinds, kind_of
from courses.marking.kinds.short import refused_words, words_near
from courses.marking.question import (
    Choice,
    Cloze,
    NearMiss,
    NumberAnswer,
    Option,
    OverallFeedback,
    Question,
    Row,
    ShortAnswer,
    opaque_id,
    option_id,
)


def read_questions(file: str, text: str, findings: Findings) -> list[QuestionDraft]:
    """The questions of one file; one that cannot be read is a finding and does not hide the others."""
    reading = read_yaml(file, text, findings)
    if reading is None or reading.value is None:
        return []
    if not isinstance(reading.value, list):
        findings.error(
            Place(file, 1),
            "This file must be a list of questions, each beginning with “- id:” at the margin.",
        )
        return []
    return [_question(reading, index, value, findings) for index, value in enumerate(reading.value)]


def _question(reading: Reading, index: int, value: Value, findings: Findings) -> QuestionDraft:
    place = reading.place((index,))
    authored = validated(AuthoredQuestion, reading, findings, value=value, at=(index,))
    if authored is None:
        given = value.get("id") if isinstance(value, dict) else None
        return QuestionDraft(given if isinstance(given, str) else None, place, None)
    question = _as_question(authored)
    _check(authored, question, reading, index, findings)
    facts = tuple(
        Named(one, "fact", reading.place((index, "facts", number))) for number, one in enumerate(authored.facts)
    )
    passages = tuple(_passages(authored, question, reading, index))
    recordings = tuple(recording_draft(one, reading, at) for at, one in _recordings(authored, index))
    return QuestionDraft(question.id, place, question, passages, facts, recordings)


def _recordings(authored: AuthoredQuestion, index: int) -> Iterator[tuple[Path, AuthoredRecording]]:
    if authored.media is not None:
        yield (index, "media"), authored.media
    for number, option in enumerate(authored.options):
        if option.media is not None:
            yield (index, "options", number, "media"), option.media
    yield from story_recordings(authored, index)


def _as_question(authored: AuthoredQuestion) -> Question:
    kind = kind_of(authored.kind)
    keys = kind.keys if kind else ()
    answers = [*dict.fromkeys(row.answer for row in authored.rows), *authored.extra_choices]
    return Question(
        id=authored.id,
        kind=authored.kind,
        about=authored.about,
        scored=authored.scored,
        stem=authored.stem,
        story=authored.story,
        options=tuple(_option(position, option) for position, option in enumerate(authored.options)),
        items=tuple(Choice(id=opaque_id(text), text=text) for text in authored.items),
        rows=tuple(
            Row(id=f"r{number}", item=row.item, answer_id=opaque_id(row.answer))
            for number, row in enumerate(authored.rows, start=1)
        ),
        choices=tuple(Choice(id=opaque_id(text), text=text) for text in answers),
        feedback=OverallFeedback(right=authored.feedback.right, wrong=authored.feedback.wrong),
        number=_number(authored) if "answer" in keys else None,
        short=_short(authored) if "accepted" in keys else None,
        cloze=read_gaps(authored.text, authored.gap_feedback) if "text" in keys else None,
        branching=read_story(authored) if "nodes" in keys else None,
        media=as_recording(authored.media) if authored.media else None,
        tags=tuple(dict.fromkeys(authored.tags)),
        outcome=authored.outcome,
    )


def _number(authored: AuthoredQuestion) -> NumberAnswer | None:
    if authored.answer is None:
        return None
    return NumberAnswer(
        answer=authored.answer,
        tolerance=authored.tolerance,
        unit=authored.unit,
        too_low=authored.feedback.too_low,
        too_high=authored.feedback.too_high,
    )


def _short(authored: AuthoredQuestion) -> ShortAnswer:
    answers = (*authored.accepted, *(miss.text for miss in authored.not_accepted))
    return ShortAnswer(
        accepted=authored.accepted,
        not_accepted=tuple(NearMiss(text=miss.text, feedback=miss.feedback) for miss in authored.not_accepted),
        spelling=authored.spelling,
        other_words=words_near(answers) if authored.spelling == "forgiving" else {},
    )


def _option(position: int, option: AuthoredOption) -> Option:
    return Option(
        id=option_id(position),
        text=option.text,
        feedback=option.feedback,
        is_right=option.right,
        is_best=option.best,
        is_acceptable=option.acceptable,
        keep_last=option.keep_last,
        media=as_recording(option.media) if option.media else None,
    )


def _check(authored: AuthoredQuestion, question: Question, reading: Reading, index: int, findings: Findings) -> None:
    kind = kind_of(authored.kind)
    if kind is None:
        findings.error(
            reading.place((index, "kind")),
            f"“{authored.kind[:40]}” is not a kind of question that is installed here. "
            f"Use {in_words(installed_kinds())}.",
        )
        return
    _check_keys(authored, kind, reading, index, findings)
    if question.cloze is not None:
        check_gaps(question.cloze, authored.gap_feedback, _gapped(question.cloze, reading, index), findings)
    if question.branching is not None:
        check_story(kind, question, reading, index, findings)
    else:
        for sentence in kind.check(question):
            findings.error(reading.place((index,)), sentence)
    if question.short is not None and (others := refused_words(question.short)):
        findings.warning(
            reading.place((index, "accepted")),
            f"These are words of their own and count as wrong, not as misspellings: {', '.join(others)}. "
            "Add those that are right to “accepted”, and likely mistakes to “not_accepted” with feedback of their own.",
        )
    if authored.about == "reflection" and authored.scored:
        findings.error(
            reading.place((index, "about")),
            "A question about reflection must not be scored. Add “scored: false”, or use “::: reflection”.",
        )
    if authored.scored and any(part.startswith("X") for part in authored.id.split("-")[1:]):
        findings.warning(
            reading.place((index,)),
            "The id names an interaction (X). Add “scored: false” if it is practice only.",
        )


def _check_keys(
    authored: AuthoredQuestion, kind: QuestionKind, reading: Reading, index: int, findings: Findings
) -> None:
    fields = AuthoredQuestion.model_fields
    paths: list[Path] = [
        (name,)
        for name in get_args(QuestionKey)
        if name not in kind.keys and getattr(authored, name) != fields[name].default
    ]
    if "answer" not in kind.keys:
        paths += [("feedback", name) for name in ("too_low", "too_high") if getattr(authored.feedback, name)]
    for path in paths:
        findings.error(reading.place((index, *path)), f"A “{kind.key}” question does not use “{path[-1]}”. Remove it.")


def _gapped(cloze: Cloze, reading: Reading, index: int) -> Passage:
    return Passage(reading.text_place((index, "text")), with_markers(cloze), "blocks")


def _passages(authored: AuthoredQuestion, question: Question, reading: Reading, index: int) -> Iterator[Passage]:
    def passage(text: str, form: Form, *path: str | int) -> Passage:
        at: Path = (index, *path)
        return Passage(reading.text_place(at), text, form)

    yield passage(authored.stem, "inline", "stem")
    yield passage(authored.story, "blocks", "story")
    for recording_at, recording in _recordings(authored, index):
        yield from recording_passages(recording, reading, recording_at)
    for number, option in enumerate(authored.options):
        yield passage(option.text, "inline", "options", number, "text")
        yield passage(option.feedback, "blocks", "options", number, "feedback")
    for number, item in enumerate(authored.items):
        yield passage(item, "inline", "items", number)
    for number, row in enumerate(authored.rows):
        yield passage(row.item, "inline", "rows", number, "item")
        yield passage(row.answer, "plain", "rows", number, "answer")
    for number, choice in enumerate(authored.extra_choices):
        yield passage(choice, "plain", "extra_choices", number)
    for number, miss in enumerate(authored.not_accepted):
        yield passage(miss.feedback, "blocks", "not_accepted", number, "feedback")
    if question.cloze is not None:
        yield _gapped(question.cloze, reading, index)
        for gap in question.cloze.gaps:
            for choice_in_gap in gap.choices:
                yield passage(choice_in_gap.text, "plain", "text")
    for number, gap_feedback in enumerate(authored.gap_feedback):
        yield passage(gap_feedback.right, "blocks", "gap_feedback", number, "right")
        yield passage(gap_feedback.wrong, "blocks", "gap_feedback", number, "wrong")
    yield from story_passages(authored, reading, index)
    for name in ("right", "wrong", "too_low", "too_high"):
        yield passage(getattr(authored.feedback, name), "blocks", "feedback", name)
