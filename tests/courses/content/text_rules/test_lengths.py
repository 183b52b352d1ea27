"""How long and how hard to read a text is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.content.bundle.reading import read_bundle
from courses.content.text_rules.lengths import ModuleLength, module_lengths, screen_lengths
from courses.content.text_rules.readability import readability_of, syllables_in
from tests.courses.content.bundles import MODULE, a_bundle

EASY = "We ask first. We listen to you. Then we act. You can stop us at any time. " * 3
HARD = (
    "Organisational accountability necessitates comprehensive documentation of institutional discrimination, "
    "notwithstanding administrative considerations regarding proportionality and legitimate operational objectives. "
) * 2


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("race", 1),
        ("equality", 4),
        ("organisation", 5),
        ("behaviour", 3),
        ("colleague’s", 2),
        ("well-being", 3),
        ("Siân", 1),
        ("Nguyễn", 1),
        ("Oluwaseun", 4),
    ],
)
def test_syllables_are_counted_as_they_are_said(word: str, syllables: int) -> None:
    assert syllables_in(word) == syllables


def test_plain_words_in_short_sentences_have_a_low_reading_age_and_long_ones_a_high_one() -> None:
    easy, hard = readability_of([EASY]).reading_age, readability_of([HARD]).reading_age
    assert easy is not None
    assert hard is not None
    assert easy < 8 < 20 < hard


def test_a_formula_known_by_heart() -> None:
    """Ten sentences of three words of one syllable: 0.39 × 3 + 11.8 − 15.59 is below nought, so the least is said."""
    assert readability_of(["The cat sat."] * 10).reading_age == 5.0
    # 30 words, one sentence, 30 syllables: 11.7 + 11.8 − 15.59 = 7.91, and five years.
    assert readability_of([" ".join(["cat"] * 30)]).reading_age == 12.9


def test_a_few_words_have_no_reading_age() -> None:
    assert readability_of(["Yes. Ask the person."]).reading_age is None
    assert readability_of([]).longest_sentence == 0


def test_a_list_item_ends_a_sentence_without_a_full_stop() -> None:
    assert readability_of(["one two three", "four five"]).longest_sentence == 3


@given(st.lists(st.text(), max_size=5))
def test_any_text_can_be_counted(passages: list[str]) -> None:
    found = readability_of(passages)
    assert found.longest_sentence <= found.words
    assert found.sentences <= found.words


def lengths_of(text: str) -> list[tuple[int, int]]:
    document = read_bundle(a_bundle(module=MODULE.replace("About 1.55 million people live here.", text))).document
    assert document is not None
    return [(one.core_words, one.question_words) for one in screen_lengths(document)]


def test_running_text_and_questions_are_counted_apart() -> None:
    (text, question) = lengths_of("**Two** [words](/support)")
    assert text == (2, 0)
    assert question == (0, 9)


def test_tables_and_folds_are_not_counted_and_notes_are() -> None:
    table = "One.\n\n| Head | Of |\n| --- | --- |\n| many | words |"
    fold = "::: more Where from\nMany more words here.\n:::"
    assert lengths_of(f"{table}\n\n{fold}\n\n::: note\nA note.\n:::")[0] == (3, 0)


def test_what_is_over_the_budget_is_named() -> None:
    long = " ".join(["discrimination"] * 130) + "."
    document = read_bundle(a_bundle(module=MODULE.replace("About 1.55 million people live here.", long))).document
    assert document is not None
    faults = screen_lengths(document)[0].faults
    assert [fault.split()[0] for fault in faults] == ["reading", "a", "130"]
    assert screen_lengths(document)[1].faults == ()


@pytest.mark.parametrize(("words", "verdict"), [(549, "1 under"), (550, "within"), (700, "within"), (705, "5 over")])
def test_a_module_of_nine_minutes_holds_550_to_700_words(words: int, verdict: str) -> None:
    module = ModuleLength("c", "M1", "Title", 3, words, 5, 9, 7.0, 9.5)
    assert module.budget == (550, 700)
    assert module.verdict == verdict


def test_a_module_is_the_sum_of_its_screens() -> None:
    document = read_bundle(a_bundle()).document
    assert document is not None
    (module,) = module_lengths(document)
    assert module.core_words == sum(one.core_words for one in screen_lengths(document))
    assert (module.screens, module.questions) == (2, 1)


def test_a_module_without_questions_may_be_read_all_the_time() -> None:
    module = ModuleLength("c", "M1", "Title", 3, 460, 0, 3, 3.0, 9.5)
    assert module.verdict == "within"
    assert ModuleLength("c", "M1", "Title", 3, 470, 0, 3, 3.0, 9.5).verdict == "5 over"
