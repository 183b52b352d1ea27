"""How large a course may be: far more than anybody finishes is refused by name, before it is looked at."""

from courses.content.format.draft import Draft
from courses.content.source.findings import Findings, Place

# The largest course that ships has 99 screens; a page of 1,000 in its outline still opens at once.
MOST_MODULES, MOST_SCREENS, MOST_QUESTIONS, MOST_ENTRIES = 100, 1_000, 2_000, 2_000


def check_sizes(draft: Draft, course: Place, findings: Findings) -> bool:
    """Note everything of which a course has too much, each with its limit; says whether the rest can be looked at."""
    counted = (
        (len(draft.modules), MOST_MODULES, "modules"),
        (sum(len(module.screens) for module in draft.modules), MOST_SCREENS, "screens"),
        (len(draft.questions), MOST_QUESTIONS, "questions"),
        (len(draft.quizzes), MOST_QUESTIONS, "quizzes"),
        (len(draft.facts), MOST_ENTRIES, "facts"),
        (len(draft.terms), MOST_ENTRIES, "words in the glossary"),
        (len(draft.personal), MOST_ENTRIES, "statements and plans"),
    )
    too_many = [(number, most, what) for number, most, what in counted if number > most]
    for number, most, what in too_many:
        findings.error(
            course, f"This course has {number:,} {what}, and {most:,} are the most. Make two or more courses of it."
        )
    return not too_many
