"""The HR files of an authority: what was sent and what became of it, and sending the next one."""

from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from flask import redirect, render_template, request, url_for
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovFileInput, GovSelect, GovTextInput
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField

from app.council.feed.mapping import MappingPage, mapping_page
from app.council.feed.run_page import STATES
from app.council.feed.sample import first_mapping, sample_of
from app.platform.access import allow, who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.feeds import ChosenMapping, send_file
from app.platform.field_states import MustBeGiven
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.pages.upload_limits import BUNDLE, takes_up_to
from kernel.errors import RuleBroken
from people.feed.mapping.mappings import ChangedColumns
from people.feed.mapping.row_reading import check_columns
from people.feed.mapping.stored import StoredMapping, mappings_of
from people.feed.reading.opening import open_table
from people.feed.reading.tables import ReadingChoice, Table
from people.feed.reading.unreadable import SheetNeeded, UnreadableFile
from people.feed.runs.deciding import count_runs, runs_of
from people.feed.runs.state import count_jobs
from people.organisations import Organisation, organisations
from people.roles import Role
from people.visibility import feed_scope

SHOWN_AT_ONCE = 5
_NEW = "new"


class SendForm(FlaskForm):
    """One file, and by which mapping it is read. Its errors are set by the view, after reading it."""

    file = FileField("HR file", widget=GovFileInput(), validators=[MustBeGiven()])
    mapping = SelectField("Mapping", widget=GovSelect())
    sheet = StringField("Sheet of the workbook", widget=GovTextInput())
    looks_first = BooleanField("Look at the mapping before the plan is made", widget=GovCheckboxInput())


@dataclass(frozen=True)
class _Sent:
    """A file that was read as far as its headings, and the mapping that was chosen for it."""

    table: Table
    stream: BinaryIO
    name: str
    stored: StoredMapping | None


@allow(Role.HR_LEAD, Role.ADMIN)
@takes_up_to(BUNDLE)
def feed(slug: str) -> str | tuple[str, int] | Response:
    """What was sent, newest first, and the form for the next file."""
    session = db.session()
    organisation = feed_scope(session, who(), slug=slug)
    kept = mappings_of(session, organisation_id=organisation.id)
    form = SendForm()
    named = [SelectChoice(one.name, f"{one.name}, version {one.version}") for one in kept]
    form.mapping.choices = [*named, SelectChoice(_NEW, "Make a new one")]
    if not form.validate_on_submit():
        form.mapping.data = form.mapping.data or request.args.get("mapping") or (kept[0].name if kept else _NEW)
        return _page(session, organisation, form), 422 if form.errors else 200
    try:
        sent = _read(form, kept)
        return _next_page(form, sent, organisation)
    except (UnreadableFile, RuleBroken) as problem:
        form.file.errors = list(problem.findings) if isinstance(problem, UnreadableFile) else [str(problem)]
        form.sheet.errors = ["Enter the name of the sheet"] if isinstance(problem, SheetNeeded) else []
        return _page(session, organisation, form), 422


def _page(session: Session, organisation: Organisation, form: SendForm) -> str:
    return render_template(
        "council/feed.html",
        organisation=organisation,
        authorities=organisations(session) if who().has(Role.ADMIN) else (),
        form=form,
        runs=runs_of(session, organisation_id=organisation.id, size=SHOWN_AT_ONCE),
        total=count_runs(session, organisation_id=organisation.id),
        jobs=count_jobs(session, organisation_id=organisation.id),
        states=STATES,
        mappings=mappings_of(session, organisation_id=organisation.id),
        limit_mb=current_settings().max_upload_mb,
    )


def _read(form: SendForm, kept: list[StoredMapping]) -> _Sent:
    """The file that was sent. Raises ``UnreadableFile``."""
    file: FileStorage | None = form.file.data
    if file is None or not file.filename:
        raise UnreadableFile("Select an HR file")
    stored = next((one for one in kept if one.name == form.mapping.data), None)
    sheet = (form.sheet.data or "").strip() or None
    choice = _reading(stored, sheet)
    stream = cast(BinaryIO, file.stream)
    name = PurePosixPath(file.filename.replace("\\", "/")).name[-200:]
    return _Sent(open_table(stream, choice=choice), stream, name, stored)


def _reading(stored: StoredMapping | None, sheet: str | None) -> ReadingChoice:
    """How the mapping says that files are read, with the sheet that was named for this one."""
    reading = stored.mapping.reading if stored else ReadingChoice()
    return replace(reading, sheet=sheet) if sheet else reading


def _next_page(form: SendForm, sent: _Sent, organisation: Organisation) -> tuple[str, int] | Response:
    """The plan of a file that a mapping reads; otherwise the page that asks what its columns hold."""
    problems: tuple[str, ...] = ()
    if sent.stored is not None and not form.looks_first.data:
        try:
            check_columns(sent.table.headings, sent.stored.mapping)
        except ChangedColumns as changed:
            problems = changed.findings
        else:
            reading = _reading(sent.stored, (form.sheet.data or "").strip() or None)
            chosen = ChosenMapping(replace(sent.stored.mapping, reading=reading), sent.stored.id)
            run_id = send_file(
                sent.stream, name=sent.name, organisation_id=organisation.id, chosen=chosen, by=who().account_id
            )
            return redirect(url_for("council.feed_run", slug=organisation.slug, run_id=run_id))
    before = sent.stored.mapping if sent.stored else None
    mapping, said = first_mapping(sent.table, before, sheet=(form.sheet.data or "").strip() or None)
    sample = sample_of(sent.table, mapping, file_name=sent.name, said=said, stream=sent.stream)
    page = MappingPage(organisation, sample, sent.stored, problems)
    return mapping_page(page, mapping=mapping), 422 if problems else 200
