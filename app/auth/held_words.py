"""What is held of somebody, in words: moments and days written out, names in the place of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from app.platform.pages.templating import day, moment
from privacy.held.references import Names, target_of
from privacy.held.rows import KEPT_BACK, Values, table_named
from privacy.register.entries import WORK, Holding, Section


@dataclass(frozen=True)
class SectionWords:
    """A heading, what stands under it, and where its person puts it right: words and an endpoint, or ``None``."""

    title: str
    says: str
    endpoint: str | None
    put_right: str


_ASK = "Your employer keeps this. Ask your HR team to put right what is wrong."
_FACTS = "This is what happened, so nobody changes it. If something is wrong, ask your HR team."
SECTIONS: Mapping[Section, SectionWords] = {
    Section.YOU: SectionWords(
        "Who you are",
        "Your names, your address, and what your account may do",
        "auth.own_names",
        "What we call you is yours to change: go to Your names. For the rest ask your HR team.",
    ),
    Section.JOBS: SectionWords("Your jobs", "Where you work and worked, as your employer told us", None, _ASK),
    Section.LEARNING: SectionWords("Your learning", "Courses, how far you are, what you completed", None, _FACTS),
    Section.ANSWERS: SectionWords("Your answers", "What you answered in screens, stories and quizzes", None, _FACTS),
    Section.WORDS: SectionWords(
        "Your own words",
        "Notes, plans, ratings and comments. Nobody else sees them with your name",
        "learn.home",
        "You can change and delete them where you wrote them: go to My learning.",
    ),
    Section.CERTIFICATES: SectionWords(
        "Certificates and badges",
        "What was issued to you, and the links that you made",
        "learn.certificates",
        "Links and badges are yours to end, and a name can be corrected: go to My certificates.",
    ),
    Section.MESSAGES: SectionWords(
        "Messages",
        "What we sent you, without the words, and what you chose",
        "learn.messages",
        "You choose what we send you: go to Messages.",
    ),
    Section.SIGNING_IN: SectionWords(
        "Signing in",
        "Your account, your browsers, and codes for a new password",
        "auth.account",
        "You can sign out browsers and change your password: go to Account.",
    ),
}


@dataclass(frozen=True)
class HeldTable:
    """One table on the page: its rows as words with their labels, and how many there are in all."""

    holding: Holding
    rows: tuple[tuple[tuple[str, str], ...], ...]
    count: int


def held_table(holding: Holding, rows: Sequence[Values], names: Names, count: int) -> HeldTable:
    """The rows of a table as a person reads them. What is empty, and what serves the platform alone, is left out."""
    return HeldTable(holding, tuple(_row(holding, row, names) for row in rows), count)


def _row(holding: Holding, row: Values, names: Names) -> tuple[tuple[str, str], ...]:
    said = []
    for column, value in row.items():
        if column in WORK and column not in holding.columns:
            continue
        words = _named(holding, column, value, names)
        if words:
            said.append((holding.words_for(column), words))
    return tuple(said)


def _named(holding: Holding, column: str, value: Any, names: Names) -> str:
    """A value in words; empty for none, and for a number that stands for a row without a name."""
    kind = "account" if column in holding.acted else target_of(table_named(holding.table), column)
    if kind is None:
        return _words(value)
    return names.get((kind, value), "") if column != holding.whose else ""


def _words(value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case Enum():
            return str(value.value).replace("-", " ")
        case list():
            return ", ".join(_words(one) for one in value)
        case dict():
            return "; ".join(f"{key}: {_words(one)}" for key, one in value.items())
        case bytes():
            return KEPT_BACK
        case _:
            return str(value)


def as_json(value: Any) -> Any:
    """A value for a program."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Enum():
            return value.value
        case bytes():
            return KEPT_BACK
        case _:
            return value
