"""Keep how each authority's HR file is read, in versions."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_account_id", sa.Integer(), nullable=True),
        _points_to("organisation_id", "organisation"),
        _points_to("made_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_mapping")),
        sa.UniqueConstraint(
            "organisation_id", "name", "version", name=op.f("uq_feed_mapping_organisation_id_name_version")
        ),
    )


def downgrade() -> None:
    op.drop_table("feed_mapping")


def _points_to(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_feed_mapping_{column}_{table}"))
