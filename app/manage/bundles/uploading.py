"""Uploading a course bundle: everything that is wrong with it at once, or the page of the upload."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from flask import redirect, render_template, url_for
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.current_settings import current_settings
from app.platform.field_states import MustBeGiven
from app.platform.forms import FlaskForm
from app.platform.pages.upload_limits import BUNDLE, takes_up_to
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from courses.catalogue.bundles import keep_bundle
from courses.catalogue.uploads import store_upload
from courses.content.bundle.archive import THE_ZIP
from courses.content.bundle.reading import BundleOutcome, read_upload
from courses.content.source.findings import FileFindings, Finding, by_file
from kernel.clock import local_day, utc_now
from people.roles import Role

MOST_SHOWN = 200


class UploadForm(FlaskForm):
    """One zip file. Its errors are set by the view, after reading it."""

    bundle = FileField("Course bundle", widget=GovFileInput(), validators=[MustBeGiven()])


@dataclass(frozen=True)
class Report:
    """Findings as a page shows them: each once, under its file. The summary has a line for each file."""

    error_count: int
    errors: tuple[FileFindings, ...]
    warning_count: int
    warnings: tuple[FileFindings, ...]
    summary: tuple[tuple[str, str], ...]


def report_of(findings: Sequence[Finding]) -> Report:
    """The findings in the order in which an author should read them."""
    errors = [finding for finding in findings if finding.severity == "error"]
    warnings = [finding for finding in findings if finding.severity == "warning"]
    groups = by_file(errors, most=MOST_SHOWN)
    return Report(
        error_count=len(errors),
        errors=groups,
        warning_count=len(warnings),
        warnings=by_file(warnings, most=MOST_SHOWN),
        summary=tuple(
            (
                f"{group.file}: {group.count} {'thing' if group.count == 1 else 'things'} to put right",
                f"#error-{number}",
            )
            for number, group in enumerate(groups, start=1)
        ),
    )


def _things(count: int) -> str:
    return f"{count:,} {'thing' if count == 1 else 'things'}"


def _limit_mb() -> int:
    return current_settings().max_upload_mb


def _read(file: FileStorage | None) -> BundleOutcome | str:
    """What is in the file, or why there is nothing to read."""
    if file is None or not file.filename:
        return "Select a course bundle"
    if not file.stream.read(1):
        return "The selected file is empty"
    file.stream.seek(0)
    bundle = read_upload(file.stream, today=local_day(utc_now()))
    errors = [finding for finding in bundle.findings if finding.severity == "error"]
    if len(errors) == 1 and errors[0].file == THE_ZIP.file:
        return errors[0].message  # the file as a whole is of no use, so the field itself says so
    return bundle


@allow(Role.AUTHOR, Role.ADMIN)
@takes_up_to(BUNDLE)
def upload_course() -> str | tuple[str, int] | Response:
    """Ask for a bundle, check it, and keep it only when it has no errors."""
    form = UploadForm()
    if not form.validate_on_submit():
        return render_template("manage/upload_course.html", form=form, limit_mb=_limit_mb())
    bundle = _read(form.bundle.data)
    if isinstance(bundle, str):
        form.bundle.errors = [bundle]
        return render_template("manage/upload_course.html", form=form, limit_mb=_limit_mb()), 422
    name = _shown_name(form.bundle.data.filename)
    if not bundle.is_publishable:
        page = render_template(
            "manage/upload_errors.html", form=form, report=report_of(bundle.findings), file_name=name
        )
        return page, 422
    upload_id = _keep(bundle, cast(BinaryIO, form.bundle.data.stream), name)
    return redirect(url_for("manage.upload", upload_id=upload_id))


def _keep(bundle: BundleOutcome, archive: BinaryIO, name: str) -> int:
    """Store what was read, and the zip file that it was read from; gives back the id of the upload."""
    store = file_store()
    with unit_of_work() as work:
        outcome = store_upload(
            work.session, bundle=bundle, file_name=name, store=store, account_id=who().account_id, now=utc_now()
        )
        keep_bundle(work.session, upload_id=outcome.upload_id, archive=archive, store=store)
    return outcome.upload_id


def _shown_name(file_name: str) -> str:
    """The name that the person's computer gave the file; only ever shown, never used as a path."""
    name = PurePosixPath(file_name.replace("\\", "/")).name
    return "".join(letter for letter in name if letter.isprintable())[-200:] or "bundle.zip"
