"""Rules for facts: ids, references, what may be shown to learners, and what is due for another look."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from courses.content.files.fact_files import FACT_FILE, SHARED_FACT_FILE
from courses.content.format.draft import Draft, FactDraft, Passage
from courses.content.model.facts import FACT, Fact
from courses.content.source.findings import Findings, Place

# Facts of several courses begin with this instead of a course's id.
SHARED = "ALL-F-"


@dataclass(frozen=True)
class _Reference:
    """A fact that a text prints: where, in which passage, and on which line of it."""

    id: str
    place: Place
    passage: Passage
    line: str

    @property
    def stands_alone(self) -> bool:
        return self.passage.form == "blocks" and FACT.fullmatch(self.line.rstrip()) is not None


def facts_of(draft: Draft) -> dict[str, Fact]:
    """The facts that could be read, by id, each with the questions that depend on it."""
    leaning: dict[str, list[str]] = {}
    for question in draft.questions:
        for named in question.facts:
            leaning.setdefault(named.id, []).append(question.id or "")
    facts: dict[str, Fact] = {}
    for fact in draft.facts:
        if fact.id and fact.values is not None:
            facts.setdefault(fact.id, Fact(**fact.values, questions=tuple(leaning.get(fact.id, ()))))
    return facts


def check_facts(draft: Draft, plain: Iterable[Passage], today: date | None, findings: Findings) -> None:
    """Note everything that is wrong with facts. ``plain`` are texts in which none can stand; without ``today``
    no day has gone by."""
    _check_ids(draft, findings)
    known = {fact.id: fact for fact in draft.facts if fact.id}
    facts = facts_of(draft)
    shown = list(_shown(draft))
    for reference in shown:
        _check_reference(reference, facts, findings)
    _refuse_facts_elsewhere(draft, plain, findings)
    listed = [named for module in draft.modules for screen in module.screens for named in screen.facts]
    leaning = [named for question in draft.questions for named in question.facts]
    visible = [(reference.id, reference.place) for reference in shown] + [(one.id, one.place) for one in listed]
    for fact_id, place in visible:
        if fact_id in facts and not facts[fact_id].is_checked:
            findings.error(place, _not_to_be_shown(fact_id, place, known[fact_id].place))
    for fact_id, place in (*visible, *((one.id, one.place) for one in leaning)):
        if fact_id not in known and draft.is_read(_file_of(fact_id)):
            findings.error(place, _unknown(fact_id, draft))
    used = {fact_id for fact_id, _ in visible} | {one.id for one in leaning}
    for fact_id, fact in facts.items():
        _note_state(known[fact_id], fact, is_shown=fact_id in {one for one, _ in visible}, findings=findings)
        if fact.is_checked and fact_id not in used and draft.is_read("modules/", "questions/"):
            findings.warning(
                known[fact_id].place,
                f"Nothing uses the fact {fact_id}. Print it as {{{{fact:{fact_id}}}}}, or remove it.",
            )
        _check_days(known[fact_id], fact, today, findings)


def _check_ids(draft: Draft, findings: Findings) -> None:
    first: dict[str, FactDraft] = {}
    for fact in draft.facts:
        if not fact.id:
            continue
        other = first.setdefault(fact.id, fact)
        if other is not fact:
            findings.error(fact.place, f"The fact {fact.id} is on line {other.place.line} already. Choose another id.")
        if fact.is_shared and not fact.id.startswith(SHARED):
            findings.error(fact.place, f"Courses share the fact {fact.id}, so its id must begin with {SHARED}.")
        elif not fact.is_shared and draft.course is not None and not fact.id.startswith(f"{draft.course.id}-"):
            findings.error(fact.place, f"The id {fact.id} must begin with the course’s id: {draft.course.id}-F-.")


def _unknown(fact_id: str, draft: Draft) -> str:
    name = fact_id[:40]
    if not fact_id.startswith(SHARED):
        if FACT_FILE not in draft.file_names:
            cure = f"Put it beside course.yaml, with the fact “{name}”, or correct the id."
            return f"The file {FACT_FILE} is missing. {cure}"
        return f"{FACT_FILE} has no fact “{name}”. Write it there, or correct the id."
    if SHARED_FACT_FILE not in draft.file_names:
        return (
            f"The fact {name} is one that courses share. Put a copy of {SHARED_FACT_FILE} beside course.yaml, "
            "or correct the id."
        )
    course_id = draft.course.id if draft.course else "the course’s id"
    if fact_id in draft.facts_of_others:
        where = _where(draft.facts_of_others[fact_id])
        return f"The fact {name} does not name this course. Add {course_id} to its “courses” ({where})."
    return (
        f"{SHARED_FACT_FILE} has no fact “{name}”. Write it there with {course_id} among its “courses”, "
        "or correct the id."
    )


def _file_of(fact_id: str) -> str:
    return SHARED_FACT_FILE if fact_id.startswith(SHARED) else FACT_FILE


def _references(passages: Iterable[Passage]) -> Iterator[_Reference]:
    for passage in passages:
        for number, line in enumerate(passage.text.split("\n")):
            for found in FACT.finditer(line):
                yield _Reference(found[1], passage.place.down(number), passage, line)


def _shown(draft: Draft) -> Iterator[_Reference]:
    """References in screens and questions: the places where learners read them."""
    for module in draft.modules:
        for screen in module.screens:
            yield from _references(passage for passage in screen.passages if passage.form != "plain")
    for question in draft.questions:
        yield from _references(question.passages)


def _refuse_facts_elsewhere(draft: Draft, plain: Iterable[Passage], findings: Findings) -> None:
    screens = [screen for module in draft.modules for screen in module.screens]
    titles = [passage for screen in screens for passage in screen.passages if passage.form == "plain"]
    for reference in _references((*plain, *titles)):
        findings.error(
            reference.place,
            "A fact can be printed in the text of a screen and in a question, but not here. Write the words in full.",
        )
    for reference in _references(passage for fact in draft.facts for passage in fact.passages):
        findings.error(reference.place, "A fact cannot stand inside another fact. Write the words in full.")


def _check_reference(reference: _Reference, facts: dict[str, Fact], findings: Findings) -> None:
    fact = facts.get(reference.id)
    if fact is not None and "\n" in fact.text and not reference.stands_alone:
        findings.error(
            reference.place,
            f"The fact {reference.id} has several lines, so it must be the only thing on its line of a screen.",
        )


def _not_to_be_shown(fact_id: str, place: Place, written: Place) -> str:
    return (
        f"The fact {fact_id} is still to be checked: put it right ({_where(written)}), "
        f"or take it out of {_where(place)}."
    )


def _note_state(draft: FactDraft, fact: Fact, *, is_shown: bool, findings: Findings) -> None:
    if fact.is_checked or is_shown:
        return
    note = f" {' '.join(fact.note.split())}" if fact.note else ""
    findings.warning(draft.place, f"The fact {draft.id} is still to be checked, so learners do not see it.{note}")


def _check_days(draft: FactDraft, fact: Fact, today: date | None, findings: Findings) -> None:
    if today is None:
        return
    if fact.review_by < today:
        findings.warning(
            draft.place,
            f"The fact {draft.id} was to be reviewed by {_day(fact.review_by)}. Check it and give it new days.",
        )
    if fact.checked_on is not None and fact.checked_on > today:
        findings.warning(draft.place, f"The fact {draft.id} was checked on a day that has not come yet. Correct it.")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _where(place: Place) -> str:
    return place.file if place.line is None else f"{place.file} line {place.line}"
