"""A message says which worker has it in hand. Apart from certificates: pages write both, and wait for one at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("claimed_by", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "claimed_by")
