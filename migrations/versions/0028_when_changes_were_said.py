"""Find what was said of jobs lately without reading all that was ever said."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("recorded_at", "undone_at"):
        op.create_index(op.f(f"ix_employment_change_{column}"), "employment_change", [column])


def downgrade() -> None:
    for column in ("undone_at", "recorded_at"):
        op.drop_index(op.f(f"ix_employment_change_{column}"), table_name="employment_change")
