"""Compares words as people type them: what counts as the same, and what counts as a small misspelling."""

import unicodedata
from collections.abc import Callable, Collection

from rapidfuzz.distance import OSA

# Not letters of their own to most who type them, and Unicode does not take them apart.
_ACCENTED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_LEFT_OUT = str.maketrans(dict.fromkeys("'’‘ʼʻ`´.ـ"))
_VOWEL_SIGNS = (("\u064b", "\u0652"), ("\u0670", "\u0670"), ("\u0591", "\u05c7"))
_ARTICLES = ("the ", "a ", "an ")
OtherWords = Callable[[str], Collection[str]]


def normalised(text: str) -> str:
    """The words alone: no capitals, accents, punctuation or extra spaces; "&" is "and". Empty when none are left.

    Accents are left out over Latin and Greek letters, and the vowel signs that Arabic and Hebrew may leave out. In
    other scripts marks make the word, so they stay.
    """
    plain = text.replace("&", " and ").translate(_LEFT_OUT)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold()).translate(_LEFT_OUT)
    kept: list[str] = []
    base = " "
    for letter in plain.translate(_ACCENTED):
        kind = unicodedata.category(letter)
        if kind[0] != "M":
            base = letter
        if letter.isspace() or kind[0] in "PZ":
            kept.append(" ")
        elif kind[0] != "C" and not (kind[0] == "M" and _may_be_left_out(letter, base)):
            kept.append(letter)
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def slips(typed: str, meant: str, others: OtherWords) -> int | None:
    """How many small misspellings lie between two normalised texts; ``None`` when they are different words.

    ``others`` gives the real words near a word, which are not misspellings of it: "employee" is a word of its own
    beside "employer".

    A slip is a letter too many, too few, wrong, or swapped with its neighbour. A word of five letters may have one,
    a word of nine two. The first letter, words with figures and Chinese characters have to be right: "illegal" is
    not a misspelling of "legal", and 2011 is not one of 2010.
    """
    if typed == meant:
        return 0
    typed, meant = _without_article(typed), _without_article(meant)
    if typed.replace(" ", "") == meant.replace(" ", ""):
        return 0 if typed == meant else 1
    pairs = list(zip(typed.split(), meant.split(), strict=False))
    if len(typed.split()) != len(meant.split()):
        return None
    total = 0
    for one, other in pairs:
        allowed = allowance(other) if one[0] == other[0] and not _has_figure(one) else 0
        found = OSA.distance(one, other, score_cutoff=allowed)
        if found > allowed or (found and one in others(other)):
            return None
        total += found
    return total


def allowance(word: str) -> int:
    """How many slips a normalised word may have."""
    if _has_figure(word) or any(unicodedata.name(letter, "").startswith("CJK") for letter in word):
        return 0
    return 2 if len(word) > 8 else 1 if len(word) > 4 else 0


def _may_be_left_out(mark: str, base: str) -> bool:
    if "\u0300" <= mark <= "\u036f":
        return base == " " or unicodedata.name(base, "").startswith(("LATIN", "GREEK"))
    return any(first <= mark <= last for first, last in _VOWEL_SIGNS)


def _without_article(text: str) -> str:
    for article in _ARTICLES:
        if text.startswith(article):
            return text.removeprefix(article)
    return text


def _has_figure(word: str) -> bool:
    return any(letter.isnumeric() for letter in word)
