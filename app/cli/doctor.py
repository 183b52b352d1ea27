"""``doctor``: looks at everything that a deployer can get wrong, and says what to do."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.doctor.examine import examine


@click.command()
@with_appcontext
def doctor() -> None:
    """Check this installation: one line for each thing; exit 1 when one needs putting right."""
    problems = 0
    for check in examine(current_app):
        problems += not check.is_ok
        click.echo(f"{'ok' if check.is_ok else 'problem':<8} {check.name:<20} {check.message}")
    if problems:
        click.echo(f"\n{problems} problem{'s' if problems > 1 else ''} to put right.")
        raise SystemExit(1)
    click.echo("\nEverything is in order.")
