"""When people midway can be moved from one version to another: their place and their answers must mean the same there.

Pure: two documents go in, and what stands in the way comes out, all of it at once.
"""

from collections.abc import Iterator

from courses.content.model.course import CourseDocument, Module, Screen
from courses.marking import Question


def obstacles(before: CourseDocument, after: CourseDocument) -> tuple[str, ...]:
    """One sentence for each thing that keeps people midway from being moved; empty when they can be."""
    return (*_rules(before, after), *_places(before, after), *_questions(before, after), *_quizzes(before, after))


def changed_questions(before: CourseDocument, after: CourseDocument) -> frozenset[str]:
    """The questions that both versions have, and that are not the same in both: only their marks can differ."""
    shared = before.questions.keys() & after.questions.keys()
    return frozenset(key for key in shared if before.questions[key] != after.questions[key])


def _rules(before: CourseDocument, after: CourseDocument) -> Iterator[str]:
    if after.pass_percent > before.pass_percent:
        yield f"It takes {after.pass_percent}% to finish, and took {before.pass_percent}%"
    if (before.order, after.order) == ("any-order", "in-order"):
        yield "Its parts could be taken in any order, and have an order now"


def _places(before: CourseDocument, after: CourseDocument) -> Iterator[str]:
    if [(one.id, one.slug) for one in before.modules] != [(one.id, one.slug) for one in after.modules]:
        yield "Its modules are others, stand in another order, or have other addresses"
        return
    for old, new in zip(before.modules, after.modules, strict=True):
        yield from _screens(old, new)


def _screens(old: Module, new: Module) -> Iterator[str]:
    if [screen.id for screen in old.screens] != [screen.id for screen in new.screens]:
        yield f"The screens of {old.id} are others, or stand in another order"
        return
    for before, after in zip(old.screens, new.screens, strict=True):
        if set(before.question_ids) != set(after.question_ids):
            yield f"Screen {before.id} asks other questions"
        if before.quiz_id != after.quiz_id:
            yield f"Screen {before.id} has another quiz"
        if gone := _kept_there(before) - _kept_there(after):
            yield f"Screen {before.id} has no place any more for what people wrote at {', '.join(sorted(gone))}"


def _kept_there(screen: Screen) -> set[str]:
    return {*screen.reflection_ids, *(block.key for block in screen.personal)}


def _questions(before: CourseDocument, after: CourseDocument) -> Iterator[str]:
    for key, old in before.questions.items():
        new = after.questions.get(key)
        if new is None:
            yield f"Question {key} is gone"
        elif new.kind != old.kind:
            yield f"Question {key} is of another kind: {new.kind}, not {old.kind}"
        else:
            yield from _choices(key, _words(old), _words(new))


def _choices(key: str, old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for identity, words in old.items():
        if identity not in new:
            yield f"Question {key} has no “{words}” any more"
        elif new[identity] != words and words in new.values():
            yield f"Question {key} has “{words}” in another place"


def _words(question: Question) -> dict[str, str]:
    """The words of everything that an answer may name, by its id."""
    found = {one.id: one.text for one in (*question.options, *question.items, *question.choices)}
    found |= {row.id: row.item for row in question.rows}
    gaps = question.cloze.gaps if question.cloze else ()
    nodes = question.branching.nodes if question.branching else ()
    found |= {f"{gap.id}/{choice.id}": choice.text for gap in gaps for choice in gap.choices}
    return found | {f"{node.id}/{choice.id}": choice.text for node in nodes for choice in node.choices}


def _quizzes(before: CourseDocument, after: CourseDocument) -> Iterator[str]:
    for key, old in before.quizzes.items():
        new = after.quizzes.get(key)
        if new is None:
            continue  # its screen says so
        if (new.mode, new.optional, new.certainty) != (old.mode, old.optional, old.certainty):
            yield f"Quiz {key} has other rules"
        if new.pass_percent > old.pass_percent:
            yield f"Quiz {key} takes {new.pass_percent}% to pass, and took {old.pass_percent}%"
