"""Who is meant by each sentence of a plan, page by page; and the rows that cannot be used, as a file to send again."""

from collections.abc import Iterator, Mapping, Sequence

from flask import Response, render_template, request, stream_with_context

from app.council.feed.run_page import read_page
from app.platform.access import allow
from app.platform.extensions import db
from app.platform.feeds import kept_file
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from kernel.spreadsheets import csv_lines
from people.feed.mapping.files_back import lines_as_sent, lines_to_put_right
from people.feed.mapping.mappings import from_json
from people.feed.planning.exporting import rows_of_record
from people.feed.planning.sentences import FIELD_WORDS
from people.feed.reading.opening import open_table
from people.feed.reading.tables import ReadingChoice
from people.feed.rows import CellProblem
from people.feed.runs.reading import LISTS, count_items, items_page, problems_by_row
from people.feed.runs.state import read_state
from people.roles import Role

PAGE_SIZE = 50
HEADINGS = {
    "leave": "Who leaves",
    "join": "Who joins",
    "return": "Who comes back",
    "move": "Who moves to another unit",
    "rename": "Who gets a new name",
    "change": "Whose job changes in other ways",
    "unusable": "Rows that cannot be used",
    "skipped": "Jobs that were left as they are",
}


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_items(slug: str, run_id: int, about: str) -> str:
    """One list of a run. That it was opened is on record."""
    page = read_page(slug, run_id)
    if about not in LISTS:
        raise NotFound(f"list {about} of an HR file")
    session, number = db.session(), number_in(request.args, "page")
    found = count_items(session, page.run, about=about)
    pages = max(1, -(-found // PAGE_SIZE))
    if not 1 <= number <= pages:
        raise NotFound(f"page {number} of {pages}")
    items = items_page(session, page.run, about=about, page=number, size=PAGE_SIZE)
    note_names_opened("hr-file", authority=slug, run=run_id, kind=about, page=number, people=len(items))
    return render_template(
        "council/feed_items.html",
        slug=slug,
        page=page,
        run=page.run,
        about=about,
        title=HEADINGS[about],
        found=found,
        items=items,
        field_words=FIELD_WORDS,
        number=number,
        pages=pages,
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_unusable_file(slug: str, run_id: int) -> Response:
    """The rows that cannot be used as they were sent, with what is wrong, to be put right and sent again."""
    run = read_page(slug, run_id).run
    reading, key = from_json(run.definition).reading, run.file_key
    problems = problems_by_row(db.session(), run)
    note_names_opened("hr-file", authority=slug, run=run_id, kind="unusable")
    answer = Response(stream_with_context(_lines(key, reading, problems)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="hr-file-{run_id}-to-put-right.csv"'
    return answer


def _lines(key: str, reading: ReadingChoice, problems: Mapping[int, Sequence[CellProblem]]) -> Iterator[str]:
    with kept_file(key) as source:
        table = open_table(source, choice=reading)
        yield from csv_lines(lines_to_put_right(table, problems), delimiter=table.how.choice.delimiter or ",")


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_record_file(slug: str, run_id: int) -> Response:
    """Everybody who works here as a file of the same shape, to be edited and sent again."""
    page = read_page(slug, run_id)
    mapping = from_json(page.run.definition)
    today = local_day(utc_now())
    rows = list(rows_of_record(read_state(db.session(), page.organisation, on=today), today))
    note_names_opened("hr-file", authority=slug, kind="record", people=len(rows))
    lines = csv_lines(lines_as_sent(mapping, rows), delimiter=mapping.reading.delimiter or ",")
    answer = Response(lines, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-{today:%Y-%m-%d}.csv"'
    return answer
