"""What is in an archive, in plain words: every file, every column, what is not in it, and how to open it elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kernel.clock import LOCAL
from privacy.leaving.standing import DUE, STANDING, MadeTable
from privacy.leaving.tables import ExportedTable
from privacy.register.whole import REGISTER

README = "README.txt"
MADE: tuple[MadeTable, ...] = (STANDING, DUE)
_MORE = {"organisation_id": "Authority", "id": "Number of the row", "sha256": "The hash of the file"}


@dataclass(frozen=True)
class DescribedTable:
    """A table as the README and the restoring script know it: each column with its kind and what it is."""

    name: str
    title: str
    columns: tuple[tuple[str, str, str], ...]
    rows: int = 0


def described(table: ExportedTable) -> DescribedTable:
    """A stored table in the words of the register of processing."""
    holding = REGISTER[table.name]
    columns = tuple((name, table.kind_of(name), holding.words_for(name)) for name in table.columns)
    return DescribedTable(table.name, holding.title, columns)


def described_made(table: MadeTable) -> DescribedTable:
    """A table that was worked out for the export."""
    return DescribedTable(table.name, table.title, table.columns)


def readme(authority: str, made_at: str, tables: Sequence[DescribedTable], *, certificates: int, missing: int) -> str:
    """The README, with the line ends that every editor knows."""
    return "\r\n".join(_lines(authority, made_at, tables, certificates, missing)) + "\r\n"


def _lines(
    authority: str, made_at: str, tables: Sequence[DescribedTable], certificates: int, missing: int
) -> Iterator[str]:
    title = f"Everything that Common Ground holds of {authority}"
    yield from (title, "=" * len(title), "", f"Made on {made_at}, {LOCAL.key} time.", "")
    yield from _BEGINNING
    yield f"{certificates} certificates are in the folder “certificates”, each as its PDF, named by its number."
    if missing:
        yield f"{missing} more stand in tables/certificate.csv without a file: it is lost, or was changed."
    yield from _MIDDLE
    for table in tables:
        rows = f"{table.rows:,} row" if table.rows == 1 else f"{table.rows:,} rows"
        yield from ("", f"tables/{table.name}.csv: {rows}", f"  {table.title}.")
        width = max(len(name) for name, _, _ in table.columns)
        yield from (f"  {name.ljust(width)}  {kind.ljust(7)}  {words}" for name, kind, words in table.columns)


_BEGINNING = (
    "This archive opens without Common Ground. It holds:",
    "",
    "  tables/          one CSV file for each table, in UTF-8; every column is explained below",
    "  courses/         each version of a course that your people took or are asked to take, as JSON",
    "  certificates/    the PDFs of the certificates of your people",
    "  tables.json      the same description of the tables for programs",
    "  restore.py       makes a SQLite database and answers ten questions; needs Python 3.11, nothing else",
    "  questions.sql    the ten questions as SQL, to be changed as you like",
    "  manifest.json    every file with its SHA-256 and its size",
    "",
    "To restore it: unpack it, open a command line in the folder, and type",
    "",
    "  python3 restore.py . common-ground.sqlite",
    "",
    "It first holds every file against the manifest. The database opens in any program that knows SQLite.",
    "",
    "It holds names, payroll numbers and what people completed. Keep it where only those can read it who need it.",
    "",
)
_MIDDLE = (
    "",
    "What is not in it",
    "-----------------",
    "",
    "Answers, quizzes, reflections, plans, ratings and comments: nobody but the person sees them, so no employer takes",
    "them along. Neither are private mobile numbers, messages, sign-in codes and passwords, links to certificates that",
    "people made for others, and badges. Everybody can download their own copy of all of that from their account.",
    "How far somebody is within a course stays here too: only that they have begun, and when.",
    "What somebody completed after their last day with you is not in it, and of what they completed elsewhere neither",
    "the unit nor the grade that they had there. What you do not accept of earlier training is left out.",
    "Unlike the figures on the pages, these are rows of people: small groups are not hidden in them. Whoever publishes",
    "a figure from them has to hide groups of fewer than ten people, and whatever would give them away.",
    "",
    "How values are written",
    "----------------------",
    "",
    "An empty cell: nothing is recorded. Days: 2027-03-31. Moments: in UTC, 2027-03-31 09:30:00+00:00. Yes and no: 1",
    "and 0. Lists and objects: JSON. Words that a spreadsheet would take for a formula, a number or a day, and words",
    "that begin with an apostrophe, have one apostrophe before them; take the first away to have them as they were.",
    "A lone apostrophe is a text without letters. Columns that end in _id lead to the column “id” of another table. A",
    "number of an account that is not in tables/account.csv is an administrator’s, or somebody’s from elsewhere.",
    "",
    "The tables",
    "----------",
)
