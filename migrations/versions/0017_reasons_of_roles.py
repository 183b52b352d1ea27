"""Keep why a role was given, and the last day on which it holds."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role_grant", sa.Column("reason", sa.String(300), nullable=True))
    op.add_column("role_grant", sa.Column("ends_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("role_grant", "ends_on")
    op.drop_column("role_grant", "reason")
