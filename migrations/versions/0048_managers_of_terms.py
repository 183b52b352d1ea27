"""Index who manages whom only where somebody does, so that SQLite uses it also where an authority names no managers."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

NAME, TABLE, COLUMN = "ix_employment_terms_manager_id", "employment_terms", "manager_id"


def upgrade() -> None:
    op.drop_index(op.f(NAME), table_name=TABLE)
    is_managed = sa.text("manager_id IS NOT NULL")
    op.create_index(op.f(NAME), TABLE, [COLUMN], postgresql_where=is_managed, sqlite_where=is_managed)


def downgrade() -> None:
    op.drop_index(op.f(NAME), table_name=TABLE)
    op.create_index(op.f(NAME), TABLE, [COLUMN])
