"""What nobody expects in an address or a field, by name; and where views read their arguments."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Enum, String

from kernel.columns import LARGEST_NUMBER
from kernel.database import Base

NUMBERS = {"nought": "0", "minus one": "-1", "2^31": str(LARGEST_NUMBER + 1), "2^63": str(2**63), "40 digits": "9" * 40}
NUMBERS |= {"5,000 digits": "9" * 5000, "digits of elsewhere": "\u0663\u00b2", "a share": "1.5", "a power": "1e999"}
TEXTS = {"a NUL": "a\x00b", "half of a pair": "%ED%A0%80", "no character": "a\uffffb", "empty": "", "a blank": " "}
TEXTS |= {"a bracket": "//[", "a path": "../../etc", "a template": "{{ 7 * 7 }}%s%n", "controls": "\x1b[0m\x7f\x85"}
# One letter that becomes two, and one that becomes eighteen, when forms of Unicode are brought together.
TEXTS |= {"growing": "\u0958" * 40, "growing much": "\ufdfa" * 120}
LIKELY_IN_ADDRESSES = ("nought", "2^31", "a NUL", "a bracket", "growing much")
LIKELY_IN_ARGUMENTS = (*LIKELY_IN_ADDRESSES, "5,000 digits", "digits of elsewhere", "empty")
LIKELY_IN_FIELDS = ("2^31", "5,000 digits", "digits of elsewhere", "empty", "growing much")


@cache
def one_too_long() -> dict[str, str]:
    """A text that is one character too long, for each length that a column has, the shortest first."""
    kinds = [column.type for table in Base.metadata.tables.values() for column in table.columns]
    lengths = {kind.length for kind in kinds if isinstance(kind, String) and not isinstance(kind, Enum) and kind.length}
    return {f"{length} and one": "x" * (length + 1) for length in sorted(lengths)}


def in_addresses(*, is_number: bool, is_thorough: bool) -> dict[str, str]:
    """Everything for a part of an address, or what is most likely to pass for one."""
    every = NUMBERS if is_number else {**TEXTS, "one too long": "x" * 2001}
    return every if is_thorough else {name: value for name, value in every.items() if name in LIKELY_IN_ADDRESSES}


def in_arguments(*, is_thorough: bool) -> dict[str, str]:
    """Everything for what stands behind the question mark."""
    every = {**NUMBERS, **TEXTS}
    return every if is_thorough else {name: every[name] for name in LIKELY_IN_ADDRESSES}


def in_one_field() -> dict[str, str]:
    """For one field at a time, so that no other field is refused before it."""
    every = {**NUMBERS, **TEXTS}
    return {name: every[name] for name in LIKELY_IN_FIELDS}


def in_all_fields() -> dict[str, str]:
    """For all fields of a form at once."""
    return {**NUMBERS, **TEXTS, "100,000": "x" * 100_000}


@cache
def names_read(module: ModuleType, what: str) -> frozenset[str]:
    """The names by which a module, or one of ours that it imports, reads ``request.args`` or ``request.form``."""
    files = {Path(inspect.getfile(module)), *map(Path, _imported(module))}
    return frozenset(name for file in files for name in _names(file, what))


def _imported(module: ModuleType) -> Iterator[str]:
    for value in vars(module).values():
        owner = inspect.getmodule(value) if callable(value) else value
        if isinstance(owner, ModuleType) and owner.__name__.startswith("app."):
            yield inspect.getfile(owner)


@cache
def _names(file: Path, what: str) -> frozenset[str]:
    return frozenset(_names_in(ast.parse(file.read_text("utf-8")), what))


def _names_in(tree: ast.AST, what: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and what in ast.unparse(node) and len(ast.unparse(node)) < 200:
            yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant) and _is_name(one.value))


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value.isidentifier()
