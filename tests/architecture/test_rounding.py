"""Shares are rounded in one place: Python's own ``round`` sends 12.5 to 12, and a spreadsheet sends it to 13."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import PRODUCT, files, relative, tree

ROUNDING = "kernel/rounding.py"
# Where no figure is shown: places in a drawing, colours, sizes of letters, a film's length, people who are made up.
NO_FIGURES = {
    "certificates/badges/picture.py",
    "certificates/document/font_sizing.py",
    "certificates/looks/branding.py",
    "courses/content/media/recordings.py",
    "demo/learning.py",
    "demo/people.py",
    "demo/region.py",
    "reports/chart.py",
    "typesetting/font_outlines.py",
}


def roundings(path: Path) -> Iterator[str]:
    """Calls of ``round``, and a hundred times something that is then divided."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "round":
            yield f"{relative(path)}:{node.lineno} calls round"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv) and _is_times_100(node.left):
            yield f"{relative(path)}:{node.lineno} works out a share"


def _is_times_100(node: ast.expr) -> bool:
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) else ()
    return any(isinstance(side, ast.Constant) and side.value == 100 for side in sides)


def test_shares_are_rounded_in_one_place_only():
    found = {path: list(roundings(path)) for path in files(*PRODUCT) if relative(path) != ROUNDING}
    assert [line for path, lines in found.items() if relative(path) not in NO_FIGURES for line in lines] == []
    assert {relative(path) for path, lines in found.items() if lines} >= NO_FIGURES
