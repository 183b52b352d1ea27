"""Zips of certificates: what would be in one, one that is being made, and the file, for those who may take it out."""

from typing import Any

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.access import allow, who
from app.council.certificate_desk import ARCHIVE_WORDS, Chosen, Desk, open_desk, read_choice
from app.council.certificate_progress import begun_by, carry_out, part_of_page, percent_of
from app.extensions import db
from app.storage import file_store
from app.work import unit_of_work
from certificates.archive_contents import preview_archive, title_of
from certificates.archives import (
    LIVE,
    MAKE_ARCHIVES,
    ArchiveState,
    CertificateArchive,
    ask_for_archive,
    cancel_archive,
    get_archive,
    note_download,
)
from kernel.clock import local_day, utc_now
from people.roles import Role
from reports.certificate_archive import MOST_BYTES


@allow(Role.HR_LEAD, Role.ADMIN)
def certificates_zip(slug: str) -> tuple[str, int] | Response:
    """What a zip would hold now; then have it made."""
    session, desk = db.session(), open_desk(slug)
    form, chosen = read_choice(session, desk, needs_course=False)
    preview = preview_archive(session, chosen.audience) if chosen else None
    is_too_large = preview is not None and preview.size_bytes > MOST_BYTES
    if chosen and preview and preview.ready and not is_too_large and request.method == "POST":
        archive_id = _ask(chosen, preview.total)
        return redirect(url_for("council.certificate_zip", slug=slug, archive_id=archive_id))
    page = render_template(
        "council/certificates_zip.html",
        desk=desk,
        form=form,
        chosen=chosen,
        preview=preview,
        is_too_large=is_too_large,
    )
    return page, 422 if form.errors else 200


def _ask(chosen: Chosen, wanted: int) -> int:
    with unit_of_work() as work:
        archive = ask_for_archive(
            work.session, chosen.audience, wanted=wanted, account_id=who().account_id, now=utc_now()
        )
        work.ring_after_commit(MAKE_ARCHIVES)
        return archive.id


def _found(slug: str, archive_id: int) -> tuple[Desk, CertificateArchive]:
    """The zip, if it is this person's to see. Raises ``NotFound``."""
    desk = open_desk(slug)
    return desk, get_archive(db.session(), archive_id=archive_id, organisation_id=desk.organisation_id)


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_zip(slug: str, archive_id: int) -> str:
    """How far it is, or where to download it and until when."""
    desk, archive = _found(slug, archive_id)
    return render_template(
        "council/certificate_zip.html",
        desk=desk,
        title=title_of(db.session(), archive.audience),
        asked_by=begun_by(archive.asked_by_account_id),
        **_progress(archive),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_zip_status(slug: str, archive_id: int) -> tuple[str, int]:
    """The part of the page that changes: 202 while it is being made."""
    desk, archive = _found(slug, archive_id)
    return part_of_page("council/certificate_zip_status.html", desk=desk, **_progress(archive))


def _progress(archive: CertificateArchive) -> dict[str, Any]:
    is_over = archive.ends_at is not None and archive.ends_at <= utc_now()
    return {
        "archive": archive,
        "is_live": archive.state in LIVE,
        "is_there": archive.state is ArchiveState.READY and not is_over,
        "done_percent": percent_of(archive.done, archive.wanted, of_none=0),
        "archive_words": ARCHIVE_WORDS,
    }


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_zip_file(slug: str, archive_id: int) -> Response:
    """The zip, sent piece by piece; who takes it out is on record."""
    _, archive = _found(slug, archive_id)
    with unit_of_work() as work:
        found = get_archive(work.session, archive_id=archive.id, organisation_id=archive.organisation_id)
        note_download(work.session, found, account_id=who().account_id, now=utc_now())
        key, ready_at = found.storage_key, found.ready_at or utc_now()
    return send_file(
        file_store().open(key),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"certificates-{slug}-{local_day(ready_at).isoformat()}.zip",
        etag=False,
        max_age=0,
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def certificate_zip_cancel(slug: str, archive_id: int) -> Response:
    """Give up a zip that is not ready; nothing of it stays."""
    _, archive = _found(slug, archive_id)
    carry_out(cancel_archive, "Cancelled. Nothing of this zip is kept", archive_id=archive.id)
    return redirect(url_for("council.certificate_zip", slug=slug, archive_id=archive_id))
