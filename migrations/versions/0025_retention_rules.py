"""Keep for how long each kind of record is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retention_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("leavers", "own-words", "requests", "links", name="recordkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["set_by_account_id"], ["account.id"], name=op.f("fk_retention_rule_set_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
    )
    op.create_index(op.f("ix_retention_rule_kind"), "retention_rule", ["kind"])


def downgrade() -> None:
    op.drop_table("retention_rule")
