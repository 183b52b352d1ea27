"""All sheets of a round in one zip, which a worker makes: an authority has hundreds of teams."""

from tempfile import TemporaryFile
from typing import BinaryIO, cast

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.council.ways_in.overview import ROLES, here_of
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.pages.downloads import stored_download
from app.platform.sealed.files import unseal_into
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.ways_in.members import units_in_reach
from people.ways_in.zips import ZIP_SHEETS, ask_for_zip, get_zip, note_zip_taken, stop_zip


@allow(*ROLES)
def ways_in_zip_new(slug: str, round_id: int) -> Response:
    """Have the sheets that are ready put into a zip."""
    here = here_of(db.session(), slug)
    within = units_in_reach(db.session(), here.reach)
    with unit_of_work() as work:
        ask_for_zip(
            work.session,
            round_id=round_id,
            organisation_id=here.reach.organisation_id,
            unit_ids=within,
            by=who().account_id,
            now=utc_now(),
        )
        work.ring_after_commit(ZIP_SHEETS)
    flash("The zip is being made. You can leave this page meanwhile.")
    return redirect(url_for("council.ways_in", slug=slug))


@allow(*ROLES)
def ways_in_zip_stopped(slug: str, zip_id: int) -> Response:
    """Stop a zip that is not ready yet."""
    here = here_of(db.session(), slug)
    try:
        with unit_of_work() as work:
            about = {"organisation_id": here.reach.organisation_id, "account_id": who().account_id}
            stop_zip(work.session, zip_id=get_zip(work.session, zip_id=zip_id, **about).id)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash("The zip is not made.")
    return redirect(url_for("council.ways_in", slug=slug))


@allow(*ROLES)
def ways_in_zip_file(slug: str, zip_id: int) -> Response:
    """The zip, for whoever asked for it; who takes the sheets out is on record for each."""
    here, now, account_id = here_of(db.session(), slug), utc_now(), who().account_id
    with unit_of_work() as work:
        organisation_id = here.reach.organisation_id
        found = get_zip(work.session, zip_id=zip_id, organisation_id=organisation_id, account_id=account_id)
        note_zip_taken(work.session, found, by=account_id, now=now)
        plain = _opened(found.storage_key)  # one that is lost was not taken out
        name = f"sign-in-cards-{slug}-{found.round_id}.zip"
    return stored_download(plain, mimetype="application/zip", name=name)


def _opened(key: str) -> BinaryIO:
    """What is in a stored zip, on disk and without a name. Whoever sends it closes it."""
    plain = TemporaryFile()  # noqa: SIM115 - see above
    try:
        with file_store().open(key) as sealed:
            unseal_into(sealed, plain)
    except BaseException:
        plain.close()
        raise
    plain.seek(0)
    return cast(BinaryIO, plain)
