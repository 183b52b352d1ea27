"""Make the large prints and the previews that people asked for."""

from flask import current_app

from app.jobs.certificates import public_address, verify_url
from app.jobs.signer import worker_signer
from app.storage import file_store
from app.work import unit_of_work
from certificates.extras import (
    CertificateExtra,
    document_and_key,
    extras_to_make,
    mark_extra_failed,
    mark_extra_ready,
)
from certificates.faults import in_words
from certificates.made_with import made_with
from certificates.pdf import render_pdf
from certificates.signing.signer import Signature, make_file
from kernel.clock import utc_now
from kernel.files import StoredFile

BATCH = 10


def render_extras() -> None:
    """Make everything that is wanted. One that cannot be made says why, and keeps nobody else from theirs."""
    while wanted := _wanted():
        for extra_id in wanted:
            _make(extra_id)


def _wanted() -> list[int]:
    with unit_of_work() as work:
        return [extra.id for extra in extras_to_make(work.session, limit=BATCH)]


def _make(extra_id: int) -> None:
    file: StoredFile | None = None
    signature: Signature | None = None
    reason = ""
    try:
        with unit_of_work() as work:
            extra = work.session.get_one(CertificateExtra, extra_id)
            document, key = document_and_key(work.session, extra=extra, verify_url=verify_url)
        signed = make_file(document, render_pdf=render_pdf, signer=worker_signer())
        file, signature = file_store().put(signed.key_from(key), signed.data), signed.signature
    except Exception as problem:
        # Whatever it is: one that cannot be made must not stand in the way of those behind it.
        current_app.logger.error("Certificate extra %s failed", extra_id, exc_info=problem)
        reason = in_words(problem)
    with unit_of_work() as work:
        if file is not None:
            made = made_with(public_address())
            mark_extra_ready(
                work.session, extra_id=extra_id, file=file, now=utc_now(), made_with=made, signature=signature
            )
        else:
            mark_extra_failed(work.session, extra_id=extra_id, reason=reason, now=utc_now())
