"""Handing out the PDF of a certificate: read whole, compared with its SHA-256, and only then sent."""

from collections.abc import Callable
from io import BytesIO

from flask import current_app, send_file
from werkzeug.wrappers import Response

from app.platform.extensions import db
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from certificates.file_care.lost_files import NamedFile, files_of, find_loss, note_losses
from kernel.clock import utc_now
from kernel.errors import FileChanged, FileMissing, NotFound
from kernel.files import read_unchanged


def certificate_pdf(certificate_id: int, *, name: str, is_large: bool = False) -> Response:
    """The stored file as a download. Raises ``NotFound`` when none was made.

    One that is missing or changed is written down for those who look after the platform, and handed to nobody:
    ``FileMissing`` and ``FileChanged`` have a page of their own.
    """
    file = _file(certificate_id, lambda one: (one.derived_file_id is not None) is is_large)
    try:
        data = read_unchanged(file_store(), key=file.key, sha256=file.sha256)
    except (FileMissing, FileChanged) as problem:
        current_app.logger.error("A certificate's file was not handed out: %s", problem)
        with unit_of_work() as work:
            note_losses(work.session, found={file: find_loss(file_store(), file)}, now=utc_now())
        raise
    return pdf_download(data, name)


def pdf_download(data: bytes, name: str) -> Response:
    """These bytes as a download."""
    return send_file(
        BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name=name, etag=False, max_age=0
    )


def _file(certificate_id: int, is_wanted: Callable[[NamedFile], bool]) -> NamedFile:
    files = [file for file in files_of(db.session(), certificate_id=certificate_id) if is_wanted(file)]
    if not files:
        raise NotFound(f"a file of certificate {certificate_id}")
    return files[-1]
