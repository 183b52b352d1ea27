"""Let a worker plan HR files: a run says that its file is still to be read."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feed_run", sa.Column("is_to_plan", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("feed_run", "is_to_plan")
