"""What a check says, and how to survive one that fails in a way nobody thought of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. ``message`` says how it is, and what to do when it is not right."""

    name: str
    is_ok: bool
    message: str


def ok(name: str, message: str) -> Check:
    """A check that found nothing wrong."""
    return Check(name, True, message)


def problem(name: str, message: str) -> Check:
    """A check that found something to put right."""
    return Check(name, False, message)


def run_check(name: str, check: Callable[[], Check]) -> Check:
    """What ``check`` found; an error that it did not expect is a finding too, and the other checks go on."""
    try:
        return check()
    except Exception as error:
        return problem(name, f"This could not be checked: {_in_one_line(error)}.")


def all_or_none(first: Check, others: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """``first``, and the checks that make sense only when it is right."""
    yield first
    if first.is_ok:
        yield from others()


def _in_one_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
