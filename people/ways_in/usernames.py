"""Usernames for people who choose none themselves: payroll numbers, or words that can be said over a telephone.

Never made of names: a name is its person’s, and the software does not take it apart.
"""

import secrets
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from kernel.typed import folded
from people.ways_in.choices import ChosenWay, UsernameStyle

# Things only: no animals, colours or qualities, which say something about whoever has them on their card.
WORDS = tuple((Path(__file__).parent / "words.txt").read_text("utf-8").split())


def usernames_like(choice: ChosenWay, *, payroll_number: str) -> Iterator[str]:
    """Usernames for one person, without end: the first one that nobody has is theirs."""
    # Folded once more: without a space between them, two signs may be one letter.
    number = folded("".join(folded(payroll_number).split()))
    if choice.usernames is UsernameStyle.PAYROLL_NUMBER and number:
        yield f"{choice.prefix}-{number}"
        yield from (f"{choice.prefix}-{number}-{again}" for again in count(2))
    while True:
        yield f"{secrets.choice(WORDS)}-{secrets.choice(WORDS)}-{10 + secrets.randbelow(90)}"
