"""Tables for spreadsheets are written in one place: elsewhere a word would become a number, a day or a formula."""

import ast

import pytest

from tests.architecture.source import PRODUCT, ROOT, files, imports, tree

WRITER = "kernel/spreadsheets.py"
READERS = {
    "people/feed/reading/delimited.py": {"reader", "Error"},
    "privacy/leaving/restore.py": {"reader"},
}  # what each may use of csv


def test_one_place_writes_files_for_spreadsheets() -> None:
    found = [
        str(one)
        for path in files(*PRODUCT)
        for one in imports(path)
        if one.package in {"csv", "xlsxwriter"} and one.file not in {WRITER, *READERS}
    ]
    assert found == []


@pytest.mark.parametrize("file", READERS)
def test_whoever_reads_csv_writes_none(file: str) -> None:
    used = {
        node.attr
        for node in ast.walk(tree(ROOT / file))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "csv"
    }
    assert used == READERS[file]
