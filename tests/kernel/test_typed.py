"""The same words in many forms of Unicode are the same words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.typed import (
    composed,
    folded,
    is_named,
    name_key,
    opaque,
    search_beginnings,
    search_words,
    with_plain_digits,
)

SAME = [
    ("Siân", "Sia\u0302n"), ("Siân", "ＳＩÂＮ"), ("Nguyễn", unicodedata.normalize("NFD", "NGUYỄN")), ("ﬁne", "Fine"),
    ("Straße", "STRASSE"), ("a b", "a\u00a0b"), ("a b", " a \u202f\n b "), ("ab", "a\u200bb"), ("ab", "\ufeffa\u00adb"),
    ("محمد", "\u2067محمد\u2069"), ("p0", "p0\x00"), ("Ọláyínká", unicodedata.normalize("NFD", "ọláyínká")),
    ("ab", "a\ud800b"),
    ("가", "\u1100\u1161"), ("ｶﾞ", "ガ"), ("könig", "KO\u0308NIG"),
]  # fmt: skip
OTHER = [("Siân", "Sian"), ("102", "10²"), ("5½", "51⁄2"), ("1", "①"), ("王芳", "王方"), ("й", "и"), ("ab", "a b")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_words_are_compared_as_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(st.text(max_size=40))
def test_folding_or_composing_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert composed(composed(text)) == composed(text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_every_form_of_a_text_is_folded_alike(text: str) -> None:
    assert folded(unicodedata.normalize("NFD", text)) == folded(text)
    assert folded(unicodedata.normalize("NFC", text)) == folded(text)


def test_what_is_stored_keeps_its_capitals_and_the_joiners_that_shape_letters() -> None:
    assert composed("  Sia\u0302n\u200b  Hughes\x00 ") == "Siân Hughes"
    for name in ("می\u200cخواهم", "ക്\u200d", "👩\u200d🔬"):
        assert composed(name) == name


def test_digits_of_every_script_are_digits_and_powers_are_none() -> None:
    assert with_plain_digits("١٢٣ ৪৫ ７ x²①") == "123 45 7 x²①"


def test_a_password_is_hashed_in_the_form_of_rfc_8265() -> None:
    assert opaque("pa\u0301sswo\u0308rd\u00a0and\u3000more") == "pásswörd and more"
    for kept in ("  Two  Spaces ", "ＷＩＤＥ", "ﬁ", "Πς", "10²"):  # case, width and spaces count
        assert opaque(kept) == kept


NAMES = st.text(st.sampled_from(" -'’.abcÀßﬁøЖ王芳\u0301\u200d\U0010ffffع1²"), max_size=14)


@given(NAMES, NAMES)
def test_what_is_stored_of_a_name_is_begun_by_just_the_words_that_mean_it(name: str, typed: str) -> None:
    words, stored = search_words(typed), search_beginnings(name)
    assert is_named(name, words) == all(any(one.startswith(word) for one in stored) for word in words)


@pytest.mark.parametrize("other", ["nguyen sian", "NGUYỄN, Siân", "Sia\u0302n Nguye\u0302\u0303n"])
def test_names_have_one_key_whatever_their_accents_and_order(other: str) -> None:
    assert name_key(other) == name_key("Siân Nguyễn")
    assert name_key("Siân Nguyen-Li") != name_key("Siân Nguyễn")


@given(text=st.text(st.characters(max_codepoint=0x7E), max_size=40))
def test_letters_of_a_plain_keyboard_are_folded_and_composed_like_all_others(text: str) -> None:
    assert folded(f"{text} é") == f"{folded(text)} é".strip()
    assert composed(f"{text} é") == f"{composed(text)} é".strip()
