"""Let a payroll number be looked up by its figures alone. Housekeeping fills the column for the jobs that are there."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("employment", sa.Column("bare_number", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_employment_bare_number"), "employment", ["bare_number"])


def downgrade() -> None:
    op.drop_index(op.f("ix_employment_bare_number"), table_name="employment")
    op.drop_column("employment", "bare_number")
