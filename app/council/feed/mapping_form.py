"""The form of a mapping: a question for each column, one for each word that is not known, and those about the file."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect, GovTextArea, GovTextInput
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from app.council.feed.sample import Sample, Word
from app.platform.forms import FlaskForm, SelectChoice
from kernel.columns import length_of
from kernel.typed import folded
from people.feed.mapping.days import DateOrder
from people.feed.mapping.known_words import AWAY_KINDS, EMPLOYMENT_KINDS
from people.feed.mapping.mappings import Column, Coverage, Empty, Mapping, OnUnusable, heading_key
from people.feed.mapping.stored import FeedMapping
from people.feed.mapping.uses import WORDS, ColumnUse
from people.feed.planning.state import UnitPath
from people.feed.reading.delimited import DELIMITERS
from people.feed.reading.encodings import NAMES
from people.feed.reading.tables import ReadingChoice
from people.jobs.absences import AbsenceKind
from people.jobs.terms import EmploymentKind

_USES = [SelectChoice(use.value, words) for use, words in WORDS.items()]
_MEANINGS = {
    use: [SelectChoice(kind.value, kind.value.replace("-", " ").capitalize()) for kind in kinds]
    for use, kinds in (
        (ColumnUse.KIND.value, tuple(EmploymentKind)),
        (ColumnUse.AWAY_KIND.value, tuple(AbsenceKind)),
    )
}
_ANY_MEANING = [
    SelectChoice("", "Select what it means"),
    *(SelectChoice(f"{use}:{one.value}", one.label) for use, meanings in _MEANINGS.items() for one in meanings),
]
_UNDECIDED = [
    SelectChoice("undecided", "Not decided: such rows cannot be used"),
    SelectChoice("nothing", "Nothing: as if the cell were empty"),
]
_NOTHING = "nothing"
_KNOWN: dict[str, dict[str, Any]] = {
    ColumnUse.KIND.value: dict(EMPLOYMENT_KINDS),
    ColumnUse.AWAY_KIND.value: dict(AWAY_KINDS),
}
_ORDERS = [
    SelectChoice(DateOrder.DAY_FIRST.value, "Day, month, year: 31/03/2026"),
    SelectChoice(DateOrder.MONTH_FIRST.value, "Month, day, year: 03/31/2026"),
    SelectChoice(DateOrder.YEAR_FIRST.value, "Year, month, day: 2026-03-31"),
    SelectChoice(DateOrder.EXCEL_NUMBER.value, "Numbers, as Excel stores days: 46112"),
]
_ENCODINGS = [SelectChoice("", "As each file is written: found anew and said")] + [
    SelectChoice(encoding, name) for encoding, name in NAMES.items()
]
_DELIMITER_KEYS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "stroke"}
_DELIMITERS = [SelectChoice("", "As in each file: found anew and said")] + [
    SelectChoice(_DELIMITER_KEYS[sign], words.capitalize()) for sign, words in DELIMITERS.items()
]
MORE_WORDS = 3
_LONGEST_UNITS, _LONGEST_WORD = 4_000, 100
_DIGITS = r"\s*([0-9]|[1-3][0-9]|40)?\s*\Z"
_LONGEST_SOURCE, _LONGEST_SEPARATOR = 60, 5


def _is_hours(_form: object, field: Any) -> None:
    try:
        hours = Decimal(field.data or "")
    except InvalidOperation:
        hours = Decimal(0)
    if not (hours.is_finite() and 1 <= hours <= 60):
        raise ValidationError("Enter the hours of a full week as a number, such as 37 or 36.5")


class FileQuestions(FlaskForm):
    """What is asked about the file as a whole."""

    name = StringField(
        "Name of this mapping",
        widget=GovTextInput(),
        validators=[
            DataRequired("Enter a name for this mapping, such as Staff list"),
            Length(max=length_of(FeedMapping.name), message="The name must be %(max)d characters or fewer"),
        ],
    )
    source = StringField(
        "HR system that writes the file",
        widget=GovTextInput(),
        validators=[Length(max=_LONGEST_SOURCE, message="The HR system must be %(max)d characters or fewer")],
    )
    dates = RadioField("How are days written?", widget=GovRadioInput(), choices=_ORDERS)
    numbers = RadioField(
        "How are parts of an hour written?",
        widget=GovRadioInput(),
        choices=[SelectChoice("point", "With a point: 36.5"), SelectChoice("comma", "With a comma: 36,5")],
    )
    encoding = SelectField("Letters", widget=GovSelect(), choices=_ENCODINGS, default="")
    delimiter = SelectField("What stands between the cells", widget=GovSelect(), choices=_DELIMITERS, default="")
    everybody = RadioField(
        "Does this file hold everybody?",
        widget=GovRadioInput(),
        choices=[
            SelectChoice("no", "No, only some people: nobody’s job ends because a row is missing"),
            SelectChoice("yes", "Yes, everybody of the whole authority: whoever is missing from it has left"),
            SelectChoice("units", "Yes, everybody of some units and of what is under them: name them below"),
        ],
    )
    units = StringField(
        "Which units?",
        widget=GovTextArea(),
        validators=[Length(max=_LONGEST_UNITS, message="The units must be %(max)d characters or fewer")],
    )
    unusable = RadioField(
        "What if some rows cannot be used?",
        widget=GovRadioInput(),
        choices=[
            SelectChoice(OnUnusable.GOOD_ROWS.value, "The good rows go in, and the others are listed to put right"),
            SelectChoice(OnUnusable.NOTHING.value, "Nothing goes in until every row can be used"),
        ],
    )
    is_family_name_first = BooleanField("Names are written with the family name first", widget=GovCheckboxInput())
    unit_separator = StringField(
        "What stands between the levels of a unit",
        widget=GovTextInput(),
        validators=[Length(max=_LONGEST_SEPARATOR, message="What stands between must be %(max)d characters or fewer")],
    )
    full_time_hours = StringField("Hours of a full week", widget=GovTextInput(), validators=[_is_hours])
    payroll_digits = StringField(
        "Figures of a payroll number, if a spreadsheet took zeros from the front",
        widget=GovTextInput(),
        validators=[
            Regexp(r"\s*([0-9]|[1-3][0-9]|40)?\s*\Z", message="Enter a number from 0 to 40, or leave it empty")
        ],
    )


def mapping_form(sample: Sample, mapping: Mapping | None = None, name: str = "") -> Any:
    """The form for a sample, filled in with a mapping, or with what was sent."""
    fields: dict[str, Any] = {}
    for position, heading in enumerate(sample.headings):
        fields[f"use_{position}"] = SelectField(f"What “{heading}” holds", widget=GovSelect(), choices=_USES)
        fields[f"clears_{position}"] = BooleanField("An empty cell takes out what is here", widget=GovCheckboxInput())
    for position, word in enumerate(sample.words):
        label = f"“{word.word}” in “{word.heading}” means"
        choices = [*_UNDECIDED, *_MEANINGS[word.use]]
        fields[f"word_{position}"] = SelectField(label, widget=GovSelect(), choices=choices)
    for position in range(MORE_WORDS):
        longest = Length(max=_LONGEST_WORD, message="A word must be %(max)d characters or fewer")
        fields[f"more_{position}"] = StringField("Another word", widget=GovTextInput(), validators=[longest])
        fields[f"means_{position}"] = SelectField("means", widget=GovSelect(), choices=_ANY_MEANING, default="")
    form_class = type("MappingForm", (FileQuestions,), fields)
    if mapping is None:
        return form_class()
    # What was posted is the form of the file: of a box that does not stand in it, it would say that nobody ticked it.
    return form_class(formdata=None, data=_answers(sample, mapping, name))


def _answers(sample: Sample, mapping: Mapping, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": name or "Staff list",
        "source": mapping.source,
        "dates": mapping.dates.value,
        "numbers": "comma" if mapping.has_decimal_comma else "point",
        "everybody": "no" if not mapping.coverage.everybody else "units" if mapping.coverage.units else "yes",
        "units": "\n".join(" / ".join(path) for path in mapping.coverage.units),
        "encoding": mapping.reading.encoding or "",
        "delimiter": _DELIMITER_KEYS.get(mapping.reading.delimiter or "", ""),
        "unusable": mapping.on_unusable.value,
        "is_family_name_first": mapping.is_family_name_first,
        "unit_separator": mapping.unit_separator,
        "full_time_hours": f"{mapping.full_time_hours}",
        "payroll_digits": f"{mapping.payroll_digits or ''}",
    }
    for position, column in enumerate(mapping.columns[: len(sample.headings)]):
        found[f"use_{position}"] = column.use.value
        found[f"clears_{position}"] = column.empty is Empty.CLEAR
    for position, word in enumerate(sample.words):
        found[f"word_{position}"] = _meaning(word, mapping)
    return found


def _meaning(word: Word, mapping: Mapping) -> str:
    """What a word means by a mapping, else by what we know of it."""
    values = next((column.values for column in mapping.columns if column.heading == word.heading), {})
    plain = folded(word.word)
    if plain in values:
        return values[plain] or _NOTHING
    known = _KNOWN[word.use].get(plain)
    return known.value if known else "undecided"


def mapping_from(form: Any, sample: Sample, before: Mapping | None) -> Mapping:
    """The mapping that a valid form says. What the page does not ask stays as it was before."""
    kept = {(heading_key(one.heading), one.use.value): one.values for one in before.columns} if before else {}
    columns = []
    for position, heading in enumerate(sample.headings):
        use = form[f"use_{position}"].data
        empty = Empty.CLEAR if form[f"clears_{position}"].data else Empty.KEEP
        values = _merged(kept.get((heading_key(heading), use), {}), _values(form, sample.words, heading, use))
        columns.append(Column(heading, ColumnUse(use), empty, values))
    coverage = before.coverage if before else Coverage()
    return Mapping(
        tuple(columns),
        reading=reading_from(form, sample),
        dates=DateOrder(form.dates.data),
        has_decimal_comma=form.numbers.data == "comma",
        unit_separator=(form.unit_separator.data or "/").strip() or "/",
        is_family_name_first=form.is_family_name_first.data,
        full_time_hours=Decimal(form.full_time_hours.data),
        payroll_digits=int(form.payroll_digits.data or 0),
        coverage=Coverage(
            form.everybody.data != "no", units_from(form) if form.everybody.data == "units" else (), coverage.kinds
        ),
        on_unusable=OnUnusable(form.unusable.data),
        source=" ".join((form.source.data or "").split()),
    )


def _merged(kept: dict[str, str], chosen: dict[str, str | None]) -> dict[str, str]:
    return {word: meaning for word, meaning in {**kept, **chosen}.items() if meaning is not None}


def reading_from(form: Any, sample: Sample) -> ReadingChoice:
    """How files are to be read, by what was chosen."""
    signs = {key: sign for sign, key in _DELIMITER_KEYS.items()}
    return ReadingChoice(form.encoding.data or None, signs.get(form.delimiter.data), sample.sheet)


def units_from(form: Any) -> tuple[UnitPath, ...]:
    """The units that were named, one on each line, from the top down."""
    lines = (form.units.data or "").splitlines()
    paths = (tuple(part for one in line.split("/") if (part := " ".join(one.split()))) for line in lines)
    return tuple(dict.fromkeys(path for path in paths if path))


def _values(form: Any, words: Sequence[Word], heading: str, use: str) -> dict[str, str | None]:
    """What the words of a column mean; ``None`` where that is undecided, or what we know of it anyhow."""
    found: dict[str, str | None] = {}
    for position, word in enumerate(words):
        if word.heading == heading and word.use == use:
            found[folded(word.word)] = _kept_meaning(folded(word.word), word.use, form[f"word_{position}"].data)
    for position in range(MORE_WORDS):
        of, _, meaning = (form[f"means_{position}"].data or "").partition(":")
        if of == use and (plain := folded(form[f"more_{position}"].data or "")):
            found[plain] = _kept_meaning(plain, use, meaning)
    return found


def _kept_meaning(word: str, use: str, meaning: str) -> str | None:
    known = _KNOWN[use].get(word)
    if meaning == "undecided" or (known is not None and known.value == meaning):
        return None
    return "" if meaning == _NOTHING else meaning
