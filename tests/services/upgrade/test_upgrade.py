"""An upgrade while people answer: the tables change under code that was written before, and nobody notices."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app import create_app
from app.platform.extensions import db
from app.platform.schema import current_revisions
from courses.records.answers import Answer
from people.accounts import Account
from tests.conftest import NewDatabase, settings_for
from tests.migrations.one_more import MIGRATIONS, REVISION, one_more_migration
from tests.reading import Browser
from tests.services.processes import ROOT
from tests.services.upgrade.served import QUESTION, Served

pytestmark = pytest.mark.slow

NEWEST = ScriptDirectory(str(MIGRATIONS)).get_revision("head")
# The busiest table gets two columns and a table beside it, and is held for a while.
EXPAND = """import time
op.add_column("answer", sa.Column("remark", sa.String(length=80), nullable=True))
op.add_column("answer", sa.Column("visits", sa.Integer(), nullable=False, server_default="0"))
op.create_table(
    "answer_remark",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("answer_id", sa.Integer(), sa.ForeignKey("answer.id"), nullable=False),
)
time.sleep(0.5)"""


@pytest.fixture
def served(request: pytest.FixtureRequest, a_database: NewDatabase, tmp_path: Path) -> Iterator[Served]:
    """A site of the present code, or of that in the folder that the test names."""
    with a_database(tmp_path) as url:
        code = request.param(tmp_path) if hasattr(request, "param") else ROOT
        # Nobody else's queue: what older code would ring for there is not for the workers of other tests.
        found = Served(settings_for(url, tmp_path / "files", redis_url="redis://127.0.0.1:1"), tmp_path, code)
        try:
            found.prepare()
        except RuntimeError as problem:
            if code == ROOT:
                raise
            pytest.skip(f"That code does not run with the packages of today: {problem}")
        with found.serving():
            yield found


def check_nothing_is_lost(served: Served, given: int) -> None:
    """Every answer that somebody was told is saved is there, and this version of the code shows it."""
    application = create_app(served.settings)
    with application.app_context():
        engine = db.engine
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == given
        account = session.scalars(select(Account).where(Account.username == "siân")).one()
    assert "Saved at" in Browser(application).enter_as(account).open(QUESTION).text
    engine.dispose()


def test_people_go_on_answering_while_the_tables_get_more(served: Served, tmp_path: Path) -> None:
    migrations = one_more_migration(tmp_path, EXPAND)
    with served.engine() as engine, served.people_answering() as people:
        with engine.connect() as reader:
            reader.execute(text("SELECT count(*) FROM answer"))
            tried = served.migrate(migrations)
        people.go_on()
        if engine.dialect.name == "postgresql":
            assert tried[0] == 1
            assert "A table was in use for more than 0.8 seconds" in tried[1]
            assert current_revisions(engine) == {NEWEST.revision}
        served.migrate_in_the_end(migrations)
        assert current_revisions(engine) == {REVISION}
        people.go_on()
    assert people.problems == []
    check_nothing_is_lost(served, people.given)


def code_before_the_newest_migration(folder: Path) -> Path:
    """The last code that did not know the newest migration, out of the project's history."""
    path = Path(NEWEST.path).relative_to(ROOT)
    added = _git("log", "--diff-filter=A", "--format=%H", "--", str(path)).split()
    commit = f"{added[-1]}^" if added else "HEAD"  # one that is not committed yet
    code, archive = folder / "code", folder / "code.zip"
    _git("archive", "--output", str(archive), commit)
    shutil.unpack_archive(archive, code)
    _skip_if_migrations_were_rewritten(code / "migrations" / "versions")
    (code / "app" / "static" / "build").symlink_to(ROOT / "app" / "static" / "build")
    return code


def _skip_if_migrations_were_rewritten(versions: Path) -> None:
    """Code from before a migration was rewritten knows tables that nobody ever had, and has nothing to say here."""
    for path in sorted(versions.glob("[0-9]*.py")):
        today = MIGRATIONS / "versions" / path.name
        if not today.is_file() or today.read_bytes() != path.read_bytes():
            pytest.skip(f"{path.name} was rewritten together with the newest migration, before anybody had it")


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"The history of the code is not here: {done.stderr.strip()}")
    return done.stdout


@pytest.mark.skipif(NEWEST.down_revision is None, reason="there is one migration only")
@pytest.mark.parametrize("served", [code_before_the_newest_migration], indirect=True, ids=["older code"])
def test_people_go_on_answering_with_the_code_before_the_newest_migration(served: Served) -> None:
    with served.engine() as engine, served.people_answering() as people:
        assert current_revisions(engine) == {NEWEST.down_revision}
        served.migrate_in_the_end(MIGRATIONS)
        people.go_on()
        assert current_revisions(engine) == {NEWEST.revision}
    assert people.problems == []
    check_nothing_is_lost(served, people.given)
