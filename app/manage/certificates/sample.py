"""A PDF of a look before it is saved, made in the queue because web processes do not draw."""

from io import BytesIO

from flask import render_template, send_file
from werkzeug.wrappers import Response

from app.platform.access import allow
from app.platform.extensions import db
from app.platform.storage import file_store
from certificates.making.derived_files import DerivedFile, get_preview
from kernel.errors import NotFound
from kernel.files import read_unchanged
from people.organisations import Organisation, get_organisation
from people.roles import Role


def _found(slug: str, preview_id: int) -> tuple[Organisation, DerivedFile]:
    organisation = get_organisation(db.session(), slug=slug)
    return organisation, get_preview(db.session(), preview_id=preview_id, organisation_id=organisation.id)


@allow(Role.ADMIN)
def certificate_sample(slug: str, preview_id: int) -> str:
    """On its way, there, or why not."""
    organisation, sample = _found(slug, preview_id)
    return render_template("manage/certificate_sample.html", organisation=organisation, sample=sample)


@allow(Role.ADMIN)
def certificate_sample_status(slug: str, preview_id: int) -> tuple[str, int]:
    """The part of the page that changes: 202 until there is news."""
    organisation, sample = _found(slug, preview_id)
    page = render_template("manage/certificate_sample_status.html", organisation=organisation, sample=sample)
    return page, 202 if sample.is_on_its_way else 200


@allow(Role.ADMIN)
def certificate_sample_file(slug: str, preview_id: int) -> Response:
    """The PDF."""
    _, sample = _found(slug, preview_id)
    if sample.storage_key is None or sample.sha256 is None:
        raise NotFound(f"the file of preview {preview_id}")
    return send_file(
        BytesIO(read_unchanged(file_store(), key=sample.storage_key, sha256=sample.sha256)),
        mimetype="application/pdf",
        download_name=f"sample-{preview_id}.pdf",
        etag=False,
        max_age=0,
    )
