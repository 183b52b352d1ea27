"""Make a SQLite database of this export, and answer the ten questions of questions.sql.

Usage: python3 restore.py FOLDER DATABASE [--day 2027-03-31] [--course SLUG] [--json]

FOLDER is the unpacked archive; an encrypted one is opened first: age --decrypt -i KEY.txt EXPORT.zip.age > EXPORT.zip
Needs Python 3.11 or later and nothing else. Every file is held against the manifest before anything is read.
"""

import argparse
import csv
import hashlib
import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

TYPES = {"integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
AT_ONCE = 1000


class Refused(Exception):
    """Why nothing was restored, in a sentence."""


def check(folder: Path) -> dict[str, object]:
    """The manifest, once every file is the one that it names."""
    try:
        manifest: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(f"There is no manifest.json in {folder}: unpack the archive, and name its folder.") from None
    for one in manifest["files"]:  # type: ignore[attr-defined]
        path = folder / one["name"]
        if not path.is_file():
            raise Refused(f"{one['name']} is missing from this copy.")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != one["sha256"]:
            raise Refused(f"{one['name']} is not the file that was exported: its SHA-256 differs.")
    return manifest


def value(cell: str, kind: str) -> str | int | float | None:
    """A cell as it was before it was written."""
    if cell == "":
        return None
    if kind in ("integer", "boolean"):
        return int(cell)
    if kind == "number":
        return float(cell)
    return cell[1:] if cell.startswith("'") else cell


def rows(path: Path, kinds: list[str]) -> Iterator[list[str | int | float | None]]:
    """The rows of a table, without the heading."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for row in reader:
            yield [value(cell, kind) for cell, kind in zip(row, kinds, strict=True)]


def restore(folder: Path, database: sqlite3.Connection) -> None:
    """Every table of the export, with an index on each column that leads somewhere."""
    for table in json.loads((folder / "tables.json").read_text(encoding="utf-8")):
        name, columns = table["name"], table["columns"]
        described = ", ".join(f'"{one["name"]}" {TYPES.get(one["kind"], "TEXT")}' for one in columns)
        database.execute(f'CREATE TABLE "{name}" ({described})')
        places = ", ".join("?" * len(columns))
        kinds = [one["kind"] for one in columns]
        insert = f'INSERT INTO "{name}" VALUES ({places})'  # noqa: S608 - the names come from the export itself
        database.executemany(insert, rows(folder / f"tables/{name}.csv", kinds))
        for one in columns:
            if one["name"] == "id" or one["name"].endswith("_id"):
                database.execute(f'CREATE INDEX "{name} by {one["name"]}" ON "{name}" ("{one["name"]}")')


def questions(folder: Path) -> Iterator[tuple[str, str, str]]:
    """The name, the title and the SQL of each question."""
    text = (folder / "questions.sql").read_text(encoding="utf-8")
    for part in re.split(r"^-- question: ", text, flags=re.MULTILINE)[1:]:
        name, title, sql = part.split("\n", 2)
        yield name.strip(), title.removeprefix("-- ").strip(), sql.strip().rstrip(";")


def answers(folder: Path, database: sqlite3.Connection, day: str, course: str) -> dict[str, dict[str, object]]:
    """The answer to each question, by its name."""
    found: dict[str, dict[str, object]] = {}
    for name, title, sql in questions(folder):
        asked = database.execute(sql, {"day": day, "course": course})
        columns = [one[0] for one in asked.description]
        found[name] = {"title": title, "columns": columns, "rows": [list(row) for row in asked]}
    return found


def arguments() -> argparse.Namespace:
    """What was typed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("database", type=Path)
    parser.add_argument("--day", help="the day of the questions that may be asked of any day [the day of the export]")
    parser.add_argument("--course", help="the part of a course's address [what is asked for first]")
    parser.add_argument("--json", action="store_true", help="print the answers for programs")
    return parser.parse_args()


def main() -> int:
    """Check, restore, answer."""
    typed = arguments()
    say = sys.stdout.write
    try:
        if typed.database.exists():
            raise Refused(f"{typed.database} is there already. Name a file that is not.")
        manifest = check(typed.folder)
    except Refused as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    day, course = typed.day or str(manifest["day"]), typed.course or str(manifest["course"])
    database = sqlite3.connect(typed.database)
    with database:
        restore(typed.folder, database)
        found = answers(typed.folder, database, day, course)
    database.close()
    if typed.json:
        say(json.dumps(found, ensure_ascii=False) + "\n")
        return 0
    say(f"{manifest['authority']}, {day}, {course}\n")
    for one in found.values():
        say(f"\n{one['title']}\n" + "\t".join(one["columns"]) + "\n")  # type: ignore[arg-type]
        say("".join("\t".join("" if cell is None else str(cell) for cell in row) + "\n" for row in one["rows"]))  # type: ignore[attr-defined]
    return 0


if __name__ == "__main__":
    sys.exit(main())
