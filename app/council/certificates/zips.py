"""Zips of certificates: what would be in one, one that is being made, and the file, for those who may take it out."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.council.certificates.admin import ARCHIVE_WORDS, Chosen, read_choice
from app.council.certificates.progress import begun_by, carry_out, part_of_page, percent_of, step_for
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.pages.downloads import stored_download
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from certificates.zips.contents import preview_archive, title_of
from certificates.zips.requests import (
    MAKE_ARCHIVES,
    CertificateArchive,
    ask_for_archive,
    cancel_archive,
    get_archive,
    note_download,
)
from certificates.zips.writing import MOST_BYTES
from kernel.clock import local_day, utc_now
from kernel.tasks.kinds import TaskState
from people.roles import Role
from people.visibility import CertificatesScope, certificates_scope


@allow(Role.HR_LEAD, Role.ADMIN)
def certificates_zip(slug: str) -> tuple[str, int] | Response:
    """What a zip would hold now; then have it made."""
    session = db.session()
    scope = certificates_scope(session, who(), slug=slug)
    form, chosen = read_choice(session, scope, needs_course=False)
    preview = preview_archive(session, chosen.audience) if chosen else None
    is_too_large = preview is not None and preview.size_bytes > MOST_BYTES
    if chosen and preview and preview.ready and not is_too_large and request.method == "POST":
        archive_id = _ask(chosen, preview.total)
        return redirect(url_for("council.certificate_zip", slug=slug, archive_id=archive_id))
    page = render_template(
        "council/certificates_zip.html",
        scope=scope,
        form=form,
        chosen=chosen,
        preview=preview,
        is_too_large=is_too_large,
        step=step_for(chosen.unit) if chosen else 0,
    )
    return page, 422 if form.errors else 200


def _ask(chosen: Chosen, wanted: int) -> int:
    with unit_of_work() as work:
        archive = ask_for_archive(
            work.session, chosen.audience, wanted=wanted, account_id=who().account_id, now=utc_now()
        )
        work.ring_after_commit(MAKE_ARCHIVES)
        return archive.id


def _found(slug: str, archive_id: int) -> tuple[CertificatesScope, CertificateArchive]:
    """The zip, if it is this person's to see. Raises ``NotFound``."""
    scope = certificates_scope(db.session(), who(), slug=slug)
    return scope, get_archive(db.session(), archive_id=archive_id, organisation_id=scope.organisation_id)


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_zip(slug: str, archive_id: int) -> str:
    """How far it is, or where to download it and until when."""
    scope, archive = _found(slug, archive_id)
    return render_template(
        "council/certificate_zip.html",
        scope=scope,
        title=title_of(db.session(), archive.audience),
        asked_by=begun_by(archive.asked_by_account_id),
        **_progress(archive),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_zip_status(slug: str, archive_id: int) -> tuple[str, int]:
    """The part of the page that changes: 202 while it is being made."""
    scope, archive = _found(slug, archive_id)
    return part_of_page("council/certificate_zip_status.html", scope=scope, **_progress(archive))


def _progress(archive: CertificateArchive) -> dict[str, Any]:
    is_over = archive.ends_at is not None and archive.ends_at <= utc_now()
    return {
        "archive": archive,
        "is_live": archive.is_coming,
        "is_there": archive.state is TaskState.DONE and not is_over,
        "done_percent": percent_of(archive.done, archive.wanted, of_none=0),
        "archive_words": ARCHIVE_WORDS,
        "step": step_for(archive.unit_path),
    }


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_zip_file(slug: str, archive_id: int) -> Response:
    """The zip, sent piece by piece; who takes it out is on record."""
    _, archive = _found(slug, archive_id)
    with unit_of_work() as work:
        found = get_archive(work.session, archive_id=archive.id, organisation_id=archive.organisation_id)
        note_download(work.session, found, account_id=who().account_id, now=utc_now())
        ready_at = found.ready_at or utc_now()
        stream = file_store().open(found.storage_key)  # one that is not there was not taken out
    name = f"certificates-{slug}-{local_day(ready_at).isoformat()}.zip"
    return stored_download(stream, mimetype="application/zip", name=name)


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_zip_cancel(slug: str, archive_id: int) -> Response:
    """Give up a zip that is not ready; nothing of it stays."""
    _, archive = _found(slug, archive_id)
    carry_out(cancel_archive, "Cancelled. Nothing of this zip is kept", archive_id=archive.id)
    return redirect(url_for("council.certificate_zip", slug=slug, archive_id=archive_id))
