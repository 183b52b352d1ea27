"""Facts: what a course says that can be checked, once, with its source; and the references that print it."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from courses.marking.question import Frozen

# The colon keeps a reference apart from a token, whose name has none. It stands on one line, because checks go
# line by line, and what they do not see must not be printed.
FACT = re.compile(r"\{\{[ \t]*fact:[ \t]*([^{}\s]+)[ \t]*\}\}")

# Authors name their tokens in small letters, so this one can never be theirs.
NOTE = "FACT_NOTE_"

Status = Literal["checked", "to-check"]


class Fact(Frozen):
    """One fact as a version stores it. ``text`` is Markdown and may hold tokens; ``name`` is what lists of
    sources call it. ``questions`` are the ids of questions that depend on it without printing it."""

    text: str
    name: str = ""
    source: str = ""
    source_date: str = ""
    checked_on: date | None = None
    review_by: date
    status: Status = "checked"
    note: str = ""
    questions: tuple[str, ...] = Field(default=())

    @property
    def is_checked(self) -> bool:
        """Whether somebody has compared it with its source."""
        return self.status == "checked"


def fact_ids(text: str) -> tuple[str, ...]:
    """The ids of the facts that ``text`` prints, in order, each as often as it stands there."""
    return tuple(FACT.findall(text))


def fill_facts(text: str, facts: Mapping[str, Fact], note: Callable[[str], str] | None = None) -> str:
    """``text`` with each reference replaced by the words of its fact, whose tokens stay as they are.

    ``note`` gives words to stand after a fact by its id. An id that nobody knows stays as it is typed.
    """

    def words(found: re.Match[str]) -> str:
        fact = facts.get(found[1])
        if fact is None:
            return found[0]
        if note is None:
            return fact.text
        # Behind a table or a list the note needs a paragraph of its own.
        return fact.text + ("\n\n" if "\n" in fact.text else " ") + note(found[1])

    return FACT.sub(words, text)


def note_token(fact_id: str) -> str:
    """The name of the token whose value is the note about a fact."""
    return NOTE + fact_id.replace("-", "_")


def is_note_token(name: str) -> bool:
    """True for a token that stands for the note about a fact."""
    return name.startswith(NOTE)


def sources_of(ids: Iterable[str], facts: Mapping[str, Fact]) -> str:
    """Where facts come from, as a Markdown list; facts with one name and source share a line."""
    lines = dict.fromkeys(_source_line(facts[key]) for key in ids if key in facts)
    return "\n".join(f"- {line}" for line in lines)


def _source_line(fact: Fact) -> str:
    source = " ".join(fact.source.split())
    if fact.source_date and fact.source_date not in source:
        source = f"{source}, {fact.source_date}"
    return f"{fact.name}: {source}" if fact.name else source
