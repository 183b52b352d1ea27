"""Packages that documents show, installed for a test."""

import sys
import tomllib
from pathlib import Path

import pytest


def install(files: dict[str, str], folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Put modules into ``folder`` as an installed package has them, with the entry points of its project file."""
    project = tomllib.loads(files["pyproject.toml"])["project"]
    about = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"].items()
    lines = [line for group, points in groups for line in (f"[{group}]", *(f"{k} = {v}" for k, v in points.items()))]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n")
    for name, text in files.items():
        if name.endswith(".py"):
            (folder / name).write_text(text, encoding="utf-8")
            patch.delitem(sys.modules, name.removesuffix(".py"), raising=False)
    patch.syspath_prepend(str(folder))
