"""All sheets of a round in one zip: an authority has hundreds of teams."""

from collections.abc import Sequence
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from zipfile import ZipFile

from werkzeug.wrappers import Response

from app.council.ways_in.overview import ROLES, here_of
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.pages.downloads import stored_download
from app.platform.sealed.files import unseal
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.files import read_unchanged
from people.ways_in.keeping import ready_sheets, take_sheet
from people.ways_in.members import units_in_reach
from people.ways_in.rounds import WayInBatch

LONGEST_NAME, IN_MEMORY = 120, 1_000_000


@allow(*ROLES)
def way_in_sheets_file(slug: str, round_id: int) -> Response:
    """The sheets that are ready; who takes them out is on record for each."""
    session, here, now = db.session(), here_of(db.session(), slug), utc_now()
    sheets = ready_sheets(
        session,
        round_id=round_id,
        organisation_id=here.reach.organisation_id,
        unit_ids=units_in_reach(session, here.reach),
        now=now,
    )
    zipped, ids = _zip(sheets), [batch.id for batch, _ in sheets]
    with unit_of_work() as work:
        for batch_id in ids:
            take_sheet(work.session, batch_id=batch_id, by=who().account_id, now=now)
    return stored_download(zipped, mimetype="application/zip", name=f"sign-in-cards-{slug}-{round_id}.zip")


def _zip(sheets: Sequence[tuple[WayInBatch, str]]) -> BinaryIO:
    target = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    with ZipFile(target, "w") as archive:
        for batch, path in sheets:
            data = unseal(read_unchanged(file_store(), key=batch.storage_key, sha256=batch.sha256 or ""))
            archive.writestr(f"{_name(path)} {batch.id}.pdf", data)
    target.seek(0)
    return cast(BinaryIO, target)


def _name(path: str) -> str:
    """The path of a unit as the name of a file, on every system."""
    plain = "".join(letter if letter.isalnum() or letter in " -," else " " for letter in path)
    return " ".join(plain.split())[:LONGEST_NAME]
