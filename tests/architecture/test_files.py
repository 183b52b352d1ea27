"""What is committed: no path of one machine, no secret, and every package pinned and explained."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

TEXT = {
    ".py", ".html", ".md", ".yaml", ".yml", ".toml", ".txt", ".js", ".scss", ".css", ".json", ".svg", ".ini",
    ".mako", ".sh", "",
}  # fmt: skip
LEFT_OUT = {".git", ".venv", "node_modules", "var", "__pycache__", "build"}
MACHINE = re.compile(r"(?<![\w.<])/(?:work|root|home/\w+|Users/\w+|mnt/\w+)/\w")
SECRETS = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}"),
    re.compile(r"\bxox[baprs]-[A-Za-z0-9-]{10,}"),
    re.compile(r"\$argon2id\$v=19\$m=\d+"),
)
MIRROR = re.compile(r"--?(?:extra-)?index-url|--trusted-host|--find-links|\bregistry\s*=|\"resolved\":")
PIN = re.compile(r"^[A-Za-z0-9._-]+(?:\[[a-z0-9,_-]+\])?==[0-9][\w.+]*(?:\s*;.*)?$")


def committed() -> list[Path]:
    """What git knows, or every file of a copy that came without git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0")[:-1] if listed.returncode == 0 else []
    found = [ROOT / name for name in names] or [p for p in ROOT.rglob("*") if not LEFT_OUT & {*p.parts}]
    return [path for path in found if path.is_file()]


def texts() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in committed()
        if path.suffix in TEXT
    }


def lines_with(pattern: re.Pattern[str], found: dict[str, str]) -> list[str]:
    return [
        f"{name}:{number} {line.strip()[:80]}"
        for name, text in found.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(MACHINE, texts()) == []


@pytest.mark.parametrize("pattern", SECRETS, ids=lambda pattern: pattern.pattern[:20])
def test_no_file_holds_a_secret(pattern: re.Pattern[str]) -> None:
    assert lines_with(pattern, texts()) == []


def test_no_file_names_where_packages_are_downloaded() -> None:
    places = {name: text for name, text in texts().items() if not name.startswith("tests/")}
    assert lines_with(MIRROR, places) == []


def test_no_file_is_a_settings_file_of_one_installation() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in committed()]
    assert [n for n in names if re.search(r"(^|/)\.env|\.(sqlite3?|db|pem|key|log)$", n)] == []


def test_no_file_of_ours_is_larger_than_a_megabyte() -> None:
    assert [path.name for path in committed() if path.stat().st_size > 1_000_000] == []


def pins(name: str) -> list[str]:
    lines = [line.split("  #")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith(("#", "-r "))]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "constraints.txt"])
def test_every_python_package_is_pinned_exactly(name: str) -> None:
    assert [line for line in pins(name) if not PIN.match(line)] == []


def direct_packages() -> list[str]:
    lines = [*pins("requirements.txt"), *pins("requirements-dev.txt")]
    return [re.split(r"[\[=;]", line)[0] for line in lines]


def npm_packages() -> dict[str, str]:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    return {**package["dependencies"], **package["devDependencies"]}


def test_every_npm_package_is_pinned_exactly() -> None:
    exact = r"\d+\.\d+\.\d+(-beta\.\d+)?"
    assert [name for name, version in npm_packages().items() if not re.fullmatch(exact, version)] == []


def test_every_pin_agrees_with_the_constraints() -> None:
    constrained = {
        re.sub(r"[-_.]+", "-", line.split("==")[0]).lower(): line.split("==")[1] for line in pins("constraints.txt")
    }
    for line in (*pins("requirements.txt"), *pins("requirements-dev.txt")):
        name, version = line.split(";")[0].strip().split("==")
        plain = re.sub(r"[-_.]+", "-", name.split("[")[0]).lower()
        assert constrained.get(plain, version) == version, line


def test_every_direct_dependency_is_explained() -> None:
    explained = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    npm = {re.sub(r"noto-sans-\w+$", "noto-sans", name) for name in npm_packages()}
    assert [name for name in (*direct_packages(), *sorted(npm)) if name.lower() not in explained] == []
