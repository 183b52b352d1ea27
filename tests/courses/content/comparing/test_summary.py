"""What has changed between two versions, in sentences that give no question away."""

import pytest

from courses.content.comparing.summary import changes_in_words
from courses.content.comparing.version_changes import PartChange, VersionChanges
from courses.content.comparing.word_changes import TextChange

NONE = VersionChanges((), (), (), (), (), ())


def part(title, how="changed", *, is_key=False):
    return PartChange(title, title, how, (TextChange("Text", "a", "b"),), is_key=is_key)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ["Every word is the same."]),
        ({"keys": (part("Who is Ann?", is_key=True),)}, ["1 question has another right answer."]),
        (
            {"questions": (part("Who?"), part("What?"), part("Why?", "removed"))},
            ["2 questions read differently.", "1 question was taken out."],
        ),
        (
            {"screens": (part("Names"), part("New", "added")), "facts": (part("Stops in 2025"),)},
            [
                "1 screen reads differently: “Names”.",
                "1 screen was added: “New”.",
                "1 fact reads differently: “Stops in 2025”.",
            ],
        ),
        (
            {"screens": tuple(part(f"S{place}") for place in range(7))},
            ["7 screens read differently: “S0”, “S1”, “S2”, “S3”, “S4” and 2 more."],
        ),
        (
            {"quizzes": (part("A"), part("B")), "settings": (TextChange("Minutes", "5", "6"),)},
            [
                "2 quizzes read differently: “A”, “B”.",
                "The course as a whole is described differently: minutes.",
            ],
        ),
    ],
)
def test_each_sort_of_change_is_one_sentence(changes, said):
    assert list(changes_in_words(VersionChanges(**{**vars(NONE), **changes}))) == said
