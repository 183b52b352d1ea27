"""Rows that belong to nobody or cannot be used, as a file in the shape in which they were sent."""

from collections.abc import Iterator

from werkzeug.wrappers import Response

from app.council.history.words import evidence_lines
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.pages.downloads import made_download
from app.platform.pages.opened_names import note_names_opened
from courses.history.plan import Outcome
from courses.history.put_right import MARK, ROW, WRONG, cells_of, headings_of, rows_to_put_right
from courses.history.rows import mark_of
from courses.history.runs import get_run
from kernel.errors import NotFound
from kernel.spreadsheets import Cell, csv_lines
from people.organisations import Organisation
from people.roles import Role
from people.visibility import past_learning_scope

PUT_RIGHT = (Outcome.UNMATCHED, Outcome.UNUSABLE)


@allow(Role.HR_LEAD, Role.ADMIN)
def history_rows_file(slug: str, run_id: int, outcome: str) -> Response:
    """The rows as they were sent, with why they are here, to be put right and sent again."""
    organisation = past_learning_scope(db.session(), who(), slug=slug)
    delimiter = get_run(db.session(), run_id=run_id, organisation_id=organisation.id).shape.get("delimiter", ",")
    organisation_id = organisation.id
    if outcome not in PUT_RIGHT:
        raise NotFound(f"rows that are {outcome} as a file")
    note_names_opened("past-learning", authority=slug, state=outcome, run=run_id, kind="file")
    rows = csv_lines(_lines(organisation_id, run_id, Outcome(outcome)), delimiter=delimiter)
    return made_download(
        lambda file: file.writelines(line.encode() for line in rows),
        mimetype="text/csv",
        name=f"past-learning-{run_id}-{outcome}.csv",
    )


def _lines(organisation_id: int, run_id: int, outcome: Outcome) -> Iterator[tuple[Cell, ...]]:
    # Read anew: the unit of work that noted the opening has let go of what was read before.
    session = db.session()
    organisation = session.get_one(Organisation, organisation_id)
    run = get_run(session, run_id=run_id, organisation_id=organisation_id)
    yield (ROW, WRONG, MARK, *headings_of(run))
    for rows in rows_to_put_right(session, run, outcome):
        for row, line in zip(rows, evidence_lines(session, organisation, rows), strict=True):
            yield (row.row_number, " ".join(line.why), mark_of(run.id, row.row_number), *cells_of(run, row))
