"""``signing-test-key``: makes a key to try signatures out with."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.platform.badge_settings import write_key
from app.platform.current_settings import current_settings
from certificates.signing.trial_keys import new_test_key
from config import Environment, Settings
from kernel.clock import utc_now


@click.command("signing-test-key")
@with_appcontext
def signing_test_key() -> None:
    """Make a key to try signatures out with, in the file that COMMON_GROUND_SIGNING_KEY_FILE names."""
    settings = current_settings()
    if settings.env is Environment.PRODUCTION:
        raise click.ClickException("In production, sign with a key that a trust service vouches for.")
    path = settings.signing_key_file
    if not path:
        raise click.ClickException("Set COMMON_GROUND_SIGNING_KEY_FILE to where the key shall be.")
    try:
        write_key(Path(path), new_test_key(now=utc_now()))
    except OSError as problem:
        if Path(path).exists():
            raise click.ClickException(f"{path} is there already. Nothing was changed.") from None
        raise click.ClickException(f"{path} could not be written: {problem.strerror or problem}.") from None
    click.echo(f"The key is in {path}. Its signatures say that they are for tests; restart the workers to use it.")


def ensure_test_key(settings: Settings) -> None:
    """Give the demo a key to sign certificates with, where its settings name a place for one."""
    path = settings.signing_key_file
    if path and not Path(path).exists():
        write_key(Path(path), new_test_key(now=utc_now()))
