"""Keep questions of councillors and the public, and what was done with each."""

import sqlalchemy as sa
from alembic import op

from kernel.append_only import protection_statements

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_enquiry_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_account_id"], ["account.id"], name=op.f("fk_enquiry_noted_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
    )
    op.create_index(op.f("ix_enquiry_organisation_id"), "enquiry", ["organisation_id"])
    op.create_table(
        "enquiry_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("figure_number", sa.String(length=30), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_enquiry_event_enquiry_id_enquiry")),
        sa.ForeignKeyConstraint(
            ["actor_account_id"], ["account.id"], name=op.f("fk_enquiry_event_actor_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_event")),
    )
    op.create_index(op.f("ix_enquiry_event_enquiry_id"), "enquiry_event", ["enquiry_id"])
    for table in ("enquiry", "enquiry_event"):
        for statement in protection_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("enquiry_event")
    op.drop_table("enquiry")
    if op.get_bind().dialect.name == "postgresql":
        for table in ("enquiry", "enquiry_event"):
            op.execute(f"DROP FUNCTION {table}_refuse()")
