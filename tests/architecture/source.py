"""Our source as syntax trees: which files there are, what they import, which functions they define."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = (
    "kernel", "people", "messages", "courses", "assignments", "typesetting", "certificates", "reports",
    "privacy", "demo",
)  # fmt: skip
PRODUCT = (*DOMAIN, "app")
EVERYTHING = (*PRODUCT, "tools", "bench", "tests", "migrations", "config.py", "wsgi.py")

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Import(NamedTuple):
    """One imported name, with the file and line: ``app.platform.work.unit_of_work`` for a function of a module."""

    file: str
    line: int
    name: str

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.name}"


class Defined(NamedTuple):
    """A function as it is written, by its full name within the file."""

    file: str
    name: str
    node: Function

    @property
    def length(self) -> int:
        """Lines from ``def`` to the last statement."""
        return (self.node.end_lineno or self.node.lineno) - self.node.lineno + 1

    @property
    def parameters(self) -> int:
        """How many values it takes, ``self`` and ``cls`` not counted."""
        given = self.node.args
        named = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        return len([*named, *filter(None, (given.vararg, given.kwarg))]) - len({"self", "cls"} & {*named[:1]})

    @property
    def is_public(self) -> bool:
        return not any(part.startswith("_") for part in self.name.split("."))

    def __str__(self) -> str:
        return f"{self.file}:{self.node.lineno} {self.name}"


def files(*places: str, kind: str = "py") -> list[Path]:
    """Our files of one kind, in a stable order; a place is a folder or a single file."""
    found = [path for place in places for path in _below(ROOT / place, kind)]
    return sorted(path for path in found if "__pycache__" not in path.parts)


def _below(path: Path, kind: str) -> Iterator[Path]:
    if path.is_file():
        yield path
    else:
        yield from path.rglob(f"*.{kind}")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module_name(path: Path) -> str:
    """``certificates/pdf.py`` is ``certificates.pdf``; a package is its folder."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(path: Path) -> list[Import]:
    """Every import of a file, also those inside functions."""
    file = relative(path)
    found: list[Import] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [Import(file, node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = _start_of(path, node)
            found += [Import(file, node.lineno, f"{start}.{alias.name}") for alias in node.names]
    return found


def _start_of(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    here = module_name(path).split(".")
    package = here if path.name == "__init__.py" else here[:-1]
    above = package[: len(package) - node.level + 1]
    return ".".join([*above, node.module] if node.module else above)


@cache
def functions(path: Path) -> list[Defined]:
    """Every function and method of a file."""
    return list(_functions_in(relative(path), tree(path), ()))


def _functions_in(file: str, node: ast.AST, names: tuple[str, ...]) -> Iterator[Defined]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            # What stands inside a function is nobody else's to call.
            yield Defined(file, ".".join([*names, child.name]), child)
            yield from _functions_in(file, child, (*names, child.name, "_inner"))
        elif isinstance(child, ast.ClassDef):
            yield from _functions_in(file, child, (*names, child.name))
        else:
            yield from _functions_in(file, child, names)


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Line and last two words of every call through a dot: ``session.commit``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            last = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            yield node.lineno, f"{last}.{node.func.attr}"
