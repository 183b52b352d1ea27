"""Certificate numbers: what is made, what is forgiven and what is caught."""

import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.record import numbers as record_numbers
from certificates.record.numbers import ALPHABET, EXAMPLE, SAMPLE, is_example, new_number, normalise, numbers_in

prefixes = st.from_regex(r"[A-Z][A-Z0-9]{0,7}", fullmatch=True)
numbers = prefixes.map(new_number)
bodies = st.text(alphabet=ALPHABET, min_size=8, max_size=8)


def place_after_prefix(number: str, place: int) -> int:
    """The index of the ``place``-th of the nine characters that follow the prefix."""
    start = number.index("-")
    return [at for at in range(start, len(number)) if number[at] != "-"][place]


def with_character(number: str, at: int, character: str) -> str:
    return number[:at] + character + number[at + 1 :]


def test_a_number_looks_as_it_is_printed():
    assert re.fullmatch(r"RE-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", new_number("RE"))


def test_the_alphabet_is_32_characters_without_look_alikes():
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_a_thousand_numbers_are_all_different():
    assert len({new_number("RE") for _ in range(1000)}) == 1000


@pytest.mark.parametrize("prefix", ["", "re", "1E", "RE-", "TOOLONGID", "É"])
def test_a_prefix_that_is_no_course_id_is_refused(prefix):
    with pytest.raises(ValueError, match="cannot start with"):
        new_number(prefix)


@given(numbers)
def test_every_new_number_comes_back_as_it_is(number):
    assert normalise(number) == number


SEPARATORS = [
    " ", "", "\u00a0", "\u202f", "‐", "\u2011", "‒", "–", "—", "―", "−", "﹘", "－", "ー", "ｰ", "_", ".", "·",
    "/", "\u00ad", "\u200b", "\u2060", "\ufeff", " - ", "-\n", "\t", "~", "+", "=",
]  # fmt: skip


@given(numbers, st.sampled_from(SEPARATORS), st.booleans())
def test_case_and_separators_do_not_matter(number, separator, is_lower):
    typed = f"  {number.replace('-', separator)}\n"
    assert normalise(typed.lower() if is_lower else typed) == number
    assert numbers_in(typed)[0] == number


@given(
    numbers, st.sampled_from(["https://a.example/verify/{}?x=1", "No. {}", "№{}", "<{}>", "Certificate number: {}."])
)
def test_a_number_is_found_in_what_stands_around_it(number, around):
    assert number in numbers_in(around.format(number))
    assert number in numbers_in(around.format(number.lower()))


def test_digits_of_another_script_are_digits():
    number = new_number("RE")
    typed = number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert normalise(typed) == number


def test_plain_words_hold_no_number():
    words = (
        "We did not issue this certificate. One letter or digit may have been misread. If it is right as you typed it, "
        "the certificate did not come from here. Its holder can open their own copy after signing in, at any time."
    )
    assert numbers_in(words) == ()


def test_the_examples_on_pages_can_never_be_issued():
    for example in (EXAMPLE, SAMPLE):
        assert normalise(example) is None
        assert is_example(f"<{example.lower()}>")
    assert not is_example("nonsense")
    assert not is_example(f"{EXAMPLE} {new_number('RE')}")


@given(st.text(max_size=200))
def test_every_number_that_is_found_in_a_text_is_a_number(text):
    for number in numbers_in(text):
        assert normalise(number) == number


def test_of_long_texts_of_digits_only_so_much_is_looked_at(monkeypatch):
    tried = []
    monkeypatch.setattr(record_numbers, "_read", tried.append)
    numbers_in("1A " * 10_000)
    assert 100 < len(tried) < 10_000


@given(numbers)
def test_full_width_characters_are_read(number):
    wide = "".join(chr(ord(character) + 0xFEE0) if character.isalnum() else character for character in number)
    assert normalise(wide) == number


@given(numbers, st.integers(1, 3))
def test_a_link_is_read_however_often_it_was_quoted(number, times):
    link = f"https://learn.example.org/verify/{number}?seen=a&b"
    for _ in range(times):
        link = quote(link, safe="")
    assert numbers_in(link)[0] == number


# Latin capitals, and the Cyrillic and Greek ones that nobody can tell from them.
ALIKE = {"A": "АΑ", "B": "ВΒ", "E": "ЕΕ", "C": "С", "H": "НΗ", "K": "КΚ", "M": "МΜ", "N": "Ν", "P": "РΡ", "S": "Ѕ",
         "T": "ТΤ", "X": "ХΧ", "Y": "УΥ", "Z": "Ζ", "J": "Ј", "Q": "Ԛ", "W": "Ԝ", "O": "ОΟ", "I": "ІΙ"}  # fmt: skip


@given(numbers, st.booleans(), st.booleans())
def test_letters_of_other_scripts_that_look_the_same_are_read(number, is_last, is_lower):
    typed = "".join(ALIKE[one][-1 if is_last else 0] if one in ALIKE else one for one in number)
    assert normalise(typed.lower() if is_lower else typed) == number


@given(prefixes, st.data())
def test_letters_that_look_like_digits_are_read_as_digits(prefix, data):
    number = new_number(prefix)
    head, tail = number.split("-", 1)
    o, one = data.draw(st.sampled_from("0Oo")), data.draw(st.sampled_from("1IiLl"))
    assert normalise(f"{head}-{tail.replace('0', o).replace('1', one)}") == number


@given(numbers, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_caught(number, place, character):
    at = place_after_prefix(number, place)
    if character != number[at]:
        assert normalise(with_character(number, at, character)) is None


def test_every_single_wrong_character_of_one_number_is_caught_without_exception():
    number = new_number("RE")
    for place in range(9):
        at = place_after_prefix(number, place)
        for character in set(ALPHABET) - {number[at]}:
            assert normalise(with_character(number, at, character)) is None


@given(numbers, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_a_wrong_letter_in_the_prefix_is_caught(number, place, character):
    head = number.split("-")[0]
    if 0 < place < len(head) and character not in {head[place], *"01V"} and head[place] not in "OILU":
        assert normalise(with_character(number, place, character)) is None


@given(numbers, st.integers(0, 7))
def test_two_neighbours_changed_over_are_caught_except_the_pair_luhn_misses(number, place):
    here, there = place_after_prefix(number, place), place_after_prefix(number, place + 1)
    left, right = number[here], number[there]
    changed_over = with_character(with_character(number, here, right), there, left)
    if left == right or {left, right} == {ALPHABET[0], ALPHABET[-1]}:
        assert normalise(changed_over) == changed_over
    else:
        assert normalise(changed_over) is None


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "RE", "7K4M29QXC", "RE-7K4M-29QX", "RE-7K4M-29QU-C", "R" * 65, "<b>", "王芳-芳", "RE\x00"],
)
def test_what_cannot_be_a_number_is_nothing(typed):
    assert normalise(typed) is None


@given(st.text(max_size=80))
def test_no_text_makes_reading_fail(typed):
    read = normalise(typed)
    assert read is None or normalise(read) == read
