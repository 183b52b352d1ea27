"""The parts of an address. What no row can hold is the address of nothing, so it is not found before anybody looks.

PostgreSQL refuses a NUL and a number beyond its column with an error, where SQLite finds nothing.
"""

import re

from werkzeug.datastructures import ImmutableDict
from werkzeug.routing import IntegerConverter, Map, PathConverter, UnicodeConverter, ValidationError

from kernel.columns import LARGEST_NUMBER, longest_text
from kernel.typed import storable

UNREADABLE = "\N{REPLACEMENT CHARACTER}"  # what was no UTF-8 has become this
LONGEST_FILE_NAME = 255  # bytes; file systems answer longer ones with an error
_DIGITS = len(str(LARGEST_NUMBER))


class TextConverter(UnicodeConverter):
    """A text in one line that a column can hold."""

    def to_python(self, value: str) -> str:
        if len(value) > longest_text():
            raise ValidationError
        return _readable(value)


class TypedConverter(UnicodeConverter):
    """A text that people type or paste into an address: what cannot be kept is left out, and the page says the rest."""

    def to_python(self, value: str) -> str:
        if len(value) > longest_text():
            raise ValidationError
        return storable(value)


class NumberConverter(IntegerConverter):
    """A number that a column can hold, in plain digits."""

    regex = "[0-9]+"

    def to_python(self, value: str) -> int:
        if len(value.lstrip("0")) > _DIGITS or int(value) > LARGEST_NUMBER:
            raise ValidationError
        found: int = super().to_python(value)
        return found


class FilePathConverter(PathConverter):
    """The path of a file, each part of which may be the name of one."""

    def to_python(self, value: str) -> str:
        if any(len(part.encode()) > LONGEST_FILE_NAME for part in value.split("/")):
            raise ValidationError
        return _readable(value)


def _readable(value: str) -> str:
    if value.isascii() and value.isprintable():
        return value
    if UNREADABLE in value or re.search(r"[\r\n\t]", value) or storable(value) != value:
        raise ValidationError
    return value


class AddressMap(Map):
    """Flask's map of addresses, with our converters in place of Werkzeug's."""

    default_converters = ImmutableDict(
        {
            **Map.default_converters,
            "default": TextConverter,
            "string": TextConverter,
            "typed": TypedConverter,
            "int": NumberConverter,
            "path": FilePathConverter,
        }
    )
