"""What an HR file did to somebody, in words: what was there before, and what was there afterwards."""

from collections.abc import Iterator, Mapping
from typing import Any

from people.feed.planning.sentences import FIELD_WORDS

# A value of the person, by the name under which a file keeps it.
_OF_THE_PERSON = {"full_name": "full-name", "called": "called", "email": "email", "born_on": "born-on"}
_CLEARED, _HIDDEN = "nothing", "born-on"


def changes_in_words(detail: Mapping[str, Any]) -> str:
    """The details of a row of an HR file; empty where it says nothing. A date of birth is named and not said."""
    return "; ".join((*_changes(detail), *_problems(detail)))


def _changes(detail: Mapping[str, Any]) -> Iterator[str]:
    shown = {name: (before, after) for name, (before, after) in detail.get("shown", {}).items()}
    of_person = {_OF_THE_PERSON.get(name, name): pair for name, pair in detail.get("person", {}).items()}
    for name, (before, after) in (of_person | shown).items():
        words = FIELD_WORDS.get(name)
        if words is None:
            continue
        label = f"{words[:1].upper()}{words[1:]}"
        if name == _HIDDEN:
            yield f"{label}: {'another one' if before else 'added' if after else 'taken out'}"
        elif before:
            yield f"{label}: “{before}” became {f'“{after}”' if after else _CLEARED}"
        elif after:
            yield f"{label}: “{after}”"


def _problems(detail: Mapping[str, Any]) -> Iterator[str]:
    for one in detail.get("problems", ()):
        yield f"{one['column']}: {one['problem']}" if one.get("column") else one["problem"]
