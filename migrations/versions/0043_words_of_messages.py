"""Keep the words of messages as authorities want them, in versions."""

import sqlalchemy as sa
from alembic import op

from kernel.append_only import protection_statements

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=True),
        sa.Column("body", sa.String(length=2000), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_message_template_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_account_id"], ["account.id"], name=op.f("fk_message_template_saved_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_template")),
        sa.UniqueConstraint(
            "organisation_id", "text", "number", name=op.f("uq_message_template_organisation_id_text_number")
        ),
    )
    for statement in protection_statements("message_template", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("message_template")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS message_template_refuse()")
