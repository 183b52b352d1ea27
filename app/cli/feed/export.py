"""The record as an HR file at the command line: edited and sent again, it changes what was edited."""

import click
from flask.cli import with_appcontext

from app.cli.feed.commands import UNREADABLE
from app.platform.extensions import db
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from kernel.spreadsheets import csv_lines
from people.feed.mapping.files_back import lines_as_sent
from people.feed.mapping.stored import find_mapping
from people.feed.planning.exporting import rows_of_record
from people.feed.runs.state import read_state
from people.organisations import get_organisation


@click.command("export")
@click.argument("authority")
@click.option("--mapping", "mapping_name", help="A saved mapping; without it the one that was saved last.")
@with_appcontext
def export_command(authority: str, mapping_name: str | None) -> None:
    """Print everybody who works for AUTHORITY as a CSV file in the shape of its mapping."""
    session, today = db.session(), local_day(utc_now())
    try:
        organisation = get_organisation(session, slug=authority)
    except NotFound as problem:
        raise click.ClickException(f"There is no {problem}.") from None
    stored = find_mapping(session, organisation_id=organisation.id, name=mapping_name)
    if stored is None:
        click.echo("No mapping of that name is saved." if mapping_name else "No mapping is saved.", err=True)
        raise SystemExit(UNREADABLE)
    rows = rows_of_record(read_state(session, organisation, on=today), today)
    delimiter = stored.mapping.reading.delimiter or ","
    for line in csv_lines(lines_as_sent(stored.mapping, rows), delimiter=delimiter):
        click.echo(line, nl=False)
