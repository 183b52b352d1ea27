"""How fast an HR file is read, and in how much memory: ``python -m bench.hr_files.reading [N] [xlsx]``.

A file of 300,000 rows and 14 columns has to stay under 250 MiB, whatever it is. Each row is let go as soon as it was
read, as whoever plans a whole region’s file in portions does.
"""

import resource
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from xlsxwriter import Workbook

from people.feed.mapping.row_reading import read_rows
from people.feed.mapping.suggesting import suggest_mapping
from people.feed.reading.opening import open_table
from people.feed.rows import FeedRow

HEADINGS = [
    *("Payroll Number", "Surname", "Forename", "Work Email", "Directorate", "Service", "Team", "Position Title"),
    *("Grade", "Employee Category", "Contracted Hours", "Reports To", "Location", "Position Start Date"),
]
MOST_MIB = 250


def rows(count: int) -> Iterator[list[str]]:
    """Made-up rows, no two of one person."""
    begun = date(1990, 1, 1)
    for number in range(count):
        yield [
            f"{number:07d}", f"O’Brien-Nguyễn {number % 9_000}", f"Siân {number}", f"person.{number}@council.example",
            f"Directorate {number % 8}", f"Service {number % 60}", f"Team {number % 900}", f"Officer {number % 400}",
            f"G{number % 15}", "Permanent", f"{18 + number % 20}.5", f"{number // 12:07d}", f"Site {number % 200}",
            f"{begun + timedelta(days=number % 13_000):%d/%m/%Y}",
        ]  # fmt: skip


def write(path: Path, count: int) -> None:
    """A file of so many rows, in the kind that its name says."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8") as file:
            file.writelines(";".join(line) + "\n" for line in (HEADINGS, *rows(count)))
        return
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("Staff")
        for down, line in enumerate((HEADINGS, *rows(count))):
            sheet.write_row(down, 0, line)


def read(path: Path) -> None:
    """Read it from its bytes to its last row, and say how that went."""
    before, start = _peak_mib(), perf_counter()
    with path.open("rb") as file:
        table = open_table(file)
        mapping = suggest_mapping(table).mapping
        opened = perf_counter()
        good = sum(isinstance(row, FeedRow) for row in read_rows(table, mapping, on=date(2026, 11, 27)))
    print(f"{path.suffix}: {good:,} rows, {path.stat().st_size / 2**20:.0f} MiB of file")
    print(f"  opened and mapped in {opened - start:.1f} s, read in {perf_counter() - opened:.1f} s")
    print(f"  most memory {_peak_mib():.0f} MiB, of which {before:.0f} MiB before; it may be {MOST_MIB}")


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 300_000
    where = Path(tempfile.gettempdir()) / f"feed-{wanted}.{'xlsx' if 'xlsx' in sys.argv else 'csv'}"
    if not where.exists():
        write(where, wanted)
        print(f"{where} is written; run this again to read it in a process of its own")
    else:
        read(where)
        where.unlink()
