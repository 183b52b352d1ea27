"""Files that go back to HR, of the same kind that was sent: rows to put right, and everybody who works here now."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.council.feed.run_page import read_page
from app.platform.access import allow
from app.platform.extensions import db
from app.platform.feeds import kept_file
from app.platform.pages.downloads import made_download
from app.platform.pages.opened_names import note_names_opened
from app.platform.storage import file_store
from kernel.clock import local_day, utc_now
from kernel.errors import FileMissing
from kernel.spreadsheets import WORKBOOK_TYPE, csv_lines, write_workbook
from people.feed.mapping.files_back import Line, lines_as_sent, lines_to_put_right
from people.feed.mapping.mappings import from_json
from people.feed.planning.exporting import rows_of_record
from people.feed.reading.opening import is_workbook, open_table
from people.feed.reading.unreadable import UnreadableFile
from people.feed.runs.reading import problems_by_row
from people.feed.runs.record import FeedRun
from people.feed.runs.state import read_state
from people.roles import Role

_LOOKED_AT = 8  # bytes
TO_PUT_RIGHT = "Rows to put right"


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_unusable_file(slug: str, run_id: int) -> Response:
    """The rows that cannot be used as they were sent, with what is wrong, to be put right and sent again."""
    run = read_page(slug, run_id).run
    problems = problems_by_row(db.session(), run)
    try:
        with kept_file(run.file_key) as source:
            table = open_table(source, choice=from_json(run.definition).reading)
            lines = lines_to_put_right(table, problems)
            name, between = f"hr-file-{run_id}-to-put-right", table.how.choice.delimiter or ","
            answer = _download(lines, name, between, is_book=was_workbook(run), title=TO_PUT_RIGHT)
    except UnreadableFile as problem:
        flash(str(problem), "important")
        return redirect(url_for("council.feed_run", slug=slug, run_id=run_id))
    note_names_opened("hr-file", authority=slug, run=run_id, kind="unusable")
    return answer


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_record_file(slug: str, run_id: int) -> Response:
    """Everybody who works here as a file of the same shape, to be edited and sent again."""
    page = read_page(slug, run_id)
    mapping, today = from_json(page.run.definition), local_day(utc_now())
    rows = list(rows_of_record(read_state(db.session(), page.organisation, on=today), today))
    note_names_opened("hr-file", authority=slug, kind="record", people=len(rows))
    name, between = f"{slug}-{today:%Y-%m-%d}", mapping.reading.delimiter or ","
    return _download(
        lines_as_sent(mapping, rows), name, between, is_book=was_workbook(page.run), title=page.organisation.name
    )


def was_workbook(run: FeedRun) -> bool:
    """Whether a workbook was sent; a file that is not kept any more counts as text."""
    try:
        with file_store().open(run.file_key) as source:
            return is_workbook(source.read(_LOOKED_AT))
    except FileMissing:
        return False


def _download(lines: Iterable[Line], name: str, between: str, *, is_book: bool, title: str) -> Response:
    if is_book:
        return made_download(
            lambda file: write_workbook(file, map(_for_workbook, lines), title=title, made_at=utc_now()),
            mimetype=WORKBOOK_TYPE,
            name=f"{name}.xlsx",
        )
    return made_download(
        lambda file: file.writelines(line.encode() for line in csv_lines(lines, delimiter=between)),
        mimetype="text/csv",
        name=f"{name}.csv",
    )


def _for_workbook(line: Line) -> Sequence[str | int | float | Decimal | None]:
    """Yes and no as words: a workbook would write them as 1 and 0."""
    return [("yes" if cell else "no") if isinstance(cell, bool) else cell for cell in line]  # type: ignore[misc]
