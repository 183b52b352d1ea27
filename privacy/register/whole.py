"""The whole register, and as the pages of a document."""

from collections.abc import Iterator, Mapping

from privacy.register.answers import ANSWERS
from privacy.register.asked import ASKED
from privacy.register.certificates import CERTIFICATES
from privacy.register.entries import Fate, Holding
from privacy.register.feed import FEED
from privacy.register.figures import FIGURES_KEPT
from privacy.register.learning import LEARNING
from privacy.register.leaving import LEAVING
from privacy.register.messages import MESSAGES
from privacy.register.own_words import OWN_WORDS
from privacy.register.past_learning import PAST_LEARNING
from privacy.register.people import PEOPLE
from privacy.register.platform import PLATFORM

# By what a reader looks for.
_SUBJECTS: Mapping[str, tuple[Holding, ...]] = {
    "People, their jobs and how they sign in": PEOPLE,
    "HR files": FEED,
    "Messages": MESSAGES,
    "Learning": LEARNING,
    "Past learning": PAST_LEARNING,
    "Answers": ANSWERS,
    "Words that people write for themselves": OWN_WORDS,
    "Certificates and badges": CERTIFICATES,
    "Figures that are kept": FIGURES_KEPT,
    "What authorities take with them": LEAVING,
    "Courses and the platform’s own work": PLATFORM,
    "What authorities ask for": ASKED,
}
REGISTER: Mapping[str, Holding] = {one.table: one for group in _SUBJECTS.values() for one in group}
BEGINS = "<!-- The register, as the code has it: flask --app wsgi privacy register -->\n"
_FATES = {
    Fate.DELETED: "Its rows are deleted",
    Fate.EMPTIED: "Its rows stay, without what says who it was",
    Fate.KEPT: "Its rows stay: they hold numbers and no name",
}


def as_markdown(columns: Mapping[str, tuple[str, ...]]) -> str:
    """The register as Markdown, with the ``columns`` of each table in the order of the database."""
    return "\n".join(_lines(columns))


def _lines(columns: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for subject, holdings in _SUBJECTS.items():
        yield f"### {subject}\n"
        for one in holdings:
            yield f"#### `{one.table}`\n"
            yield from _facts(one)
            yield "\n| Column | What it is |\n|---|---|"
            for column in columns[one.table]:
                secret = " (shown to nobody)" if column in one.secret else ""
                yield f"| `{column}` | {one.words_for(column)}{secret} |"
            yield ""


def _facts(one: Holding) -> Iterator[str]:
    about = "about the person whom it names" if one.is_about_people else "about nobody"
    yield (
        f"{one.title}: {about}.\n"
        if not one.acted or one.is_about_people
        else (f"{one.title}: about nobody but those who did something at work.\n")
    )
    yield f"- **What for**: {one.purpose}."
    yield f"- **Kept**: {one.kept}."
    yield f"- **Who sees it**: {one.seen_by}."
    if one.fate is not None:
        yield f"- **When its person is erased**: {_FATES[one.fate]}."
