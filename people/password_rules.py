"""What cannot be a password: one that is short, one that is tried among the first, one that is made of known names.

There is no rule about capitals, digits and signs, and common passwords are refused: guidance of the NCSC, "Password
administration for system owners".
"""

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from kernel.errors import RuleBroken
from kernel.loading.later import later
from kernel.typed import opaque, searchable

if TYPE_CHECKING:
    import zxcvbn
else:
    zxcvbn = later("zxcvbn")

MINIMUM_PASSWORD_LENGTH, LONGEST_PASSWORD = 12, 200
# How many others are tried before this one: passwords that were stolen elsewhere, rows of keys, and either twice over.
# Ten wrong ones a minute are let through from one address, so that ten million take two years.
FEWEST_GUESSES = 10_000_000
# What has to be left of a password without the names in it: as long as a word that nobody has to guess.
FEWEST_LETTERS_BESIDE_NAMES = 8
_MOST_LOOKED_AT = 72  # zxcvbn takes no more; whatever follows only makes a password harder to guess

TRIED_FIRST = (
    "Choose a password that is harder to guess: this one, or one much like it, is among those that are tried first. "
    "Three or four words that do not belong together work well"
)
MADE_OF_NAMES = (
    "Choose a password that is not made of your username or an authority’s name. "
    "Three or four words that do not belong together work well"
)


def check_guessing(password: str, *, names: Collection[str]) -> None:
    """Raise ``RuleBroken`` for a password that is short, well known or made of ``names``, however it is written."""
    if len(opaque(password)) < MINIMUM_PASSWORD_LENGTH:
        raise RuleBroken(f"The password must have at least {MINIMUM_PASSWORD_LENGTH} characters", field="password")
    # Capitals, accents and width are what everybody tries next.
    plain = searchable(password)
    if len(_without(plain, names)) < FEWEST_LETTERS_BESIDE_NAMES:
        raise RuleBroken(MADE_OF_NAMES, field="password")
    if zxcvbn.zxcvbn(plain[:_MOST_LOOKED_AT] or " ")["guesses"] < FEWEST_GUESSES:
        raise RuleBroken(TRIED_FIRST, field="password")


def _without(plain: str, names: Collection[str]) -> str:
    """The letters and digits of a password without these names, or any word of them."""
    left = "".join(_words(plain))
    words = {word for name in map(_words, map(searchable, names)) for word in (*name, "".join(name)) if len(word) > 2}
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left


def _words(plain: str) -> list[str]:
    return re.findall(r"[^\W_]+", plain)
