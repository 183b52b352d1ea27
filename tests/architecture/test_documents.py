"""Documents lead where they say: every link, every path and every name of ours in them is there."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.documents import anchors, documents, files_shown_in, lines_outside_code, names_in, rows
from tests.architecture.source import EVERYTHING, PRODUCT, ROOT, files, relative, tree
from tests.architecture.test_files import committed

LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"[\w.-]*(?:/[\w.*-]+)+/?|[\w-]+\.(?:py|toml|txt|md|json)")
DOTTED = re.compile(r"[a-z_]+(?:\.\w+)+")
PATH_IN_CODE = re.compile(rf"\b(?:{'|'.join(PRODUCT)}|tools|bench|tests|docs)(?:/[\w-]+)*/[\w-]+\.(?:py|md)\b")
# What is made on each machine, or written by whoever runs it.
MADE = ("var/", "app/static/build/", "node_modules/")

DECISIONS = sorted(path for path in (ROOT / "docs" / "decisions").glob("*.md") if path.name != "README.md")
WORD_COLUMNS = 4
PARTS, LINES = ["Context", "Decision", "What it costs"], 15


def links(path: Path) -> list[str]:
    """Where the links of a document lead, without those to other sites."""
    found = (link for line in lines_outside_code(path.read_text(encoding="utf-8")) for link in LINK.findall(line))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("document", documents(), ids=relative)
def test_every_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    broken = []
    for link in links(document):
        file, _, heading = link.partition("#")
        target = (document.parent / file).resolve() if file else document
        if not target.exists() or (heading and heading not in anchors(target)):
            broken.append(link)
    assert broken == []


def named(document: Path) -> Iterator[str]:
    for line in lines_outside_code(document.read_text(encoding="utf-8")):
        yield from names_in(line)


@pytest.mark.parametrize("document", documents(), ids=relative)
def test_every_path_that_a_document_names_is_there(document: Path) -> None:
    tops = {path.name for path in ROOT.iterdir()}
    elsewhere = {path.name for path in committed()} | files_shown_in(document).keys()
    missing = [
        name
        for name in named(document)
        if PATH.fullmatch(name)
        and (name.partition("/")[0] in tops or name.endswith(".py"))
        and not f"{name}/".startswith(MADE)
        and name not in elsewhere
        and not any(ROOT.glob(name.rstrip("/")))
    ]
    assert missing == []


@pytest.mark.parametrize("document", documents(), ids=relative)
def test_every_name_of_ours_in_a_document_is_there(document: Path) -> None:
    ours = {path.name for path in map(Path, EVERYTHING) if path.suffix != ".py"} | {"config"}
    missing = [
        name
        for name in named(document)
        if DOTTED.fullmatch(name) and name.partition(".")[0] in ours and not PATH.fullmatch(name) and not is_there(name)
    ]
    assert missing == []


def is_there(name: str) -> bool:
    """Whether ``courses.marking.mark`` is a module, or a name at the top of one."""
    place = ROOT / name.replace(".", "/")
    if place.is_dir() or place.with_suffix(".py").is_file():
        return True
    module, _, inside = name.rpartition(".")
    place = ROOT / module.replace(".", "/")
    path = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    return path.is_file() and inside in names_defined(path)


@cache
def names_defined(path: Path) -> frozenset[str]:
    """Every class, function, value and field that a module defines."""
    nodes = list(ast.walk(tree(path)))
    made = {node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    made |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return frozenset(
        made | {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    )


def test_every_path_that_the_code_names_in_words_is_there() -> None:
    missing = [
        f"{relative(path)}: {name}"
        for path in files(*EVERYTHING)
        for name in PATH_IN_CODE.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / name).is_file()
    ]
    assert missing == []


@pytest.mark.parametrize("decision", DECISIONS, ids=relative)
def test_a_decision_says_what_led_to_it_and_what_it_costs_in_fifteen_lines(decision: Path) -> None:
    lines = decision.read_text(encoding="utf-8").splitlines()
    assert [part for part in re.findall(r"^\*\*(.+?)\.?\*\*", "\n".join(lines), re.MULTILINE) if part in PARTS] == PARTS
    assert sum(1 for line in lines if line) <= LINES


def test_the_list_of_decisions_names_each_by_its_heading_in_alphabetical_order() -> None:
    listed = re.findall(r"^\| \[(.+?)\]\((.+?)\)", (ROOT / "docs/decisions/README.md").read_text("utf-8"), re.MULTILINE)
    headings = {(path.read_text("utf-8").splitlines()[0].removeprefix("# "), path.name) for path in DECISIONS}
    assert listed == sorted(headings, key=lambda pair: pair[0].casefold())


def test_every_word_of_the_glossary_is_a_name_in_the_code() -> None:
    defined = {name for path in files(*PRODUCT) for name in names_defined(path)}
    glossary = rows((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    words = [name for row in glossary for name in names_in(row[1] if len(row) == WORD_COLUMNS else row[2])]
    assert [name for name in words if name not in defined] == []
