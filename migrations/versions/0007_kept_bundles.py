"""Keep the zip file that a course was made of.

Uploads from before have none: their files are written again from what was published.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("course_upload", sa.Column("bundle_sha256", sa.String(length=64), nullable=True))
    op.add_column("course_upload", sa.Column("bundle_bytes", sa.Integer(), nullable=True))
    op.add_column("course_upload", sa.Column("has_made_version", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("course_upload", "has_made_version")
    op.drop_column("course_upload", "bundle_bytes")
    op.drop_column("course_upload", "bundle_sha256")
