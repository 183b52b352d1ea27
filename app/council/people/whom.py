"""Whom the filters of a list mean, in words."""

from app.council.people.people import STATE_WORDS
from reports.people_states import Wanted


def whom_in_words(wanted: Wanted, unit_path: str) -> str:
    """ "People who have not started, found by “shah”, in Adult Social Care"."""
    people = f"People who {STATE_WORDS[wanted.state][1]}" if wanted.state else "Everybody"
    name = f"found by “{wanted.name}”" if wanted.name else ""
    return ", ".join(filter(None, (people, name, f"in {unit_path}" if unit_path else "")))
