"""Keep since when an HR file is to go, which rows of past learning say nothing any more, and rules in days."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feed_run", sa.Column("file_forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("history_row", sa.Column("is_forgotten", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("retention_rule", sa.Column("days", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("retention_rule", "days")
    op.drop_column("history_row", "is_forgotten")
    op.drop_column("feed_run", "file_forgotten_at")
