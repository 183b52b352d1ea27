"""What differs between two versions, in a few sentences for somebody who reads neither. No question is given away."""

from collections.abc import Iterator, Sequence

from courses.content.comparing.version_changes import PartChange, VersionChanges

# So many parts of a sort are named; of more, the first of them.
MOST_NAMED = 5
_HOW = {
    "changed": ("reads differently", "read differently"),
    "added": ("was added", "were added"),
    "removed": ("was taken out", "were taken out"),
}


def changes_in_words(changes: VersionChanges) -> tuple[str, ...]:
    """A sentence for each sort of change: screens, facts and quizzes by name, and questions counted."""
    return tuple(_sentences(changes)) or ("Every word is the same.",)


def _sentences(changes: VersionChanges) -> Iterator[str]:
    if changes.keys:
        one = len(changes.keys) == 1
        yield f"{_how_many(len(changes.keys), 'question')} {'has' if one else 'have'} another right answer."
    for singular, parts in (("question", changes.questions), ("screen", changes.screens), ("fact", changes.facts)):
        yield from _of_sort(singular, parts, is_named=singular != "question")
    yield from _of_sort("quiz", changes.quizzes)
    if changes.settings:
        said = ", ".join(one.label[:1].lower() + one.label[1:] for one in changes.settings[:MOST_NAMED])
        yield f"The course as a whole is described differently: {said}{_and_more(len(changes.settings))}."


def _of_sort(singular: str, parts: Sequence[PartChange], *, is_named: bool = True) -> Iterator[str]:
    for how, (of_one, of_several) in _HOW.items():
        found = [one.title for one in parts if one.how == how]
        if found:
            names = ", ".join(f"“{one}”" for one in found[:MOST_NAMED])
            said = f": {names}{_and_more(len(found))}" if is_named else ""
            yield f"{_how_many(len(found), singular)} {of_one if len(found) == 1 else of_several}{said}."


def _how_many(count: int, singular: str) -> str:
    plural = "quizzes" if singular == "quiz" else f"{singular}s"
    return f"{count} {singular if count == 1 else plural}"


def _and_more(count: int) -> str:
    return f" and {count - MOST_NAMED} more" if count > MOST_NAMED else ""
