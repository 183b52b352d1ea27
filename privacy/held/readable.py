"""What a person reads of their record: the words of the register said to them, without what only the software needs.

The file for programs keeps all of it.
"""

import re
from collections.abc import Mapping

# Numbers, codes and copies that say nothing to anybody, by table.
LEFT_OUT: Mapping[str, frozenset[str]] = {
    "person": frozenset({"search_text"}),
    "employment": frozenset({"bare_number"}),
    "employment_change": frozenset({"run_id"}),
    "person_merge": frozenset({"moved"}),
    "password_reset": frozenset({"batch_id", "made_by_account_id"}),
    "feed_item": frozenset({"run_id", "place"}),
    "message": frozenset({"subject_id", "step", "is_held_up", "text_id"}),
    "act_for_many_person": frozenset({"act_id", "subject_id"}),
    "planned_hour": frozenset({"uid", "sequence"}),
    "text_message": frozenset({"reference", "held_up_at", "look_at"}),
    "bounce": frozenset({"message_id", "status", "report_sha256"}),
    "attempt_move": frozenset({"raised", "sittings"}),
    "history_row": frozenset(
        {"run_id", "sent", "problems", "suggested", "is_forgotten", "again_run_id", "again_row_number"}
    ),
    "answer": frozenset({"marking_version"}),
    "quiz_sitting": frozenset({"seed", "question_ids"}),
    "quiz_answer": frozenset({"marking_version"}),
    "certificate": frozenset({"made_with", "language"}),
    "certificate_derived_file": frozenset({"document", "made_with"}),
    "badge": frozenset({"achievement", "status_list", "status_index", "credential", "jwt"}),
}
# Codes of parts of courses: they stand as their words, or not at all.
COURSE_CODES = frozenset(
    {
        "module_id",
        "at_module",
        "question_id",
        "quiz_id",
        "choice_id",
        "reflection_id",
        "form_id",
        "set_id",
        "instrument_id",
        "statement_id",
        "comment_id",
        "obstacle",
    }
)
# What is kept as names of things with their values, and what those names mean.
WITHIN: Mapping[str, Mapping[str, str]] = {
    "values": {
        "job_title": "Job title",
        "grade": "Grade",
        "kind": "Kind of employment",
        "hours_per_week": "Hours a week",
        "contract": "Contract",
        "site": "Site",
        "starts_on": "First day",
        "ends_on": "Last day",
    },
    "said": {"number": "Payroll number", "name": "Name", "born_on": "Date of birth", "course": "Course"},
}
_TO_YOU = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"\b(the person) deletes (it|the plan), or is erased", r"you delete \2, or your record is erased"),
        (r"\bthe person removes it, or is erased", "you remove it, or your record is erased"),
        (r"\bthe person takes it back, or is erased", "you take it back, or your record is erased"),
        (r"\b(its|the) person is erased", "your record is erased"),
        (r"\bThe person\b", "You"),
        (r"\bthe person\b", "you"),
        (r"\bnothing in it says who it was", "nothing in it says that it was you"),
        (r"\bno job loses its own", "no job loses its number"),
        (r"\b(whoever|whom) they (give|choose)", r"\1 you \2"),
        (r"\bHR leads see whether somebody has started", "HR leads see whether you have started"),
        (r"\bnudge them\b", "nudge you"),
        (r"\btheir\b", "your"),
        (r"\bits name\b", "your name"),
        (r"\bThe row for good", "The record for good"),
        (r"\bthe row for good", "the record for good"),
        (r"\b([Aa]) row that\b", r"\1 line that"),
        (r"\bthe platform works with it", "the software works with it"),
    )
)

# Purposes speak of everybody; these alone would not sound so.
_PURPOSES = (
    (
        "somebody completed a course, to them and to whoever they show it",
        "you completed a course, to whoever you show it",
    ),
    ("the learner’s own use", "your own use"),
)


def said_to_you(words: str) -> str:
    """A phrase of the register, which speaks of people, as it is said to the one whom it is about."""
    for pattern, instead in _TO_YOU:
        words = pattern.sub(instead, words)
    return words


def purpose_sentence(purpose: str) -> str:
    """Why something is held, as a whole sentence: the register says “To …” or “For …”."""
    for pattern, instead in _PURPOSES:
        purpose = purpose.replace(pattern, instead)
    first, dot, more = purpose.partition(". ")
    return f"We hold this {first[0].lower()}{first[1:]}.{f' {more}.' if dot else ''}"
