"""Setting up a new installation by hand: its authorities, and the first people who may sign in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.platform.work import unit_of_work
from kernel.audit import record
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.account_care import change_address
from people.accounts import get_account_named, set_password
from people.directory import FoundPerson, listed, people_like
from people.manual_setup import NewPerson, add_authority, add_person, check_unit_is_there
from people.password_resets import make_code
from people.roles import Role
from people.visibility import PeopleScope


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
@click.option("--add-unit", "adds_unit", is_flag=True, help="Add the unit where the authority has none at that path.")
@click.option("--payroll", "payroll_number", required=True, help="Their payroll number there.")
@click.option("--job", "job_title", default="", help="Their job title.")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), help="Leave out for somebody who only learns."
)
@click.password_option(help="Asked for when it is left out, which keeps it out of the shell's history.")
@with_appcontext
def add_account_command(role: str | None, adds_unit: bool, **values: str) -> None:
    """Add a person with a job and an account named USERNAME. A manager answers for the unit they work in.

    The first unit of an authority is added unasked; after that a path that it has not is refused, as a slip.
    """
    with _plain_refusals(), unit_of_work() as work:
        person = NewPerson(role=Role(role) if role else None, **values)
        if not adds_unit:
            _check_unit(work.session, person)
        add_person(work.session, person=person, now=utc_now())
    click.echo(f"{values['name']} can sign in as {values['username']}.")


def _check_unit(session: Session, person: NewPerson) -> None:
    try:
        check_unit_is_there(session, organisation_slug=person.organisation_slug, path=person.unit_path)
    except RuleBroken as refusal:
        raise RuleBroken(f"{refusal.message}. Give --add-unit if it is to be added") from None


@people.command("set-password")
@click.argument("username")
@click.password_option(help="Asked for when it is left out, which keeps it out of the shell's history.")
@with_appcontext
def set_password_command(username: str, password: str) -> None:
    """Give USERNAME a new password and end their sessions."""
    now = utc_now()
    with _plain_refusals(), unit_of_work() as work:
        account = set_password(work.session, username=username, password=password, now=now)
        record(
            work.session,
            action="password-set",
            subject_type="account",
            subject_id=account.id,
            actor_account_id=None,
            now=now,
        )
    click.echo(f"{username} has a new password.")


@people.command("set-address")
@click.argument("username")
@click.argument("address", default="")
@with_appcontext
def set_address_command(username: str, address: str) -> None:
    """Give USERNAME the e-mail address ADDRESS, or none where it is left out. The one from before is told."""
    with _plain_refusals(), unit_of_work() as work:
        person_id, everybody = get_account_named(work.session, username=username).person_id, PeopleScope(None)
        is_other = change_address(
            work.session, person_id=person_id, address=address, scope=everybody, by=None, now=utc_now()
        )
    has = f"has the e-mail address {address}" if address else "has no e-mail address"
    click.echo(f"{username} {has}." if is_other else f"{username} {has}, as before.")


@people.command("make-code")
@click.argument("username")
@with_appcontext
def make_code_command(username: str) -> None:
    """Print a one-time code with which USERNAME sets a new password; it works for two weeks."""
    now = utc_now()
    with _plain_refusals(), unit_of_work() as work:
        account = get_account_named(work.session, username=username)
        code = make_code(work.session, account_id=account.id, made_by_account_id=None, now=now)
        record(
            work.session,
            action="password-code-made",
            subject_type="account",
            subject_id=account.id,
            actor_account_id=None,
            now=now,
        )
    click.echo(f"{username} types this code at /sign-in/code: {code}")


@people.command("find")
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "is_json", is_flag=True, help="Print what was found as JSON.")
@with_appcontext
def find_command(words: tuple[str, ...], is_json: bool) -> None:
    """Find people by WORDS of their names, or by a whole username or payroll number.

    Accents, capitals, apostrophes and hyphens do not matter. Each search is written down in the audit trail.
    """
    now, typed = utc_now(), " ".join(words)
    with unit_of_work() as work:
        everybody = people_like(work.session, typed=typed, scope=PeopleScope(None), on=local_day(now))
        found = listed(work.session, person_ids=everybody.person_ids, scope=PeopleScope(None), on=local_day(now))
        record(
            work.session,
            action="names-listed",
            subject_type="list-of-names",
            subject_id="search",
            actor_account_id=None,
            now=now,
            detail={"count": len(found)},
        )
    if is_json:
        click.echo(
            json.dumps({"people": [asdict(one) for one in found], "is_cut": everybody.is_cut}, ensure_ascii=False)
        )
        return
    for one in found:
        click.echo(f"{one.person_id}  {one.name}, {_place(one)}")
    click.echo(
        "Nobody is called so."
        if not found
        else "There are more: add a word."
        if everybody.is_cut
        else f"{len(found)} found."
    )


def _place(one: FoundPerson) -> str:
    """Where somebody works, in one line."""
    place = ", ".join(part for part in (one.unit_path, one.organisation_name) if part)
    return f"{place or 'no job on record'}{one.payroll_number and f', payroll number {one.payroll_number}'}"


@contextmanager
def _plain_refusals() -> Iterator[None]:
    try:
        yield
    except RuleBroken as refusal:
        raise click.ClickException(f"{refusal.message}.") from None
    except NotFound as problem:
        raise click.ClickException(f"There is no {problem}.") from None
