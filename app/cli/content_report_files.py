"""The content report as files: every screen of the shipped courses, the worst first, and the sums of each module."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from courses.content.bundle.reading import COURSE_FILE, read_bundle, read_folder
from courses.content.files.glossary_files import standard_terms
from courses.content.model.course import CourseDocument
from courses.content.text_rules.lengths import ModuleLength, ScreenLength, module_lengths, screen_lengths
from courses.content.text_rules.readability import readability_of
from kernel.rounding import rounded_to
from kernel.spreadsheets import Cell, csv_lines

NOT_LOOKED_AT = "not looked at"
EXPLANATION = (
    "Reading ages are the Flesch–Kincaid grade plus five years, over everything that is read on a screen: its text, "
    "its questions and their feedback. Tables and what stands behind a fold are left out. Fewer than 30 words have "
    "no age. The aim is 9 to 11. Words are those of the running text: 60 to 120 a screen, and 61 to 78 for each "
    "minute of a module (550 to 700 for nine minutes), or up to 155 where it has no questions. Counted minutes: "
    "155 words a minute, 0.55 minutes for a question, 0.7 for a step of a story."
)


@dataclass(frozen=True)
class ContentReport:
    """What was found. ``pages`` has the accessibility findings of each screen by its id; ``None`` without a browser."""

    screens: tuple[ScreenLength, ...]
    modules: tuple[ModuleLength, ...]
    glossary_age: float | None
    pages: Mapping[str, Sequence[str]] | None

    def findings_of(self, screen: ScreenLength) -> Sequence[str] | None:
        """What axe found on the page of a screen; ``None`` when it was not looked at."""
        return None if self.pages is None else self.pages.get(screen.screen_id)

    @property
    def worst(self) -> list[ScreenLength]:
        """Every screen: those with accessibility findings first, then by faults, then by reading age."""
        return sorted(
            self.screens,
            key=lambda one: (
                -len(self.findings_of(one) or ()),
                -len(one.faults),
                -(one.readability.reading_age or 0),
                one.screen_id,
            ),
        )

    @property
    def to_mend(self) -> list[ScreenLength]:
        """The screens with something to put right, worst first."""
        return [one for one in self.worst if one.faults or self.findings_of(one)]


def make_report(library: Path, pages: Mapping[str, Sequence[str]] | None) -> ContentReport:
    """The report on every course in a folder. Raises ``ValueError`` for a course that cannot be read."""
    documents = [_document(path.parent) for path in sorted(library.glob(f"*/{COURSE_FILE}"))]
    return ContentReport(
        screens=tuple(one for document in documents for one in screen_lengths(document)),
        modules=tuple(one for document in documents for one in module_lengths(document)),
        glossary_age=readability_of([term.meaning for term in standard_terms().values()]).reading_age,
        pages=pages,
    )


def _document(folder: Path) -> CourseDocument:
    document = read_bundle(read_folder(folder)).document
    if document is None:
        raise ValueError(f"{folder.name} cannot be read: run the course check first")
    return document


SCREEN_COLUMNS = (
    *("Screen", "Title", "Course", "Words", "Words of questions", "Longest sentence", "Reading age"),
    *("Accessibility", "To mend"),
)
MODULE_COLUMNS = (
    *("Module", "Title", "Course", "Screens", "Words", "Budget", "Verdict", "Questions", "Minutes", "Counted minutes"),
    "Reading age",
)


def screen_rows(report: ContentReport) -> list[tuple[Cell, ...]]:
    """A row for each screen, worst first."""
    return [
        (
            *(one.screen_id, one.title, one.course, one.core_words, one.question_words),
            *(one.readability.longest_sentence, _age(one.readability.reading_age)),
            *(_findings(report.findings_of(one)), "; ".join(one.faults)),
        )
        for one in report.worst
    ]


def module_rows(report: ContentReport) -> list[tuple[Cell, ...]]:
    """A row for each module, in the order of the courses."""
    return [
        (
            *(one.module_id, one.title, one.course, one.screens, one.core_words),
            *("{} to {}".format(*one.budget), one.verdict, one.questions, one.minutes),
            *(rounded_to(one.counted_minutes, 1), _age(one.reading_age)),
        )
        for one in report.modules
    ]


def _age(age: float | None) -> Decimal | str:
    return "–" if age is None else rounded_to(age, 1)


def _findings(found: Sequence[str] | None) -> str:
    if found is None:
        return NOT_LOOKED_AT
    return "; ".join(found) if found else "none"


def summary(report: ContentReport) -> list[str]:
    """What somebody reads first, a sentence each."""
    screens, mend = len(report.screens), len(report.to_mend)
    looked_at = [found for one in report.screens if (found := report.findings_of(one)) is not None]
    bad = sum(bool(found) for found in looked_at)
    pages = (
        "No page was looked at in a browser, so nothing is said about accessibility."
        if report.pages is None
        else f"{len(looked_at)} of {screens} pages were looked at in Chromium at 360 pixels: "
        f"{bad if bad else 'none'} with accessibility findings."
    )
    modules = [one for one in report.modules if one.verdict != "within"]
    return [
        f"{screens} screens in {len(report.modules)} modules; {mend} have something to mend.",
        f"{len(modules)} modules are over or under their budget of words.",
        pages,
        f"The platform’s glossary has a reading age of {_age(report.glossary_age)}.",
    ]


def as_markdown(report: ContentReport) -> str:
    """The whole report as one page."""
    parts = [
        "# Content report",
        *summary(report),
        EXPLANATION,
        "## Modules",
        _table(MODULE_COLUMNS, module_rows(report)),
    ]
    return "\n\n".join([*parts, "## Screens, worst first", _table(SCREEN_COLUMNS, screen_rows(report))]) + "\n"


def _table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table for a spreadsheet."""
    return "".join(csv_lines([columns, *rows]))
