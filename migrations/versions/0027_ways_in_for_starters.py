"""Give whoever joins a way in without anybody asking: an authority’s switch, rounds by day, and who looks for whom."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("way_in_choice") as table:
        table.add_column(sa.Column("starters_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("starters_by_account_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("starters_looked_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("held_back", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("held_back_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(
            op.f("fk_way_in_choice_starters_by_account_id_account"), "account", ["starters_by_account_id"], ["id"]
        )
    op.add_column("way_in_round", sa.Column("starters_on", sa.Date(), nullable=True))
    op.add_column("way_in_batch", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("way_in_batch", "taken_at")
    op.drop_column("way_in_round", "starters_on")
    with op.batch_alter_table("way_in_choice") as table:
        table.drop_constraint(op.f("fk_way_in_choice_starters_by_account_id_account"), type_="foreignkey")
        for column in ("starters_since", "starters_by_account_id", "starters_looked_at", "held_back", "held_back_at"):
            table.drop_column(column)
