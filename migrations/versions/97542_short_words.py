"""Keep the words of a text message beside those of an email."""

import sqlalchemy as sa
from alembic import op

revision = "97542"
down_revision = "97541"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message_template", sa.Column("short", sa.String(length=150), nullable=True))


def downgrade() -> None:
    op.drop_column("message_template", "short")
