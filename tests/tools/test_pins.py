"""What the code imports is pinned, and what the npm lock holds can be fetched from anywhere."""

import ast
import json
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from config import Settings

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
# pydantic needs exactly one version of its core, so that naming it would pin it twice.
COMES_WITH_ANOTHER = {"pydantic-core"}


def lines_of(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r "))]


def pinned_names() -> list[str]:
    return [re.split(r"[\[=]", line)[0] for name in REQUIREMENTS for line in lines_of(name)]


def normal(name: str) -> str:
    return name.lower().replace("_", "-")


def test_the_npm_lock_names_check_sums_and_no_addresses() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    locked = {name: entry for name, entry in lock["packages"].items() if name}
    assert all(entry.get("integrity", "").startswith("sha512-") for entry in locked.values())
    assert not any("resolved" in entry for entry in locked.values())


def test_every_package_that_the_code_imports_is_pinned() -> None:
    ours = {path.stem for path in ROOT.iterdir()}
    distributions = packages_distributions()
    pinned = {normal(name) for name in pinned_names()} | COMES_WITH_ANOTHER
    missing = {}
    for path in sources():
        for module in imported_by(path) - ours - set(sys.stdlib_module_names):
            if not {normal(name) for name in distributions.get(module, [])} & pinned:
                missing[module] = str(path.relative_to(ROOT))
    assert missing == {}


def sources() -> list[Path]:
    """Every file of code of ours; the folders of packages are not even walked through."""
    passed_over = {".git", ".venv", "node_modules", "var"}
    found = [path for path in ROOT.iterdir() if path.name not in passed_over]
    return [path for path in found if path.suffix == ".py"] + [
        path for folder in found if folder.is_dir() for path in folder.rglob("*.py")
    ]


def imported_by(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_every_setting_is_explained_to_whoever_runs_it() -> None:
    explained = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`COMMON_GROUND_{name.upper()}`" not in explained]
    assert missing == []
