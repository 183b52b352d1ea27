"""Setting up a new installation by hand: its authorities, and the first people who may sign in."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import with_appcontext

from app.work import unit_of_work
from kernel.audit import record
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from people.accounts import set_password
from people.roles import Role
from people.starting import NewPerson, add_authority, add_person


@click.group()
def people() -> None:
    """Add authorities and accounts by hand, before there is a feed from HR."""


@people.command("add-authority")
@click.argument("slug")
@click.argument("name")
@with_appcontext
def add_authority_command(slug: str, name: str) -> None:
    """Add the authority NAME, whose pages stand at /council/SLUG."""
    with _plain_refusals(), unit_of_work() as work:
        add_authority(work.session, slug=slug, name=name, now=utc_now())
    click.echo(f"Added {name}.")


@people.command("add-account")
@click.argument("username")
@click.option("--name", required=True, help="The name that a certificate prints.")
@click.option("--authority", "organisation_slug", required=True, help="The authority's slug, such as sefton.")
@click.option("--unit", "unit_path", required=True, help='Where they work: "Directorate / Service / Team".')
@click.option("--payroll", "payroll_number", required=True, help="Their payroll number there.")
@click.option("--job", "job_title", default="", help="Their job title.")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), help="Leave out for somebody who only learns."
)
@click.password_option(help="Asked for when it is left out, which keeps it out of the shell's history.")
@with_appcontext
def add_account_command(role: str | None, **values: str) -> None:
    """Add a person with a job and an account named USERNAME. A manager answers for the unit they work in."""
    with _plain_refusals(), unit_of_work() as work:
        person = NewPerson(role=Role(role) if role else None, **values)
        add_person(work.session, person=person, now=utc_now())
    click.echo(f"{values['name']} can sign in as {values['username']}.")


@people.command("set-password")
@click.argument("username")
@click.password_option(help="Asked for when it is left out, which keeps it out of the shell's history.")
@with_appcontext
def set_password_command(username: str, password: str) -> None:
    """Give USERNAME a new password and end their sessions."""
    now = utc_now()
    with _plain_refusals(), unit_of_work() as work:
        account = set_password(work.session, username=username, password=password)
        record(
            work.session,
            action="password-set",
            subject_type="account",
            subject_id=account.id,
            actor_account_id=None,
            now=now,
        )
    click.echo(f"{username} has a new password.")


@contextmanager
def _plain_refusals() -> Iterator[None]:
    try:
        yield
    except RuleBroken as refusal:
        raise click.ClickException(f"{refusal.message}.") from None
    except NotFound as problem:
        raise click.ClickException(f"There is no {problem}.") from None
