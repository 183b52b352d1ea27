"""Uploading a course bundle: everything that is wrong with it at once, or the page of the upload."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import cast

from flask import current_app, redirect, render_template, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.access import allow, who
from app.storage import file_store
from app.work import unit_of_work
from courses.content.archive import THE_ZIP
from courses.content.bundle import BundleOutcome, read_upload
from courses.content.findings import Finding
from courses.uploads import store_upload
from kernel.clock import local_day, utc_now
from people.roles import Role

MOST_SHOWN = 200
MOST_IN_SUMMARY = 20


class UploadForm(FlaskForm):  # type: ignore[misc]
    """One zip file. Its errors are set by the view, after reading it."""

    bundle = FileField("Course bundle", widget=GovFileInput())


@dataclass(frozen=True)
class Report:
    """Findings as a page shows them: all counted, the first 200 shown, the first 20 also in the summary."""

    errors: int
    warnings: int
    shown_errors: tuple[Finding, ...]
    shown_warnings: tuple[Finding, ...]
    summary: tuple[tuple[str, str], ...]


def place_of(finding: Finding) -> str:
    """Where to look: "modules/01.md line 12"."""
    return f"{finding.file} line {finding.line}" if finding.line else finding.file


def report_of(findings: Sequence[Finding]) -> Report:
    """The findings in the order in which an author should read them."""
    errors = [finding for finding in findings if finding.severity == "error"]
    warnings = [finding for finding in findings if finding.severity == "warning"]
    summary = [
        (f"{place_of(finding)}: {finding.message}", f"#error-{number}")
        for number, finding in enumerate(errors[:MOST_IN_SUMMARY], start=1)
    ]
    if len(errors) > MOST_IN_SUMMARY:
        more = len(errors) - MOST_IN_SUMMARY
        summary.append((f"{more} more, in the table on this page", f"#error-{MOST_IN_SUMMARY + 1}"))
    return Report(
        errors=len(errors),
        warnings=len(warnings),
        shown_errors=tuple(errors[:MOST_SHOWN]),
        shown_warnings=tuple(warnings[:MOST_SHOWN]),
        summary=tuple(summary),
    )


def _limit_mb() -> int:
    return cast(int, current_app.config["SETTINGS"].max_upload_mb)


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
    with unit_of_work() as work:
        outcome = store_upload(
            work.session,
            bundle=bundle,
            file_name=name,
            store=file_store(),
            account_id=who().account_id,
            now=utc_now(),
        )
    return redirect(url_for("manage.upload", upload_id=outcome.upload_id))


def _shown_name(file_name: str) -> str:
    """The name that the person's computer gave the file; only ever shown, never used as a path."""
    name = PurePosixPath(file_name.replace("\\", "/")).name
    return "".join(letter for letter in name if letter.isprintable())[-200:] or "bundle.zip"
