"""Let a requirement say for how long a completion is valid."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requirement", sa.Column("period_rule", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("requirement", "period_rule")
