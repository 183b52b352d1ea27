"""Why a whole file cannot be read, in sentences for the person who sent it."""

from collections.abc import Sequence


class UnreadableFile(Exception):
    """Nothing of this file is used. ``findings`` says everything that was found, and what would mend it."""

    def __init__(self, *findings: str) -> None:
        super().__init__(" ".join(findings))
        self.findings = findings


class SheetNeeded(UnreadableFile):
    """A workbook with several sheets that could each be the one; ``sheets`` are their names, in their order."""

    def __init__(self, sheets: Sequence[str]) -> None:
        named = ", ".join(f"“{name}”" for name in sheets)
        super().__init__(f"This workbook has {len(sheets)} sheets with rows: {named}. Say which one holds the people.")
        self.sheets = tuple(sheets)


def shown(text: str, *, most: int = 60) -> str:
    """What stands in a cell, on one line and cut short, to be shown in a sentence."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 4 * most]).split())
    return line if len(line) <= most and len(text) <= 4 * most else f"{line[: most - 1]}…"
