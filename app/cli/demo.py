"""``demo`` builds the demo region or prints its sign-ins again; ``prepare`` makes a database ready."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import click
from alembic.util import CommandError
from flask.cli import with_appcontext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.cli.signing_key import ensure_test_key
from app.platform.badge_settings import write_key
from app.platform.current_settings import current_settings
from app.platform.demo_guard import DemoInProduction, refuse_in_production
from app.platform.extensions import db
from app.platform.schema import bring_up_to_date, current_revisions, newest_revisions
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from certificates.badges.keys import new_key
from config import Environment
from courses.catalogue.shipped import LibraryBroken, ShippedCourse, publish_library
from demo import accounts
from demo.accounts import Credential
from demo.build import DEFAULT_PEOPLE, DEFAULT_SEED, FEWEST_PEOPLE, BuildOutcome, build
from demo.feeds.keeping import keep_files, missing_files
from demo.feeds.making import file_names, has_mappings, make_feeds
from demo.flag import has_demo
from demo.storing import Taken
from kernel.clock import utc_now
from kernel.errors import RuleBroken, StorageError

ACCOUNTS_FILE = Path(__file__).resolve().parents[2] / "var" / "demo-accounts.json"
FEEDS = "feeds"
DEMO_COURSE = "race-equality-essentials"
IN_PRODUCTION = "The demo is never built in production: its people are made up, and so would be every figure."
_PREPARE_LOCK = 0x434F4D4D  # any number will do, as long as nothing else on the server locks the same one

Command = TypeVar("Command", bound=Callable[..., None])


def _demo_options(command: Command) -> Command:
    """The three things that can be chosen about a demo."""
    for option in (
        click.option("--seed", default=DEFAULT_SEED, show_default=True, help="The same seed makes the same region."),
        click.option("--people", default=DEFAULT_PEOPLE, show_default=True, type=click.IntRange(FEWEST_PEOPLE)),
        click.option(
            "--accounts-file",
            type=click.Path(dir_okay=False, path_type=Path),
            default=ACCOUNTS_FILE,
            help="Where the passwords are kept, beside the HR files.  [default: var/demo-accounts.json]",
        ),
    ):
        command = option(command)
    return command


@click.command()
@with_appcontext
@_demo_options
def demo(seed: int, people: int, accounts_file: Path) -> None:
    """Build the demo region if there is none, and print who can sign in."""
    if current_settings().env is Environment.PRODUCTION:
        raise click.ClickException(IN_PRODUCTION)
    with _plain_refusals():
        if current_revisions(db.engine) != newest_revisions():
            raise click.ClickException("The tables are missing or old. Run: flask --app wsgi prepare")
        credentials = _ensure_demo(_publish_library(), seed, people, accounts_file)
        _ensure_feeds(seed, accounts_file.with_name(FEEDS))
    for line in _table(credentials):
        click.echo(line)


@click.command()
@with_appcontext
@_demo_options
def prepare(seed: int, people: int, accounts_file: Path) -> None:
    """Bring the tables up to date, publish the shipped courses, and build the demo where this is one."""
    with _plain_refusals(), _one_at_a_time():
        if bring_up_to_date(db.engine):
            click.echo("The tables are up to date.")
        refuse_in_production(db.session(), env=current_settings().env)
        shipped = _publish_library()
        if current_settings().env is Environment.DEMO:
            _ensure_demo(shipped, seed, people, accounts_file)
            _ensure_feeds(seed, accounts_file.with_name(FEEDS))
            ensure_badge_key()
            ensure_test_key(current_settings())


def ensure_badge_key() -> None:
    """Give the demo a key to sign badges with, where its settings name a place for one."""
    path = current_settings().badge_key_file
    if path is not None and not Path(path).exists():
        write_key(Path(path), new_key(is_demo=True))


@contextmanager
def _plain_refusals() -> Iterator[None]:
    """One sentence instead of a traceback for everything that somebody else can put right."""
    try:
        yield
    except OperationalError as problem:
        raise click.ClickException(f"The database does not answer: {problem.orig}") from None
    except RuleBroken as refusal:
        raise click.ClickException(f"{refusal.message}.") from None
    except LibraryBroken as problem:
        raise click.ClickException(f"A shipped course has errors:\n{problem}") from None
    except (CommandError, DemoInProduction, StorageError) as problem:
        raise click.ClickException(str(problem)) from None


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Several machines may start at once; PostgreSQL lets one of them prepare while the others wait."""
    if db.engine.dialect.name != "postgresql":
        yield
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": _PREPARE_LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": _PREPARE_LOCK})


def _publish_library() -> tuple[ShippedCourse, ...]:
    with unit_of_work() as work:
        shipped = publish_library(work.session, store=file_store(), now=utc_now())
    for course in shipped:
        if course.is_new:
            click.echo(f"Published {course.document.title}, version {course.number}.")
        elif course.is_set_aside:
            click.echo(
                f"{course.document.title}: somebody has published version {course.number}, "
                "so the shipped one waits. "
                f"To publish it: flask --app wsgi course publish courses/library/{course.document.slug}"
            )
    return shipped


def _ensure_demo(shipped: Sequence[ShippedCourse], seed: int, people: int, path: Path) -> tuple[Credential, ...]:
    """Build the demo, or find it. Passwords that are lost, or open another demo, are drawn anew."""
    is_built = has_demo(db.session())
    kept = accounts.read(path) if is_built else ()
    if accounts.open_this_demo(db.session(), kept, now=utc_now()):
        db.session.rollback()
        return kept
    credentials = accounts.new_credentials()
    if is_built:
        with unit_of_work() as work:
            accounts.renew(work.session, hashes=accounts.hashes_of(credentials), now=utc_now())
        click.echo(f"{path.name} was missing or belonged to another demo, so there are new passwords.")
    else:
        _build(shipped, seed, people, credentials)
    accounts.write(path, credentials)
    return credentials


def _build(shipped: Sequence[ShippedCourse], seed: int, people: int, credentials: Sequence[Credential]) -> None:
    started = perf_counter()
    course = next(one for one in shipped if one.document.slug == DEMO_COURSE)
    hashes = accounts.hashes_of(credentials)
    with unit_of_work() as work:
        outcome = build(
            work.session,
            seed=seed,
            people=people,
            course=Taken(course.course_id, course.version_id, course.document),
            hashes=hashes,
            now=utc_now(),
        )
        # The planner knows nothing yet about tables that were filled in one go.
        work.session.execute(text("ANALYZE"))
    click.echo(_sentence(outcome, perf_counter() - started))


def _ensure_feeds(seed: int, folder: Path) -> None:
    """Make the HR files of a new demo, and those of any demo that are missing; the others stay as they are."""
    wanted = missing_files(folder) if has_mappings(db.session()) else file_names()
    if not wanted:
        return
    with unit_of_work() as work:
        made = make_feeds(work.session, seed=seed, now=utc_now())
    for sentence in keep_files(folder, [one for one in made if one.name in wanted]):
        click.echo(sentence)
    click.echo(f"Wrote made-up HR files into {folder.parent.name}/{folder.name}/; docs/hr-feed.md says what to try.")


def _sentence(outcome: BuildOutcome, seconds: float) -> str:
    return (
        f"Built the demo region in {seconds:.1f} seconds: {outcome.people:,} people, {outcome.jobs:,} jobs, "
        f"{outcome.units:,} units; {outcome.completions:,} people have finished the course "
        f"and {outcome.midway:,} are midway."
    )


def _table(credentials: Sequence[Credential]) -> Iterator[str]:
    rows = [("Role", "Organisation", "Username", "Password")]
    rows += [(one.role, one.organisation, one.username, one.password) for one in credentials]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for *cells, password in rows:
        yield "  ".join([f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)] + [password])
