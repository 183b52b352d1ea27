"""Names, docstrings and types that make a stranger at home."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import DOMAIN, EVERYTHING, PRODUCT, Defined, files, functions, relative, tree

FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "services", "managers"}
CODE = (*PRODUCT, "tools", "bench", "config.py", "wsgi.py")
# Pictures that names held once. A docstring may paint one; a name is the field's own term (docs/glossary.md).
PICTURES = {
    "chain",
    "desk",
    "door",
    "leftover",
    "locality",
    "mould",
    "office",
    "parcel",
    "shelf",
    "sight",
    "twin",
    "yardstick",
}
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = [relative(path) for path in files(*CODE)]
    assert [name for name in names if FORBIDDEN & {*name.removesuffix(".py").split("/")}] == []


def words_of(name: str) -> set[str]:
    """The words of a name in either style: ``EditionHistory`` and ``edition_history`` have the same two."""
    return {word.lower().removesuffix("s") for word in WORD.findall(name)}


def names_in(path: Path) -> Iterator[tuple[str, int]]:
    """Every name that a file gives to something, with its line, the name of the file first."""
    yield path.stem, 0
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno


def test_no_name_is_a_picture() -> None:
    found = [
        f"{relative(path)}:{line} {name}"
        for path in files(*CODE, "tests")
        for name, line in names_in(path)
        if not name.startswith("test_") and PICTURES & words_of(name)
    ]
    assert found == []


def test_pages_say_which_number_they_mean() -> None:
    vague = [
        str(f)
        for path in files("app")
        for f in functions(path)
        if "number" in {a.arg for a in (*f.node.args.posonlyargs, *f.node.args.args, *f.node.args.kwonlyargs)}
    ]
    assert vague == []


def test_every_package_says_what_lives_there() -> None:
    packages = [path for path in files(*PRODUCT, "tools") if path.name == "__init__.py"]
    silent = [relative(path) for path in packages if not ast.get_docstring(tree(path))]
    assert silent == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in files(*PRODUCT, "tools", "tests")}
    assert sorted(relative(folder) for folder in folders if not (folder / "__init__.py").is_file()) == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [relative(p) for p in files(*CODE, "tests") if p.name != "__init__.py" and not ast.get_docstring(tree(p))]
    assert silent == []


def public_functions(*places: str) -> list[Defined]:
    return [f for path in files(*places) for f in functions(path) if f.is_public]


def test_every_public_function_is_typed() -> None:
    assert [str(f) for f in public_functions(*CODE) if not _is_typed(f)] == []


def _is_typed(function: Defined) -> bool:
    arguments = function.node.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    given += [a for a in (arguments.vararg, arguments.kwarg) if a]
    untyped = [a for a in given if a.annotation is None and a.arg not in {"self", "cls"}]
    return function.node.returns is not None and not untyped


def test_every_public_function_of_the_domain_has_a_docstring() -> None:
    silent = [str(f) for f in public_functions(*DOMAIN) if not ast.get_docstring(f.node) and "." not in f.name]
    assert silent == []


def test_every_test_is_a_sentence() -> None:
    tests = [f for path in files("tests") for f in functions(path) if f.node.name.startswith("test_")]
    assert [str(f) for f in tests if f.node.name.count("_") < 3] == []


def test_no_module_is_empty_of_meaning() -> None:
    empty = [
        relative(path)
        for path in files(*EVERYTHING)
        if path.name != "__init__.py" and not path.read_text(encoding="utf-8").strip()
    ]
    assert empty == []


def test_a_fixture_of_the_browser_tests_is_made_for_one_test_or_for_the_whole_run() -> None:
    """All modules share one live site, and a test process may leave a module and come back to it."""
    scopes = [
        (relative(path), node.lineno)
        for path in files("tests/browser")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.keyword)
        and node.arg == "scope"
        and isinstance(node.value, ast.Constant)
        and node.value.value in {"class", "module", "package"}
    ]
    assert scopes == []
