"""Our documents as Markdown: their sections, the names in their tables, their links, and what they call by its path."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import ROOT, relative
from tests.architecture.test_files import committed

HEADING = re.compile(r"^(#+) (.+)$")
FILE = re.compile(r"^\*\*`(\S+)`\*\*\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"`([^`]+)`")


def documents() -> list[Path]:
    """Every document for people who read or run the code; the texts of courses are not among them."""
    texts = ROOT / "courses" / "library", ROOT / "courses" / "example"
    return sorted(
        path for path in committed() if path.suffix == ".md" and not any(path.is_relative_to(one) for one in texts)
    )


def lines_outside_code(text: str) -> Iterator[str]:
    """The lines of a document without its blocks of code."""
    is_code = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code:
            yield line


def section(path: Path, heading: str) -> str:
    """What stands under a heading, with its subsections. Raises ``KeyError`` when there is no such heading."""
    found: list[str] | None = None
    depth = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        match = HEADING.match(line)
        if found is None:
            if match and match[2].replace("`", "") == heading.replace("`", ""):
                found, depth = [], len(match[1])
        elif match and len(match[1]) <= depth:
            break
        else:
            found.append(line)
    if found is None:
        raise KeyError(f"{relative(path)} has no section {heading!r}")
    return "\n".join(found)


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table, without the heads."""
    lines = [line.strip() for line in text.splitlines()]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for before, line in zip(["", *lines], lines, strict=False)
        if line.startswith("|") and before.startswith("|") and not line.startswith("|---")
    ]


def names_in(text: str) -> list[str]:
    """Everything between backticks."""
    return NAME.findall(text)


def names_in_column(text: str, column: int = 0) -> list[str]:
    """Everything between backticks in one column of the tables of a text."""
    return [name for row in rows(text) for name in names_in(row[column])]


def anchors(path: Path) -> set[str]:
    """The addresses of a document's headings, as GitHub makes them."""
    headings = (match[2] for line in lines_outside_code(path.read_text("utf-8")) if (match := HEADING.match(line)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def files_shown_in(path: Path) -> dict[str, str]:
    """The name and the text of each block of code that has a file's name above it."""
    return dict(FILE.findall(path.read_text(encoding="utf-8")))
