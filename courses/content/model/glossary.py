"""The words that a course explains, and the references that lead from a text to a word's meaning."""

import re
from collections.abc import Mapping

from courses.marking.question import Frozen

# Like a fact's, a reference stands on one line; what the checks do not see must not be printed.
TERM = re.compile(r"\{\{[ \t]*term:[ \t]*([^{}\s]+)[ \t]*\}\}")
SCHEME = "term:"
_LINKED = re.compile(r"\]\(term:([^)\s]*)\)")


class Term(Frozen):
    """A word and what it means. ``term`` is plain text, ``meaning`` one run of Markdown."""

    term: str
    meaning: str


def term_ids(text: str) -> tuple[str, ...]:
    """The ids of the terms that ``text`` leads to, each as often as it does, bare references first."""
    return (*TERM.findall(text), *_LINKED.findall(text))


def words_in_text(term: str) -> str:
    """How a term reads within a sentence: “Hate crime” becomes “hate crime”, and names keep their capitals.

    What stands in brackets at its end, such as a short form, is left out.
    """
    words = re.sub(r"\s*\([^()]*\)$", "", term)
    is_name = any(word[:1].isupper() for word in words.split()[1:]) or words[1:2].isupper()
    return words if is_name else words[:1].lower() + words[1:]


def fill_terms(text: str, glossary: Mapping[str, Term]) -> str:
    """``text`` with each ``{{term:id}}`` written as a link to it. An id that nobody knows stays as it is typed."""

    def link(found: re.Match[str]) -> str:
        term = glossary.get(found[1])
        return found[0] if term is None else f"[{words_in_text(term.term)}]({SCHEME}{found[1]})"

    return TERM.sub(link, text)


def linked_term(address: str) -> str | None:
    """The id of the term that a link leads to, or ``None`` when it leads elsewhere."""
    return address.removeprefix(SCHEME) if address.startswith(SCHEME) else None
