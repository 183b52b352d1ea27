"""Sending a file of past learning: everything that is wrong with it at once, or the plan of what it would do."""

from io import SEEK_END
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from flask import redirect, render_template, url_for
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovRadioInput, GovTextInput
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField
from wtforms.validators import AnyOf, Length, ValidationError

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.field_states import MustBeGiven
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.pages.upload_limits import IN_MEMORY_MEGABYTES, takes_up_to
from app.platform.queue import ring
from app.platform.sealed.past_learning import PLANNED_AT_ONCE_BYTES, file_of, keep_for_worker
from app.platform.work import unit_of_work
from courses.history.planning import plan_history
from courses.history.reading import HistoryReading, read_entries
from courses.history.stored import WORK_OFF_HISTORY, HistoryRow
from kernel.clock import local_day, utc_now
from kernel.columns import length_of
from people.feed.mapping.days import DateOrder
from people.feed.reading.opening import open_table
from people.feed.reading.tables import ReadingChoice, Table
from people.feed.reading.unreadable import UnreadableFile
from people.organisations import Organisation
from people.roles import Role
from people.visibility import past_learning_scope

_LONGEST_SOURCE = length_of(HistoryRow.source)


class HistoryForm(FlaskForm):
    """A file, the order of its days, and where it comes from. The errors of the file are set by the view."""

    file = FileField(
        "File",
        description="A spreadsheet (.xlsx) or CSV, with a row for each completion. Its first row names the columns",
        widget=GovFileInput(),
        validators=[MustBeGiven()],
    )
    order = RadioField(
        "How are dates written in it?",
        description="Cells that a workbook keeps as dates are understood in any case",
        choices=[
            SelectChoice(DateOrder.DAY_FIRST.value, "Day first, such as 31/03/2024"),
            SelectChoice(DateOrder.YEAR_FIRST.value, "Year first, such as 2024-03-31"),
            SelectChoice(DateOrder.MONTH_FIRST.value, "Month first, such as 03/31/2024"),
        ],
        widget=GovRadioInput(),
        validate_choice=False,
        validators=[AnyOf([one.value for one in DateOrder], "Select how dates are written")],
    )
    source = StringField(
        "Where does it come from?",
        description="Such as: training records 2022 to 2025. People read this beside what they completed",
        widget=GovTextInput(),
        validators=[
            MustBeGiven(),
            Length(1, _LONGEST_SOURCE, f"Enter where it comes from, in up to {_LONGEST_SOURCE} characters"),
        ],
        filters=[lambda text: " ".join((text or "").split())],
    )
    sheet = StringField(
        "Name of the sheet (optional)",
        description="Only for a workbook in which several sheets hold rows",
        widget=GovTextInput(),
        validators=[Length(max=100, message="Enter the name of a sheet, in up to 100 characters")],
        filters=[lambda text: (text or "").strip()],
    )

    def validate_file(self, field: FileField) -> None:
        """A browser sends a field without a file as an empty one."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError("Select a file")


@allow(Role.HR_LEAD, Role.ADMIN)
@takes_up_to(IN_MEMORY_MEGABYTES)
def history_new(slug: str) -> str | tuple[str, int] | Response:
    """Ask for a file, read it whole, and plan what it would do. Nothing of it is applied here."""
    organisation = past_learning_scope(db.session(), who(), slug=slug)
    form = HistoryForm()
    if not form.is_submitted():
        return _page(organisation, form)
    if not form.validate_on_submit():
        return _page(organisation, form), 422
    try:
        run_id = _plan(organisation.id, form)
    except UnreadableFile as problem:
        form.file.errors = [" ".join(problem.findings)]
        return _page(organisation, form), 422
    return redirect(url_for("council.history_run", slug=slug, run_id=run_id))


def _page(organisation: Organisation, form: HistoryForm) -> str:
    return render_template(
        "council/history_new.html", organisation=organisation, form=form, limit_mb=IN_MEMORY_MEGABYTES
    )


def _plan(organisation_id: int, form: HistoryForm) -> int:
    """Read a small file to its end and keep the plan; a large one is kept for a worker. Raises ``UnreadableFile``."""
    now = utc_now()
    source = cast(BinaryIO, form.file.data.stream)
    table, name = _opened(form.file.data, form.sheet.data)
    how = HistoryReading(DateOrder(form.order.data), form.source.data or "")
    if source.seek(0, SEEK_END) > PLANNED_AT_ONCE_BYTES:
        source.seek(0)
        about = {"organisation_id": organisation_id, "by": who().account_id}
        run_id = keep_for_worker(source.read(), table, name=name, how=how, sheet=form.sheet.data or None, **about)
        ring(WORK_OFF_HISTORY)
        return run_id
    with unit_of_work() as work:
        run = plan_history(
            work.session,
            file_of(name, table),
            read_entries(table, how, on=local_day(now)),
            organisation_id=organisation_id,
            by=who().account_id,
            now=now,
        )
        return run.id


def _opened(file: FileStorage, sheet: str | None) -> tuple[Table, str]:
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name
    return open_table(cast(BinaryIO, file.stream), choice=ReadingChoice(sheet=sheet or None)), name
