"""From which shares on the HR files of an authority stop, at the command line."""

from dataclasses import asdict, replace

import click
from flask.cli import with_appcontext

from app.platform.extensions import db
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import NotFound
from people.feed.runs.settings import limits_of, set_limits
from people.organisations import get_organisation

SHARE = click.IntRange(0, 100)


@click.command("limits")
@click.argument("authority")
@click.option("--leavers", type=SHARE, help="Jobs that end.")
@click.option("--moves", type=SHARE, help="Jobs that go on in another unit.")
@click.option("--joiners", type=SHARE, help="People who join.")
@click.option("--changed-keys", type=SHARE, help="Payroll numbers that change hands.")
@click.option("--moved-emails", type=SHARE, help="E-mail addresses that go to somebody else.")
@with_appcontext
def limits_command(authority: str, **chosen: int | None) -> None:
    """Print above how many in 100 jobs a file of AUTHORITY stops, after changing the limits that are given."""
    try:
        organisation_id = get_organisation(db.session(), slug=authority).id
    except NotFound as problem:
        raise click.ClickException(f"There is no {problem}.") from None
    limits = limits_of(db.session(), organisation_id=organisation_id)
    given = {name: share for name, share in chosen.items() if share is not None}
    if given:
        limits = replace(limits, **given)
        with unit_of_work() as work:
            set_limits(work.session, organisation_id=organisation_id, limits=limits, by=None, now=utc_now())
    for name, share in asdict(limits).items():
        click.echo(f"{name.replace('_', ' ')}: {share} in 100")
