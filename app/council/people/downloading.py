"""Taking the rows of a list out of the platform: a right of its own, with a reason, on record, marked in every row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from flask import render_template
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from werkzeug.wrappers import Response
from wtforms import RadioField

from app.council.figures.course_choice import CourseChoice
from app.council.people.filters import STATE_WORDS, asked_list
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.text_line import line
from app.platform.pages.downloads import made_download
from app.platform.pages.growing_downloads import growing_download
from app.platform.work import reading_of_one_moment, unit_of_work
from kernel.audit import record
from kernel.clock import utc_now
from kernel.errors import NotFound
from kernel.spreadsheets import WORKBOOK_TYPE, Cell, csv_lines, write_workbook
from people.roles import Role
from people.row_downloads.right import RowDownloadRight, may_download_rows
from reports.listing.people_rows import HEADER, Mark, rows_of
from reports.listing.people_states import ids_of_people
from reports.listing.wanted import LearningState, ListOfPeople, Wanted

CSV, XLSX = "csv", "xlsx"
NO_RIGHT = "You may look at this list, and you may not download it. Ask an administrator for the right to download rows"
ROW_WORDS: Mapping[LearningState, str] = {state: words[0] for state, words in STATE_WORDS.items()}


class RowsForm(FlaskForm):
    """Why the rows are needed, and in which form."""

    reason = line(
        "Why do you need these rows?",
        "Enter why you need these rows",
        RowDownloadRight.reason,
        "It stays on record with your name, such as “For the depot manager, who has no account”",
    )
    file = RadioField(
        "Which file?",
        choices=[SelectChoice(XLSX, "Excel"), SelectChoice(CSV, "CSV, for any program")],
        default=XLSX,
        widget=GovRadioInput(),
        validate_choice=True,
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def people_downloaded(slug: str) -> str | tuple[str, int] | Response:
    """What would be downloaded, and the file. Whoever has lost the right meanwhile is told so."""
    session = db.session()
    asked = asked_list(slug, now=utc_now())
    if not asked.scope.shows_started:
        raise NotFound(f"downloads of {slug}")
    of, choice, wanted = asked.of, asked.choice, asked.wanted
    form = RowsForm()
    may = may_download_rows(session, account_id=who().account_id, organisation_id=of.organisation_id, on=of.on)
    if may and form.validate_on_submit():
        return _file(of, wanted, choice, form)
    shown = render_template(
        "council/people_downloaded.html",
        organisation=asked.scope.organisation,
        courses=choice,
        form=form,
        may=may,
        no_right=NO_RIGHT,
        people=len(ids_of_people(session, of, wanted)),
        whom=asked.words,
        kept=asked.kept,
        is_admin=who().has(Role.ADMIN),
    )
    return shown, 200 if may and not form.errors else 422 if may else 403 if form.is_submitted() else 200


def _file(of: ListOfPeople, wanted: Wanted, choice: CourseChoice, form: RowsForm) -> Response:
    """The rows as they are at one moment. On record is how many were made, before the first of them leaves."""
    now, reason, title = utc_now(), form.reason.data or "", f"People, {choice.title}"
    name = f"people-{choice.get_course().slug}-{of.on.isoformat()}.{form.file.data}"
    made = _Rows(of, wanted, Mark(who().name, now))

    def write_csv(file: BinaryIO) -> None:
        file.writelines(line.encode() for line in csv_lines(made.read(), begins=False))
        _note(of, wanted, made.count, reason)

    def write_xlsx(file: BinaryIO) -> None:
        write_workbook(file, chain([HEADER], made.read()), title=title, made_at=now)
        _note(of, wanted, made.count, reason)

    if form.file.data == XLSX:
        return made_download(write_xlsx, mimetype=WORKBOOK_TYPE, name=name)
    return growing_download(next(csv_lines([HEADER])), write_csv, mimetype="text/csv", name=name)


@dataclass
class _Rows:
    """The rows of a list, counted while they are read."""

    of: ListOfPeople
    wanted: Wanted
    mark: Mark
    count: int = 0

    def read(self) -> Iterator[tuple[Cell, ...]]:
        with reading_of_one_moment() as session:
            for row in rows_of(session, self.of, self.wanted, states=ROW_WORDS, mark=self.mark):
                self.count += 1
                yield row


def _note(of: ListOfPeople, wanted: Wanted, people: int, reason: str) -> None:
    with unit_of_work() as work:
        record(
            work.session,
            action="rows-downloaded",
            subject_type="organisation",
            subject_id=of.organisation_id,
            actor_account_id=who().account_id,
            now=utc_now(),
            detail={"course": of.course_id, "people": people, "reason": reason}
            | ({"state": wanted.state.value} if wanted.state else {})
            | ({"unit": wanted.unit_id} if wanted.unit_id else {}),
        )
