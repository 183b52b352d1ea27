"""``badge-key``: makes the key that signs badges."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.platform.badge_settings import write_key
from app.platform.current_settings import current_settings
from app.platform.work import unit_of_work
from certificates.badges.keys import new_key
from certificates.badges.making import distrust_keys
from certificates.badges.status import PUBLISH_STATUS
from kernel.clock import utc_now


@click.command("badge-key")
@with_appcontext
@click.option("--distrust-earlier", is_flag=True, help="Make none: let no badge pass that an earlier key signed.")
def badge_key(*, distrust_earlier: bool) -> None:
    """Make the key that signs badges, in the file that COMMON_GROUND_BADGE_KEY_FILE names."""
    if distrust_earlier:
        _distrust()
    else:
        _make()


def _distrust() -> None:
    with unit_of_work() as work:
        count = distrust_keys(work.session, now=utc_now())
        work.ring_after_commit(PUBLISH_STATUS)
    click.echo(f"{count} published key{'' if count == 1 else 's'} forgotten. The worker publishes the one in use now.")


def _make() -> None:
    path = current_settings().badge_key_file
    if path is None:
        raise click.ClickException("Set COMMON_GROUND_BADGE_KEY_FILE to where the key shall be.")
    try:
        write_key(Path(path), new_key())
    except OSError as problem:
        if Path(path).exists():
            raise click.ClickException(f"{path} is there already. Nothing was changed.") from None
        raise click.ClickException(f"{path} could not be written: {problem.strerror or problem}.") from None
    click.echo(f"The key is in {path}. Keep a copy in a safe place, apart from the backups of the data.")
    click.echo("Restart the web and worker processes, then see what doctor says.")
