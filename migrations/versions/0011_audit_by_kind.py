"""Find entries of the audit trail by kind, person and day. It grows for years, and its page shows the newest fifty."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMNS = ("action", "actor_account_id", "happened_at")


def upgrade() -> None:
    for column in COLUMNS:
        op.create_index(f"ix_audit_entry_{column}", "audit_entry", [column])


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_index(f"ix_audit_entry_{column}", table_name="audit_entry")
