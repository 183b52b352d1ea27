"""The demo's database: brought up to date and filled by one start of the application, or left alone."""

from collections.abc import Mapping

from tools.console import run_quietly, step
from tools.installing.stamps import Stamp, files_under, fingerprint
from tools.paths import Paths

# What decides the tables and the demo's contents.
SOURCES = ("migrations", "courses/library", "demo")


def ensure(paths: Paths, settings: Mapping[str, str], environ: Mapping[str, str]) -> None:
    """Run `flask prepare` unless this database has already been prepared by the same sources."""
    url = settings["COMMON_GROUND_DATABASE_URL"]
    sources = files_under(*(paths.root / folder for folder in SOURCES))
    stamp = Stamp(
        paths.stamps / "database",
        fingerprint(files=[*sources, paths.root / "requirements.txt"], facts=[url]),
    )
    # Only of the demo's own file can it be known that nobody else has changed it.
    is_ours = url == paths.database_url
    if is_ours and stamp.is_fresh() and paths.database.is_file() and paths.accounts.is_file():
        return
    with step("Preparing the database and the demo region"):
        run_quietly(
            [paths.python, "-m", "flask", "--app", "wsgi", "prepare"],
            log=paths.logs / "prepare.log",
            otherwise="The database could not be prepared: to begin afresh, delete var/ and run it again",
            cwd=paths.root,
            environ=environ,
        )
    stamp.write()
