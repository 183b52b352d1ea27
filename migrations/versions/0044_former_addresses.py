"""Remember an e-mail address that was changed until whoever reads mail there is told."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_former_address_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_address")),
    )
    op.create_index(op.f("ix_former_address_person_id"), "former_address", ["person_id"])
    op.create_index(op.f("ix_former_address_address"), "former_address", ["address"])


def downgrade() -> None:
    op.drop_table("former_address")
