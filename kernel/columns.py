"""How much a column holds. Whoever limits what comes from outside asks here, so that no limit is written down twice."""

from functools import cache
from typing import Any, cast

from sqlalchemy import Column, Enum, String
from sqlalchemy.orm import InstrumentedAttribute

from kernel.database import Base

# PostgreSQL's integer: every id, and every number that is not said to be larger.
LARGEST_NUMBER = 2**31 - 1


def length_of(attribute: InstrumentedAttribute[Any]) -> int:
    """How many characters the column of ``Account.username`` and its like holds."""
    kind = cast(Column[Any], attribute.property.columns[0]).type
    if not isinstance(kind, String) or kind.length is None:
        raise ValueError(f"{attribute} holds a text of any length, or none")
    return kind.length


@cache
def longest_text() -> int:
    """How many characters the longest column holds that has a limit. A longer text is the key of no row."""
    kinds = (column.type for table in Base.metadata.tables.values() for column in table.columns)
    return max(kind.length for kind in kinds if isinstance(kind, String) and kind.length and not isinstance(kind, Enum))
