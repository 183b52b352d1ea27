"""Keep by which rule an authority accepts earlier training."""

import sqlalchemy as sa
from alembic import op

from kernel.append_only import protection_statements

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_RULE = "earlier_training_rule"


def upgrade() -> None:
    op.create_table(
        _RULE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column(
            "accepts",
            sa.Enum("all", "no-older-than", "none", "as-for-all", name="accepts", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_account_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{_RULE}_{column}_{other}"))
            for column, other in (
                ("organisation_id", "organisation"),
                ("course_id", "course"),
                ("set_by_account_id", "account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_RULE}")),
    )
    op.create_index(op.f(f"ix_{_RULE}_organisation_id_course_id"), _RULE, ["organisation_id", "course_id"])
    for statement in protection_statements(_RULE, op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(_RULE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {_RULE}_refuse()")
