"""What a mapping page shows of a file, carried in the page: nothing is kept of a file that nobody can read yet.

The first bytes of a text file are carried too, so that it can be shown anew with other letters or separators.
"""

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from people.feed.mapping.mappings import Column, Mapping, heading_key
from people.feed.mapping.suggesting import suggest_mapping, undecided_words, words_in
from people.feed.mapping.uses import ColumnUse
from people.feed.reading.delimited import DELIMITERS
from people.feed.reading.encodings import NAMES
from people.feed.reading.opening import open_table
from people.feed.reading.tables import Cell, ReadingChoice, Table
from people.feed.reading.unreadable import UnreadableFile, shown

MOST_COLUMNS = 300  # more do not fit into one form
_ROWS, _LONGEST, _KEPT_SECONDS = 3, 40, 4 * 60 * 60
_BEGINNING = 8_000  # bytes: some forty rows


@dataclass(frozen=True)
class Word:
    """A word whose meaning has to be said: where it stands, for what, and how often in the first rows."""

    heading: str
    use: str
    word: str
    count: int


@dataclass(frozen=True)
class Sample:
    """What a page shows of a file: how it was read, its headings, and its first rows, cell by cell and cut short.

    ``beginning`` are the first bytes of a text file in base 64, ``found`` its encoding and separator.
    """

    file_name: str
    sentences: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[Word, ...]
    sheet: str | None = None
    beginning: str = ""
    found: str = ""

    @property
    def can_be_shown_anew(self) -> bool:
        """Whether its first bytes are at hand."""
        return bool(self.beginning)

    def cells_of(self, position: int) -> tuple[str, ...]:
        """What stands in the first rows of a column, without what is empty."""
        return tuple(row[position] for row in self.rows if position < len(row) and row[position])


def sample_of(
    table: Table, mapping: Mapping, *, file_name: str, said: tuple[str, ...] = (), stream: BinaryIO | None = None
) -> Sample:
    """The sample of a file that was just read. Raises ``UnreadableFile`` for more columns than a page takes."""
    if len(table.headings) > MOST_COLUMNS:
        raise UnreadableFile(
            f"The file has {len(table.headings):,} columns, and a mapping can have {MOST_COLUMNS}. Leave some out."
        )
    rows = tuple(tuple(_cut(cell) for cell in row.cells) for row in islice(table.rows(), _ROWS) if row.problem is None)
    undecided = undecided_words(table, mapping)
    found = sorted(words_in(table, mapping), key=lambda one: one not in undecided)  # what is asked comes first
    words = tuple(Word(one.heading, one.use.value, one.word, one.count) for one in found)
    choice, is_text = table.how.choice, table.how.format == "CSV"
    return Sample(
        file_name,
        (*table.how.sentences, *said),
        table.headings,
        rows,
        words,
        mapping.reading.sheet,
        beginning=_beginning(stream, choice.encoding or "") if is_text and stream else "",
        found=f"{NAMES.get(choice.encoding or '', '')}, {DELIMITERS.get(choice.delimiter or '', '')}"
        if is_text
        else "",
    )


def _beginning(stream: BinaryIO, encoding: str) -> str:
    """Whole lines from the beginning of a file; empty where not even two are short enough."""
    stream.seek(0)
    some = stream.read(_BEGINNING)
    if len(some) == _BEGINNING:
        end = {"utf-16-le": b"\n\x00", "utf-16-be": b"\x00\n"}.get(encoding, b"\n")
        cut = some.rfind(end)
        some = some[: cut + len(end)] if some.count(end) > 1 else b""
    return b64encode(some).decode()


def shown_anew(sample: Sample, reading: ReadingChoice, before: Mapping | None) -> tuple[Sample, Mapping]:
    """The same file read in another way, and what its headings suggest then. Raises ``UnreadableFile``."""
    stream = BytesIO(b64decode(sample.beginning))
    table = open_table(stream, choice=reading)
    mapping, said = first_mapping(table, before, sheet=None)
    mapping = replace(mapping, reading=reading)
    return sample_of(table, mapping, file_name=sample.file_name, said=said, stream=stream), mapping


def kept_words(mapping: Mapping) -> tuple[Word, ...]:
    """The words that a mapping says something of, where no file is at hand."""
    return tuple(
        Word(column.heading, column.use.value, word, 0)
        for column in mapping.columns
        if column.use in (ColumnUse.KIND, ColumnUse.AWAY_KIND)
        for word in column.values
    )


def first_mapping(table: Table, before: Mapping | None, *, sheet: str | None) -> tuple[Mapping, tuple[str, ...]]:
    """The mapping that a page begins with, and what was taken and why: what stood in the one before stays, and only
    what is new is suggested."""
    suggested = suggest_mapping(table, reading=ReadingChoice(sheet=sheet))
    if before is None:
        return suggested.mapping, suggested.sentences
    known = {heading_key(column.heading): column for column in before.columns}
    taken = {column.use for column in before.columns}
    columns = [_carried(column, known.get(heading_key(column.heading)), taken) for column in suggested.mapping.columns]
    reading = replace(before.reading, sheet=sheet) if sheet else before.reading
    return replace(before, columns=tuple(columns), reading=reading), ()


def sealed(sample: Sample, organisation_id: int) -> str:
    """The sample as a field of the form, so that nobody can change what it says."""
    return str(_serializer().dumps([organisation_id, asdict(sample)]))


def opened(token: str, organisation_id: int) -> Sample | None:
    """The sample in a field; ``None`` for one of another authority, an old one, and one that is not ours."""
    try:
        owner, plain = _serializer().loads(token, max_age=_KEPT_SECONDS)
    except (BadData, ValueError):
        return None
    return _sample(plain) if owner == organisation_id else None


def _sample(plain: dict[str, Any]) -> Sample:
    return Sample(
        plain["file_name"],
        tuple(plain["sentences"]),
        tuple(plain["headings"]),
        tuple(tuple(row) for row in plain["rows"]),
        tuple(Word(**word) for word in plain["words"]),
        plain["sheet"],
        plain["beginning"],
        plain["found"],
    )


def _carried(new: Column, old: Column | None, taken: set[ColumnUse]) -> Column:
    if old is not None:
        return Column(new.heading, old.use, old.empty, old.values)
    return Column(new.heading) if new.use in taken else new


def _cut(cell: Cell) -> str:
    return "" if cell is None else shown(str(cell), most=_LONGEST)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="feed-sample")
