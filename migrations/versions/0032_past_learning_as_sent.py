"""Keep rows of past learning as they were sent while they belong to nobody, and files that a worker is to read."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("history_run", sa.Column("shape", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("history_run", sa.Column("reading", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("history_run", sa.Column("file_key", sa.String(length=200), nullable=True))
    op.add_column("history_row", sa.Column("sent", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("history_row", "sent")
    for column in ("file_key", "reading", "shape"):
        op.drop_column("history_run", column)
