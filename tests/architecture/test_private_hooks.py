"""What we lean on though no library promised it: all of it is in one list, and a test says which pin broke which."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

import certificates.drawing  # noqa: F401 - it knows how to load WeasyPrint in silence
from tests.architecture.private_hooks import DOCUMENTED, HOOKS, LOOKED_AT, Hook
from tests.architecture.source import PRODUCT, ROOT, files, imports, relative, tree

OURS = frozenset({*PRODUCT, "config", "tools"})
PLACES = (*PRODUCT, "tools", "config.py", "wsgi.py")
MEANT_TO_BE_SET = {"tempfile.tempdir"}  # so says its documentation
DOCUMENTED_ALTHOUGH_PRIVATE = {("os", "_exit")}


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.path)
def test_every_private_hook_still_exists(hook: Hook) -> None:
    found = wanted(hook)
    pin = f"{hook.library} {version(hook.library)} (we last looked at {LOOKED_AT[hook.library]})"
    assert found is not None, f"{pin} has no {hook.path}, used in {', '.join(hook.files)} {hook.why}"
    if hook.signature:
        assert signature(found) == hook.signature, (
            f"{pin} has another {hook.path}, used in {', '.join(hook.files)} {hook.why}"
        )


def wanted(hook: Hook) -> object | None:
    """The hook, the name of one that only instances have, ``None`` when it is gone."""
    module, _, names = hook.path.partition(":")
    try:
        found: object = import_module(module)
    except ImportError:
        return None
    for name in names.split("."):
        if hasattr(found, name):
            found = getattr(found, name)
        else:
            return name if isinstance(found, type) and name in set_by_methods(found) else None
    return found


def set_by_methods(owner: type) -> set[str]:
    return {
        name
        for base in owner.__mro__
        for method in vars(base).values()
        if inspect.isfunction(method)
        for name in method.__code__.co_names
    }


def signature(found: object) -> str:
    parameters = [
        parameter.replace(annotation=parameter.empty)
        for parameter in inspect.signature(found).parameters.values()  # type: ignore[arg-type]
    ]
    return str(inspect.Signature(parameters))


def test_the_list_names_every_private_part_that_we_use_and_no_other() -> None:
    used = {pair for path in files(*PLACES) for pair in private_parts(path)}
    listed = {(file, hook.name) for hook in HOOKS for file in hook.files}
    assert used - listed == set(), "Lean on something public, or add it to private_hooks.py"
    gone = {(file, name) for file, name in listed - used if name not in (ROOT / file).read_text("utf-8")}
    assert gone == set(), "Nothing leans on these any more"


def private_parts(path: Path) -> Iterator[tuple[str, str]]:
    """What a file uses of others that they keep to themselves, each with the file."""
    file = relative(path)
    for found in imports(path):
        if found.package not in OURS and is_private_import(found.name):
            yield file, found.name.rpartition(".")[2]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and is_private(node.attr) and not is_own(node.value):
            if (ast.unparse(node.value), node.attr) not in DOCUMENTED_ALTHOUGH_PRIVATE:
                yield file, node.attr
        elif isinstance(node, ast.ClassDef) and node.bases:
            for name in inherited_names(node, foreign_names(path)):
                yield file, name


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def is_own(owner: ast.expr) -> bool:
    return isinstance(owner, ast.Name) and owner.id in ("self", "cls")


def is_private_import(name: str) -> bool:
    module, _, _ = name.rpartition(".")
    documented = DOCUMENTED.get(name.partition(".")[0])
    return any(map(is_private, name.split("."))) or (
        documented is not None and name not in documented and module not in documented
    )


@cache
def foreign_names(path: Path) -> dict[str, str]:
    """The names in a file that mean something of another's: ``Graph`` means ``pygal.Graph``."""
    return {
        alias.asname or alias.name: f"{node.module}:{alias.name}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] not in OURS
        for alias in node.names
    }


def inherited_names(node: ast.ClassDef, foreign: dict[str, str]) -> Iterator[str]:
    """The private names in a class that a foreign class above it has too: what we override or use of that."""
    for base in node.bases:
        module, _, name = foreign.get(ast.unparse(base), "").partition(":")
        above = getattr(import_module(module), name) if module else None
        if not isinstance(above, type):
            continue
        theirs = {*dir(above), *set_by_methods(above)}
        for part in ast.walk(node):
            names = [part.attr] if isinstance(part, ast.Attribute) and is_own(part.value) else []
            names += [part.name] if isinstance(part, ast.FunctionDef) else []
            names += [part.id] if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store) else []
            yield from (one for one in names if is_private(one) and one in theirs)


def test_nothing_of_a_library_is_replaced_for_the_whole_process() -> None:
    breaches = [
        f"{relative(path)}:{node.lineno} {ast.unparse(node)}"
        for path in files(*PLACES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and is_of_a_library(target.value, path)
        if ast.unparse(target) not in MEANT_TO_BE_SET
    ]
    assert breaches == []


def is_of_a_library(owner: ast.expr, path: Path) -> bool:
    """Whether this is a module or a class of a library; ``g`` and ``request`` of Flask belong to one request."""
    root = ast.unparse(owner).partition(".")[0]
    modules = {found.name for found in imports(path) if found.package not in OURS}
    module, _, name = foreign_names(path).get(root, "").partition(":")
    return root in modules or (bool(module) and isinstance(getattr(import_module(module), name), type))
