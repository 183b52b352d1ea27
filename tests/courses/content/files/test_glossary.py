"""The glossary: the words that a course explains, how texts lead to them, and what authors are told."""

import pytest
import yaml

from courses.catalogue.versions import fingerprint_of
from courses.content.bundle.reading import read_bundle
from courses.content.files.glossary_files import standard_terms
from courses.content.html.markup import render_inline, render_markdown
from courses.content.model.glossary import Term, fill_terms, words_in_text
from tests.courses.content.bundles import MODULE, a_bundle, found

OWN = "- id: pay-gap\n  term: Pay gap\n  meaning: A difference in what groups earn.\n"
HATE = {"hate-crime": Term(term="Hate crime", meaning="A crime.")}


def bundle_with(glossary: str, text: str = "About 1.55 million people live here.") -> dict[str, bytes]:
    module = MODULE.replace("About 1.55 million people live here.", text)
    return {**a_bundle(module=module), "glossary.yaml": glossary.encode()}


def said(glossary: str, text: str = "Words.") -> list[str]:
    return [message for file, _, message in found(bundle_with(glossary, text))]


def test_a_word_of_the_platform_needs_its_id_alone() -> None:
    document = read_bundle(bundle_with("- id: hate-crime\n" + OWN)).document
    assert document is not None
    assert document.glossary["hate-crime"] == standard_terms()["hate-crime"]
    assert document.glossary["pay-gap"].meaning == "A difference in what groups earn."


def test_an_author_may_say_in_their_own_words_what_a_known_word_means() -> None:
    document = read_bundle(bundle_with("- id: hate-crime\n  meaning: A crime out of hate.\n")).document
    assert document is not None
    assert document.glossary["hate-crime"] == Term(term="Hate crime", meaning="A crime out of hate.")


def test_the_platform_explains_25_words_in_40_words_each_or_fewer() -> None:
    assert len(standard_terms()) == 25
    assert max(len(term.meaning.split()) for term in standard_terms().values()) <= 40


def test_a_course_without_a_glossary_keeps_its_fingerprint() -> None:
    document = read_bundle(a_bundle()).document
    assert document is not None
    assert "glossary" not in document.model_dump(mode="json")
    with_words = read_bundle(bundle_with(OWN)).document
    assert with_words is not None
    assert fingerprint_of(with_words) != fingerprint_of(document)


@pytest.mark.parametrize(
    ("term", "read"),
    [
        ("Hate crime", "hate crime"),
        ("Equality impact assessment (EIA)", "equality impact assessment"),
        ("Public Sector Equality Duty", "Public Sector Equality Duty"),
        ("Gypsy, Roma and Traveller", "Gypsy, Roma and Traveller"),
        ("EIA", "EIA"),
        ("Ọmọlúàbí", "ọmọlúàbí"),
    ],
)
def test_a_word_within_a_sentence_begins_small_unless_it_is_a_name(term: str, read: str) -> None:
    assert words_in_text(term) == read


def test_both_forms_become_links_that_say_where_they_lead() -> None:
    text = fill_terms("A {{term:hate-crime}}, or [such crimes](term:hate-crime).", HATE)
    html = render_markdown(text, tokens={}, media_url=str, term_url=lambda term_id: f"/glossary#{term_id}")
    assert html.count('href="/glossary#hate-crime"') == 2
    assert ">hate crime</a>" in html
    assert ">such crimes</a>" in html


def test_a_word_in_an_answer_is_not_a_link_because_it_could_not_be_chosen() -> None:
    html = render_inline(fill_terms("A {{term:hate-crime}}", HATE), tokens={})
    assert "hate crime" in html
    assert "<a" not in html


def test_the_words_of_a_link_cannot_smuggle_in_another_address() -> None:
    html = render_markdown("[x](term:javascript:alert(1))", tokens={}, media_url=str, term_url=lambda t: t)
    assert "javascript" not in html


@pytest.mark.parametrize("text", ["A {{term:nothing}}.", "A [word](term:nothing)."])
def test_an_unknown_word_is_named_with_its_line(text: str) -> None:
    problems = found(bundle_with(OWN, text))
    assert ("modules/01-why.md", 11, "glossary.yaml has no term “nothing”. Write it there, or correct the id.") in [
        (file, line, message) for file, line, message in problems
    ]


def test_a_title_cannot_link_to_a_word() -> None:
    module = MODULE.replace("title: Why it matters", "title: Why a {{term:pay-gap}} matters")
    problems = found({**a_bundle(module=module), "glossary.yaml": OWN.encode()})
    assert any("but not here" in message for _, _, message in problems)


@pytest.mark.parametrize(
    ("glossary", "message"),
    [
        (OWN + OWN, "The term pay-gap is on line 1 already. Remove one of the two."),
        (OWN + OWN.replace("pay-gap", "gap"), "“Pay gap” is explained on line 1 already. Remove one of the two."),
        ("- id: unheard-of\n", "Add “term” to unheard-of: the platform has no words of its own for it."),
        ("- id: unheard-of\n  term: X\n", "Add “meaning” to unheard-of: the platform has no words of its own for it."),
        ("id: x\n", "This file must be a list of words, each beginning with “- id:”."),
        ("- id: Pay Gap\n", "“id” must be small letters, digits and single hyphens, such as why-it-matters."),
        (
            OWN.replace("A difference", "A " + "very " * 40 + "big difference"),
            "The meaning of “Pay gap” has 47 words. Say it in 40 at most, and put the rest on a screen.",
        ),
        (
            OWN.replace("groups", "{{fact:RE-F-X}}"),
            "A meaning cannot print a fact or link to a word. Write the words in full.",
        ),
        (
            OWN.replace("groups", "{{nobody}}"),
            "“{{nobody}}” is not a known token. Correct it, or add it to course.yaml.",
        ),
    ],
)
def test_authors_are_told_what_to_put_right(glossary: str, message: str) -> None:
    assert message in said(glossary)


def test_a_word_that_no_text_leads_to_is_fine() -> None:
    assert not [message for message in said(OWN) if "Pay gap" in message or "pay-gap" in message]


def test_names_with_accents_survive_from_file_to_document() -> None:
    glossary = "- id: sian\n  term: Siân Nguyễn\n  meaning: محمد and 王芳 and Ọláyínká.\n"
    document = read_bundle(bundle_with(glossary)).document
    assert document is not None
    assert document.glossary["sian"] == Term(term="Siân Nguyễn", meaning="محمد and 王芳 and Ọláyínká.")
    assert yaml.safe_load(glossary)
