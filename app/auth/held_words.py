"""What is held of somebody, in words: moments and days written out, names in the place of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from app.auth.held_feed_words import changes_in_words
from app.platform.mail.kind_words import KIND_WORDS
from app.platform.pages.templating import day, moment
from courses.amending.record import FAULT_WORDS
from courses.history.plan import Outcome
from courses.reflection.plans import GOING_WORDS, TELL_WORDS
from messages.ledger import DROPPED_WORDS
from people.roles import Role
from privacy.held.course_words import CourseWords
from privacy.held.readable import COURSE_CODES, LEFT_OUT, WITHIN, purpose_sentence, said_to_you
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
    """One table on the page: its rows as words with their labels, how many there are in all, and what it is for.

    ``purpose`` is a sentence; ``kept`` and ``seen_by`` are phrases.
    """

    title: str
    purpose: str
    kept: str
    seen_by: str
    rows: tuple[tuple[tuple[str, str], ...], ...]
    count: int


# Codes of a column, in the words that other pages have for them.
_CODES: Mapping[tuple[str, str], Mapping[Any, str]] = {
    ("message", "kind"): KIND_WORDS,
    ("message", "reason"): {
        key: words.replace("their", "your").replace("they", "you") for key, words in DROPPED_WORDS.items()
    },
    ("role_grant", "role"): {Role.HR_LEAD: "HR lead"},
    ("plan", "tell"): TELL_WORDS,
    ("plan_check", "going"): GOING_WORDS,
    ("completion_amendment", "fault"): FAULT_WORDS,
    ("history_row", "outcome"): {
        Outcome.MATCHED: "It is on your record",
        Outcome.ALREADY_THERE: "It was on your record already",
        Outcome.REPEATED: "It repeated another line of the file",
        Outcome.UNMATCHED: "It is not on your record yet",
        Outcome.UNUSABLE: "It could not be used",
    },
}


def held_table(
    holding: Holding, rows: Sequence[Values], names: Names, count: int, course_words: CourseWords
) -> HeldTable:
    """The rows of a table as a person reads them. What is empty, and what serves the software alone, is left out."""
    return HeldTable(
        holding.title,
        purpose_sentence(holding.purpose),
        said_to_you(holding.kept),
        said_to_you(holding.seen_by),
        tuple(filter(None, (_row(holding, row, names, course_words) for row in rows))),
        count,
    )


def _row(holding: Holding, row: Values, names: Names, course_words: CourseWords) -> tuple[tuple[str, str], ...]:
    said = []
    for column in row:
        is_inner = column in holding.secret or column in LEFT_OUT.get(holding.table, ())
        if is_inner or (column in WORK and column not in holding.columns):
            continue
        words = _told(holding, column, row, names, course_words)
        if words:
            said.append((holding.words_for(column), words))
    return tuple(said)


def _told(holding: Holding, column: str, row: Values, names: Names, course_words: CourseWords) -> str:
    """A value in words; empty for none, and for a number or code that nothing is known by."""
    value = row[column]
    if column in COURSE_CODES:
        within = str(row.get("question_id") or row.get("instrument_id") or row.get("form_id") or "")
        return course_words.get((within, str(value))) or course_words.get(str(value), "")
    if column == "response":
        return _response(value, str(row.get("question_id")), course_words)
    if column in WITHIN and isinstance(value, dict):
        return "; ".join(f"{words}: {_words(value[key])}" for key, words in WITHIN[column].items() if value.get(key))
    if (holding.table, column) == ("feed_item", "detail"):
        return changes_in_words(value)
    kind = "account" if column in holding.acted else target_of(table_named(holding.table), column)
    if kind is not None:
        return names.get((kind, value), "")
    return _CODES.get((holding.table, column), {}).get(value) or _words(value)


def _response(value: Any, question: str, course_words: CourseWords) -> str:
    """What somebody answered: options by their words, and figures and own words as they are."""
    match value:
        case str():
            is_code = len(value) < 3
            return course_words.get((question, value), "" if is_code else value)
        case list():
            return "; ".join(filter(None, (_response(one, question, course_words) for one in value)))
        case dict():
            pairs = (
                (_response(key, question, course_words), _response(one, question, course_words))
                for key, one in value.items()
            )
            return "; ".join(f"{key} → {one}" if key else one for key, one in pairs if one)
        case _:
            return _words(value)


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
            words = str(value.value).replace("-", " ").replace("_", " ")
            return words[:1].upper() + words[1:]
        case Decimal() | float():
            return f"{value:f}".rstrip("0").rstrip(".")
        case list():
            return ", ".join(_words(one) for one in value)
        case dict() | bytes():
            return ""
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
