"""The demo's database: brought up to date and filled by one start of the application, or left alone."""

from collections.abc import Mapping

from tools.console import run_quietly, step
from tools.places import Places
from tools.stamps import Stamp, files_under, fingerprint

# What decides the tables and the demo's contents.
SOURCES = ("migrations", "courses/library", "app/demo")


def ensure(places: Places, settings: Mapping[str, str], environ: Mapping[str, str]) -> None:
    """Run `flask prepare` unless this database has already been prepared by the same sources."""
    url = settings["COMMON_GROUND_DATABASE_URL"]
    sources = files_under(*(places.root / folder for folder in SOURCES))
    stamp = Stamp(
        places.stamps / "database",
        fingerprint(files=[*sources, places.root / "requirements.txt"], facts=[url]),
    )
    # Only of the demo's own file can it be known that nobody else has changed it.
    is_ours = url == f"sqlite:///{places.database}"
    if is_ours and stamp.is_fresh() and places.database.is_file() and places.accounts.is_file():
        return
    with step("Preparing the database and the demo region"):
        run_quietly(
            [places.python, "-m", "flask", "--app", "wsgi", "prepare"],
            log=places.logs / "prepare.log",
            otherwise="The database could not be prepared: to begin afresh, delete var/ and run it again",
            cwd=places.root,
            environ=environ,
        )
    stamp.write()
