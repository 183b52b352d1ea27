"""What a form lets through fits into its column: limits are read off the columns, and none is typed a second time."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import DOMAIN, files, relative, tree

# Limits of what goes into no column, and why.
NO_COLUMN = {
    "LONGEST_PASSWORD": "a hash is stored, which is as long for every password",
    "LONGEST_CODE": "a hash is stored",
    "LONGEST_INPUT": "a certificate number is looked for in it",
    "_LONGEST_SEPARATOR": "a mapping is kept whole, as JSON",
    "_LONGEST_UNITS": "a mapping is kept whole, as JSON",
    "_LONGEST_WORD": "a mapping is kept whole, as JSON",
    "_LONGEST_SOURCE": "a mapping is kept whole, as JSON",
    "_LONGEST_SECRET": "it is sealed before it is stored",
    "LONGEST_WORDS": "the rule of an audience is kept whole, as JSON",
    "LONGEST_RULE": "the rule of an audience is kept whole, as JSON",
    "LONGEST_TYPED": "a key is read from it, and kept as what it is",
    "LONGEST_NUMBER": "a published figure is looked for by it",
    "LONGEST_QUESTION": "its column has no length",
    "LONGEST_ANSWER": "its column has no length",
    "LONGEST_SLUG": "shorter than its column: the format of courses says so",
}
# The name of a sheet is looked for in a file, and kept nowhere.
OF_SHEETS = ("uploading.py", "100")


def _limits(path: Path) -> Iterator[ast.expr]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Length"):
            yield from [one.value for one in node.keywords if one.arg == "max"] + node.args[1:2]


def _read_off_columns(path: Path) -> set[str]:
    """The names that a module gives to lengths of columns."""
    return {
        ast.unparse(target)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("length_of(")
        for target in node.targets
    }


def _columns_are_made_of() -> set[str]:
    """The names in ``String(NAME)``: one definition for the column and for whoever asks how long it is."""
    return {
        ast.unparse(node.args[0])
        for path in files(*DOMAIN)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "String" and node.args
        if isinstance(node.args[0], ast.Name)
    }


def _is_from_a_column(limit: ast.expr, named: set[str]) -> bool:
    words = ast.unparse(limit)
    return words.startswith("length_of(") or words in named


def test_no_form_has_a_length_that_was_typed() -> None:
    everywhere = set().union(*map(_read_off_columns, files("app"))) | _columns_are_made_of() | set(NO_COLUMN)
    typed = [
        f"{relative(path)}:{limit.lineno} {ast.unparse(limit)}"
        for path in files("app")
        for limit in _limits(path)
        if not _is_from_a_column(limit, everywhere) and (path.name, ast.unparse(limit)) != OF_SHEETS
    ]
    assert typed == []


def test_a_typed_length_is_found(tmp_path: Path) -> None:
    form = tmp_path / "form.py"
    form.write_text("MOST = 120\nvalidators=[Length(max=120), Length(1, 200), wtforms.validators.Length(max=MOST)]")
    assert not any(_is_from_a_column(limit, set(NO_COLUMN)) for limit in _limits(form))
    assert len(list(_limits(form))) == 3
