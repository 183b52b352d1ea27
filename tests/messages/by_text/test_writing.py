"""A text says one thing, where to go and how to stop it, and is counted as it is charged."""

import pytest

from messages.by_text.writing import needs_long_letters, parts_of, text_for

LINK, STOP = "https://learn.example.org/courses/race-equality", "https://learn.example.org/t/17-abcdefghij"


def test_a_text_is_a_sentence_an_address_and_how_to_stop() -> None:
    words = text_for(["Race equality: finish by 18 December 2026"], link_url=LINK, stop_url=STOP)
    assert words == (
        "Common Ground: Race equality: finish by 18 December 2026. "
        "https://learn.example.org/courses/race-equality To stop texts: https://learn.example.org/t/17-abcdefghij"
    )
    assert parts_of(words) == 2


def test_several_messages_are_one_text() -> None:
    words = text_for(["A nudge: Race equality", "Your certificate is ready"], link_url=LINK, stop_url=STOP)
    assert words.startswith("Common Ground: A nudge: Race equality, and 1 more message. https://")


def test_a_long_title_is_cut_at_a_word_and_the_addresses_stay_whole() -> None:
    words = text_for(["Understanding and answering " * 20], link_url=LINK, stop_url=STOP)
    assert words.endswith(f"{LINK} To stop texts: {STOP}")
    assert "answering.... https" in words or "and.... https" in words or "Understanding.... https" in words
    assert parts_of(words) <= 2


def test_signs_of_typographers_do_not_make_a_text_dearer() -> None:
    words = text_for(["“Race equality” – don’t wait…"], link_url=LINK, stop_url=STOP)
    assert '"Race equality" - don\'t wait...' in words
    assert parts_of(words) == parts_of(words.encode("ascii").decode())


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("é£€"[:2] * 80, 1),
        ("€" * 80, 1),  # each takes two places
        ("€" * 81, 2),
        ("ŵ" * 70, 1),
        ("ŵ" * 71, 2),
        ("ŵ" * 134, 2),
        ("ŵ" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 67, 3),  # 33 in a part: no pair is torn apart
        ("a" * 152 + "€" + "a" * 10, 2),  # nor a sign of two places
    ],
)
def test_parts_are_counted_as_phones_join_them(words: str, parts: int) -> None:
    assert parts_of(words) == parts


def test_which_signs_leave_room_for_seventy_only() -> None:
    assert needs_long_letters("Siân’s Ŵy")
    assert not needs_long_letters("Renée’s “course” – à ü")
