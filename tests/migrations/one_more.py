"""The migrations, and one more at their end that only a test knows."""

import shutil
from pathlib import Path
from textwrap import indent

from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
REVISION = "9999"


def one_more_migration(folder: Path, upgrade: str, *, about: str = "One more.") -> Path:
    """A copy of the migrations in ``folder``, with one more that does this."""
    copy = folder / "migrations"
    shutil.copytree(MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    (copy / "versions" / f"{REVISION}_one_more.py").write_text(
        f'"""{about}"""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
        f'revision = "{REVISION}"\ndown_revision = "{newest}"\nbranch_labels = None\ndepends_on = None\n\n\n'
        f"def upgrade() -> None:\n{indent(upgrade, '    ')}\n\n\ndef downgrade() -> None:\n    pass\n",
        encoding="utf-8",
    )
    return copy
