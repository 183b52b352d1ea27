"""Keep numbers to which texts go, the texts that went, and who wants them."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("work_mobile", sa.String(length=16), nullable=True))
    op.add_column("message", sa.Column("text_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_message_text_id"), "message", ["text_id"])
    op.add_column("message_choice", sa.Column("texts", sa.String(length=40), nullable=True))
    op.create_table(
        "own_mobile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_own_mobile_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_mobile")),
        sa.UniqueConstraint("person_id", name=op.f("uq_own_mobile_person_id")),
    )
    op.create_table(
        "text_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.String(length=40), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_dead", sa.Boolean(), nullable=False),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_text_message_person_id_person")),
        sa.ForeignKeyConstraint(
            ["settled_by_account_id"], ["account.id"], name=op.f("fk_text_message_settled_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_message")),
        sa.UniqueConstraint("person_id", "sent_on", name=op.f("uq_text_message_person_id_sent_on")),
        sa.UniqueConstraint("reference", name=op.f("uq_text_message_reference")),
    )
    op.create_index(op.f("ix_text_message_look_at"), "text_message", ["look_at"])


def downgrade() -> None:
    op.drop_table("text_message")
    op.drop_table("own_mobile")
    op.drop_column("message_choice", "texts")
    op.drop_index(op.f("ix_message_text_id"), table_name="message")
    op.drop_column("message", "text_id")
    op.drop_column("person", "work_mobile")
