"""Keep which row of an earlier file a row of past learning puts right."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

INDEX = "ix_history_row_again_run_id_again_row_number"


def upgrade() -> None:
    op.add_column("history_row", sa.Column("again_run_id", sa.Integer(), nullable=True))
    op.add_column("history_row", sa.Column("again_row_number", sa.Integer(), nullable=True))
    op.create_index(op.f(INDEX), "history_row", ["again_run_id", "again_row_number"])


def downgrade() -> None:
    op.drop_index(op.f(INDEX), table_name="history_row")
    op.drop_column("history_row", "again_row_number")
    op.drop_column("history_row", "again_run_id")
