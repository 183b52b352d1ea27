"""``privacy``: the register of processing."""

from pathlib import Path

import click
from flask.cli import AppGroup

from privacy.held.rows import columns_of_all
from privacy.register.whole import BEGINS, as_markdown

privacy = AppGroup("privacy", help="What is held about people.")


@privacy.command("register")
@click.option(
    "--into",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Replace what stands in this document after its mark.",
)
def register(into: Path | None) -> None:
    """Print the register of processing: every table and column, what for, how long, and who sees it."""
    text = as_markdown(columns_of_all())
    if into is None:
        click.echo(text)
        return
    before, mark, _ = into.read_text(encoding="utf-8").partition(BEGINS)
    if not mark:
        raise click.ClickException(f"{into} has no line that says where the register begins: {BEGINS.strip()}")
    into.write_text(f"{before}{BEGINS}\n{text}", encoding="utf-8")
    click.echo(f"The register stands in {into}.")
