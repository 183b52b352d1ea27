"""Keep what happens to a completion afterwards; withdraw those whose certificate says that they were none."""

import sqlalchemy as sa
from alembic import op

from kernel.append_only import protection_statements

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WITHDRAW = """
INSERT INTO completion_event (completion_id, kind, reason, actor_account_id, happened_at)
SELECT certificate.completion_id, 'withdrawn',
       CASE certificate_event.reason
           WHEN 'wrong-person' THEN 'It was issued to the wrong person'
           ELSE 'It was issued by mistake: the course was not complete'
       END,
       certificate_event.actor_account_id, certificate_event.happened_at
FROM certificate_event
JOIN certificate ON certificate.id = certificate_event.certificate_id
WHERE certificate_event.kind = 'revoked'
  AND certificate_event.reason IN ('issued-in-error', 'wrong-person')
  AND NOT EXISTS (
      SELECT 1 FROM certificate_event AS later
      WHERE later.certificate_id = certificate_event.certificate_id AND later.id > certificate_event.id
  )
"""


def upgrade() -> None:
    op.create_table(
        "completion_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("completion_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("withdrawn", "reinstated", name="completioneventkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("actor_account_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_account_id"], ["account.id"], name=op.f("fk_completion_event_actor_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completion.id"], name=op.f("fk_completion_event_completion_id_completion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion_event")),
    )
    op.create_index(op.f("ix_completion_event_completion_id"), "completion_event", ["completion_id"], unique=False)
    op.execute(WITHDRAW)
    for statement in protection_statements("completion_event", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("completion_event")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION completion_event_refuse()")
