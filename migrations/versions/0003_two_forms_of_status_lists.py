"""Keep the status lists of badges in both forms. The token stays where it was: older code reads and writes it there."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("badge_status_list", sa.Column("credential", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("badge_status_list", "credential")
