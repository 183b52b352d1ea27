"""Reads glossary.yaml: the words that a course explains, in its own words or in the platform's."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from courses.content.format.authoring import AnyText, Authored, Line, Slug
from courses.content.format.draft import Passage, TermDraft
from courses.content.format.explaining import validated
from courses.content.model.glossary import Term
from courses.content.source.findings import Findings, Place
from courses.content.source.yaml_reading import Reading, Value, read_yaml

GLOSSARY_FILE = "glossary.yaml"
_STANDARD_FILE = Path(__file__).resolve().parents[2] / "library" / GLOSSARY_FILE


class AuthoredTerm(Authored):
    """One word and its meaning. With its id alone, a word that the platform knows means what it says there."""

    id: Slug = Field(description="Small letters and hyphens: hate-crime. It never changes.")
    term: Line | None = Field(None, description="The word, as a list shows it: Hate crime. Plain text.")
    meaning: Annotated[AnyText, Field(min_length=1, max_length=1_000)] | None = Field(
        None, description="What it means, in plain words. Inline Markdown, 40 words at most."
    )


@lru_cache(maxsize=1)
def standard_terms() -> Mapping[str, Term]:
    """The platform's own words, by id. Raises ``ValueError`` when its file is broken."""
    findings = Findings()
    drafts = _terms(GLOSSARY_FILE, _STANDARD_FILE.read_text("utf-8"), {}, findings)
    if findings.in_order():
        raise ValueError("\n".join(finding.message for finding in findings.in_order()))
    return {draft.id: draft.term for draft in drafts if draft.id and draft.term}


def read_glossary(text: str, findings: Findings) -> list[TermDraft]:
    """The words of a course; one that cannot be read is a finding and does not hide the others."""
    return _terms(GLOSSARY_FILE, text, standard_terms(), findings)


def _terms(file: str, text: str, standard: Mapping[str, Term], findings: Findings) -> list[TermDraft]:
    reading = read_yaml(file, text, findings)
    if reading is None or reading.value is None:
        return []
    if not isinstance(reading.value, list):
        findings.error(Place(file, 1), "This file must be a list of words, each beginning with “- id:”.")
        return []
    return [_term(reading, index, value, standard, findings) for index, value in enumerate(reading.value)]


def _term(reading: Reading, index: int, value: Value, standard: Mapping[str, Term], findings: Findings) -> TermDraft:
    place = reading.place((index,))
    authored = validated(AuthoredTerm, reading, findings, value=value, at=(index,))
    if authored is None:
        given = value.get("id") if isinstance(value, dict) else None
        return TermDraft(given if isinstance(given, str) else None, place)
    known = standard.get(authored.id)
    term, meaning = authored.term or (known and known.term), authored.meaning or (known and known.meaning)
    for key, words in (("term", term), ("meaning", meaning)):
        if not words:
            findings.error(place, f"Add “{key}” to {authored.id}: the platform has no words of its own for it.")
    if not term or not meaning:
        return TermDraft(authored.id, place)
    passages = (
        Passage(reading.text_place((index, "term")), term, "plain"),
        Passage(reading.text_place((index, "meaning")), meaning, "inline"),
    )
    return TermDraft(authored.id, place, Term(term=term, meaning=meaning), passages)
