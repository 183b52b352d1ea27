"""``certificates``: look at every stored file, make lost ones again, remove those that nobody names."""

from importlib import import_module

import click
from flask.cli import AppGroup

from app.platform.extensions import db
from app.platform.queue import JOBS
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from certificates.file_care.file_checks import CHECK_FILES, LISTED_AT_ONCE, ask_for_check, find_last_check
from certificates.file_care.lost_files import (
    RECREATE_FILES,
    Loss,
    ask_to_recreate,
    count_losses,
    files_of,
    find_loss,
    lost_files,
    note_losses,
)
from certificates.file_care.orphans import orphans_in
from certificates.making.queue_status import get_any_certificate
from certificates.record.numbers import numbers_in
from kernel.clock import utc_now
from kernel.errors import NotFound, StorageError

MOST_PRINTED = 100
certificates = AppGroup("certificates", help="Look after the stored files of certificates.")


def _run(job: str) -> None:
    """Do here and now what a worker would do. By its name: a web process must not load what draws."""
    module, _, function = JOBS[job].rpartition(".")
    getattr(import_module(module), function)()


@certificates.command("check-files")
def check_files() -> None:
    """Read every file and compare it with its row; exit 1 when one is missing or changed."""
    with unit_of_work() as work:
        ask_for_check(work.session, account_id=None, now=utc_now())
    try:
        _run(CHECK_FILES)
    except StorageError as problem:
        raise click.ClickException(f"{problem}. Nothing is counted as lost; run this again later") from problem
    found = find_last_check(db.session())
    if found is None:
        raise click.ClickException("A worker is at it; its result appears on the admins' page")
    click.echo(
        f"{found.files:,} files read: {found.missing:,} missing, {found.changed:,} changed, "
        f"{found.unreadable:,} unreadable. {found.orphans:,} that no certificate names; "
        f"{found.parts_removed:,} unfinished ones removed."
    )
    for lost, number in lost_files(db.session(), limit=MOST_PRINTED):
        click.echo(f"  {number:<20} {lost.loss:<10} {lost.storage_key}")
    if not found.is_whole:
        raise SystemExit(1)


@certificates.command("recreate")
@click.argument("certificate_number", metavar="[NUMBER]", required=False)
@click.option("--missing", is_flag=True, help="Every file that the last check found missing or changed.")
def recreate(certificate_number: str | None, missing: bool) -> None:
    """Make a lost file again, and store it only when every byte is as it was."""
    if missing is (certificate_number is not None):
        raise click.UsageError("Give a NUMBER, or --missing for every lost file")
    count = _ask(next(iter(numbers_in(certificate_number)), certificate_number)) if certificate_number else _ask_all()
    if not count:
        click.echo("No file is lost, so there is nothing to make again.")
        return
    _run(RECREATE_FILES)
    refused = [(lost, of) for lost, of in lost_files(db.session(), limit=count) if lost.refusal]
    click.echo(f"{count - len(refused):,} of {count:,} made again, byte for byte.")
    for lost, of in refused[:MOST_PRINTED]:
        click.echo(f"{of}: {lost.refusal}")
    if refused:
        raise SystemExit(1)


def _ask(certificate_number: str) -> int:
    try:
        certificate_id = get_any_certificate(db.session(), certificate_number=certificate_number).id
    except NotFound as problem:
        raise click.ClickException(f"No certificate has the number {certificate_number}") from problem
    found = {file: find_loss(file_store(), file) for file in files_of(db.session(), certificate_id=certificate_id)}
    if Loss.UNREADABLE in found.values():
        raise click.ClickException("The file store does not answer: a file that cannot be read may well be there")
    with unit_of_work() as work:
        note_losses(work.session, found=found, now=utc_now())
        return ask_to_recreate(work.session, certificate_id=certificate_id, account_id=None, now=utc_now())


def _ask_all() -> int:
    with unit_of_work() as work:
        if find_last_check(work.session) is None and not any(count_losses(work.session).values()):
            raise click.ClickException("Nothing has been looked at yet. Run: flask --app wsgi certificates check-files")
        return ask_to_recreate(work.session, certificate_id=None, account_id=None, now=utc_now())


@certificates.command("remove-orphans")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
def remove_orphans(dry_run: bool) -> None:
    """Remove files that no certificate names and that are older than a day."""
    count = size = 0
    for file in orphans_in(db.session(), file_store(), now=utc_now(), at_once=LISTED_AT_ONCE):
        count, size = count + 1, size + file.size_bytes
        click.echo(f"{'would remove' if dry_run else 'removed':<13}{file.key}")
        if not dry_run:
            file_store().delete(file.key)
    click.echo(f"{count:,} files, {size / 2**20:.1f} MiB{', and nothing was removed' if dry_run else ''}.")
