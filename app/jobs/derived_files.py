"""Make the large prints and the previews that people asked for."""

from functools import partial

from app.jobs.certificates import drawn, public_address, verify_url
from app.jobs.signer import worker_signer
from app.jobs.task_loop import work_off
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from certificates.drawing.build_info import made_with
from certificates.making.derived_files import (
    DERIVED_FILES,
    DerivedFile,
    document_and_key,
    mark_derived_file_ready,
)
from certificates.pdf import render_pdf
from certificates.signing.signer import make_file
from kernel.clock import utc_now
from kernel.tasks.claims import Claim


def make_derived_files() -> None:
    """Make everything that is wanted. One that cannot be made says why, and keeps nobody else from theirs."""
    work_off(DERIVED_FILES, _make)


def _make(claimed: Claim[DerivedFile]) -> None:
    with unit_of_work() as work:
        document, key = document_and_key(work.session, claimed=claimed, verify_url=verify_url)
    signed = make_file(document, render_pdf=partial(render_pdf, drawn=drawn()), signer=worker_signer())
    file, made = file_store().put(signed.key_from(key), signed.data), made_with(public_address(), drawn())
    with unit_of_work() as work:
        mark_derived_file_ready(
            work.session, claimed, file=file, now=utc_now(), made_with=made, signature=signed.signature
        )
