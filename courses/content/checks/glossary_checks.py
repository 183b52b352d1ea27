"""Rules for the glossary: ids, references to its words, and how long a meaning may be. A word may stay unused."""

from collections.abc import Iterable, Iterator

from courses.content.format.draft import Draft, Passage, TermDraft
from courses.content.model.facts import FACT
from courses.content.model.glossary import Term, term_ids
from courses.content.source.findings import Findings, Place
from kernel.typed import folded

LONGEST_MEANING = 40


def glossary_of(draft: Draft) -> dict[str, Term]:
    """The words that could be read, by id, in the order of the file."""
    glossary: dict[str, Term] = {}
    for term in draft.terms:
        if term.id and term.term is not None:
            glossary.setdefault(term.id, term.term)
    return glossary


def check_glossary(draft: Draft, plain: Iterable[Passage], findings: Findings) -> None:
    """Note everything that is wrong with the glossary. ``plain`` are texts in which no word can be linked."""
    _check_doubles(draft, findings)
    known = {term.id for term in draft.terms if term.id}
    on_screens = [text for module in draft.modules for screen in module.screens for text in screen.passages]
    linking = [text for text in draft.passages() if text.form != "plain"]
    for term_id, place in _references(linking):
        if term_id not in known and draft.is_read("glossary.yaml"):
            findings.error(place, f"glossary.yaml has no term “{term_id[:40]}”. Write it there, or correct the id.")
    for _, place in _references((*plain, *(text for text in on_screens if text.form == "plain"))):
        findings.error(
            place,
            "A word of the glossary can be linked in the text of a screen and in a question, but not here. "
            "Write the words in full.",
        )
    for term in draft.terms:
        _check_meaning(term, findings)


def _references(passages: Iterable[Passage]) -> Iterator[tuple[str, Place]]:
    for passage in passages:
        for number, line in enumerate(passage.text.split("\n")):
            for term_id in term_ids(line):
                yield term_id, passage.place.down(number)


def _check_doubles(draft: Draft, findings: Findings) -> None:
    ids: dict[str, TermDraft] = {}
    words: dict[str, TermDraft] = {}
    for term in draft.terms:
        if term.id and ids.setdefault(term.id, term) is not term:
            line = ids[term.id].place.line
            findings.error(term.place, f"The term {term.id} is on line {line} already. Remove one of the two.")
        elif term.term is not None and words.setdefault(folded(term.term.term), term) is not term:
            other = words[folded(term.term.term)]
            findings.error(
                term.place,
                f"“{term.term.term}” is explained on line {other.place.line} already. Remove one of the two.",
            )


def _check_meaning(draft: TermDraft, findings: Findings) -> None:
    if draft.term is None:
        return
    words = len(draft.term.meaning.split())
    if words > LONGEST_MEANING:
        findings.warning(
            draft.place,
            f"The meaning of “{draft.term.term}” has {words} words. "
            f"Say it in {LONGEST_MEANING} at most, and put the rest on a screen.",
        )
    for passage in draft.passages:
        if FACT.search(passage.text) or term_ids(passage.text):
            findings.error(passage.place, "A meaning cannot print a fact or link to a word. Write the words in full.")
