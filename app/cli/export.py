"""``export AUTHORITY PATH``: everything that is held of an authority, into a file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.platform.storage import file_store
from app.platform.work import reading_of_one_moment, unit_of_work
from kernel.audit import record
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken, StorageError
from people.organisations import Organisation, get_organisation
from privacy.leaving.recipients import read_key, recipients_of
from privacy.leaving.whole import ExportCounts, encrypt_for, write_export

NO_KEY = (
    "{} has no key for exports. Add one on its page “Leave with everything”, name one with --key, or say --unencrypted "
    "if it may stand there as it is."
)


@click.command("export")
@click.argument("authority")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--unencrypted", is_flag=True, help="Write names and what people completed so that anybody can read it.")
@click.option("--key", "typed", multiple=True, help="A public key of age, instead of those of the authority.")
@with_appcontext
def export(authority: str, path: Path, unencrypted: bool, typed: tuple[str, ...]) -> None:
    """Write everything that is held of AUTHORITY into PATH: tables, courses, certificates and what explains them.

    It is encrypted with age for the keys of the authority. An existing file is never replaced.
    """
    if unencrypted and typed:
        raise click.ClickException("Say either --unencrypted or --key, not both.")
    with _plain_refusals(), _new_file(path) as target, reading_of_one_moment() as session:
        organisation = get_organisation(session, slug=authority)
        keys = [] if unencrypted else _keys(session, organisation, typed)
        counts = _write(session, organisation, target, keys)
        organisation_id = organisation.id
    _note(organisation_id, len(keys))
    click.echo(f"{path}: {counts.rows:,} rows in {counts.files:,} files, {_for_whom(keys)}.")
    if counts.missing:
        click.echo(f"{counts.missing:,} certificates have no file: it is missing from the store, or changed.", err=True)


def _keys(session: Session, organisation: Organisation, typed: tuple[str, ...]) -> list[str]:
    found = [read_key(one) for one in typed]
    found = found or [one.public_key for one in recipients_of(session, organisation_id=organisation.id)]
    if not found:
        raise RuleBroken(NO_KEY.format(organisation.name))
    return found


def _write(session: Session, organisation: Organisation, target: IO[bytes], keys: list[str]) -> ExportCounts:
    if not keys:
        return write_export(session, target, organisation=organisation, store=file_store(), now=utc_now())
    with TemporaryFile() as plain:
        counts = write_export(session, plain, organisation=organisation, store=file_store(), now=utc_now())
        plain.seek(0)
        encrypt_for(plain, target, keys)
    return counts


def _note(organisation_id: int, keys: int) -> None:
    with unit_of_work() as work:
        record(
            work.session,
            action="export-written",
            subject_type="organisation",
            subject_id=organisation_id,
            actor_account_id=None,
            now=utc_now(),
            detail={"keys": keys},
        )


def _for_whom(keys: list[str]) -> str:
    return f"encrypted for {len(keys)} key{'s' if len(keys) > 1 else ''}" if keys else "not encrypted"


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there when it is whole, for its owner alone, and never in the place of another one."""
    if os.path.lexists(path):
        raise RuleBroken(f"{path} is there already. Name a file that is not.")
    if not path.parent.is_dir():
        raise RuleBroken(f"There is no folder {path.parent}.")
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False) as part:
        try:
            yield part
            part.flush()
            os.fsync(part.fileno())
            os.link(part.name, path)  # refuses where another file has come there meanwhile
        finally:
            with suppress(OSError):
                Path(part.name).unlink()


@contextmanager
def _plain_refusals() -> Iterator[None]:
    try:
        yield
    except NotFound as problem:
        raise click.ClickException(f"There is no {problem}.") from problem
    except RuleBroken as problem:
        raise click.ClickException(problem.message) from problem
    except StorageError as problem:
        raise click.ClickException(f"The store of files does not answer: {problem}") from problem
    except OSError as problem:
        raise click.ClickException(f"The file could not be written: {problem.strerror or problem}") from problem
