"""Keep figures that were published, as they were."""

import sqlalchemy as sa
from alembic import op

from kernel.append_only import protection_statements

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_TABLE = "published_figure"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_account_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{_TABLE}_{column}_{other}"))
            for column, other in (
                ("organisation_id", "organisation"),
                ("course_id", "course"),
                ("published_by_account_id", "account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("number", name=op.f(f"uq_{_TABLE}_number")),
    )
    op.create_index(op.f(f"ix_{_TABLE}_organisation_id_published_at"), _TABLE, ["organisation_id", "published_at"])
    for statement in protection_statements(_TABLE, op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(_TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {_TABLE}_refuse()")
