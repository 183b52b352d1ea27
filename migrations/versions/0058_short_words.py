"""Keep the words of a text message beside those of an email."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message_template", sa.Column("short", sa.String(length=150), nullable=True))


def downgrade() -> None:
    op.drop_column("message_template", "short")
